"""Read a foreign table as text, or say in one sentence what stops the reading and on which line.

Nothing is guessed and nothing is dropped here: every cell comes out as it stands in the file.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".parquet")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV (all cells as text) or a Parquet file (its own types)."""
    if path.is_dir():
        raise DataError(f"{path} is a folder. Name one file in it.")
    if not path.is_file():
        raise DataError(f"{path}: there is no such file.")
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path)
    if path.suffix.lower() != ".csv":
        raise DataError(f'{path}: "{path.suffix}" cannot be imported. Known: {", ".join(SUFFIXES)}.')
    return _read_csv(path)


def is_number(text: str) -> bool:
    """Tell whether a cell is written as a number."""
    return _NUMBER.fullmatch(text.strip()) is not None


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    rows = _parse_rows(path, _decode(path, path.read_bytes()))
    header, body = rows[0], rows[1:]
    return pd.DataFrame(body, columns=pd.Index(header), dtype="str")


def _decode(path: Path, data: bytes) -> str:
    if not data.strip():
        raise DataError(f"{path}: the file is empty.")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise DataError(f"{path}, line {line}: a zero byte. Save the file as CSV in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = data[error.start]
        raise DataError(
            f"{path}, line {line}: byte 0x{byte:02x} is not UTF-8. Save the file as CSV in UTF-8."
        ) from None


def _parse_rows(path: Path, text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not rows:
                _check_header(path, row)
            elif len(row) != len(rows[0]):
                raise _ragged(path, reader.line_num, len(row), len(rows[0]))
            rows.append(row)
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}.") from None
    if len(rows) < 2:
        raise DataError(f"{path}: there is a header and no row under it.")
    return rows


def _ragged(path: Path, line: int, found: int, wanted: int) -> DataError:
    if found == 0:
        return DataError(f"{path}, line {line}: the line is empty. Delete it and import again.")
    return DataError(f"{path}, line {line}: {found} cells, but the header has {wanted}.")


def _check_header(path: Path, header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        raise DataError(f"{path}, line 1: the cells are not separated by commas.")
    if any(is_number(name) for name in header):
        raise DataError(f"{path}, line 1: there is no header, the first line holds numbers.")
    if any(not name.strip() for name in header):
        place = [bool(name.strip()) for name in header].index(False) + 1
        raise DataError(f"{path}, line 1: column {place} has no name.")
    if twice:
        raise DataError(f'{path}, line 1: the column "{twice[0]}" stands there twice.')


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: this is not a Parquet file that can be read.") from error
    if frame.empty:
        raise DataError(f"{path}: the table has no row.")
    return frame
