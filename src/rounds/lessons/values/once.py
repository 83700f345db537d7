"""Encode a table once, for all whose functions are asked about it: a judge asks fifty people about the same tables.

A table that was changed meanwhile is encoded anew.  pandas writes into a copy where somebody else holds the same
values, so a shallow copy that is kept here shows by identity whether anything was written.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pandas as pd

from rounds.lessons.values.encode import encode_value

MOST_TABLES, LARGEST = 32, 4_000_000  # bytes
_kept: OrderedDict[int, tuple[Any, bytes]] = OrderedDict()


def encode_once(value: Any) -> bytes:
    """Return a value as data; a table that was seen a moment ago, and has not changed, from memory."""
    if type(value) not in (pd.DataFrame, pd.Series):
        return encode_value(value)
    seen, data = _kept.get(id(value), (None, b""))
    if seen is not None and _is_unchanged(value, seen):
        _kept.move_to_end(id(value))
        return data
    data = encode_value(value)
    if len(data) <= LARGEST and None not in _places(value):
        _kept[id(value)] = (value.copy(deep=False), data)
        if len(_kept) > MOST_TABLES:
            _kept.popitem(last=False)
    return data


def _is_unchanged(value: Any, seen: Any) -> bool:
    """Return whether a table holds the very arrays of the copy that was taken of it, under the same labels."""
    if type(value) is not type(seen) or _places(value) != _places(seen):
        return False
    names = (value.name, seen.name) if isinstance(value, pd.Series) else ("", "")
    return names[0] == names[1] and all(map(_are_identical, value.axes, seen.axes))


def _places(table: Any) -> list[object]:
    """Return where in memory each block of a table lies; None for one whose entries may change by themselves."""
    return [_place(block.values) for block in table._mgr.blocks]


def _place(values: Any) -> object:
    array = getattr(values, "_ndarray", values)  # dates keep theirs inside
    if isinstance(array, np.ndarray):
        whole = array.__array_interface__
        return None if array.dtype == object else (*whole["data"], whole["shape"], array.strides, array.dtype.str)
    return id(values._pa_array) if hasattr(values, "_pa_array") else None


def _are_identical(one: pd.Index[Any], other: pd.Index[Any]) -> bool:
    return one.identical(other)
