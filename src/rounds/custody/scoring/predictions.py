"""Read a predictions file: the id columns of the unit and ``prediction``, every row once; or one sentence about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.counted import counted
from rounds.custody.scoring.task import Task
from rounds.errors import DataError, suggest
from rounds.evaluation.bootstrap import Array

if TYPE_CHECKING:
    import pandas as pd

COLUMN = "prediction"
LARGEST_BYTES = 50_000_000
WRITE = "frame.to_csv(..., index=False)"
EMPTY = f"The file is empty. Write it with {WRITE}, and look at it first."
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls


def read_predictions(path: Path, wanted: pd.DataFrame, task: Task) -> Array:
    """Return the predictions in the order of ``wanted``, which has the columns of the unit; raise a `DataError`."""
    frame = _read(path, len(wanted))
    _check_columns(list(frame.columns), task)
    given = _typed(frame, wanted, task)
    predicted = _numbers(frame[COLUMN], task)
    unit = list(task.unit)
    twice = int(given.duplicated().sum())
    if twice:
        raise DataError(
            f"{_rows(twice, 'stands', 'stand')} more than once. Each row of the hold-out needs one prediction."
        )
    both = wanted[unit].merge(given.assign(**{COLUMN: predicted}), on=unit, how="left", indicator="found")
    missing = int((both["found"] == "left_only").sum())
    if missing or len(given) != len(wanted):
        raise DataError(_say_rows(len(wanted), missing, len(given) - len(wanted) + missing))
    values: Array = both[COLUMN].to_numpy(dtype="float64")
    return values


def _read(path: Path, rows: int) -> pd.DataFrame:
    import pandas as pd

    if path.stat().st_size > LARGEST_BYTES:
        raise DataError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. It needs ids and predictions only.")
    with path.open("rb") as file:
        begins = file.read(4)
    if begins in WORKBOOKS:
        raise DataError(f"The file is an Excel workbook. Save it as CSV, or write it with {WRITE}.")
    try:
        if begins == b"PAR1":
            return _read_parquet(path, rows)
        return _read_text(path)
    except UnicodeDecodeError:
        raise DataError("The file is not UTF-8 text. Save it as CSV in UTF-8, or as Parquet.") from None
    except pd.errors.EmptyDataError:
        raise DataError(EMPTY) from None
    except (ValueError, OSError):
        raise DataError(f"The file cannot be read as CSV or Parquet. Write it with {WRITE}.") from None


def _read_text(path: Path) -> pd.DataFrame:
    """Read CSV with commas, or as a spreadsheet of another country writes it: semicolons or tabs, decimal commas."""
    import pandas as pd

    with path.open(encoding="utf-8-sig") as file:
        header = file.readline()
    separator = next((mark for mark in ",;\t" if mark in header), ",")
    frame = pd.read_csv(
        path, sep=separator, dtype=str, encoding="utf-8-sig", keep_default_na=False, skip_blank_lines=True
    )
    if separator != "," and COLUMN in frame.columns:
        frame[COLUMN] = frame[COLUMN].str.replace(",", ".", regex=False)
    return frame


def _read_parquet(path: Path, rows: int) -> pd.DataFrame:
    """Read a Parquet file after a look at its size: a small file can unfold to a very large table."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    unfolded = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    if file.metadata.num_rows > 2 * rows + 1000 or unfolded > 10 * LARGEST_BYTES or file.metadata.num_columns > 50:
        raise DataError(f"The file holds {file.metadata.num_rows:,} rows; the hold-out has {rows:,}.")
    frame: pd.DataFrame = file.read().to_pandas()
    return frame.reset_index(drop=True)


def _check_columns(names: list[str], task: Task) -> None:
    needed = [*task.unit, COLUMN]
    lost = [name for name in needed if name not in names]
    if lost:
        raise DataError(
            f'The column "{lost[0]}" is missing. The file needs: {", ".join(needed)}.{suggest(lost[0], names)}'
        )
    more = [name for name in names if name not in needed]
    if any(name.startswith("Unnamed") for name in more):
        raise DataError(f"The file has a column of row numbers. Write it with {WRITE}.")
    if more or len(names) != len(needed):
        raise DataError(f'The file has a column too many: "{(more or names)[0]}". It needs only: {", ".join(needed)}.')


def _typed(frame: pd.DataFrame, wanted: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Return the id columns with the types of the hold-out's own."""
    import pandas as pd

    typed = {}
    for name in task.unit:
        kind, values = wanted[name].dtype, frame[name]
        try:
            if pd.api.types.is_datetime64_any_dtype(kind):
                typed[name] = pd.to_datetime(values).astype(kind)
            elif pd.api.types.is_numeric_dtype(kind):
                typed[name] = _whole(pd.to_numeric(values), kind)
            else:
                typed[name] = values.astype("str").astype(kind)
        except (ValueError, TypeError, OverflowError):
            raise DataError(f'The column "{name}" holds values that are no ids of the hold-out.') from None
    return pd.DataFrame(typed)


def _whole(numbers: pd.Series, kind: Any) -> pd.Series:
    """Return numbers with another type; raise when it would change one."""
    found = numbers.astype(kind)
    if not (found == numbers).all():
        raise ValueError("not the same number")
    return found


def _numbers(values: pd.Series, task: Task) -> Array:
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    wrong = int((~np.isfinite(numbers)).sum())
    if wrong:
        raise DataError(f"{wrong:,} of {len(numbers):,} predictions are missing or are no number. Fill each of them.")
    low, high = task.limits
    outside = int(((numbers < low) | (numbers > high)).sum())
    if outside:
        what = "a risk lies between 0 and 1" if task.metric != "mae" else f"the limits are {low:g} and {high:g}"
        raise DataError(f"{outside:,} of {len(numbers):,} predictions are out of range: {what}.")
    found: Array = numbers
    return found


def _say_rows(rows: int, missing: int, unknown: int) -> str:
    parts = [_rows(missing, "of the hold-out is missing", "of the hold-out are missing")] if missing else []
    parts += [_rows(unknown, "is not of the hold-out", "are not of the hold-out")] if unknown else []
    return f"{' and '.join(parts)}. Predict each of its {rows:,} rows once."


def _rows(number: int, one: str, several: str) -> str:
    return f"{counted(number, 'row')} {one if number == 1 else several}"
