"""Ask the server of one's own room: the one service that code in a room reaches.

A kernel or a terminal has no token, no network and no folder but its own.  What it may ask for is a fixed list of
messages (`rounds.room.service`): write a check down, have an answer judged, hand in, read one's own attempts and
feedback, publish, ask for help.  Standard library only; one question a connection: a JSON value, then the end.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from typing import Any

from rounds.errors import RoomError

SOCKET = "ROUNDS_SERVICE"
ANSWER_WITHIN_S = 90.0
LARGEST = 64_000_000  # bytes of one answer
UNREACHABLE = "The server of this room does not answer. Your work is saved; wait a moment, then try again."


def has_service(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether this process runs in a room."""
    return bool(environ.get(SOCKET))


def ask_room(kind: str, environ: Mapping[str, str] = os.environ, **fields: Any) -> dict[str, Any]:
    """Return the answer of the room's server to one message; raise `RoomError` with its sentence when it refuses."""
    path = environ.get(SOCKET)
    if not path:
        raise RoomError("This works in a room of an event only.")
    try:
        answer = json.loads(_exchange(path, json.dumps({"kind": kind, **fields}).encode()))
    except (OSError, ValueError):
        raise RoomError(UNREACHABLE) from None
    if "refused" in answer:
        raise RoomError(str(answer["refused"]))
    return dict(answer)


def ask_for_help(words: str, lesson: str = "", exercise: str = "", cell: str | None = None) -> dict[str, Any]:
    """Ask a mentor from a room, and return the own requests.

    Parameters
    ----------
    words
        What you want to know, in a sentence or two.
    lesson, exercise
        What it is about, such as ``"a3"`` and ``"e2"``; empty for the team's own work.
    cell
        The text of a box, if the mentor may read it.

    Raises
    ------
    RoomError
        When nobody can be asked from here, or the request is refused; its sentence says why.
    """
    ticked = cell is not None
    return ask_room("help", words=words, lesson=lesson, exercise=exercise, with_cell=ticked, cell=cell)


def _exchange(path: str, message: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(ANSWER_WITHIN_S)
        line.connect(path)
        line.sendall(message)
        line.shutdown(socket.SHUT_WR)
        answer = bytearray()
        while part := line.recv(65536):
            answer += part
            if len(answer) > LARGEST:
                raise ValueError("the answer is too long")
    return bytes(answer)
