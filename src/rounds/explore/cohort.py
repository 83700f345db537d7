"""A cohort: inclusion steps in order, and how many rows and persons each step leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rounds.data.dataset import Dataset
from rounds.explore.disclosure import Disclosure
from rounds.explore.source import Source, open_source
from rounds.explore.steps import Step, check_step, parse_step, quote_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Box:
    """One box of the flow: what is left after a step; None stands for a hidden count."""

    label: str
    n_rows: int | None
    n_persons: int | None
    excluded: int | None
    excluded_persons: int | None


@dataclass(frozen=True)
class Cohort:
    """Rows that satisfy every step; a new step makes a new cohort.

    Examples
    --------
    >>> births = Cohort.of(rounds.data.load("birthweight"))            # doctest: +SKIP
    >>> births.where("plurality == 1", "One child").flow()             # doctest: +SKIP
    """

    source: Source
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, data: Dataset | pd.DataFrame, person: str | None = None) -> Cohort:
        """Begin with all rows of a dataset or a DataFrame."""
        return cls(open_source(data, person))

    def where(self, condition: str | Step, label: str = "") -> Cohort:
        """Add an inclusion step such as ``"age >= 18"``."""
        table = self.source.table
        if isinstance(condition, str):
            condition = parse_step(condition, table, label)
        return replace(self, steps=(*self.steps, check_step(condition, table)))

    def flow(self, disclosure: Disclosure | None = None) -> list[Box]:
        """Count rows and persons after each step; the first box is the input."""
        counts = [self._count(k) for k in range(len(self.steps) + 1)]
        labels = [f"All: {self.source.table.row}", *(step.words() for step in self.steps)]
        return build_boxes(labels, counts, disclosure or Disclosure())

    def frame(self) -> pd.DataFrame:
        """Return the rows of the cohort."""
        return self.source.connection.cursor().execute(self.to_sql()).df()

    def to_sql(self) -> str:
        """Return the SQL that selects the same rows."""
        lines = [f"SELECT *\nFROM {quote_name(self.source.table.name)}"]
        lines += [f"{'AND' if i else 'WHERE'} {s.sql()}" for i, s in enumerate(self.steps)]
        return "\n".join(lines)

    def to_pandas_code(self) -> str:
        """Return the pandas code that selects the same rows."""
        head = ""
        if self.source.dataset is not None:
            head = f"import rounds.data\n\nframe = rounds.data.load({self.source.dataset!r}).frame()\n"
        if not self.steps:
            return f"{head}cohort = frame"
        conditions = "\n    & ".join(f"({step.pandas()})" for step in self.steps)
        return f"{head}cohort = frame[\n    {conditions}\n]"

    def _count(self, steps: int) -> tuple[int, int | None]:
        person = self.source.table.person
        persons = f"count(DISTINCT {quote_name(person)})" if person else "NULL"
        where = " AND ".join(f"({step.sql()})" for step in self.steps[:steps]) or "TRUE"
        table = quote_name(self.source.table.name)
        sql = f"SELECT count(*), {persons} FROM {table} WHERE {where}"  # noqa: S608
        rows, people = self.source.query(sql)[0]
        return int(rows), None if people is None else int(people)


def build_boxes(labels: list[str], counts: list[tuple[int, int | None]], disclosure: Disclosure) -> list[Box]:
    """Return the boxes of a flow as they may be shown; the first count is the input."""
    rows, out_rows = _chain([rows for rows, _ in counts], disclosure)
    known = [people for _, people in counts if people is not None]
    people, out_people = _chain(known, disclosure) if known else ([None] * len(counts),) * 2
    return [Box(*box) for box in zip(labels, rows, people, out_rows, out_people, strict=True)]


def _chain(left: list[int], disclosure: Disclosure) -> tuple[list[int | None], list[int | None]]:
    """Return the shown counts of the boxes and of what each step excluded.

    In a published view a box is the shown box before it less the shown exclusion, and a hidden
    exclusion counts as none: so no subtraction along the flow gives more than what is shown.
    """
    excluded = [before - after for before, after in pairwise(left)]
    if not disclosure.published:
        return list(left), [None, *excluded]
    hidden = [disclosure.is_small(count) for count in excluded]
    if disclosure.is_small(left[-1]):
        hidden = disclosure.hide([*excluded, left[-1]])[:-1]
    out = [disclosure.show(count, h) for count, h in zip(excluded, hidden, strict=True)]
    boxes = [disclosure.show(left[0])]
    for count, shown in zip(excluded, out, strict=True):
        lost = shown is None and not disclosure.is_small(count)
        boxes.append(None if lost or boxes[-1] is None else boxes[-1] - (shown or 0))
    if disclosure.is_small(left[-1]):
        boxes[-1] = None
    return boxes, [None, *out]
