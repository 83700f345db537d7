"""In which shape a cell is written: number, date, censored value, word for "missing", or another text.

Each cell has exactly one shape: the first in the list that fits.  Patterns are for RE2, on plain text (`plain_text`);
dates whose month is a word in any language are read one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.signs.worded_dates import read_worded

if TYPE_CHECKING:
    import pyarrow as pa

# Words that hospitals write where there is no value; compared in small letters
MISSING_WORDS = (
    "na", "n/a", "n.a.", "n.a", "#n/a", "nan", "null", "none", "nil", "missing", "unknown", "unk", "not known",
    ".", "..", "-", "--", "?", "x", "not done", "not taken", "not available", "not applicable", "not recorded",
    "n.d.", "nd", "pending", "hemolysed", "haemolysed", "hemolyzed", "haemolyzed", "hemolysis", "haemolysis",
    "lipemic", "lipaemic", "icteric", "clotted", "coagulated", "insufficient", "insufficient sample",
    "sample error", "error", "cancelled", "canceled", "לא ידוע", "לא בוצע", "המוליזה", "חסר",
    "\\n", "(null)", "[null]", "<null>", "#null!", "<na>", "nat",
)  # fmt: skip
DATABASE_NULLS = ("\\n", "(null)", "[null]", "<null>", "#null!", "<na>", "nat")  # a program wrote them: never a word
_HOUR, _YEAR = r"(?:[01]?\d|2[0-4])", r"(?:1[89]|2\d)\d\d"
_MONTH_NUMBER, _DAY_NUMBER = r"(?:0?[1-9]|1[0-2])", r"\d{1,2}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TIME = rf"(?:[ T]+{_HOUR}:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?)"
_ZONE = r"(?: ?(?:Z|[+-]\d{2}:?\d{2}))"
_COMPACT_DAY = r"(?:19|2\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_COMPACT_TIME = rf"{_COMPACT_DAY}[ T]?(?:[01]\d|2[0-4]):?[0-5]\d(?::?[0-5]\d(?:\.\d+)?)?"
PATTERNS: dict[str, str] = {
    "integer": r"[+-]?(?:0|[1-9]\d{0,14})",
    "long": r"[+-]?[1-9]\d{15,}",
    "padded": r"0\d+",
    "month_point": rf"{_MONTH_NUMBER}\.(?:19|20)\d\d",
    "point_grouped": r"[+-]?[1-9]\d{0,2}\.\d{3}",
    "decimal": r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?:\.\d*)?[eE][+-]?\d+)",
    "thousands": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+",
    "comma": r"[+-]?\d*,\d+",
    "english": r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+",
    "german": r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+|[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}",
    "spaced": r"[+-]?[1-9]\d{0,2}(?:[ \x{00A0}\x{202F}']\d{3})+(?:\.\d+)?",
    "spaced_comma": r"[+-]?[1-9]\d{0,2}(?:[ \x{00A0}\x{202F}']\d{3})+,\d+",
    "censored": r"[<>≤≥]=?\s*\d+(?:[.,]\d+)?",
    "iso": rf"(?:0001|1\d\d\d|2\d\d\d|9999)[-/.]{_MONTH_NUMBER}[-/.]{_DAY_NUMBER}{_TIME}?",
    "zoned": rf"{_YEAR}-{_MONTH_NUMBER}-{_DAY_NUMBER}{_TIME}{_ZONE}|{_COMPACT_TIME}{_ZONE}",
    "parts": rf"(?:{_DAY}[-/.]{_MONTH_NUMBER}|{_MONTH_NUMBER}[-/.]{_DAY})[-/.]{_YEAR}{_TIME}?",
    "short": rf"(?:{_DAY}[-/.]{_MONTH_NUMBER}|{_MONTH_NUMBER}[-/.]{_DAY})[-/.]\d\d{_TIME}?",
    "compact_time": rf"{_COMPACT_DAY}[ T](?:[01]\d|2[0-4]):?[0-5]\d(?::?[0-5]\d(?:\.\d+)?)?",
    "month": rf"{_MONTH_NUMBER}[-/]{_YEAR}|{_YEAR}[-/](?:0[1-9]|1[0-2])",
    "boolean": r"(?i:true|false)",
}  # fmt: skip
WORDED = ("named", "month_first_named", "named_short")
_MAYBE_WORDED = r"[^\d]*(?:\d{1,4}[^\d]+){0,5}\d{0,4}"  # up to six numbers of at most four digits
SHAPES = ("empty", "missing", *PATTERNS, *WORDED, "text")
NUMBERS = ("integer", "decimal", "point_grouped", "month_point")
ODD_NUMBERS = ("thousands", "comma", "english", "german", "spaced", "spaced_comma")
DATES = ("iso", "zoned", "parts", "short", "compact_time", *WORDED)
MONTHS = ("month", "month_point")


def shape_of(values: pa.Array) -> np.ndarray:
    """Return for each plain text the index of its shape in ``SHAPES``; a null is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.fill_null(values, "")
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
    _find_worded(trimmed, waiting[~missing], found)
    return found


def _find_worded(plain: pa.Array, waiting: np.ndarray, found: np.ndarray) -> None:
    """Note the dates whose month is a word among the texts that no pattern fits."""
    import pyarrow as pa

    if not len(waiting):
        return
    likely = _fits(_MAYBE_WORDED, plain.take(pa.array(waiting)))
    for place in waiting[likely].tolist():
        shape = _worded_shape(plain[place].as_py())
        if shape:
            found[place] = SHAPES.index(shape)


def _worded_shape(text: str) -> str:
    date = read_worded(text)
    if date is None:
        return ""
    if not date.day:
        return "month"
    return "named_short" if date.is_short else "month_first_named" if date.month_first else "named"


def _fits(pattern: str, values: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    fits: np.ndarray = pc.match_substring_regex(values, rf"^(?:{pattern})$").to_numpy(zero_copy_only=False)
    return fits
