"""What in a column points at a person, by its name and by a sample of its values; no value is ever returned."""

from __future__ import annotations

import re

from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.signs.column_names import is_birth_date, is_person_key, kind_of_name
from rounds.custody.signs.finding import SAFE_HARBOR, Finding, Severity
from rounds.custody.signs.scan import Look, scan_column
from rounds.data.package import Column

FREE_TEXT = "free text"
FEWEST_ROWS = 20
_NUMBERED = re.compile(r"[A-Za-z]{1,6}[-_/ ]?\d{3,}(?:[-_/]\d+)*")
_DIAGNOSIS = re.compile(r"icd|diag|dx|cause|condition|procedure|אבחנה", re.IGNORECASE)


def is_free_text(name: str, profile: Profile) -> bool:
    """Tell whether a column holds sentences; a few are enough where its name says so."""
    return profile.texts.is_free(1) if kind_of_name(name) == "text" else profile.texts.is_free()


def is_row_counter(name: str, profile: Profile) -> bool:
    """Tell whether a column counts the rows of the file, and is not called a person's key."""
    return profile.counts_up and profile.rows > 2 and not is_person_key(name)


def is_numbered(name: str, profile: Profile) -> bool:
    """Tell whether a column numbers its rows with a letter before: S100000, of samples or requests; no diagnoses."""
    if profile.rows < FEWEST_ROWS or profile.repeats or profile.count("text") < profile.rows:
        return False
    return not _DIAGNOSIS.search(name) and all(_NUMBERED.fullmatch(value.strip()) for value in profile.texts.values)


def find_classes(name: str, profile: Profile, kind: str) -> tuple[str, ...]:
    """Return the letters of the Safe Harbor classes that a column of this type seems to hold, without its dates."""
    import pandas as pd

    if is_row_counter(name, profile) or kind in ("datetime", "boolean"):
        return ()
    values = pd.Series(profile.texts.values, dtype="str")
    found = scan_column(Look("", Column(name, kind), values))
    return tuple(dict.fromkeys(f.kind for f in found if _counts(f)))


def say_signs(name: str, profile: Profile, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return in words what points at a person: the classes of a column, a birth date, free text."""
    said = [_WORDS.get(letter, SAFE_HARBOR[letter]) for letter in classes]
    said += ["dates of birth"] * is_birth_date(name) + [FREE_TEXT] * is_free_text(name, profile)
    return tuple(said)


def _counts(finding: Finding) -> bool:
    """Tell whether a finding holds for a sample of different values: that they are different says nothing."""
    if finding.severity is not Severity.STOP or finding.kind not in SAFE_HARBOR:
        return False
    return not (finding.kind == "R" and finding.by == "content")


_WORDS = {"R": "a key of a person, a visit or a row"}
