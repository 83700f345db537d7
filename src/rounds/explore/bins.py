"""Bins that a clinician reads at once: rounded edges, the known thresholds, and one bin for each level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from rounds.data.package import Column
from rounds.explore.source import Source
from rounds.explore.steps import Step, quote_name

MOST_BINS, MOST_CHARTS, MISSING = 16, 24, 255
CLINICAL = {
    "39156-5": (16.0, 18.5, 20.0, 22.5, 25.0, 27.5, 30.0, 35.0, 40.0),  # body mass index
    "751-8": (0.1, 0.5, 1.0, 1.5, 2.0, 4.0, 7.5),  # neutrophils
    "1988-5": (5.0, 10.0, 20.0, 50.0, 100.0, 200.0),  # C-reactive protein
    "8310-5": (36.0, 36.5, 37.0, 37.5, 38.0, 38.3, 38.5, 39.0),  # temperature
}
STEPS = {"a": (5.0,), "g": (250.0, 500.0), "d": (7.0, 14.0), "cm": (5.0,)}
_NICE = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True)
class Chart:
    """One column's chart: ``edges`` of half-open bins, or ``levels``."""

    column: Column
    edges: tuple[float, ...] = ()
    levels: tuple[str | bool, ...] = ()

    @property
    def size(self) -> int:
        """Return the number of bins, without the one for missing values."""
        return len(self.levels) or len(self.edges) - 1

    def code_sql(self) -> str:
        """Return the SQL that gives each value its bin, 255 when it is missing."""
        name = quote_name(self.column.name)
        if self.levels:
            tests = [Step(self.column.name, "==", level).sql() for level in self.levels]
        else:
            tests = [f"{name} < {edge!r}" for edge in self.edges[1:]]
        cases = " ".join(f"WHEN {test} THEN {i}" for i, test in enumerate(tests))
        return f"CAST(CASE {cases} ELSE {MISSING} END AS UTINYINT)"

    def step(self, first: int, last: int) -> Step:
        """Return the inclusion step of the bins ``first`` to ``last``."""
        low, high = self.edges[first], self.edges[last + 1]
        if self.column.type == "integer":
            low, high = ceil(low), ceil(high)
        return Step(self.column.name, "range", (low, high))

    def labels(self) -> list[str]:
        """Return a label for each bin."""
        if self.levels:
            return [_say(level) for level in self.levels]
        ends = [f"{edge:,.6g}" for edge in self.edges]
        if self._counts():
            return ends[:-1]
        inner = [f"{low} to under {high}" for low, high in pairwise(ends[1:-1])]
        return [f"under {ends[1]}", *inner, f"{ends[-2]} and more"][: self.size]

    def _counts(self) -> bool:
        steps = pairwise(self.edges)
        return self.column.type == "integer" and all(high - low == 1 for low, high in steps)


def build_charts(source: Source) -> tuple[Chart, ...]:
    """Return a chart for each column that has one: numbers, booleans, and texts with few levels."""
    drawn = (_chart(source, column) for column in source.table.columns)
    return tuple(chart for chart in drawn if chart is not None)[:MOST_CHARTS]


def _say(level: str | bool) -> str:
    return {True: "yes", False: "no"}[level] if isinstance(level, bool) else level


def nice_step(span: float, most: int = MOST_BINS) -> float:
    """Return the smallest of 1, 2, 2.5 and 5 times a power of ten that cuts a span in few bins."""
    raw = span / most
    power = 10.0 ** floor(log10(raw))
    return next(power * m for m in (*_NICE, 10.0) if power * m >= raw * (1 - 1e-9))


def _chart(source: Source, column: Column) -> Chart | None:
    if column.role == "identifier":
        return None
    if column.type == "boolean":
        return Chart(column, levels=(False, True))
    if column.type == "string":
        return Chart(column, levels=column.levels) if column.levels else None
    if column.type not in ("integer", "number"):
        return None
    name = quote_name(column.name)
    sql = (
        f"SELECT min({name}), max({name}), quantile_cont({name}, 0.01), quantile_cont({name}, 0.99)"  # noqa: S608
        f" FROM {quote_name(source.table.name)} WHERE isfinite({name}::DOUBLE)"
    )
    low, high, inner_low, inner_high = source.query(sql)[0]
    if low is None:
        return None
    return Chart(column, edges=_edges(column, *map(float, (low, high, inner_low, inner_high))))


def _edges(column: Column, low: float, high: float, inner_low: float, inner_high: float) -> tuple[float, ...]:
    if column.type == "integer" and high - low < MOST_BINS:
        return tuple(float(k) for k in range(floor(low), floor(high) + 2))
    known = CLINICAL.get(column.code or "")
    if known:
        inside = [edge for edge in known if low < edge <= high]
        return _close(inside, low, high)
    step = _choose_step(column, max(inner_high - inner_low, 1e-9))
    first, last = floor(inner_low / step), ceil(inner_high / step)
    return _close((round(k * step, 10) for k in range(first, last + 1)), low, high)


def _choose_step(column: Column, span: float) -> float:
    usual = (step for step in STEPS.get(column.unit or "", ()) if 4 <= span / step <= MOST_BINS)
    return next(usual, nice_step(span))


def _close(inner: Iterable[float], low: float, high: float) -> tuple[float, ...]:
    """Add the outer edges, so that every value lies in a bin."""
    edges = [edge for edge in inner if low < edge <= high]
    bottom, top = float(floor(low)), float(floor(high) + 1)
    return (bottom, *edges, top)
