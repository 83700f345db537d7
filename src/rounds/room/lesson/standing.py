"""How far a learner is with a lesson, and the minutes: read from what the room's server itself wrote down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rounds.progress.presses import read_presses
from rounds.progress.work import count_minutes


@dataclass(frozen=True)
class Standing:
    """Which exercises of a lesson a check has passed, and the minutes, counted as the board counts them."""

    passed: tuple[str, ...]
    minutes: int


def read_standing(log: Path, names: Collection[str], now: datetime) -> Standing:
    """Return how a lesson stands after the presses in a log; `names` are its id, and its name in the event."""
    presses = tuple(read_presses(log))
    passed = (press.exercise for press in presses if press.passed and press.lesson in names)
    return Standing(tuple(dict.fromkeys(passed)), count_minutes(presses, names, now))
