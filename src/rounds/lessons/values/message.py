"""One message: a JSON value, and parts of plain bytes beside it.

    4 bytes   length of the JSON text        then the text
    4 bytes   number of parts                then of each: 4 bytes length, and the bytes

All numbers are big-endian.  Reading believes no length: what does not fit is a `MessageError`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rounds.errors import UserError

MOST_BYTES = 64_000_000  # of one message
MOST_PARTS = 10_000
_LENGTH = struct.Struct(">I")


class MessageError(UserError):
    """A message is cut off, too large, or no message at all."""


@dataclass(frozen=True)
class Packet:
    """A JSON value and its parts."""

    head: Any
    parts: tuple[bytes, ...] = ()

    def pack(self) -> bytes:
        """Return the bytes of this message; raise `MessageError` when they are too many."""
        return pack(self.head, self.parts)


def pack(head: Any, parts: Sequence[bytes] = ()) -> bytes:
    """Return the bytes of a message; raise `MessageError` when they are too many."""
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
    pieces = [_LENGTH.pack(len(text)), text, _LENGTH.pack(len(parts))]
    for part in parts:
        pieces += [_LENGTH.pack(len(part)), part]
    size = sum(map(len, pieces))
    if size > MOST_BYTES or len(parts) > MOST_PARTS:
        raise MessageError(f"A value of {size / 1e6:.0f} MB is too large; at most {MOST_BYTES // 1_000_000} MB.")
    return b"".join(pieces)


def unpack(data: bytes) -> Packet:
    """Return the message in these bytes; raise `MessageError` when they are none."""
    text, rest = _cut(data, 0)
    count = _number(data, rest)
    if count > MOST_PARTS:
        raise MessageError(f"A message has {count} parts; at most {MOST_PARTS}.")
    parts, at = [], rest + _LENGTH.size
    for _ in range(count):
        part, at = _cut(data, at)
        parts.append(part)
    if at != len(data):
        raise MessageError("A message is longer than it says.")
    try:
        return Packet(json.loads(text), tuple(parts))
    except (ValueError, RecursionError):
        raise MessageError("A message holds no JSON.") from None


def _cut(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the bytes whose length stands at a place, and the place behind them."""
    begin = at + _LENGTH.size
    end = begin + _number(data, at)
    if end > len(data):
        raise MessageError("A message is cut off.")
    return data[begin:end], end


def _number(data: bytes, at: int) -> int:
    if at + _LENGTH.size > len(data):
        raise MessageError("A message is cut off.")
    return int(_LENGTH.unpack_from(data, at)[0])
