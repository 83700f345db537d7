"""Which values of a column may stand in a draft or in a package's description: never those that may identify."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.signs.column_names import is_record_key, kind_of_name
from rounds.custody.signs.name_content import look_for_names

FEW, MOST_WORDS, LONGEST_LEVEL = 20, 12, 30


def may_show(name: str, profile: Profile) -> bool:
    """Tell whether the levels of a column may stand in a draft: few, short, and nothing that points at a person."""
    if profile.values is None or not profile.count("text"):
        return False
    levels = [v for v in profile.values if v.strip()]
    if len(levels) > FEW or len(levels) > profile.filled / 2 or any(len(v) > LONGEST_LEVEL for v in levels):
        return False
    return not may_identify(name, profile)


def shown_words(profiles: Mapping[str, Profile]) -> list[str]:
    """Return some words with letters beyond ASCII, from the header and from columns that may be shown."""
    levels = [v for n, p in profiles.items() if may_show(n, p) for v in sorted(p.values or {})]
    found = dict.fromkeys(w for text in (*profiles, *levels) for w in re.findall(r"\w+", text) if not w.isascii())
    return list(found)[:MOST_WORDS]


def may_identify(name: str, profile: Profile) -> bool:
    """Tell whether a column's name, or the look of its values, points at a person."""
    return is_record_key(name) or kind_of_name(name) is not None or look_like_names(profile)


def look_like_names(profile: Profile) -> bool:
    """Tell whether the different values look like names of people or places."""
    return look_for_names(profile.texts.values).is_likely
