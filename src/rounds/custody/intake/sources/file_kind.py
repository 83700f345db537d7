"""What a file is, by its first bytes and not by its name; a file that is something else gets one clear sentence."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from pathlib import Path

from rounds.custody.intake.sources.packed import PACKED, open_bytes, suffix_of
from rounds.errors import DataError

DELIMITED = (".csv", ".tsv", ".txt", ".tab", ".psv")
EXCEL = (".xlsx", ".xlsm")
STATISTICAL = (".sas7bdat", ".xpt", ".dta", ".sav", ".zsav")
SUFFIXES = (*DELIMITED, ".parquet", *EXCEL, *STATISTICAL)
_IN_PYTHON = 'In Python: pandas.{}.to_parquet("table.parquet"), and import that file'
WHAT_TO_DO = {
    ".ndjson": _IN_PYTHON.format("read_json(PATH, lines=True)"),
    ".jsonl": _IN_PYTHON.format("read_json(PATH, lines=True)"),
    ".json": _IN_PYTHON.format("read_json(PATH)"),
    ".feather": _IN_PYTHON.format("read_feather(PATH)"),
    ".arrow": _IN_PYTHON.format("read_feather(PATH)"),
    ".orc": _IN_PYTHON.format("read_orc(PATH)"),
    ".html": _IN_PYTHON.format("read_html(PATH)[0]"),
    ".xml": _IN_PYTHON.format("read_xml(PATH)"),
    ".rds": 'In R: write.csv(readRDS("PATH"), "table.csv", row.names = FALSE), and import that file',
    ".rda": "In R: load it, write.csv of the table, and import that file",
    ".rdata": "In R: load it, write.csv of the table, and import that file",
    ".por": "Save it as .sav in SPSS, and import that file",
    ".ods": "Save it as .xlsx in LibreOffice, and import that file",
    ".xlsb": "Save it as .xlsx in Excel, and import that file",
    ".numbers": "Export it as CSV, and import that file",
    ".mdb": "Export its tables as CSV in Access, and import that folder",
    ".accdb": "Export its tables as CSV in Access, and import that folder",
    ".sqlite": "Export its tables as CSV, and import that folder",
    ".db": "Export its tables as CSV, and import that folder",
    ".duckdb": "Export its tables as Parquet, and import that folder",
    ".sql": "Load it into a database, export its tables as CSV, and import that folder",
    ".zip": "Unpack it, and import the file or the folder inside",
    ".tar": "Unpack it, and import the folder inside",
    ".7z": "Unpack it, and import the folder inside",
    ".bz2": "Unpack it, and import the file inside",
    ".xz": "Unpack it, and import the file inside",
    ".pdf": "Ask for the table itself, as CSV",
    ".docx": "Copy its table into Excel, save that as .xlsx, and import that file",
    ".sas7bcat": "It holds only the words for codes: import the .sas7bdat file beside it",
}
LOOK, FEWEST_CONTROLS, MOST_CONTROLS = 4096, 8, 0.02
_CHUNK = 1 << 20
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # without tabs, ends of lines, form feeds, escapes
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
    suffix = suffix_of(path)
    if suffix == ".xls":
        raise DataError(_say_ole(path))
    if suffix not in SUFFIXES or (path.suffix.lower() == PACKED and suffix not in DELIMITED):
        raise DataError(_say_unknown(path, suffix))
    head = _head(path)
    if not head:
        raise DataError(f"{path}: the file is empty. Export the table again.")
    if suffix in DELIMITED:
        _check_text(path, head)
    elif suffix in EXCEL and not head.startswith(_ZIP):
        raise DataError(_say_ole(path) if head.startswith(_OLE) else f"{path}: this is no Excel workbook. {_RESAVE}")


def _say_unknown(path: Path, suffix: str) -> str:
    """Return what to do with a file that cannot be imported as it is."""
    known = ", ".join((*SUFFIXES, ".csv.gz"))
    if path.suffix.lower() == PACKED:
        return f"{path}: only text is read packed with gzip. Unpack it, and import the file inside."
    if suffix in WHAT_TO_DO:
        return f'{path}: "{path.suffix}" cannot be imported. {WHAT_TO_DO[suffix].replace("PATH", str(path))}.'
    return f'{path}: "{path.suffix}" cannot be imported. Save it as one of: {known}.'


def _head(path: Path) -> bytes:
    try:
        with open_bytes(path) as file:
            head = file.read(LOOK)
            while path.suffix.lower() == PACKED and file.read(_CHUNK):  # to its end: it may be cut off
                pass
            return head
    except PermissionError:
        raise DataError(f"{path}: you may not read this file. Ask its owner, or run: chmod u+r {path}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DataError(f"{path}: this is no whole gzip archive. Pack it again, or import the file inside.") from None
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
    if controls := _count_controls(head):
        raise DataError(
            f"{path}: this is no table of text: {controls:,} of its first {len(head):,} bytes are control characters "
            "or zeros, as in a program, a picture or an encrypted file. Export the table as CSV in UTF-8."
        )
    if head.lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml")):
        raise DataError(f"{path}: this is a web page or XML. {_RESAVE}")


def _count_controls(head: bytes) -> int:
    """Return how many control characters stand in the first bytes, when they are more than text may hold."""
    found = len(_CONTROLS.findall(head.decode(_wide_encoding(head), "replace")))
    is_many = found > max(FEWEST_CONTROLS, MOST_CONTROLS * len(head))
    return found if is_many and (b"\0" in head or not _is_utf8(head)) else 0


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.utf_8_decode(head, "strict", False)  # the last letter may be cut
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(head: bytes) -> str:
    """Return UTF-16 where its mark says so, or where nearly all zeros stand at even, or at odd, places."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd < 0.05 * len(head) or min(even, odd) > 0.1 * max(even, odd):
        return "latin-1"
    return "utf-16-le" if odd > even else "utf-16-be"


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
