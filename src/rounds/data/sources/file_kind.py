"""What a file is, by its first bytes and not by its name; a file that is something else gets one clear sentence."""

from __future__ import annotations

import os
from pathlib import Path

from rounds.errors import DataError

DELIMITED = (".csv", ".tsv", ".txt", ".tab", ".psv")
EXCEL = (".xlsx", ".xlsm")
STATISTICAL = (".sas7bdat", ".xpt", ".dta")
SUFFIXES = (*DELIMITED, ".parquet", *EXCEL, *STATISTICAL)
_OLE, _ZIP, _GZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"\x1f\x8b"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKS = {
    _GZIP: "a gzip archive. Unpack it, and import the file inside",
    b"BZh": "a bzip2 archive. Unpack it, and import the file inside",
    b"7z\xbc\xaf": "a 7-Zip archive. Unpack it, and import the file inside",
    b"\xfd7zXZ": "an xz archive. Unpack it, and import the file inside",
    b"%PDF": "a PDF. Ask for the table itself, as CSV",
    b"PAR1": "a Parquet file. Give it the suffix .parquet",
    b"SQLite": "a SQLite database. Export its tables as CSV",
}


def check_file(path: Path) -> None:
    """Raise when a file cannot be a table that is read here: unknown, unreadable, empty, or something else inside."""
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise DataError(_say_ole(path))
    if suffix not in SUFFIXES:
        raise DataError(f'{path}: "{path.suffix}" cannot be imported. Known: {", ".join(SUFFIXES)}.')
    head = _head(path)
    if not head:
        raise DataError(f"{path}: the file is empty. Export the table again.")
    if suffix in DELIMITED:
        _check_text(path, head)
    elif suffix in EXCEL and not head.startswith(_ZIP):
        raise DataError(_say_ole(path) if head.startswith(_OLE) else f"{path}: this is no Excel workbook. {_RESAVE}")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except PermissionError:
        raise DataError(f"{path}: you may not read this file. Ask its owner, or run: chmod u+r {path}") from None
    except OSError as error:
        raise DataError(f"{path}: this file cannot be read ({os.strerror(error.errno or 0)}).") from None


_RESAVE = "Open it in Excel and save it as .xlsx, or as CSV in UTF-8."


def _check_text(path: Path, head: bytes) -> None:
    for mark, what in _MARKS.items():
        if head.startswith(mark):
            raise DataError(f"{path}: this is {what}.")
    if head.startswith(_ZIP):
        raise DataError(f"{path}: this is a zip archive or an Excel workbook. Unpack it, or give it the suffix .xlsx.")
    if head.startswith(_OLE):
        raise DataError(_say_ole(path))
    if head.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise DataError(f"{path}: this is a web page or XML. {_RESAVE}")


def _say_ole(path: Path) -> str:
    if path.is_file() and _holds(path, _ENCRYPTED):
        return f"{path}: the workbook is locked with a password. Open it in Excel, take the password away, and save it."
    return f"{path}: this is the old Excel format (.xls). {_RESAVE}"


def _holds(path: Path, what: bytes) -> bool:
    """Tell whether the directory of an OLE file names a stream; it stands near one end of the file."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
        file.seek(max(0, path.stat().st_size - (1 << 20)))
        return what in head + file.read()
