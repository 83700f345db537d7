"""A table without the rows that the decisions leave out, such as a row of totals under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

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
        if lost := sorted(wanted - met):
            raise DataError(
                f'{self.path}: leave_out = {sorted(wanted)} of "{self.reading.source}" names line {lost[0]}, where no '
                "row of the table is. Correct the number, or take it away."
            )


def _without(batch: Batch, lines: set[int]) -> Batch:
    kept = [at for at, line in enumerate(batch.lines) if line not in lines]
    return Batch(batch.columns.take(kept), [batch.lines[at] for at in kept], batch.share)
