"""How one foreign table is read, and its rows in pieces, each row with its place in the file.

Values only.  ``delimited``, ``excel``, ``parquet`` and ``statistical`` hold the sources themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rounds.errors import DataError

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
    header_line: int = 0
    row: str = ""
    person: str = ""
    leave_out: tuple[int, ...] = ()
    evidence: tuple[str, ...] = field(default=(), compare=False)
    guess: Guess | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Batch:
    """Some rows of a table: its columns, the line or row of the file where each row ends, and the part of it read."""

    columns: pa.RecordBatch
    lines: Sequence[int]
    share: float = 0.0


@dataclass(frozen=True)
class FileNotes:
    """What a file itself says of a column: its label, the words for its codes, its date format."""

    label: str = ""
    words: dict[str, str] = field(default_factory=dict)


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

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order."""

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""

    def about(self) -> dict[str, FileNotes]:
        """Return what the file says of its columns."""


def rows_at_once(columns: int) -> int:
    """Return how many rows make a batch, so that a wide table takes no more memory than a narrow one."""
    return max(FEWEST_ROWS, min(MOST_ROWS, CELLS // max(columns, 1)))


def check_names(where: str, names: Sequence[str]) -> None:
    """Raise when a header is no header: numbers, a column without a name, a name that stands there twice."""
    from rounds.data.numbers import is_number

    twice = sorted({name for name in names if names.count(name) > 1})
    if not names:
        raise DataError(f"{where}: there is no column.")
    if any(is_number(name) for name in names):
        raise DataError(
            f"{where}: there is no header, the first line holds numbers. Write the names of the columns there."
        )
    if any(not name.strip() for name in names):
        place = [bool(name.strip()) for name in names].index(False) + 1
        raise DataError(f"{where}: column {place} has no name. Write one in the header.")
    small = [name.casefold() for name in names]
    if not twice and len(set(small)) < len(small):
        same = [name for name in names if small.count(name.casefold()) > 1]
        raise DataError(f'{where}: "{same[0]}" and "{same[1]}" differ in capitals only. Give each its own name.')
    if twice:
        raise DataError(f'{where}: the column "{twice[0]}" stands there twice. Give each its own name.')
