"""What people may write about a column: short plain text without anything that points at a person."""

from __future__ import annotations

from rounds.custody.signs.pointing import clean_text, find_pointing_text
from rounds.errors import DataError

LONGEST = {"question": 600, "answer": 2000}


def check_text(text: str, kind: str) -> str:
    """Return a question or an answer as it is stored; raise when it is empty, too long or points at a person."""
    clean = clean_text(text)
    if not clean:
        raise DataError(f"Write your {kind} first, then press the button again.")
    if len(clean) > LONGEST[kind]:
        raise DataError(f"Your {kind} has {len(clean):,} characters; at most {LONGEST[kind]:,} fit. Make it shorter.")
    found = find_pointing_text(clean)
    if found:
        raise DataError(f"The text seems to hold {found}. Take it out: never write a patient's value, name or number.")
    return clean
