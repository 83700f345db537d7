"""The ladder of checks: the first rung that does not hold says one sentence, never the answer.

A rung made by `recognise` knows typical mistakes by a property of the answer; each has a name, which the log keeps
(`rounds.lessons.log`), and one sentence.  An answer that none of them fits is counted as unrecognised, so that the
lesson can be mended.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from rounds.lessons.values.missing import plain_missing

UNRECOGNISED = "unrecognised"
RUNGS = ("defined", "type", "shape", "patients", "values", "meaning")


class NotYet(AssertionError):  # noqa: N818 - the learner reads this name
    """An answer that does not hold yet; one sentence says what to try next."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython prints in place of a traceback."""
        return [f"Not yet: {self}"]


class Diagnosis(str):
    """A sentence to an answer, with the name of the mistake that it answers."""

    __slots__ = ("name",)
    name: str

    def __new__(cls, sentence: str, name: str) -> Diagnosis:
        """Return the sentence under this name; one that has a name already keeps it."""
        if isinstance(sentence, Diagnosis):
            return sentence
        made = super().__new__(cls, sentence)
        made.name = name
        return made


@dataclass(frozen=True)
class Mistake:
    """A typical mistake: its name in the log, the property by which an answer shows it, the sentence to that."""

    name: str
    made: Callable[[Any], bool]
    says: str | Callable[[Any], str]

    def answer(self, given: Any) -> Diagnosis:
        """Return the sentence to an answer that shows it."""
        return Diagnosis(self.says if isinstance(self.says, str) else self.says(given), self.name)


@dataclass(frozen=True)
class Rung:
    """One question to an answer: ``ask`` returns a sentence when it does not hold, else None."""

    name: str
    ask: Callable[[Any], str | None]
    mistakes: tuple[Mistake, ...] = field(default=(), repr=False)


def recognise(
    name: str, *mistakes: Mistake, right: Callable[[Any], bool] = lambda _: True, otherwise: str = ""
) -> Rung:
    """Return a rung that names a typical mistake; of any other answer that is not `right` it says `otherwise`.

    Examples
    --------
    >>> rung = recognise("values", Mistake("percent", lambda a: a > 1, "Write a share."), right=lambda a: a == 0.5,
    ...                  otherwise="Not this share yet.")
    >>> rung.ask(50).name, rung.ask(0.4).name, rung.ask(0.5)
    ('percent', 'unrecognised', None)
    """

    def ask(answer: Any) -> str | None:
        found = next((mistake for mistake in mistakes if mistake.made(answer)), None)
        if found is not None:
            return found.answer(answer)
        return None if right(answer) else Diagnosis(otherwise, UNRECOGNISED)

    return Rung(name, ask, mistakes)


def climb(rungs: Iterable[Rung], answer: object) -> Diagnosis | None:
    """Return the sentence of the first rung that does not hold, under its name or a mistake's; None from the top."""
    answer = plain_missing(answer)
    with silence():
        for rung in rungs:
            try:
                sentence = rung.ask(answer)
            except NotYet as not_yet:
                sentence = Diagnosis(str(not_yet), "stopped")
            if sentence:
                return Diagnosis(sentence, rung.name)
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


def find_undefined(name: str, answer: object) -> Diagnosis | None:
    """Say what to do when an answer is missing or still holds the three dots of the stub."""
    if answer is MISSING:
        said = f"There is no {name} yet: run the cell above this button, then press again."
        return Diagnosis(said, "no-answer")
    if answer is None or answer is Ellipsis:
        said = f"{name} is still empty: replace the three dots, run the cell, then press again."
        return Diagnosis(said, "empty")
    return None


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
