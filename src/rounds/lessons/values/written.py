"""Small tables as one writes them down: a line of names, then a line for each row.

A check that tries a query, or a function, on a few rows of its own keeps them readable so.  A dash is a missing value;
a column whose name ends in ``_ts`` holds times; ``yes`` and ``no`` are truth values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MISSING, WORDS = "-", {"yes": True, "no": False}


def read_table(text: str) -> pd.DataFrame:
    """Return the table of a text, with blanks between its columns.

    Raises
    ------
    ValueError
        When a line has more or fewer values than there are names.

    Examples
    --------
    >>> read_table('''
    ... encounter_id admit_ts         planned value
    ... E1           2020-01-01T08:00 no      1.5
    ... E2           -                yes     -
    ... ''').isna().sum().sum()
    2
    """
    import pandas as pd

    names, *rows = (line.split() for line in text.strip().splitlines() if line.strip())
    wrong = next((row for row in rows if len(row) != len(names)), None)
    if wrong is not None:
        raise ValueError(f'The line "{" ".join(wrong)}" has {len(wrong)} values for {len(names)} columns.')
    return pd.DataFrame({name: _column(name, [row[at] for row in rows]) for at, name in enumerate(names)})


def _column(name: str, written: list[str]) -> pd.Series[Any]:
    import pandas as pd

    values = pd.Series([None if value == MISSING else value for value in written], dtype="str")
    if name.endswith("_ts"):
        return pd.to_datetime(values, format="ISO8601")
    there = values.dropna()
    if there.isin([*WORDS]).all() and len(there):
        return values.map(WORDS).astype("boolean")
    numbers = pd.to_numeric(values, errors="coerce")
    return values if numbers.isna().sum() > values.isna().sum() or not len(there) else numbers
