"""Rows of one table while they are drawn: columns by name, times in minutes, planted errors as ``!`` columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from rounds.synthetic.ehr.words import Array, Words, stack_words

Cells = Array | Words
Rows = dict[str, Cells]
FLAG = "!"
NEVER = int(np.iinfo(np.int64).min)
HOUR, DAY = 60, 1440
T = TypeVar("T")


def count(rows: Rows) -> int:
    """Return the number of rows."""
    return len(next(iter(rows.values())))


def numbers(rows: Rows, name: str) -> Array:
    """Return a column of numbers, times or truth values."""
    return _check(rows[name], np.ndarray, name)


def texts(rows: Rows, name: str) -> Words:
    """Return a column of words."""
    return _check(rows[name], Words, name)


def take(rows: Rows, index: Array) -> Rows:
    """Return the rows at these places (numbers or a mask)."""
    return {name: value.take(index) if isinstance(value, Words) else value[index] for name, value in rows.items()}


def stack(parts: Sequence[Rows]) -> Rows:
    """Put rows below one another; a flag that a part lacks is false there."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    return {name: _stack_column([_column(part, name) for part in parts]) for name in names}


def sort(rows: Rows, *names: str) -> Rows:
    """Order the rows by these columns, the first one first; ties keep their order."""
    keys = [rows[name] for name in reversed(names)]
    order = np.lexsort([key.codes if isinstance(key, Words) else key for key in keys])
    return take(rows, order)


def minutes(date: str) -> int:
    """Return the minute of a date on the scale of all times here."""
    return int(np.datetime64(date, "m").astype(np.int64))


def flags(rows: Rows) -> list[str]:
    """Return the names of the planted errors that these rows can carry."""
    return [name for name in rows if name.startswith(FLAG)]


def _check(value: Any, kind: type[T], name: str) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {type(value).__name__}, not {kind.__name__}")
    return value


def _column(part: Rows, name: str) -> Cells:
    if name not in part and name.startswith(FLAG):
        return np.zeros(count(part), bool)
    return part[name]


def _stack_column(parts: list[Cells]) -> Cells:
    words = [part for part in parts if isinstance(part, Words)]
    if words:
        return stack_words(words)
    return np.concatenate([part for part in parts if not isinstance(part, Words)])
