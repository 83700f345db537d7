"""A sheet as its file holds it: all its rows, whatever its own record of their number says, merged cells, formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.counted import counted
from rounds.errors import DataError

_MERGED = re.compile(rb'<mergeCell[^>]* ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
# A formula without the value that it had when the workbook was saved
_UNVALUED = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_CHUNK = 1 << 20


@dataclass(frozen=True)
class SheetMarks:
    """First and last row, and the range, of each group of merged cells; the cells of formulas without a value."""

    merged: tuple[tuple[int, int, str], ...]
    unvalued: tuple[str, ...]


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


def rows_of(sheet: Any, first: int = 1) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a sheet, counted by its cells: the dimensions that a file names for it may be wrong."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(min_row=first, values_only=True)
    return rows


def scan_sheet(path: Path, title: str) -> SheetMarks:
    """Return what the text of a sheet says and a reader of values does not."""
    with open_workbook(path) as book:
        part = book[title]._worksheet_path
    merged: list[tuple[int, int, str]] = []
    unvalued: dict[str, None] = {}
    tail = b""
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as file:
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            for a, first, b, last in _MERGED.findall(text):
                merged.append((int(first), int(last), f"{a.decode()}{first.decode()}:{b.decode()}{last.decode()}"))
            unvalued.update(dict.fromkeys(cell.decode() for cell in _UNVALUED.findall(text)))
            last_cell = max(text.rfind(b"<c "), text.rfind(b"<mergeCell "))
            tail = text[last_cell:] if last_cell > len(text) - _CHUNK // 2 else b""
    return SheetMarks(tuple(dict.fromkeys(merged)), tuple(unvalued))


def check_merged(where: str, merged: tuple[tuple[int, int, str], ...], header: int) -> None:
    """Raise when cells of the header or of the table are merged."""
    for first, last, cells in merged:
        if last >= header:
            what = "the header" if first <= header else "the table"
            raise DataError(f"{where}: {what} has merged cells ({cells}). Unmerge them in Excel, and name each column.")


def check_formulas(path: Path, title: str, cells: tuple[str, ...]) -> None:
    """Raise when formulas have no value in the file: a program wrote them, and Excel has not counted them yet."""
    if cells:
        many = counted(len(cells), "formula has", "formulas have")
        raise DataError(
            f'{path}, sheet "{title}", cell {cells[0]}: {many} no value in the file. Open it in Excel, save it, and '
            "import it again."
        )
