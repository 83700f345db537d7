"""Quasi-identifiers that other columns of their table tell again: a copy under another name, or the time between dates.

k counts with the quasi-identifier alone.  Where it is written coarser and such a column is not, k is less than it says:
a plan that leaves such a column is refused.  Only the data say what tells what, for names do not.
Each pair is judged on some rows first, so that only what will most likely be found is counted over the whole table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.agreement import FEWEST, as_bounds, determines, is_nearly, is_within, some_rows
from rounds.custody.privacy.crowds.classes import factorise
from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.crowds.views import QUASI
from rounds.custody.privacy.findings.dates import as_dates
from rounds.custody.privacy.findings.gaps import gap_test
from rounds.custody.privacy.plan.treated import was
from rounds.custody.signs.column_names import is_day, is_key
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import Column, DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

SAME, ROWS_A_LEVEL = 0.99, 2
Test = Callable[["pd.DataFrame"], int]


@dataclass(frozen=True)
class RedundantQuasiIdentifier:
    """A quasi-identifier, and the column (a copy) or the two dates that tell it again, all as ``table.column``."""

    quasi: str
    by: tuple[str, ...]
    rows: int
    total: int

    @property
    def is_gap(self) -> bool:
        """Tell whether two dates tell it, and not a copy."""
        return len(self.by) > 1

    def says(self) -> str:
        """Return what tells it, as part of a sentence."""
        if self.is_gap:
            return f"the time from {self.by[0]} to {self.by[1]} tells it again"
        return f"{self.by[0]} tells it again, one value for each value"

    def finding(self) -> Finding:
        """Return what the custodian reads."""
        advice = "In the plan, drop the copy, or give it the role quasi-identifier as well"
        if self.is_gap:
            advice = "In the plan, drop one of the two dates or keep its year, so that k counts what is left"
        return Finding("again", Severity.LOOK, self.quasi, self.says(), self.rows, self.total, advice)


def find_redundant_quasi_identifiers(package: DataPackage, frames: Frames) -> tuple[RedundantQuasiIdentifier, ...]:
    """Return what tells a quasi-identifier again."""
    return tuple(told for table in package.tables for told in _find_in(table, frames[table.name]))


def _find_in(table: Table, frame: pd.DataFrame) -> Iterator[RedundantQuasiIdentifier]:
    few = some_rows(frame)
    moments = [c.name for c in table.columns if c.role != QUASI and _is_moment(c, few[c.name])]
    others = [c.name for c in table.columns if _may_copy(table, c) and (_is_number(c) or c.name not in moments)]
    for quasi in table.names(QUASI):
        where = f"{table.name}.{quasi}"
        copies = [((name,), _copy_test(quasi, name)) for name in others]
        gaps = [((a, b), gap_test(quasi, a, b)) for a, b in permutations(moments, 2)]
        for by, test in [*copies, *gaps] if _can_be_told(few[quasi]) else []:
            names = [quasi, *by]
            known = int(few[names].notna().all(axis=1).sum())
            if len(few) < len(frame) and known >= FEWEST and not test(few[names]):
                continue
            whole = frame[names].dropna()
            if rows := test(whole):
                yield RedundantQuasiIdentifier(where, tuple(f"{table.name}.{name}" for name in by), rows, len(whole))


def _can_be_told(values: pd.Series) -> bool:
    return values.nunique() > 1


def _may_copy(table: Table, column: Column) -> bool:
    return column.role != QUASI and not is_key(column) and column.name != table.person


def _is_number(column: Column) -> bool:
    return column.type in ("integer", "number")


def _is_moment(column: Column, values: pd.Series) -> bool:
    """Tell whether a column holds moments, or days that are counted from one."""
    if _is_number(column):
        return is_day(column.name) or was(column, "since-first")
    return not is_key(column) and as_dates(column.name, values) is not None


def _copy_test(quasi: str, other: str) -> Test:
    """Return the test whether a column is a copy: how many rows say so, 0 where it is none."""
    import pandas as pd

    def test(frame: pd.DataFrame) -> int:
        known = frame.dropna()
        q, c = known[quasi], known[other]
        if len(known) < FEWEST or c.nunique() < 2:
            return 0
        bounds = as_bounds(q) if pd.api.types.is_numeric_dtype(c) else None
        if bounds is not None:
            inside = is_within(c.to_numpy(dtype="float64"), bounds)
            if is_nearly(inside, *factorise(q), SAME) and c[inside].nunique() > 1:
                return int(inside.sum())
        return _count_pairs(q, c)

    return test


def _count_pairs(q: pd.Series, c: pd.Series) -> int:
    """Return in how many rows one value stands for one."""
    (of_q, many_q), (of_c, many_c) = factorise(q), factorise(c)
    if max(q.nunique(), c.nunique()) * ROWS_A_LEVEL > len(q):
        return 0
    told = determines(of_c, many_c, of_q, many_q, SAME)
    return told if told and determines(of_q, many_q, of_c, many_c, SAME) else 0
