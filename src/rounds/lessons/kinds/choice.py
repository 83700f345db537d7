"""One of a few options, by its words or its letter; capitals and blanks at its ends do not count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rounds.lessons.entries import plain
from rounds.lessons.ladder import Diagnosis, Rung


def is_choice(name: str, options: Sequence[str]) -> Rung:
    """Ask for one of these options, as a text; which one is right is not asked.

    A list of one is taken for what it holds: it names one option too.
    """
    known, listed = [plain(option) for option in options], ", ".join(options)

    def ask(answer: Any) -> str | None:
        answer = _unwrap(answer)
        if isinstance(answer, list | tuple | set):
            return Diagnosis(f"{name} is a list. Choose one only, in quotes.", "several")
        if not isinstance(answer, str):
            return f"{name} is of type {type(answer).__name__}; write one of these in quotes: {listed}."
        if plain(answer) not in known:
            return Diagnosis(f"{name} is none of these: {listed}. Write one as it stands here.", "no-option")
        return None

    return Rung("type", ask)


def chose(option: str) -> Callable[[Any], bool]:
    """Return the property that an answer is this option."""
    return lambda answer: bool(plain(_unwrap(answer)) == plain(option))


def _unwrap(answer: Any) -> Any:
    """Return what a list of one holds, anything else as it is."""
    return next(iter(answer)) if isinstance(answer, list | tuple | set) and len(answer) == 1 else answer
