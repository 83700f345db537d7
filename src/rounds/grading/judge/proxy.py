"""A function of the learner's as the judge holds it: a call goes to the process where the function lives.

The call's own arguments are changed in their place when the function changed them there, so that a property that
compares them before and after sees it.  What the function raised is raised again, under the same name; when its process
ended or took too long, `StoppedError` passes every `except Exception` by, for no check may take that for an answer.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from rounds.grading.frames import FrameSocket
from rounds.lessons.values.decode import decode_value
from rounds.lessons.values.encode import encode_value
from rounds.lessons.values.message import MessageError, Packet
from rounds.lessons.values.once import encode_once
from rounds.lessons.values.stand_ins import StandIn, foreign_error, stand_in_for

LONGEST_MEANING = 400  # letters of what an error means
PYTHONS_OWN = frozenset(name for name, kind in vars(builtins).items() if isinstance(kind, type))


class StoppedError(BaseException):
    """The process of the function has ended or took too long; the text is the sentence for the learner."""


class RemoteFunction:
    """A function that lives in another process.

    `repeats` says whether a sentence may repeat the words of that process.  Once it has seen an input of a hidden
    check it may not: an error's text, or a type's name, would carry that input to the page of feedback.
    """

    line: FrameSocket
    repeats: bool
    answers: dict[tuple[bytes, ...], Packet]

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function returns there for these arguments; two rungs that ask the same ask once."""
        sent = tuple(encode_value(argument) for argument in arguments)
        answer = self._ask(sent)
        self._put_back(arguments, sent, answer.parts[: len(sent)])
        return self._read(answer)

    def on_copies(self, *arguments: Any) -> Any:
        """Return what the function returns there; what is given here stays as it is."""
        return self._read(self._ask(tuple(encode_once(argument) for argument in arguments)))

    def _ask(self, sent: tuple[bytes, ...]) -> Packet:
        if sent not in self.answers:
            self.line.send({"say": "call"}, *sent)
            self.answers[sent] = self.line.receive()
        answer = self.answers[sent]
        if answer.head["did"] == "stopped":
            raise StoppedError(str(answer.head["sentence"]))
        return answer

    def _read(self, answer: Packet) -> Any:
        if answer.head["did"] == "raised":
            raise self._error(answer.head)
        try:
            value = decode_value(answer.parts[-1])
            return stand_in_for("object") if isinstance(value, StandIn) and not self.repeats else value
        except MessageError as error:
            raise StoppedError(f"What your function returns cannot be marked: {error}") from None

    def _put_back(self, arguments: tuple[Any, ...], sent: tuple[bytes, ...], after: tuple[bytes, ...]) -> None:
        for argument, before, now in zip(arguments, sent, after, strict=False):
            if now and now != before:
                change_in_place(argument, decode_value(now))

    def _error(self, said: Mapping[str, Any]) -> Exception:
        name, text = str(said["type"]), str(said["text"])
        if self.repeats:
            return foreign_error(name, text, str(said.get("meant", ""))[:LONGEST_MEANING])
        dots = "ellipsis" if "ellipsis" in text else ""
        return foreign_error(name if name in PYTHONS_OWN else "Exception", dots)


def make_remote(line: FrameSocket, repeats: bool) -> Callable[[str, str], RemoteFunction]:
    """Return what makes the stand-in of a function whose type and own name are given."""

    def make(kind: str, name: str) -> RemoteFunction:
        attributes = {"line": line, "repeats": repeats, "answers": {}, **({"__name__": name} if name else {})}
        function: RemoteFunction = type(kind, (RemoteFunction,), attributes)()
        return function

    return make


def change_in_place(old: Any, new: Any) -> None:
    """Give an argument the value that it has in the other process; a value that cannot change there cannot here."""
    if isinstance(old, pd.DataFrame | pd.Series) and type(old) is type(new):
        old._update_inplace(new)  # type: ignore[operator]  # what pandas' own inplace=True calls
    elif isinstance(old, dict) and isinstance(new, dict):
        old.clear()
        old.update(new)
    elif isinstance(old, list) and isinstance(new, list):
        old[:] = new
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
    elif isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape:
        old[...] = new
