"""Readings of one sign put into slots of equal hours, how empty slots are filled, and what a rule says of them.

A slot of width w that ends at hour e holds what was measured after e - w and up to e; the last reading wins.  Nothing
here touches a browser or a disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NONE, MEAN, CARRY = "none", "mean", "carry"
LIMITS = (2, 4, 8, 12, 24)  # hours for which a value may be carried on
FILLS = (NONE, *(f"{CARRY}-{limit}" for limit in LIMITS), MEAN)
WIDTHS, WINDOWS = (1, 2, 4, 8), (12, 24, 48)
MEASURED, FILLED, EMPTY = "m", "f", "e"
ONCE, LASTING = 38.3, 38.0  # degrees, in one reading; in two that follow each other
FAST = 100.0  # beats a minute
OFF = 1.0  # degrees


@dataclass(frozen=True)
class Slots:
    """The value of each slot, or None, its kind (m measured, f filled, e empty), and the hour at which it ends."""

    values: tuple[float | None, ...]
    kinds: str
    ends: tuple[int, ...]

    def last(self, hours: int) -> Slots:
        """Return the slots of the last so many hours."""
        first = sum(end <= self.ends[-1] - hours for end in self.ends)
        return Slots(self.values[first:], self.kinds[first:], self.ends[first:])


def fill_slots(readings: pd.DataFrame, width: int, fill: str, until: int = 48) -> Slots:
    """Return the slots of readings with the columns ``hour`` and ``value``, filled in one of the ways of ``FILLS``."""
    hours, values = (readings[name].tolist() for name in ("hour", "value"))
    ends = tuple(range(width, until + 1, width))
    usual = round(sum(values) / len(values), 1) if values else None
    reach = float(fill.split("-")[1]) if fill.startswith(CARRY) else 0.0
    found, kinds = [], ""
    for end in ends:
        seen = [(hour, value) for hour, value in zip(hours, values, strict=True) if hour <= end]
        hour, value = max(seen) if seen else (-1e9, None)
        inside = hour > end - width
        kept = value if inside or end - hour <= reach else (usual if fill == MEAN else None)
        found.append(kept)
        kinds += MEASURED if inside else (EMPTY if kept is None else FILLED)
    return Slots(tuple(found), kinds, ends)


def find_slope(hours: Sequence[float], values: Sequence[float | None]) -> float | None:
    """Return the median of the slopes between each two values (Theil 1950, Sen 1968), for a day; None below three."""
    known = [(hour, value) for hour, value in zip(hours, values, strict=True) if value is not None]
    slopes = [(late - early) / (after - before) for (before, early), (after, late) in combinations(known, 2)]
    return 24 * median(slopes) if len(known) > 2 else None


def has_fever(hours: Sequence[float], values: Sequence[float | None]) -> bool:
    """Return whether a value reaches 38.3, or values in a row reach 38.0 for an hour from first to last."""
    begun: float | None = None
    for hour, value in zip(hours, values, strict=True):
        if value is None or value < LASTING:
            begun = None
            continue
        begun = hour if begun is None else begun
        if value >= ONCE or hour - begun >= 1:
            return True
    return False


def is_fast(hours: Sequence[float], values: Sequence[float | None]) -> bool:
    """Return whether a pulse is above 100 once; it is asked as `has_fever` is, and needs no hours."""
    return any(value is not None and value > FAST for value in values)


def count_copies(slots: Slots) -> tuple[int, int, int, int]:
    """Return in how many pairs of slots a filled one repeats the other's value, how many rise, fall, and all pairs."""
    known = [(value, kind) for value, kind in zip(slots.values, slots.kinds, strict=True) if value is not None]
    pairs = list(combinations(known, 2))
    same = sum(one == other and FILLED in (a, b) for (one, a), (other, b) in pairs)
    rising = sum(other > one for (one, _), (other, _) in pairs)
    falling = sum(other < one for (one, _), (other, _) in pairs)
    return same, rising, falling, len(pairs)


def count_off(slots: Slots, true: Slots) -> int:
    """Return how many filled slots lie more than a degree from what was measured then and put aside."""
    return sum(
        kind == FILLED and value is not None and was is not None and abs(value - was) > OFF + 1e-9
        for value, kind, was in zip(slots.values, slots.kinds, true.values, strict=True)
    )
