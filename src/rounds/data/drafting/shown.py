"""Which values of a column may stand in a draft or in a package's description: never those that may identify."""

from __future__ import annotations

from rounds.data.drafting.profile import Profile
from rounds.data.privacy.column_names import is_record_key, kind_of_name
from rounds.data.privacy.name_content import look_for_names


def may_identify(name: str, profile: Profile) -> bool:
    """Tell whether a column's name, or the look of its values, points at a person."""
    return is_record_key(name) or kind_of_name(name) is not None or look_like_names(profile)


def look_like_names(profile: Profile) -> bool:
    """Tell whether the different values look like names of people or places."""
    return look_for_names(value for value in profile.values or {} if value.strip()).is_likely
