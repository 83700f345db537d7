"""pandas' own sign for a missing value, ``pd.NA``, becomes NaN before an answer is judged.

To compare with ``pd.NA`` is an error, so a check that asks ``value == value`` would stop at an answer that is right.
"""

from __future__ import annotations

import sys
from typing import Any

NAN = float("nan")


def plain_missing(value: Any) -> Any:
    """Return an answer with NaN for each ``pd.NA``, in a list, a dictionary or a table too; all else as it is.

    Examples
    --------
    >>> import pandas as pd
    >>> plain_missing(pd.Series([1, pd.NA], dtype="Int64")).tolist(), plain_missing([pd.NA, "a"])
    ([1.0, nan], [nan, 'a'])
    """
    pandas = sys.modules.get("pandas")
    return value if pandas is None else _plain(pandas, value)


def _plain(pandas: Any, value: Any) -> Any:
    if value is pandas.NA:
        return NAN
    if isinstance(value, pandas.Series):
        return _plain_column(pandas, value)
    if isinstance(value, pandas.DataFrame):
        wrong = [at for at in range(value.shape[1]) if _has_na(pandas, value.iloc[:, at])]
        columns = [_plain_column(pandas, value.iloc[:, at]) for at in range(value.shape[1])] if wrong else []
        return pandas.concat(columns, axis=1) if wrong else value
    if type(value) in (list, tuple, set, frozenset) and any(one is pandas.NA for one in value):
        return type(value)(_plain(pandas, one) for one in value)
    if type(value) is dict:
        return {key: _plain(pandas, one) for key, one in value.items()}
    return value


def _has_na(pandas: Any, column: Any) -> bool:
    """Return whether a column holds ``pd.NA``, by its kind or as one of its objects."""
    if column.dtype == object:
        return any(one is pandas.NA for one in column)
    return getattr(column.dtype, "na_value", None) is pandas.NA and bool(column.isna().any())


def _plain_column(pandas: Any, column: Any) -> Any:
    if not _has_na(pandas, column):
        return column
    if pandas.api.types.is_numeric_dtype(column.dtype) and not pandas.api.types.is_bool_dtype(column.dtype):
        return column.astype("float64")
    return column.astype(object).map(lambda one: NAN if one is pandas.NA else one)
