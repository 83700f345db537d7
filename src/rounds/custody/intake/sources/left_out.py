"""A table without the rows that the decisions leave out, such as a row of totals, or without columns of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rounds.custody.intake.sources.header import Headed, Header
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, SourceTable
from rounds.errors import DataError


@dataclass(frozen=True)
class WithoutRows:
    """Another source, without the rows in some lines of its file."""

    source: SourceTable
    lines: tuple[int, ...]

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.source.path

    @property
    def reading(self) -> Reading:
        """Return how it is read, with the rows that are left out."""
        return replace(self.source.reading, leave_out=self.lines)

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.source.header

    @property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""
        return self.source.heading

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return self.source.where(line)

    def about(self) -> dict[str, FileNotes]:
        """Return what the file says of its columns."""
        return self.source.about()

    def batches(self) -> Iterator[Batch]:
        """Yield the other rows, in order; raise when a line that is left out holds no row."""
        wanted, met = set(self.lines), set[int]()
        for batch in self.source.batches():
            here = wanted.intersection(batch.lines)
            met |= here
            if len(here) < len(batch.lines):
                yield _without(batch, here) if here else batch
            elif batch.blank:
                yield replace(batch, columns=batch.columns.slice(0, 0), lines=())
        if lost := sorted(wanted - met):
            raise DataError(
                f'{self.path}: leave_out = {sorted(wanted)} of "{self.reading.source}" names line {lost[0]}, where no '
                "row of the table is. Correct the number, or take it away."
            )


def _without(batch: Batch, lines: set[int]) -> Batch:
    kept = [at for at, line in enumerate(batch.lines) if line not in lines]
    return Batch(batch.columns.take(kept), [batch.lines[at] for at in kept], batch.share, batch.blank)


@dataclass(frozen=True)
class WithoutColumns(Headed):
    """Another source, without columns that have neither a name nor a cell."""

    source: SourceTable
    names: frozenset[str]

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.source.path

    @property
    def reading(self) -> Reading:
        """Return how it is read."""
        return self.source.reading

    @property
    def heading(self) -> Header:
        """Return the header without these columns, and that they are left out."""
        whole = self.source.heading
        kept = tuple(name for name in whole.names if name not in self.names)
        said = [f'"{name}" has neither a name nor a cell: the column is left out' for name in sorted(self.names)]
        other = [each for each in whole.said if not any(f'"{name}"' in each for name in self.names)]
        found = tuple(own for own, name in zip(whole.found, whole.names, strict=True) if name not in self.names)
        return Header(kept, (*other, *said), whole.invented - self.names, found)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return self.source.where(line)

    def about(self) -> dict[str, FileNotes]:
        """Return what the file says of its columns."""
        return {name: notes for name, notes in self.source.about().items() if name not in self.names}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order."""
        for batch in self.source.batches():
            yield replace(batch, columns=batch.columns.select(list(self.header)))
