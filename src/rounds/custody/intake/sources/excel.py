"""One sheet of an Excel workbook, read in pieces; cells become text, dates are written as ISO."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, check_names, rows_at_once
from rounds.custody.intake.sources.title_rows import LOOK, find_header
from rounds.errors import Command, DataError, suggest

if TYPE_CHECKING:
    import pyarrow as pa

_MERGED = re.compile(rb'<mergeCell[^>]* ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook and the row of its header."""

    path: Path
    title: str
    reading: Reading

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        names = [name.strip() for name in next(self._rows(), (0, []))[1]]
        while names and not names[-1]:
            names.pop()
        place = self.where(self.reading.header_line)
        _check_merged(place, _merged_rows(self.path, self.title), self.reading.header_line)
        check_names(place, names)
        return tuple(names)

    def where(self, line: int) -> str:
        """Return a place in the workbook, as errors write it."""
        return f'{self.path}, sheet "{self.title}", row {line}'

    def about(self) -> dict[str, FileNotes]:
        """Return nothing: a sheet says nothing of its columns."""
        return {}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order, without the empty rows that Excel keeps."""
        width, most = len(self.header), rows_at_once(len(self.header))
        rows: list[list[str]] = []
        lines: list[int] = []
        body = self._rows()
        next(body)
        for line, row in body:
            if not any(row):
                continue
            if any(row[width:]):
                raise DataError(f"{self.where(line)}: a cell stands outside the {width} columns of the header.")
            rows.append((row + [""] * width)[:width])
            lines.append(line)
            if len(rows) == most:
                yield self._batch(rows, lines)
                rows, lines = [], []
        if rows:
            yield self._batch(rows, lines)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        first = max(self.reading.header_line, 1)
        with open_workbook(self.path) as book:
            for number, cells in enumerate(book[self.title].iter_rows(min_row=first, values_only=True), start=first):
                yield number, [_as_text(self.where(number), cell) for cell in cells]

    def _batch(self, rows: list[list[str]], lines: list[int]) -> Batch:
        import pyarrow as pa

        arrays: list[pa.Array] = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        return Batch(pa.RecordBatch.from_arrays(arrays, list(self.header)), lines)


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
        full = [
            ws.title for ws in book.worksheets if any(any(row) for row in ws.iter_rows(values_only=True, max_row=LOOK))
        ]
    if not full:
        raise DataError(f"{path}: no sheet of this workbook holds a cell. Export the table again.")
    return full


def check_sheet(path: Path, title: str) -> None:
    """Raise when the workbook has no sheet of that title."""
    known = find_sheets(path)
    if title not in known:
        raise DataError(f'{path}: there is no sheet "{title}".{suggest(title, known)}')


@contextmanager
def open_workbook(path: Path) -> Iterator[Any]:
    """Yield a workbook for reading; a broken one is an error with a sentence."""
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise DataError(f"{path}: this workbook cannot be read; it may be cut off. Save it again in Excel.") from error
    try:
        yield book
    finally:
        book.close()


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
        return repr(cell.total_seconds() / 86400)
    text = str(cell)
    if text in ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"):
        raise DataError(f"{where}: a formula gives the error {text}. Repair it in Excel, or empty the cell.")
    return text


def _merged_rows(path: Path, title: str) -> list[tuple[int, int, str]]:
    """Return the first and last row, and the range, of each group of merged cells of a sheet."""
    with open_workbook(path) as book:
        part = book[title]._worksheet_path
    found: list[tuple[int, int, str]] = []
    tail = b""
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as file:
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            for a, first, b, last in _MERGED.findall(text):
                found.append((int(first), int(last), f"{a.decode()}{first.decode()}:{b.decode()}{last.decode()}"))
            tail = text[text.rfind(b"<") :] if b"<" in text[-200:] else b""
    return found


def _check_merged(where: str, merged: list[tuple[int, int, str]], header: int) -> None:
    for first, last, cells in merged:
        if last >= header:
            what = "the header" if first <= header else "the table"
            raise DataError(f"{where}: {what} has merged cells ({cells}). Unmerge them in Excel, and name each column.")
