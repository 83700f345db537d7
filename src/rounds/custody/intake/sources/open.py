"""Open what a hospital brings: one file, a workbook of several sheets, or a folder of several tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rounds.custody.intake.sources.delimited import open_delimited
from rounds.custody.intake.sources.excel import check_sheet, find_sheets, open_sheet
from rounds.custody.intake.sources.file_kind import DELIMITED, EXCEL, SUFFIXES, check_file
from rounds.custody.intake.sources.left_out import WithoutRows
from rounds.custody.intake.sources.packed import stem_of, suffix_of
from rounds.custody.intake.sources.parquet import ParquetFile
from rounds.custody.intake.sources.reading import Reading, SourceTable
from rounds.custody.intake.sources.readstat import ReadStat
from rounds.custody.intake.sources.sas import SasFile
from rounds.errors import DataError, suggest

SHEET = "#"


def open_sources(path: Path, readings: Sequence[Reading] = (), *, proposing: bool = False) -> tuple[SourceTable, ...]:
    """Open all tables of a file or a folder, those with readings first and in their order.

    ``proposing`` lets a draft take what only a person can confirm.
    """
    if path.is_dir():
        files = find_tables(path)
    elif path.is_file():
        files = [path]
    else:
        raise DataError(f"{path}: there is no such file.")
    wanted = {reading.source: reading for reading in readings}
    opened = [source for file in files for source in _open_file(path, file, wanted, proposing)]
    sources = tuple(WithoutRows(s, s.reading.leave_out) if s.reading.leave_out else s for s in opened)
    _check_readings(path, sources, readings)
    _check_tables(sources)
    order = {reading.source: number for number, reading in enumerate(readings)}
    return tuple(sorted(sources, key=lambda source: order.get(source.reading.source, len(order))))


def find_tables(folder: Path) -> list[Path]:
    """Return the files of a folder that hold tables, by name; a folder without one is an error."""
    found = sorted(p for p in folder.iterdir() if suffix_of(p) in SUFFIXES and _is_plain(p))
    if not found:
        raise DataError(f"{folder}: no file in this folder is a table. Known: {', '.join(SUFFIXES)}.")
    return found


def find_left_out(folder: Path) -> list[str]:
    """Return what else stands in a folder and is not read."""
    tables = set(find_tables(folder))
    return sorted(p.name for p in folder.iterdir() if p not in tables and not p.name.startswith("."))


def table_name(stem: str) -> str:
    """Return a table's name for a file's or a sheet's: small letters, digits and underscores."""
    words = re.sub(r"[^\w]+", "_", stem.lower()).strip("_")
    return words or "table"


def _open_file(root: Path, file: Path, wanted: dict[str, Reading], proposing: bool) -> list[SourceTable]:
    check_file(file)
    name = file.name
    suffix = suffix_of(file)
    if suffix in EXCEL:
        return _open_workbook(file, wanted, proposing)
    reading = wanted.get(name, Reading(name))
    reading = reading if reading.table else replace(reading, table=table_name(stem_of(file)))
    if suffix in DELIMITED:
        return [open_delimited(file, reading, proposing)]
    if suffix == ".parquet":
        return [ParquetFile(file, reading)]
    return [SasFile(file, reading) if suffix == ".sas7bdat" else ReadStat(file, reading)]


def _open_workbook(file: Path, wanted: dict[str, Reading], proposing: bool) -> list[SourceTable]:
    asked = [key.split(SHEET, 1)[1] for key in wanted if key.startswith(f"{file.name}{SHEET}")]
    for title in asked:
        check_sheet(file, title)
    titles = asked or find_sheets(file)
    sheets: list[SourceTable] = []
    for title in titles:
        key = f"{file.name}{SHEET}{title}"
        reading = wanted.get(key, Reading(key))
        name = table_name(title if len(titles) > 1 or asked else file.stem)
        sheets.append(open_sheet(file, title, replace(reading, table=reading.table or name), proposing))
    return sheets


def _check_readings(path: Path, sources: Sequence[SourceTable], readings: Sequence[Reading]) -> None:
    known = [source.reading.source for source in sources]
    for reading in readings:
        if reading.source not in known:
            raise DataError(f'{path}: there is no "{reading.source}" in it.{suggest(reading.source, known)}')


def _check_tables(sources: Sequence[SourceTable]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        name = source.reading.table
        if name in seen:
            raise DataError(
                f'"{seen[name]}" and "{source.reading.source}" would both be the table "{name}". Rename one.'
            )
        seen[name] = source.reading.source


def _is_plain(path: Path) -> bool:
    name = path.name.lower()
    return path.is_file() and not name.startswith((".", "~$", "readme", "license", "licence"))
