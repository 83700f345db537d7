"""What the browser may ask of the cohort explorer, checked field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeGuard

from rounds.explore.bins import Chart
from rounds.explore.crossfilter import Filter

KINDS = ("brush", "choose", "clear", "known", "undo", "reset")


@dataclass(frozen=True)
class Message:
    """One act of the person at the browser."""

    kind: str
    chart: int = -1
    codes: tuple[int, ...] = ()
    gesture: int | None = None

    def change(self, filters: tuple[Filter, ...]) -> tuple[Filter, ...]:
        """Return the filters after the act; a chart keeps its place in the order of steps."""
        if not self.codes:
            return tuple(f for f in filters if f.chart != self.chart)
        new = Filter(self.chart, self.codes)
        if any(f.chart == self.chart for f in filters):
            return tuple(new if f.chart == self.chart else f for f in filters)
        return (*filters, new)


def parse_message(content: Any, charts: tuple[Chart, ...]) -> Message | None:
    """Return the message, or None when anything about it is not as it should be."""
    if not isinstance(content, dict) or content.get("kind") not in KINDS:
        return None
    kind = content["kind"]
    if kind in ("undo", "reset"):
        return Message(kind)
    number = content.get("chart")
    if not _is_index(number, len(charts)):
        return None
    codes = _parse_codes(kind, content, charts[number])
    gesture = content.get("gesture")
    if codes is None or not (gesture is None or _is_index(gesture, 2**53)):
        return None
    return Message(kind, number, codes, gesture)


def _parse_codes(kind: str, content: dict[str, Any], chart: Chart) -> tuple[int, ...] | None:
    if kind == "clear":
        return ()
    if kind == "known":
        return tuple(range(chart.size))
    if kind == "choose":
        return _parse_levels(content.get("codes"), chart)
    first, last = content.get("first"), content.get("last")
    if not (chart.edges and _is_index(first, chart.size) and _is_index(last, chart.size)):
        return None
    return tuple(range(min(first, last), max(first, last) + 1))


def _parse_levels(codes: Any, chart: Chart) -> tuple[int, ...] | None:
    if not isinstance(codes, list) or len(codes) > chart.size or chart.edges:
        return None
    if not all(_is_index(code, chart.size) for code in codes):
        return None
    return tuple(sorted(set(codes)))


def _is_index(value: Any, size: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < size
