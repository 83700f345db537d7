"""Read columns, arrays and labels: plain numbers of a part, or values one by one."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Protocol

import numpy as np
import pandas as pd

from rounds.lessons.values.message import MOST_BYTES, MessageError

_WHOLE = frozenset(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
NUMBERS = _WHOLE | {"bool", "float16", "float32", "float64", "complex64", "complex128"}
TIMES = frozenset(f"{kind}[{unit}]" for kind in ("datetime64", "timedelta64") for unit in ("D", "s", "ms", "us", "ns"))


class Values(Protocol):
    """What a reader of values offers: the message's parts, and its other values."""

    parts: tuple[bytes, ...]

    def value(self, node: Any, depth: int = 0) -> Any:
        """Return one value."""

    def values(self, nodes: Any, depth: int) -> list[Any]:
        """Return several values."""


def read_array(values: Values, node: Mapping[str, Any], depth: int) -> np.ndarray[Any, Any]:
    """Return an array of any shape."""
    shape = tuple(int(length) for length in node["s"])
    if any(length < 0 for length in shape) or prod(shape) > MOST_BYTES:
        raise MessageError("An array has an impossible shape.")
    return _plain(values, node, depth).reshape(shape)


def read_scalar(values: Values, node: Mapping[str, Any], depth: int) -> Any:
    """Return one number of NumPy's."""
    return _plain(values, node, depth)[0]


def read_column(values: Values, node: Mapping[str, Any], depth: int) -> Any:
    """Return a column's values, as pandas keeps them."""
    if node["d"] == "category":
        codes, categories = _plain(values, node["codes"], depth), read_column(values, node["cats"], depth)
        return pd.Categorical.from_codes(codes, categories=pd.Index(categories), ordered=bool(node["o"]))
    if node["d"] == "str":
        codes = np.frombuffer(_part(values, node["b"]), dtype="<i8")
        return pd.array(_texts(node["v"]), dtype="str").take(codes, allow_fill=True)
    plain = _plain(values, node, depth)
    if "m" in node:
        mask = np.frombuffer(_part(values, node["m"]), dtype=bool).copy()
        kind = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}.get(plain.dtype.kind, pd.arrays.IntegerArray)
        return kind(plain, mask)
    if "z" in node:
        return pd.DatetimeIndex(plain).tz_localize("UTC").tz_convert(str(node["z"])).array
    return plain


def read_index(values: Values, node: Mapping[str, Any], depth: int) -> Any:
    """Return the labels of rows or columns."""
    names = values.values(node["n"], depth)
    if "r" in node:
        start, stop, step = (int(number) for number in node["r"])
        return pd.RangeIndex(start, stop, step, name=names[0])
    if "l" in node:
        return pd.MultiIndex.from_arrays([read_column(values, level, depth) for level in node["l"]], names=names)
    labels = read_column(values, node["c"], depth)
    return pd.Index(labels, name=names[0], dtype=labels.dtype)


def _plain(values: Values, node: Mapping[str, Any], depth: int) -> np.ndarray[Any, Any]:
    kind = node["d"]
    if kind in NUMBERS:
        return np.frombuffer(_part(values, node["b"]), dtype=np.dtype(kind).newbyteorder("<")).astype(kind)
    if kind in TIMES:
        return np.frombuffer(_part(values, node["b"]), dtype="<i8").astype("i8").view(kind)
    if kind == "str":
        return np.array(_texts(node["v"]), dtype=str)
    if kind == "object":
        found = values.values(node["v"], depth)
        plain = np.empty(len(found), dtype=object)
        plain[:] = found
        return plain
    raise MessageError("A column is of an unknown kind.")


def _texts(nodes: Any) -> list[str | None]:
    if not isinstance(nodes, list) or not all(node is None or isinstance(node, str) for node in nodes):
        raise MessageError("A column of texts holds something else.")
    return nodes


def _part(values: Values, number: Any) -> bytes:
    if type(number) is not int or not 0 <= number < len(values.parts):
        raise MessageError("A part of a value is missing.")
    return values.parts[number]
