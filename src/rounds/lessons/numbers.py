"""Rungs that many exercises share: is it a number, a function, in its range, one of the known?"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping
from typing import Any

from rounds.lessons.ladder import UNRECOGNISED, Diagnosis, Mistake, Rung


def is_number(name: str, example: str) -> Rung:
    """Ask for one number."""

    def ask(answer: Any) -> str | None:
        one = isinstance(answer, numbers.Number) and not isinstance(answer, bool | complex)
        if one:
            return None if answer == answer else f"{name} is no number (NaN): something in it is missing."
        return _say_kind(name, example, answer)

    return Rung("type", ask)


def _say_kind(name: str, example: str, answer: Any) -> str:
    """Say what was written in place of a number."""
    if isinstance(answer, tuple) and not all(isinstance(part, int) for part in answer):  # 0,9 is (0, 9)
        return f"{name} is {len(answer)} numbers, and one is asked. The first of several is taken by [0] behind them."
    if isinstance(answer, tuple):
        return f"{name} is {len(answer)} numbers: a comma inside a number makes two. Write a point, like {example}."
    if isinstance(answer, str):
        return f"{name} is of type str; write one plain number without quotes, unit or sign, like {example}."
    if callable(answer):
        return f"{name} is a function. Call it with values between round brackets, and keep the result."
    if hasattr(answer, "shape") and getattr(answer, "size", 0) > 1:
        return f"{name} is a whole column of numbers. Count or add them up, so that one number is left."
    return f"{name} is of type {type(answer).__name__}; write one plain number without quotes, like {example}."


def is_function(name: str, signature: str) -> Rung:
    """Ask for a function."""

    def ask(answer: Any) -> str | None:
        if callable(answer):
            return None
        return f"{name} is not a function any more; begin the cell with: def {signature}:"

    return Rung("type", ask)


def near(value: float, tolerance: float) -> Callable[[Any], bool]:
    """Return the property that a number is this one, as near as the tolerance."""
    return lambda answer: abs(float(answer) - value) <= tolerance


def is_none_of(known: Mapping[float, str], tolerance: float) -> Rung:
    """Recognise the well-known wrong numbers, each with its own sentence."""
    mistakes = tuple(
        Mistake(f"number-{str(value).replace('.', '-')}", near(value, tolerance), known[value]) for value in known
    )

    def ask(answer: Any) -> str | None:
        return next((mistake.answer(answer) for mistake in mistakes if mistake.made(answer)), None)

    return Rung("values", ask, mistakes)


def is_close(low: float, high: float, too_small: str, too_large: str) -> Rung:
    """Ask for a number in a range; say on which side it is."""

    def ask(answer: Any) -> str | None:
        value = float(answer)
        if low <= value <= high:
            return None
        return Diagnosis(too_large if value > high else too_small, UNRECOGNISED)

    return Rung("values", ask)
