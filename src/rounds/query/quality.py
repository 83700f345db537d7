"""What a feature leaves out, in numbers: late results, words, sentinels, refused units, impossible values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from rounds.data.tables import Tables
from rounds.query.events import BEFORE, Measure
from rounds.query.gather import ZERO, match
from rounds.query.measurements import IMPOSSIBLE, KEPT, NO_NUMBER, SENTINEL, UNIT_REFUSED

if TYPE_CHECKING:
    import ibis.expr.types as ir

LATE = "known later"
VERDICTS = (*KEPT, LATE, NO_NUMBER, SENTINEL, UNIT_REFUSED, IMPOSSIBLE)


def count_verdicts(
    units: ir.Table, keys: tuple[str, ...], many: bool, tables: Tables, measures: dict[str, Measure]
) -> ir.Table | None:
    """Return for each feature and verdict how many rows of its window it concerns; None without a checked feature."""
    checked = {n: m for n, m in measures.items() if m.events.verdict is not None and m.window.side == BEFORE}
    counts = [_count(units, keys, many, tables, name, measure) for name, measure in checked.items()]
    return ibis.union(*counts, distinct=False) if counts else None


def _count(units: ir.Table, keys: tuple[str, ...], many: bool, tables: Tables, name: str, measure: Measure) -> ir.Table:
    both = match(units, keys, many, tables, {name: measure}, judge=True)
    late = (both._known >= both[f"_unit_{ZERO}"]).fill_null(True)
    verdict = ibis.ifelse(late, LATE, both[f"_verdict_{name}"])
    counted = both.mutate(verdict=verdict).group_by("verdict").aggregate(rows=lambda t: t.count())
    return counted.select(feature=ibis.literal(name), verdict="verdict", rows="rows")
