"""Text that people write, cleaned, and what in it may point at a person."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from rounds.custody.signs.name_content import is_listed_name
from rounds.custody.signs.patterns import ADDRESS, DATE, EMAIL, FAX, MRN, PHONE, PLAN, Pattern

POINTING = (EMAIL, FAX, PHONE, MRN, PLAN, ADDRESS, DATE)
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
_YEARS = re.compile(r"\b(?:19|20)\d\d ?[-\u2013] ?(?:19|20)\d\d\b")  # a band such as 2019-2021
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+\w|\bגב['׳]\s*\w|\bמר\s+\w")
_ID = re.compile(r"\b[A-Za-z]{1,3}[-_]?\d{5,}\b")
_WORDS = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def clean_text(text: str) -> str:
    """Return text without control and invisible characters, and without blank ends; lines stay."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def find_pointing_text(text: str) -> str:
    """Return what in a text may point at a person, empty when nothing does."""
    found: Pattern | None = next((p for p in POINTING if p.compiled.search(text)), None)
    if found:
        return f"one of these: {found.title}"
    if _PERSON.search(text) or _has_full_name(text):
        return "a person's name"
    plain = _YEARS.sub(" ", text)
    return "a number that names a person" if _LONG_NUMBER.search(plain) or _ID.search(plain) else ""


def _has_full_name(text: str) -> bool:
    """Tell whether two words in a row are known names, such as a first and a last one."""
    known = [is_listed_name(word) and not word.islower() for word in _WORDS.findall(text)]
    return any(one and other for one, other in pairwise(known))
