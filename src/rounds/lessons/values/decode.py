"""Make a value of bytes that a stranger wrote: no length, depth, kind or name in them is believed.

What comes out is of Python's, NumPy's and pandas' own types, or a stand-in; nothing of the stranger's is run.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from rounds.lessons.values.columns import read_array, read_column, read_index, read_scalar
from rounds.lessons.values.message import MessageError, Packet, unpack
from rounds.lessons.values.stand_ins import plain_name, stand_in_for

DEEPEST = 60
MOST_DIGITS = 400
MakeFunction = Callable[[str, str], Any]


class Decoder:
    """One message on its way in."""

    def __init__(self, parts: tuple[bytes, ...], make_function: MakeFunction) -> None:
        self.parts = parts
        self.make_function = make_function

    def value(self, node: Any, depth: int = 0) -> Any:
        """Return the value that a JSON value stands for."""
        if depth > DEEPEST:
            raise MessageError("A value is nested too deep.")
        if node is None or isinstance(node, bool | int | float | str):
            return node
        if isinstance(node, list):
            return self.values(node, depth)
        read = _READERS.get(node.get("k", ""))
        if read is None:
            raise MessageError("A value is of an unknown kind.")
        return read(self, node, depth)

    def values(self, nodes: Any, depth: int) -> list[Any]:
        """Return the values of a list of JSON values."""
        if not isinstance(nodes, list):
            raise MessageError("A list is missing in a value.")
        return [self.value(node, depth + 1) for node in nodes]


def no_function(kind: str, name: str) -> Any:
    """Return a stand-in for a function that nobody can call from here."""
    return stand_in_for(kind)


def decode_value(data: bytes, make_function: MakeFunction = no_function) -> Any:
    """Return the value in these bytes; `make_function(type name, own name)` makes what stands for a function.

    Raises
    ------
    MessageError
        When the bytes are no value.
    """
    return decode_message(unpack(data), make_function)


def decode_message(message: Packet, make_function: MakeFunction = no_function) -> Any:
    """Return the value in a message."""
    try:
        return Decoder(message.parts, make_function).value(message.head)
    except MessageError:
        raise
    except Exception as error:  # pandas and NumPy refuse what does not fit in many ways
        raise MessageError(f"A value does not fit together ({type(error).__name__}).") from None


def _read_int(_: Decoder, node: Mapping[str, Any], __: int) -> int:
    return int(str(node["v"])[:MOST_DIGITS])


def _read_function(decoder: Decoder, node: Mapping[str, Any], depth: int) -> Any:
    if depth:
        return stand_in_for(node["t"])
    said = str(node["n"])[:80]
    name = said if said == "<lambda>" or plain_name(said) == said else ""
    return decoder.make_function(plain_name(node["t"]), name)


def _read_series(decoder: Decoder, node: Mapping[str, Any], depth: int) -> Any:
    values, index = read_column(decoder, node["c"], depth), read_index(decoder, node["i"], depth)
    return pd.Series(values, index=index, name=decoder.value(node["n"], depth + 1), dtype=values.dtype)


def _read_frame(decoder: Decoder, node: Mapping[str, Any], depth: int) -> Any:
    index = read_index(decoder, node["i"], depth)
    columns = [read_column(decoder, column, depth) for column in node["c"]]
    series = [pd.Series(values, index=index, copy=False, dtype=values.dtype) for values in columns]
    frame = pd.DataFrame(dict(enumerate(series)), index=index)
    frame.columns = read_index(decoder, node["n"], depth)
    return frame


def _read_time(_: Decoder, node: Mapping[str, Any], __: int) -> Any:
    value = pd.Timestamp(np.datetime64(int(node["v"]), _unit(node)))
    return value.tz_localize("UTC").tz_convert(str(node["z"])) if node["z"] else value


def _unit(node: Mapping[str, Any]) -> Any:
    unit = node["u"]
    if unit not in ("s", "ms", "us", "ns"):
        raise MessageError("A time has an unknown unit.")
    return unit


def _whole_numbers(decoder: Decoder, node: Mapping[str, Any], count: int) -> list[int]:
    numbers = decoder.values(node["v"], 0)
    if len(numbers) != count or not all(type(number) is int for number in numbers):
        raise MessageError("A value lacks its whole numbers.")
    return numbers


_READERS: Mapping[str, Callable[[Decoder, Mapping[str, Any], int], Any]] = {
    "int": _read_int,
    "float": lambda d, n, depth: float(str(n["v"])[:40]),
    "dots": lambda d, n, depth: ...,
    "tuple": lambda d, n, depth: tuple(d.values(n["v"], depth)),
    "set": lambda d, n, depth: set(d.values(n["v"], depth)),
    "dict": lambda d, n, depth: {d.value(k, depth + 1): d.value(v, depth + 1) for k, v in n["v"]},
    "range": lambda d, n, depth: range(*_whole_numbers(d, n, 3)),
    "complex": lambda d, n, depth: complex(*map(float, d.values(n["v"], depth)[:2])),
    "decimal": lambda d, n, depth: decimal.Decimal(str(n["v"])[:MOST_DIGITS]),
    "fraction": lambda d, n, depth: fractions.Fraction(*_whole_numbers(d, n, 2)),
    "nat": lambda d, n, depth: pd.NaT,
    "na": lambda d, n, depth: pd.NA,
    "timestamp": _read_time,
    "timedelta": lambda d, n, depth: pd.Timedelta(np.timedelta64(int(n["v"]), _unit(n))),
    "datetime": lambda d, n, depth: datetime.datetime.fromisoformat(str(n["v"])[:40]),
    "date": lambda d, n, depth: datetime.date.fromisoformat(str(n["v"])[:40]),
    "time": lambda d, n, depth: datetime.time.fromisoformat(str(n["v"])[:40]),
    "duration": lambda d, n, depth: datetime.timedelta(*_whole_numbers(d, n, 3)),
    "scalar": read_scalar,
    "array": read_array,
    "series": _read_series,
    "frame": _read_frame,
    "index": read_index,
    "other": lambda d, n, depth: stand_in_for(n["t"]),
    "function": _read_function,
}
