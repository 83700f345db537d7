"""How a ward charts, and what a rule makes of a day's chart: which rounds, which numbers, which one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, np.dtype[np.float64]]
ROUNDS_AT = (0.1, 1.0, 5.0, 9.0, 13.0, 17.0, 21.0)  # hours after the arrival: the door, then every four hours
EVERY = (4, 8, 12)
SHOWN, HALVED, TENS = "as shown", "half a minute, doubled", "nearest ten"
WRITTEN = {SHOWN: 1, HALVED: 2, TENS: 10}  # to multiples of this
FIRST, MEDIAN, WORST = "first", "median", "worst"
RULES = (FIRST, MEDIAN, WORST)
NORMAL, WORRY = 75.0, 100.0  # per minute: the mid-point of APACHE III's worst value; from here on she is worried


@dataclass(frozen=True)
class Habit:
    """How a nurse charts: every so many hours, sooner or not when she is worried, and what she writes."""

    every: int = 4
    sooner: bool = False
    written: str = SHOWN

    @property
    def name(self) -> str:
        """Return a short name, as the view looks it up: ``8yn`` is every 8 hours, yes sooner, to the nearest ten."""
        return f"{self.every}{'y' if self.sooner else 'n'}{self.written[0]}"


def all_habits() -> Iterator[Habit]:
    """Yield each habit that can be chosen."""
    for every, sooner, written in product(EVERY, (False, True), WRITTEN):
        yield Habit(every, sooner, written)


def lay_rounds(pulses: pd.DataFrame) -> Array:
    """Return the first pulse of each round, one row for each stay; NaN where a round has none.

    `pulses` has the columns ``encounter_id``, ``hour`` (since the arrival) and ``pulse``; the first day counts.
    """
    day = pulses[(pulses["hour"] >= 0) & (pulses["hour"] < 24)].sort_values("hour", kind="stable")
    number = np.floor((day["hour"] - 1) / 4).clip(lower=-1).astype(int) + 1
    first = day.assign(round=number).groupby(["encounter_id", "round"])["pulse"].first().unstack()
    return first.reindex(columns=range(len(ROUNDS_AT))).to_numpy(dtype=float)


def write_chart(rounds: Array, habit: Habit) -> Array:
    """Return what stands in the chart of each stay; NaN for a round that is left out."""
    step = WRITTEN[habit.written]
    numbers = np.floor(rounds / step + 0.5) * step
    chart, last = np.full_like(numbers, np.nan), numbers[:, 0]
    for number in range(len(ROUNDS_AT)):
        planned = number == 0 or (number - 1) % (habit.every // 4) == 0
        comes = np.full(len(numbers), planned) | (habit.sooner & (last >= WORRY))
        chart[:, number] = np.where(comes, numbers[:, number], np.nan)
        last = np.where(np.isfinite(chart[:, number]), chart[:, number], last)
    return chart


def take_feature(chart: Array, rule: str) -> Array:
    """Return one number of each chart by a rule; the worst is the value farthest from 75, the higher one of two."""
    written = chart[np.isfinite(chart).any(axis=1)]
    if rule == MEDIAN:
        return np.asarray(np.nanmedian(written, axis=1))
    if rule == FIRST:
        at = np.isfinite(written).argmax(axis=1)
    else:
        distance = np.abs(written - NORMAL) + np.where(written > NORMAL, 0.01, 0.0)
        at = np.nanargmax(distance, axis=1)
    return np.asarray(written[np.arange(len(written)), at])


def farthest(values: Array) -> float:
    """Return the worst of one patient's values."""
    return float(take_feature(np.asarray(values, dtype=float)[None, :], WORST)[0])
