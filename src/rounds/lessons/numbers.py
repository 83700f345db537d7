"""Rungs that many exercises share: is it a number, a function, in its range, one of the known?"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

from rounds.lessons.ladder import Rung


def is_number(name: str, example: str) -> Rung:
    """Ask for one number."""

    def ask(answer: Any) -> str | None:
        one = isinstance(answer, numbers.Number) and not isinstance(answer, bool | complex)
        if one:
            return None
        kind = type(answer).__name__
        return f"{name} is of type {kind}; write one plain number without quotes, like {example}."

    return Rung("type", ask)


def is_function(name: str, signature: str) -> Rung:
    """Ask for a function."""

    def ask(answer: Any) -> str | None:
        if callable(answer):
            return None
        return f"{name} is not a function any more; begin the cell with: def {signature}:"

    return Rung("type", ask)


def is_none_of(known: Mapping[float, str], tolerance: float) -> Rung:
    """Recognise the well-known wrong numbers, each with its own sentence."""

    def ask(answer: Any) -> str | None:
        near = (said for value, said in known.items() if abs(float(answer) - value) <= tolerance)
        return next(near, None)

    return Rung("values", ask)


def is_close(low: float, high: float, too_small: str, too_large: str) -> Rung:
    """Ask for a number in a range; say on which side it is."""

    def ask(answer: Any) -> str | None:
        value = float(answer)
        if low <= value <= high:
            return None
        return too_large if value > high else too_small

    return Rung("values", ask)
