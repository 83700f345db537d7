"""A range: an answer is its two ends, as a pair of numbers."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from rounds.lessons.ladder import UNRECOGNISED, Diagnosis, Mistake, Rung, recognise

ENOUGH = 0.8  # of what the two ranges cover together


def is_interval(name: str, lowest: float, highest: float) -> Rung:
    """Ask for two numbers, the lower one first, within these ends."""

    def ask(answer: Any) -> str | None:
        if not isinstance(answer, list | tuple) or len(answer) != 2 or not all(map(_is_number, answer)):
            return f"{name} is a pair of numbers in round brackets, like ({lowest:g}, {highest:g})."
        low, high = map(float, answer)
        if low >= high:
            return Diagnosis(f"{name} ends before it begins: write the lower number first.", "ends-swapped")
        if low < lowest or high > highest:
            return Diagnosis(f"{name} reaches outside {lowest:g} to {highest:g}.", "outside")
        return None

    return Rung("type", ask)


def covers(low: float, high: float, *mistakes: Mistake, enough: float = ENOUGH) -> Rung:
    """Ask for a range that agrees with this one: their common part is at least this share of both together.

    Examples
    --------
    >>> rung = covers(0.1, 0.5)
    >>> rung.ask((0.1, 0.48)), rung.ask((0.1, 0.9))
    (None, 'The upper end is too high.')
    """

    def ask(answer: Sequence[float]) -> str | None:
        if overlap((low, high), answer) >= enough:
            return None
        begins, ends = float(answer[0]) - low, float(answer[1]) - high
        upper = abs(ends) >= abs(begins)
        end, off = ("upper", ends) if upper else ("lower", begins)
        return Diagnosis(f"The {end} end is too {'high' if off > 0 else 'low'}.", UNRECOGNISED)

    known = recognise("values", *mistakes)
    return Rung("values", lambda answer: known.ask(answer) or ask(answer), known.mistakes)


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the common part of two ranges as a share of what they cover together (the Jaccard index)."""
    common = max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
    together = (one[1] - one[0]) + (other[1] - other[0]) - common
    return common / together


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and value == value
