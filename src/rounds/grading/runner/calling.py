"""Call a function of the learner's with the judge's inputs, in the process where it lives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rounds.lessons.ladder import silence
from rounds.lessons.properties import explain_stop
from rounds.lessons.values.decode import decode_value
from rounds.lessons.values.encode import encode_value, name_of
from rounds.lessons.values.message import MessageError, Packet

LONGEST_TEXT = 300  # letters of an error
NOT_CHANGED = b""


def call_here(function: Callable[..., Any], inputs: Sequence[bytes]) -> Packet:
    """Return what the function makes of the inputs: first each input as it is afterwards, then the result, if any."""
    arguments = [decode_value(data) for data in inputs]
    try:
        with silence():
            result = function(*arguments)
    except Exception as error:
        head = {"did": "raised", "type": name_of(type(error)), "text": _text_of(error)}
        head["meant"] = explain_stop(function, error)
        return Packet(head, tuple(_after(arguments, inputs)))
    try:
        return Packet({"did": "returned"}, (*_after(arguments, inputs), encode_value(result)))
    except MessageError as error:
        return Packet({"did": "stopped", "sentence": f"What your function returns cannot be marked: {error}"})


def _after(arguments: Sequence[Any], inputs: Sequence[bytes]) -> list[bytes]:
    """Return each argument as it is now, nothing for one that is as it came."""
    found = []
    for argument, before in zip(arguments, inputs, strict=True):
        now = encode_value(argument)
        found.append(NOT_CHANGED if now == before else now)
    return found


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_TEXT]
    except Exception:  # an error of the learner's may fail at anything
        return ""
