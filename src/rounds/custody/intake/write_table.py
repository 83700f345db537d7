"""Read a source a second time and write it as Parquet, piece by piece; nothing is written when a cell would be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rounds.counted import counted
from rounds.custody.intake.proposals.cells import read_cells
from rounds.custody.intake.proposals.decisions import apply_decision
from rounds.custody.intake.resolve import ColumnReading
from rounds.custody.intake.sources.as_text import as_text
from rounds.custody.intake.sources.reading import Batch, SourceTable
from rounds.data.package import Column
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "datetime": "a date"}


@dataclass
class Tally:
    """What was counted of one column while it was written."""

    rows: int = 0
    empty: int = 0
    named: int = 0
    beside: int = 0
    lost: int = 0
    first_lost: int = 0

    def note(self, words: Sequence[str]) -> str:
        """Return the sentences for the column's note."""
        said = [f"Missing in {self.empty:,} of {counted(self.rows, 'row')}."] if self.empty else []
        listed = ", ".join(f'"{word}"' for word in words[:8])
        said += [f"{self.named:,} of them were written as {listed}."] if self.named else []
        return " ".join(said)


def write_table(
    source: SourceTable, plans: Sequence[ColumnReading], path: Path, report: Callable[[float], None]
) -> tuple[Column, ...]:
    """Write the table to ``path`` and return its columns; raise, with counts and lines, when cells would be lost."""
    import pyarrow.parquet as pq

    tallies = [Tally() for _ in plans]
    columns: tuple[Column, ...] = ()
    with ExitStack() as stack:
        writer = None
        for batch in _some(source):
            columns, piece = _convert(batch, plans, tallies)
            if writer is None:
                writer = stack.enter_context(pq.ParquetWriter(path, piece.schema, compression="zstd"))
            writer.write_batch(piece)
            report(batch.share)
    report(1.0)
    _check_lost(source, plans, tallies)
    path.chmod(0o444)
    return _with_notes(columns, plans, tallies)


def _some(source: SourceTable) -> Iterator[Batch]:
    """Yield the pieces of a table that hold rows; a table without any gives one piece of no row, for its columns."""
    import pyarrow as pa

    none = [pa.array([], pa.string()) for _ in source.header]
    rows = (batch for batch in source.batches() if len(batch.columns))
    first = next(rows, Batch(pa.RecordBatch.from_arrays(none, list(source.header)), (), 1.0))
    yield first
    yield from rows


def _convert(
    batch: Batch, plans: Sequence[ColumnReading], tallies: Sequence[Tally]
) -> tuple[tuple[Column, ...], pa.RecordBatch]:
    import pyarrow as pa

    columns: list[Column] = []
    arrays: list[pa.Array] = []
    for plan, tally, cells in zip(plans, tallies, batch.columns.columns, strict=True):
        read = read_cells(as_text(cells), plan.decision, plan.usual_system)
        _count(tally, read.values, read.missing, read.lost, batch.lines)
        column, values = apply_decision(plan.decision, plan.column, read.values)
        columns.append(column)
        arrays.append(_to_arrow(values, column.type))
        beside = [text for text in (read.beside, read.system) if text is not None]
        columns += plan.extra_columns()
        arrays += [_to_arrow(text, "string") for text in beside]
    return tuple(columns), pa.RecordBatch.from_arrays(arrays, [c.name for c in columns])


def _to_arrow(values: pd.Series, kind: str) -> pa.Array:
    import pyarrow as pa

    types = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "datetime": pa.timestamp("us")}
    return pa.array(values, types.get(kind, pa.string()), from_pandas=True)


def _count(tally: Tally, values: pd.Series, named: int, lost: np.ndarray, lines: Sequence[int]) -> None:
    tally.rows += len(values)
    tally.empty += int(values.isna().sum())
    tally.named += named
    if lost.any() and not tally.lost:
        tally.first_lost = int(lines[int(np.flatnonzero(lost)[0])])
    tally.lost += int(lost.sum())


def _check_lost(source: SourceTable, plans: Sequence[ColumnReading], tallies: Sequence[Tally]) -> None:
    said = []
    for plan, tally in zip(plans, tallies, strict=True):
        if tally.lost:
            kind = _KINDS.get(plan.decision.type or "", "a value")
            how = f" written {plan.decision.dates}" if plan.decision.dates not in (None, "iso") else ""
            said.append(
                f'"{plan.column.name}": {counted(tally.lost, "cell is", "cells are")} not {kind}{how}'
                f"{' of the calendar' if kind == 'a date' else ''}, the first at {source.where(tally.first_lost)}"
            )
    if said:
        names = [p.column.name for p, t in zip(plans, tallies, strict=True) if t.lost]
        kept = "; ".join(f'of "{name}" beside = "{name}_text"' for name in names)
        raise DataError(
            f"Values would be lost, so nothing was imported. {'; '.join(said)}. Correct the cells, or write in the "
            f'decisions {kept} (keeps their text); or there missing = ["..."] with the words that are no value, or '
            'type = "string" in place of the type that stands there.'
        )


def _with_notes(
    columns: Sequence[Column], plans: Sequence[ColumnReading], tallies: Sequence[Tally]
) -> tuple[Column, ...]:
    said = {
        plan.decision.name or plan.column.name: tally.note(plan.decision.missing or ())
        for plan, tally in zip(plans, tallies, strict=True)
    }
    return tuple(replace(c, note=f"{c.note} {said.get(c.name, '')}".strip()) for c in columns)
