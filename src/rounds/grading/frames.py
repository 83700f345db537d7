"""Messages over a socket between two processes of one machine, each with its length before it and a time limit.

Nothing that comes is believed: a frame that is too long, or that does not come in time, ends the conversation.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

from rounds.lessons.values.message import MOST_BYTES, MessageError, Packet, pack, unpack

_LENGTH = struct.Struct(">I")
_AT_ONCE = 1 << 20


class LineEndedError(Exception):
    """The other process has ended, or has closed its side."""


class TooLateError(Exception):
    """The other process did not answer in time."""


class FrameSocket:
    """One side of a conversation in frames."""

    def __init__(self, line: socket.socket, most_bytes: int = MOST_BYTES) -> None:
        self._line = line
        self._most_bytes = most_bytes

    def send(self, head: Any, *parts: bytes, within_s: float | None = None) -> None:
        """Send one message; raise `LineEndedError` or `TooLateError`."""
        data = pack(head, parts)
        self._line.settimeout(within_s)
        try:
            self._line.sendall(_LENGTH.pack(len(data)) + data)
        except TimeoutError:
            raise TooLateError from None
        except OSError:
            raise LineEndedError from None

    def receive(self, within_s: float | None = None) -> Packet:
        """Return the next message; raise `LineEndedError`, `TooLateError`, or `MessageError` for one that is none."""
        deadline = None if within_s is None else time.monotonic() + within_s
        size = int(_LENGTH.unpack(self._read(_LENGTH.size, deadline))[0])
        if size > self._most_bytes:
            raise MessageError(f"A message of {size / 1e6:.0f} MB is too large.")
        return unpack(self._read(size, deadline))

    def close(self) -> None:
        """End the conversation."""
        self._line.close()

    def _read(self, size: int, deadline: float | None) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._line.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            try:
                piece = self._line.recv(min(size - len(found), _AT_ONCE))
            except TimeoutError:
                raise TooLateError from None
            except OSError:
                raise LineEndedError from None
            if not piece:
                raise LineEndedError
            found += piece
        return bytes(found)
