"""Count every chart under the filters of all other charts, with one byte a cell in DuckDB.

Filters are bins, so that the counts and the exported inclusion steps agree exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rounds.data.package import Column
from rounds.errors import DataError
from rounds.explore.bins import MISSING, Chart, build_charts
from rounds.explore.source import Source
from rounds.explore.steps import Step, quote_name


@dataclass(frozen=True)
class Filter:
    """Keep the rows whose bin in one chart is among ``codes``."""

    chart: int
    codes: tuple[int, ...]

    def sql(self) -> str:
        """Return the condition over the coded table."""
        return f"c{self.chart} IN ({', '.join(map(str, self.codes))})"


@dataclass(frozen=True)
class Cell:
    """One bin: rows, rows with a known outcome, and the outcome's sum and sum of squares."""

    n: int = 0
    known: int = 0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True)
class Crossfilter:
    """A source, its charts, and the table of their codes."""

    source: Source
    charts: tuple[Chart, ...]
    outcome: Column | None = None

    @classmethod
    def build(cls, source: Source, outcome: str | None = None) -> Crossfilter:
        """Code every charted column once."""
        charts = build_charts(source)
        found = _find_outcome(source, outcome)
        _write_codes(source, charts, found)
        return cls(source, charts, found)

    @cached_property
    def total(self) -> tuple[int, int | None]:
        """Return the number of rows and persons without any filter."""
        return self.size(())

    @cached_property
    def complete(self) -> tuple[bool, ...]:
        """Tell for each chart whether its column has no missing value in the whole table."""
        return tuple(cells[-1].n == 0 for cells in self.count(()))

    def size(self, filters: tuple[Filter, ...]) -> tuple[int, int | None]:
        """Return how many rows and persons satisfy all filters."""
        persons = "count(DISTINCT person)" if self.source.table.person else "NULL"
        sql = f"SELECT count(*), {persons} FROM rounds_codes WHERE {_where(filters)}"  # noqa: S608
        rows, people = self.source.query(sql)[0]
        return int(rows), None if people is None else int(people)

    def count(self, filters: tuple[Filter, ...]) -> list[list[Cell]]:
        """Return the cells of every chart, each under the filters of the other charts."""
        free = [i for i in range(len(self.charts)) if all(f.chart != i for f in filters)]
        cells = self._group(free, filters)
        for i in sorted({f.chart for f in filters}):
            cells |= self._group([i], tuple(f for f in filters if f.chart != i))
        return [
            [cells.get((i, code), Cell()) for code in (*range(chart.size), MISSING)]
            for i, chart in enumerate(self.charts)
        ]

    def step(self, chosen: Filter) -> Step:
        """Return the inclusion step that selects the same rows as a filter."""
        chart, codes = self.charts[chosen.chart], chosen.codes
        name = chart.column.name
        if codes == (MISSING,):
            return Step(name, "missing")
        if len(codes) == chart.size:
            return Step(name, "known")
        if chart.levels:
            levels = [chart.levels[code] for code in codes]
            return Step(name, "==", levels[0]) if len(codes) == 1 else Step(name, "in", levels)
        return chart.step(codes[0], codes[-1])

    def _group(self, wanted: list[int], filters: tuple[Filter, ...]) -> dict[tuple[int, int], Cell]:
        if not wanted:
            return {}
        sets = ", ".join(f"(c{i})" for i in wanted)
        names = ", ".join(f"c{i}" for i in wanted)
        sql = (
            f"SELECT {names}, count(*), count(y), sum(y), sum(y * y) FROM rounds_codes"  # noqa: S608
            f" WHERE {_where(filters)} GROUP BY GROUPING SETS ({sets})"
        )
        return dict(_read_row(wanted, row) for row in self.source.query(sql))


def _read_row(wanted: list[int], row: tuple[float | None, ...]) -> tuple[tuple[int, int], Cell]:
    place = next(k for k in range(len(wanted)) if row[k] is not None)
    n, known, total, squares = row[len(wanted) :]
    cell = Cell(int(n or 0), int(known or 0), float(total or 0), float(squares or 0))
    return (wanted[place], int(row[place] or 0)), cell


def _where(filters: tuple[Filter, ...]) -> str:
    return " AND ".join(chosen.sql() for chosen in filters) or "TRUE"


def _find_outcome(source: Source, name: str | None) -> Column | None:
    if name is None:
        outcomes = source.table.names("outcome")
        return source.table.column(outcomes[0]) if outcomes else None
    column = source.table.column(name)
    if column.type not in ("boolean", "integer", "number"):
        raise DataError(f'The outcome "{name}" is of type {column.type}: it must be a number or yes/no.')
    return column


def _write_codes(source: Source, charts: tuple[Chart, ...], outcome: Column | None) -> None:
    codes = [f"{chart.code_sql()} AS c{i}" for i, chart in enumerate(charts)]
    person = source.table.person
    key = f"hash({quote_name(person)})" if person else "NULL"
    value = f"CAST({quote_name(outcome.name)} AS DOUBLE)" if outcome else "CAST(NULL AS DOUBLE)"
    columns = ", ".join([*codes, f"{key} AS person", f"{value} AS y"])
    table = quote_name(source.table.name)
    source.connection.execute(f"CREATE OR REPLACE TABLE rounds_codes AS SELECT {columns} FROM {table}")  # noqa: S608
