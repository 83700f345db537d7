"""What the cohort explorer sends to the browser: labels once, counts after every change.

Every number here has passed the disclosure policy.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rounds.challenges.intervals import mean_interval, wilson
from rounds.explore.bins import Chart
from rounds.explore.cohort import Cohort, build_boxes
from rounds.explore.crossfilter import Cell, Crossfilter, Filter
from rounds.explore.disclosure import Disclosure

Estimate = list[float] | None
_UNIT_WORDS = {
    "1": "",
    "a": "years",
    "d": "days",
    "Cel": "°C",
    "10*9/L": "10⁹/L",
    "kg/m2": "kg/m²",
    "/min": "per minute",
    "[lb_av]": "pounds",
}


def render_spec(crossfilter: Crossfilter, disclosure: Disclosure) -> dict[str, Any]:
    """Return what does not change: the charts, their labels, the notices."""
    outcome = crossfilter.outcome
    return {
        "charts": [_render_chart(chart) for chart in crossfilter.charts],
        "row": crossfilter.source.table.row,
        "outcome": outcome.name if outcome else None,
        "binary": bool(outcome and outcome.type == "boolean"),
        "unit": (outcome.unit or "") if outcome else "",
        "badge": _badge(crossfilter.source.kind, disclosure),
        "small": f"fewer than {disclosure.min_cell_count}, or hidden to protect such a count",
        "published": disclosure.published,
    }


def render_state(
    crossfilter: Crossfilter,
    filters: tuple[Filter, ...],
    disclosure: Disclosure,
    cohort: Cohort,
    can_undo: bool,
) -> tuple[dict[str, Any], int]:
    """Return every count of the view, and the exact number of selected rows for Python only."""
    counts = [crossfilter.total, *(crossfilter.size(filters[: k + 1]) for k in range(len(filters)))]
    labels = [f"All: {crossfilter.source.table.row}", *(step.words() for step in cohort.steps)]
    boxes = build_boxes(labels, counts, disclosure)
    binary = bool(crossfilter.outcome and crossfilter.outcome.type == "boolean")
    cells = crossfilter.count(filters)
    state = {
        "flow": [asdict(box) for box in boxes],
        "charts": [
            render_cells(row[:-1] if complete else row, disclosure, binary)
            for row, complete in zip(cells, crossfilter.complete, strict=True)
        ],
        "filters": [{"chart": f.chart, "codes": list(f.codes)} for f in filters],
        "undo": can_undo,
        "pandas": cohort.to_pandas_code(),
        "sql": cohort.to_sql(),
    }
    return state, counts[-1][0]


def render_text(spec: dict[str, Any], state: dict[str, Any]) -> str:
    """Return the view as text, for a place where widgets do not run."""
    lines = [f"Cohort explorer. {spec['badge']}"]
    for box in state["flow"]:
        people = "" if box["n_persons"] is None else f", {box['n_persons']:,} persons"
        rows = spec["small"] if box["n_rows"] is None else f"{box['n_rows']:,}"
        lines.append(f"  {box['label']}: {rows} rows{people}")
    return "\n".join(lines)


def _render_chart(chart: Chart) -> dict[str, Any]:
    column = chart.column
    return {
        "name": column.name,
        "unit": _UNIT_WORDS.get(column.unit or "", column.unit or ""),
        "labels": chart.labels(),
        "ticks": [f"{edge:,.6g}" for edge in chart.edges],
        "numeric": bool(chart.edges),
        "about": column.definition_clinical,
        "known_at": column.available.replace("_", " "),
        "role": column.role,
    }


def render_cells(cells: list[Cell], disclosure: Disclosure, binary: bool) -> dict[str, Any]:
    """Return a chart's counts and outcomes as they may be shown."""
    counts = [cell.n for cell in cells]
    hidden = disclosure.hide(counts)
    if not any(counts):
        hidden = [disclosure.published] * len(counts)
    shown = [disclosure.show(n, h) for n, h in zip(counts, hidden, strict=True)]
    estimates = _binary(cells, disclosure) if binary else _means(cells, disclosure)
    return {"n": shown, "outcome": estimates}


def _binary(cells: list[Cell], disclosure: Disclosure) -> list[Estimate]:
    events = [round(cell.total) for cell in cells]
    known = [cell.known for cell in cells]
    others = [n - e for n, e in zip(known, events, strict=True)]
    hidden = disclosure.hide(known, events, others)
    return [
        None if h or n == 0 else _rate(disclosure.show(e), disclosure.show(n))
        for e, n, h in zip(events, known, hidden, strict=True)
    ]


def _rate(events: int | None, n: int | None) -> Estimate:
    if events is None or not n:
        return None
    low, high = wilson(min(events, n), n)
    return [round(min(events, n) / n, 4), round(low, 4), round(high, 4)]


def _means(cells: list[Cell], disclosure: Disclosure) -> list[Estimate]:
    hidden = disclosure.hide([cell.known for cell in cells])
    digits = 3 if disclosure.published else 5
    return [None if h or cell.known < 2 else _mean(cell, digits) for cell, h in zip(cells, hidden, strict=True)]


def _mean(cell: Cell, digits: int) -> list[float]:
    low, high = mean_interval(cell.total, cell.squares, cell.known)
    return [float(f"{value:.{digits}g}") for value in (cell.total / cell.known, low, high)]


def _badge(kind: str, disclosure: Disclosure) -> str:
    if disclosure.published:
        return (
            f"Published view: counts under {disclosure.min_cell_count} are hidden, the others are "
            f"rounded to {disclosure.rounding_base}, so sums may not add up."
        )
    if kind == "restricted":
        return "May not leave: exact counts of restricted data, for this room only."
    return {"synthetic": "Synthetic data, for teaching.", "public": "Public data."}[kind]
