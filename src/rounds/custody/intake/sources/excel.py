"""One sheet of an Excel workbook, read in pieces; cells become text, dates are written as ISO."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.intake.sources.header import Headed, Header, build_header
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, rows_at_once
from rounds.custody.intake.sources.sheet_marks import check_formulas, check_merged, open_workbook, rows_of, scan_sheet
from rounds.custody.intake.sources.title_rows import LOOK, find_header
from rounds.errors import Command, DataError, suggest

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Sheet(Headed):
    """One sheet of a workbook and the row of its header."""

    path: Path
    title: str
    reading: Reading

    @cached_property
    def heading(self) -> Header:
        """Return the header; raise for merged cells, and for formulas whose value the file does not hold."""
        names = [name.strip() for name in next(self._rows(), (0, []))[1]]
        while names and not names[-1]:
            names.pop()
        place = self.where(self.reading.header_line)
        marks = scan_sheet(self.path, self.title)
        check_merged(place, marks.merged, self.reading.header_line)
        check_formulas(self.path, self.title, marks.unvalued)
        return build_header(place, names)

    def where(self, line: int) -> str:
        """Return a place in the workbook, as errors write it."""
        return f'{self.path}, sheet "{self.title}", row {line}'

    def about(self) -> dict[str, FileNotes]:
        """Return nothing: a sheet says nothing of its columns."""
        return {}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order; empty rows, which Excel keeps, are named as such."""
        width, most = len(self.header), rows_at_once(len(self.header))
        rows: list[list[str]] = []
        lines: list[int] = []
        blank: list[int] = []
        body = self._rows()
        next(body)
        for line, row in body:
            if not any(cell.strip() for cell in row):
                blank.append(line)
                continue
            if any(row[width:]):
                raise DataError(f"{self.where(line)}: a cell stands outside the {width} columns of the header.")
            rows.append((row + [""] * width)[:width])
            lines.append(line)
            if len(rows) == most:
                yield self._batch(rows, lines, blank)
                rows, lines, blank = [], [], []
        while blank and blank[-1] > max(lines, default=0):  # below the table Excel keeps what once was formatted
            blank.pop()
        if rows:
            yield self._batch(rows, lines, blank)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        first = max(self.reading.header_line, 1)
        with open_workbook(self.path) as book:
            for number, cells in enumerate(rows_of(book[self.title], first), start=first):
                yield number, [_as_text(self.where(number), cell) for cell in cells]

    def _batch(self, rows: list[list[str]], lines: list[int], blank: list[int]) -> Batch:
        import pyarrow as pa

        arrays: list[pa.Array] = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        return Batch(pa.RecordBatch.from_arrays(arrays, list(self.header)), lines, blank=blank)


def open_sheet(path: Path, title: str, wanted: Reading, proposing: bool) -> Sheet:
    """Open a sheet; a header below title rows is taken in a draft only."""
    sheet = Sheet(path, title, wanted)
    if wanted.header_line:
        return sheet
    rows = [row for (_, row), _ in zip(sheet._rows(), range(LOOK), strict=False)]
    line, said = find_header(rows)
    if line > 1 and not proposing:
        raise DataError(
            f"{sheet.where(1)}: no header; the names of the columns seem to stand in row {line}. See it in a draft: ",
            Command("data", "import", path, "--draft", "decisions.toml"),
        )
    return Sheet(path, title, replace(wanted, header_line=line, evidence=(*wanted.evidence, said)))


def find_sheets(path: Path) -> list[str]:
    """Return the titles of the sheets that hold something."""
    with open_workbook(path) as book:
        full = [sheet.title for sheet in book.worksheets if any(any(row) for row in islice(rows_of(sheet), LOOK))]
    if not full:
        raise DataError(f"{path}: no sheet of this workbook holds a cell. Export the table again.")
    return full


def check_sheet(path: Path, title: str) -> None:
    """Raise when the workbook has no sheet of that title."""
    known = find_sheets(path)
    if title not in known:
        raise DataError(f'{path}: there is no sheet "{title}".{suggest(title, known)}')


def _as_text(where: str, cell: Any) -> str:
    """Return a cell as text: a whole number without a point, a date as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _span(cell)
    text = str(cell)
    if text in ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"):
        raise DataError(f"{where}: a formula gives the error {text}. Repair it in Excel, or empty the cell.")
    return text


def _span(length: timedelta) -> str:
    """Return hours beyond a day as the cell shows them, 25:30:00."""
    seconds = round(length.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' * (seconds < 0)}{hours}:{rest // 60:02d}:{rest % 60:02d}"
