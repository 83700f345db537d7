"""The ladder of checks: the first rung that does not hold says one sentence, never the answer."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

RUNGS = ("defined", "type", "shape", "patients", "values", "meaning")


class NotYet(AssertionError):  # noqa: N818 - the learner reads this name
    """An answer that does not hold yet; one sentence says what to try next."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in place of a traceback."""
        return [f"Not yet: {self}"]


@dataclass(frozen=True)
class Rung:
    """One question to an answer: ``ask`` returns a sentence when it does not hold, else None."""

    name: str
    ask: Callable[[Any], str | None]


def climb(rungs: Iterable[Rung], answer: object) -> str | None:
    """Return the sentence of the first rung that does not hold; None from the top."""
    with silence():
        for rung in rungs:
            try:
                sentence = rung.ask(answer)
            except NotYet as not_yet:
                sentence = str(not_yet)
            if sentence:
                return sentence
    return None


@contextmanager
def silence() -> Iterator[None]:
    """Swallow prints and warnings: text on stderr in a test cell costs all its points."""
    with (
        warnings.catch_warnings(),
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def find_undefined(name: str, answer: object) -> str | None:
    """Say what to do when an answer is missing or still holds the three dots of the stub."""
    if answer is MISSING:
        return f"There is no {name} yet: run the cell above this button, then press again."
    if answer is None or answer is Ellipsis:
        return f"{name} is still empty: replace the three dots, run the cell, then press again."
    return None


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
