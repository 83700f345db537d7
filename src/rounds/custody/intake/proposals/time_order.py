"""In which order the times of a table follow each other, from a sample of its rows.

Names of columns and counts come out; no time of a patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from rounds.counted import counted
from rounds.custody.intake.proposals.cells import read_cells
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.sources.as_text import as_text

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from rounds.custody.intake.sources.reading import Batch

MOST, A_PIECE, FEWEST, MOST_DOUBTS = 20_000, 2000, 3, 4


@dataclass
class RowSample:
    """The cells of some columns in some rows of each piece, as text, in bounded memory."""

    pieces: list[dict[str, pa.Array]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, batch: Batch, names: Iterable[str]) -> None:
        """Take in the next rows; columns that held no date until now may join."""
        import pyarrow as pa

        if sum(self.sizes) >= MOST:
            return
        rows = pa.array(np.arange(0, len(batch.columns), -(-len(batch.columns) // A_PIECE) or 1))
        self.pieces.append({name: as_text(batch.columns.column(name).take(rows)) for name in names})
        self.sizes.append(len(rows))

    def column(self, name: str) -> pa.Array:
        """Return the cells of a column in all rows of the sample."""
        import pyarrow as pa

        parts = [
            piece.get(name, pa.nulls(size, pa.string()))
            for piece, size in zip(self.pieces, self.sizes, strict=True)
        ]  # fmt: skip
        return pa.concat_arrays([part.cast(pa.string()) for part in parts])


@dataclass(frozen=True)
class TimeOrder:
    """The columns of times in their usual order, and what speaks against it; nothing where every row agrees."""

    names: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    rows: int = 0


def find_order(sample: RowSample, decisions: Mapping[str, Decision]) -> TimeOrder:
    """Return the order of these columns of times; of dates that cannot be read yet, none is certain."""
    unread = [name for name, decision in decisions.items() if decision.dates == ASK]
    doubts = [f"{name}: day and month are not told apart yet" for name in unread]
    if len(decisions) < 2 or not sample.pieces:
        return TimeOrder(tuple(decisions), tuple(doubts) if len(decisions) > 1 else (), sum(sample.sizes))
    times = {n: read_cells(sample.column(n), d).values for n, d in decisions.items() if n not in unread}
    counts = {pair: _compare(times[pair[0]], times[pair[1]]) for pair in combinations(times, 2)}
    names = _sort(list(times), counts)
    doubts += [said for pair in combinations(names, 2) if (said := _doubt(pair, counts))]
    more = [f"and {len(doubts) - MOST_DOUBTS} more"] if len(doubts) > MOST_DOUBTS else []
    return TimeOrder((*names, *unread), (*doubts[:MOST_DOUBTS], *more), sum(sample.sizes))


def _compare(one: pd.Series, other: pd.Series) -> tuple[int, int]:
    """Return in how many rows the first is before the other, and after it; whole days are compared as days."""
    both = one.notna() & other.notna()
    first, second = one[both], other[both]
    days = [value.dt.normalize() for value in (first, second)]
    if (days[0] == first).all() or (days[1] == second).all():
        first, second = days
    return int((first < second).sum()), int((first > second).sum())


def _sort(names: list[str], counts: Mapping[tuple[str, str], tuple[int, int]]) -> list[str]:
    """Return the names sorted by how many others each usually stands before; as in the file where nothing tells."""
    lead = dict.fromkeys(names, 0)
    for (one, other), (before, after) in counts.items():
        lead[one] += (before > after) - (before < after)
        lead[other] += (before < after) - (before > after)
    return sorted(names, key=lambda name: -lead[name])


def _doubt(pair: tuple[str, str], counts: Mapping[tuple[str, str], tuple[int, int]]) -> str:
    """Return why it is not certain that the first of two times comes before the second."""
    one, other = pair
    before, after = counts[pair] if pair in counts else reversed(counts[(other, one)])
    if after:
        return f"{other} is before {one} in {after:,} of {counted(before + after, 'row')} that tell"
    return "" if before >= FEWEST else f"{counted(before, 'row')} can tell whether {one} comes before {other}"
