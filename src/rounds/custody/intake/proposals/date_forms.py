"""In which forms the dates of a column are written, each with its count and its first line; never a date itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = {
    "iso": "YYYY{}MM{}DD",
    "zoned": "YYYY-MM-DD with a zone",
    "parts": "NN{}NN{}YYYY",
    "short": "NN{}NN{}YY",
    "named": "D Mon YYYY",
    "month_first_named": "Mon D YYYY",
    "named_short": "D Mon YY",
    "compact_time": "YYYYMMDD hh:mm",
    "compact": "YYYYMMDD",
}
COMPACT = r"(?:19|2\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"


@dataclass
class DateForms:
    """How many dates of each form were seen, and in which line first."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, shape: str, texts: pa.Array, amounts: np.ndarray, lines: np.ndarray) -> None:
        """Take in different dates of one shape: how often each stands there, and in which line first."""
        marks = _marks(texts) if "{}" in FORMS[shape] else np.full(len(texts), "")
        for mark in np.unique(marks):
            mine, form = marks == mark, FORMS[shape].replace("{}", str(mark))
            self.counts[form] = self.counts.get(form, 0) + int(amounts[mine].sum())
            self.first[form] = min(int(lines[mine].min()), self.first.get(form, int(lines[mine].min())))

    @property
    def compact(self) -> int:
        """Return how many whole numbers can be dates such as 20240301."""
        return self.counts.get(FORMS["compact"], 0)

    def say(self) -> str:
        """Return all forms when there are several, empty for one."""
        if len(self.counts) < 2:
            return ""
        each = [f"{form} {self.counts[form]:,} (first in line {line})" for form, line in self._in_order()]
        return f"{len(each)} ways to write dates in one column: {', '.join(each)}"

    def _in_order(self) -> list[tuple[str, int]]:
        return sorted(self.first.items(), key=lambda pair: (pair[1], pair[0]))


def is_compact(texts: pa.Array) -> np.ndarray:
    """Return which whole numbers can be dates such as 20240301."""
    import pyarrow.compute as pc

    found: np.ndarray = pc.match_substring_regex(texts, f"^(?:{COMPACT})$").to_numpy(zero_copy_only=False)
    return found


def _marks(texts: pa.Array) -> np.ndarray:
    """Return the mark after the first number of each text."""
    import pyarrow.compute as pc

    found = pc.struct_field(pc.extract_regex(texts, r"^\d+(?P<mark>[-/.])"), [0])
    marks: np.ndarray = pc.fill_null(found, "").to_numpy(zero_copy_only=False).astype("str")
    return marks
