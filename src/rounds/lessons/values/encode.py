"""Encode a value in the process that holds it, by its own type and the methods of the types that Python itself brings.

A subclass is taken for what it holds, not for what it says of itself: no `__eq__`, `__float__` or `__array__` of a
learner's is asked.  A learner who has changed pandas or this module gets bytes that say something else, which is then
what is marked.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from rounds.lessons.values.message import MOST_BYTES, MessageError, pack

DEEPEST = 20
MOST_ENTRIES = 1_000_000
SMALL = 2**53
LARGEST_ARRAY = 48_000_000  # bytes
KINDS_OF_NUMBERS = "biufc"


class Encoder:
    """One value on its way out: the parts collected so far, and how many entries were seen."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.entries = 0

    def add_part(self, data: bytes) -> int:
        """Return the number of a new part."""
        self.parts.append(data)
        return len(self.parts) - 1

    def node(self, value: Any, depth: int = 0) -> Any:
        """Return the JSON value that stands for a value."""
        self.entries += 1
        if self.entries > MOST_ENTRIES:
            raise MessageError(f"The value has more than {MOST_ENTRIES:,} entries.")
        if depth > DEEPEST:
            raise MessageError(f"The value is nested more than {DEEPEST} levels deep, or holds itself.")
        for kind, write in _WRITERS:
            if _is_a(value, kind):
                return write(self, value, depth)
        return {"k": "other", "t": name_of(type(value))}

    def nodes(self, values: Any, depth: int) -> list[Any]:
        """Return the JSON values of several values."""
        return [self.node(value, depth + 1) for value in values]


def encode_value(value: Any) -> bytes:
    """Return a value as data; raise `MessageError` when it is too large, or nested too deep."""
    encoder = Encoder()
    head = encoder.node(value)
    if type(head) is dict and head.get("k") == "other" and callable(value):
        said = getattr(value, "__name__", "")
        head = {"k": "function", "t": name_of(type(value)), "n": said[:80] if type(said) is str else ""}
    return pack(head, encoder.parts)


def name_of(kind: type) -> str:
    """Return the name of a type, as the type was made."""
    return str(type.__getattribute__(kind, "__name__"))[:40]


def _is_a(value: Any, kind: type) -> bool:
    """Return whether a value is of a type or below it; `isinstance` would ask the value's own `__class__`."""
    return kind in type.__getattribute__(type(value), "__mro__")


def _write_int(_: Encoder, value: int, __: int) -> Any:
    plain = int.__int__(value)
    return plain if -SMALL < plain < SMALL else {"k": "int", "v": int.__repr__(plain)}


def _write_float(_: Encoder, value: float, __: int) -> Any:
    plain = float.__float__(value)
    finite = plain == plain and plain not in (float("inf"), float("-inf"))
    return plain if finite else {"k": "float", "v": float.__repr__(plain)}


def _write_text(_: Encoder, value: str, __: int) -> Any:
    if str.__len__(value) > MOST_BYTES:
        raise MessageError(f"A text of {str.__len__(value) / 1e6:.0f} MB is too large to be marked.")
    return str.__str__(value)


def _write_dict(encoder: Encoder, value: dict[Any, Any], depth: int) -> Any:
    pairs = [[encoder.node(k, depth + 1), encoder.node(v, depth + 1)] for k, v in dict.items(value)]
    return {"k": "dict", "v": pairs}


def _write_array(encoder: Encoder, value: np.ndarray[Any, Any], depth: int) -> Any:
    plain = np.asarray(np.ndarray.view(value, np.ndarray))
    head = {"k": "array", "s": list(plain.shape)}
    check_size(plain)
    return {**head, **write_column(encoder, plain.reshape(-1), depth)}


def _write_scalar(encoder: Encoder, value: np.generic, depth: int) -> Any:
    return {"k": "scalar", **write_column(encoder, np.asarray(value).reshape(1), depth)}


def write_column(encoder: Encoder, values: np.ndarray[Any, Any], depth: int) -> dict[str, Any]:
    """Return a one-dimensional array: numbers and times as a part, anything else entry by entry."""
    kind = values.dtype.kind
    if kind in KINDS_OF_NUMBERS and values.dtype.itemsize <= 16:
        check_size(values)
        order = values.dtype.newbyteorder("<")
        return {"d": values.dtype.name, "b": encoder.add_part(values.astype(order, copy=False).tobytes())}
    if kind in "mM":
        whole = values.astype(values.dtype.newbyteorder("<")).view("<i8")
        return {"d": values.dtype.name, "b": encoder.add_part(whole.tobytes())}
    return {"d": "str" if kind == "U" else "object", "v": encoder.nodes(values.tolist(), depth)}


def check_size(values: Any) -> None:
    """Raise `MessageError` before an array is copied that is too large to leave."""
    if int(values.nbytes) > LARGEST_ARRAY:
        size, most = values.nbytes / 1e6, LARGEST_ARRAY // 1_000_000
        raise MessageError(f"An array of {size:,.0f} MB is too large to be marked; at most {most} MB.")


def _write_series(encoder: Encoder, value: Any, depth: int) -> Any:
    return {
        "k": "series",
        "n": encoder.node(value.name, depth + 1),
        "i": write_index(encoder, value.index, depth),
        "c": write_values(encoder, value.array, depth),
    }


def _write_frame(encoder: Encoder, value: Any, depth: int) -> Any:
    columns = [write_values(encoder, value.iloc[:, number].array, depth) for number in range(value.shape[1])]
    return {
        "k": "frame",
        "n": write_index(encoder, value.columns, depth),
        "i": write_index(encoder, value.index, depth),
        "c": columns,
    }


def write_index(encoder: Encoder, index: Any, depth: int) -> dict[str, Any]:
    """Return the labels of rows or columns."""
    if depth > DEEPEST:
        raise MessageError(f"The value is nested more than {DEEPEST} levels deep, or holds itself.")
    names = encoder.nodes(list(index.names), depth)
    if type(index) is pd.RangeIndex:
        return {"k": "index", "n": names, "r": [index.start, index.stop, index.step]}
    if isinstance(index, pd.MultiIndex):
        levels = [write_values(encoder, index.get_level_values(n).array, depth) for n in range(index.nlevels)]
        return {"k": "index", "n": names, "l": levels}
    return {"k": "index", "n": names, "c": write_values(encoder, index.array, depth)}


def write_values(encoder: Encoder, values: Any, depth: int) -> dict[str, Any]:
    """Return the values of a column, in a form that gives the same column back."""
    encoder.entries += len(values)
    if encoder.entries > MOST_ENTRIES * 5:
        raise MessageError(f"The value has more than {MOST_ENTRIES * 5:,} entries.")
    kind = values.dtype
    if isinstance(kind, pd.CategoricalDtype):
        codes, categories = write_column(encoder, np.asarray(values.codes), depth), values.categories.array
        more = {"codes": codes, "cats": write_values(encoder, categories, depth), "o": bool(values.ordered)}
        return {"d": "category", **more}
    if isinstance(kind, pd.StringDtype):
        codes, texts = pd.factorize(values)
        return {"d": "str", "b": encoder.add_part(codes.astype("<i8").tobytes()), "v": texts.tolist()}
    if isinstance(kind, pd.DatetimeTZDtype):
        zone = getattr(kind.tz, "key", None) or str(kind.tz)
        return {"d": f"datetime64[{kind.unit}]", "z": zone[:40], "b": encoder.add_part(values.asi8.tobytes())}
    if hasattr(values, "_mask") and hasattr(values, "_data") and values._data.dtype.kind in KINDS_OF_NUMBERS:
        return {**write_column(encoder, values._data, depth), "m": encoder.add_part(values._mask.tobytes())}
    if type(values) is pd.arrays.NumpyExtensionArray or isinstance(kind, np.dtype):
        return write_column(encoder, np.asarray(values), depth)
    return {"d": "object", "v": encoder.nodes(values.tolist(), depth)}


def _write_time(_: Encoder, value: Any, __: int) -> Any:
    zone = "" if value.tzinfo is None else getattr(value.tzinfo, "key", None) or str(value.tzinfo)
    return {"k": "timestamp", "v": int(value.asm8.view("i8")), "u": value.unit, "z": zone[:40]}


_Write = Callable[[Encoder, Any, int], Any]
_WRITERS: tuple[tuple[type, _Write], ...] = (
    (type(None), lambda e, v, d: None),
    (bool, lambda e, v, d: v),
    (str, _write_text),
    (np.generic, _write_scalar),
    (int, _write_int),
    (float, _write_float),
    (type(...), lambda e, v, d: {"k": "dots"}),
    (list, lambda e, v, d: e.nodes(list.__iter__(v), d)),
    (tuple, lambda e, v, d: {"k": "tuple", "v": e.nodes(tuple.__iter__(v), d)}),
    (dict, _write_dict),
    (set, lambda e, v, d: {"k": "set", "v": e.nodes(set.__iter__(v), d)}),
    (frozenset, lambda e, v, d: {"k": "set", "v": e.nodes(frozenset.__iter__(v), d)}),
    (range, lambda e, v, d: {"k": "range", "v": [e.node(n) for n in (v.start, v.stop, v.step)]}),
    (type({}.keys()), lambda e, v, d: e.nodes(list(v), d)),
    (type({}.values()), lambda e, v, d: e.nodes(list(v), d)),
    (complex, lambda e, v, d: {"k": "complex", "v": [e.node(v.real), e.node(v.imag)]}),
    (decimal.Decimal, lambda e, v, d: {"k": "decimal", "v": decimal.Decimal.__str__(v)[:400]}),
    (fractions.Fraction, lambda e, v, d: {"k": "fraction", "v": [e.node(v.numerator), e.node(v.denominator)]}),
    (type(pd.NaT), lambda e, v, d: {"k": "nat"}),
    (type(pd.NA), lambda e, v, d: {"k": "na"}),
    (pd.Timestamp, _write_time),
    (pd.Timedelta, lambda e, v, d: {"k": "timedelta", "v": int(v.asm8.view("i8")), "u": v.unit}),
    (datetime.datetime, lambda e, v, d: {"k": "datetime", "v": v.isoformat()}),
    (datetime.date, lambda e, v, d: {"k": "date", "v": v.isoformat()}),
    (datetime.time, lambda e, v, d: {"k": "time", "v": v.isoformat()}),
    (datetime.timedelta, lambda e, v, d: {"k": "duration", "v": [v.days, v.seconds, v.microseconds]}),
    (np.ndarray, _write_array),
    (pd.Series, _write_series),
    (pd.DataFrame, _write_frame),
    (pd.Index, lambda e, v, d: write_index(e, v, d)),
)
