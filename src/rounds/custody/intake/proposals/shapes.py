"""In which shape a cell is written: number, date, censored value, word for "missing", or another text.

Each cell has exactly one shape: the first in the list that fits.  Patterns are for RE2, on trimmed text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

# Words that hospitals write where there is no value; compared in small letters
MISSING_WORDS = (
    "na", "n/a", "n.a.", "n.a", "#n/a", "nan", "null", "none", "nil", "missing", "unknown", "unk", "not known",
    ".", "..", "-", "--", "?", "x", "not done", "not taken", "not available", "not applicable", "not recorded",
    "n.d.", "nd", "pending", "hemolysed", "haemolysed", "hemolyzed", "haemolyzed", "hemolysis", "haemolysis",
    "lipemic", "lipaemic", "icteric", "clotted", "coagulated", "insufficient", "insufficient sample",
    "sample error", "error", "cancelled", "canceled", "לא ידוע", "לא בוצע", "המוליזה", "חסר",
)  # fmt: skip
_TIME = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)"
_ZONE = r"(?: ?(?:Z|[+-]\d{2}:?\d{2}))"
_MONTH = r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
PATTERNS: dict[str, str] = {
    "integer": r"[+-]?(?:0|[1-9]\d{0,14})",
    "long": r"[+-]?[1-9]\d{15,}",
    "padded": r"0\d+",
    "decimal": r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d*)?[eE][+-]?\d+)",
    "thousands": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+",
    "comma": r"[+-]?\d*,\d+",
    "english": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+",
    "german": r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}",
    "spaced": r"[+-]?[1-9]\d{0,2}(?:[ \x{00A0}\x{202F}']\d{3})+(?:\.\d+)?",
    "spaced_comma": r"[+-]?[1-9]\d{0,2}(?:[ \x{00A0}\x{202F}']\d{3})+,\d+",
    "censored": r"[<>≤≥]=?\s*\d+(?:[.,]\d+)?",
    "iso": rf"(?:1[89]|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_TIME}?",
    "zoned": rf"(?:1[89]|20)\d\d-\d{{1,2}}-\d{{1,2}}{_TIME}{_ZONE}",
    "parts": rf"\d{{1,2}}([-/.])\d{{1,2}}[-/.](?:1[89]|20)\d\d{_TIME}?",
    "short": rf"\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d\d{_TIME}?",
    "named": rf"\d{{1,2}}(?:st|nd|rd|th)?[-/. ]?{_MONTH}[-/., ]*(?:1[89]|20)\d\d{_TIME}?",
    "month_first_named": rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:1[89]|20)\d\d{_TIME}?",
    "boolean": r"(?i:true|false)",
}  # fmt: skip
SHAPES = ("empty", "missing", *PATTERNS, "text")
NUMBERS = ("integer", "decimal")
ODD_NUMBERS = ("thousands", "comma", "english", "german", "spaced", "spaced_comma")
DATES = ("iso", "zoned", "parts", "short", "named", "month_first_named")


def shape_of(values: pa.Array) -> np.ndarray:
    """Return for each text the index of its shape in ``SHAPES``; a null is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.fill_null(pc.utf8_trim_whitespace(values), "")
    found = np.full(len(trimmed), SHAPES.index("text"), dtype=np.int8)
    empty = pc.equal(trimmed, "").to_numpy(zero_copy_only=False)
    found[empty] = 0
    waiting = np.flatnonzero(~empty)
    for name, pattern in PATTERNS.items():
        if not len(waiting):
            return found
        fits = _fits(pattern, trimmed.take(pa.array(waiting)))
        found[waiting[fits]] = SHAPES.index(name)
        waiting = waiting[~fits]
    words = pc.utf8_lower(trimmed.take(pa.array(waiting)))
    missing = pc.is_in(words, pa.array(MISSING_WORDS)).to_numpy(zero_copy_only=False)
    found[waiting[missing]] = SHAPES.index("missing")
    return found


def _fits(pattern: str, values: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    fits: np.ndarray = pc.match_substring_regex(values, rf"^(?:{pattern})$").to_numpy(zero_copy_only=False)
    return fits
