"""How one foreign table is read, and its rows in pieces, each row with its place in the file.

Values only.  ``delimited``, ``excel``, ``parquet`` and ``statistical`` hold the sources themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rounds.custody.intake.sources.header import Header

if TYPE_CHECKING:
    import pyarrow as pa

    from rounds.custody.intake.sources.encodings import Guess

CELLS, FEWEST_ROWS, MOST_ROWS = 1_000_000, 500, 100_000


@dataclass(frozen=True)
class Reading:
    """What a person decided, or a draft proposes, about how to read one table of a file."""

    source: str
    table: str = ""
    encoding: str = ""
    delimiter: str = ""
    quoting: str = ""
    header_line: int = 0
    row: str = ""
    person: str = ""
    leave_out: tuple[int, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)
    guess: Guess | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Batch:
    """Some rows of a table: its columns, the line or row of the file where each row ends, and the part of it read.

    ``blank`` holds the lines between them that hold nothing at all, and are no rows.
    """

    columns: pa.RecordBatch
    lines: Sequence[int]
    share: float = 0.0
    blank: Sequence[int] = ()


@dataclass(frozen=True)
class FileNotes:
    """What a file itself says of a column: its label, words for its codes, its unit, what its reading leaves out."""

    label: str = ""
    words: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    said: str = ""


class SourceTable(Protocol):
    """One table of a file that can be read again and again, in pieces."""

    @property
    def path(self) -> Path:
        """Return the file."""

    @property
    def reading(self) -> Reading:
        """Return how it is read."""

    @property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""

    @property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order."""

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""

    def about(self) -> dict[str, FileNotes]:
        """Return what the file says of its columns."""


def rows_at_once(columns: int) -> int:
    """Return how many rows make a batch, so that a wide table takes no more memory than a narrow one."""
    return max(FEWEST_ROWS, min(MOST_ROWS, CELLS // max(columns, 1)))
