"""One made-up monitor: a pulse for each second of a day, with what movement, a cuff and a loose lead make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

HOUR, DAY = 3600, 86_400  # seconds
MIDDLE, BAND = 300, 240  # seconds of a median, and of a band of the drawing
SEED = 4
# The pulse at these hours: fast with a fever that peaks between two rounds, slow in sleep, fast again.
KNOTS = ((0, 98), (1, 102), (3, 101), (5, 104), (7, 122), (9, 103), (13, 84), (16, 60), (18, 58), (21, 100), (24, 92))
MOVEMENT, CUFF, LEAD_OFF = "movement", "cuff", "lead off"


@dataclass(frozen=True)
class Artefact:
    """What the monitor shows for some seconds in place of the pulse."""

    kind: str
    hour: float
    seconds: int
    low: int
    high: int


ARTEFACTS = (
    Artefact(MOVEMENT, 2.4, 70, 150, 212),
    Artefact(MOVEMENT, 14.3, 100, 140, 200),
    Artefact(MOVEMENT, 22.2, 60, 150, 190),
    *(Artefact(CUFF, hour, 35, 28, 45) for hour in (3.6, 7.6, 11.6, 15.6, 19.6)),
    Artefact(LEAD_OFF, 11.0, 780, 0, 0),
)


def draw_monitor(seed: int = SEED) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return what the monitor shows in each second of the day, a pulse per minute in whole numbers."""
    rng = np.random.default_rng(seed)
    hours = np.arange(DAY) / HOUR
    calm = np.interp(hours, [hour for hour, _ in KNOTS], [pulse for _, pulse in KNOTS])
    slow = np.interp(hours, np.arange(0, 25, 0.25), rng.normal(0, 1.2, 100))
    shown: np.ndarray[Any, np.dtype[np.float64]] = np.rint(calm + slow + rng.normal(0, 1.6, DAY))
    for one in ARTEFACTS:
        start = round(one.hour * HOUR)
        shown[start : start + one.seconds] = rng.integers(one.low, one.high + 1, one.seconds)
    return shown


def take_medians(shown: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the median of each five minutes."""
    return np.asarray(np.median(shown.reshape(-1, MIDDLE), axis=1))


def read_at(medians: np.ndarray[Any, Any], hour: float) -> float:
    """Return what a nurse reads at this hour: the median of her five minutes, in whole numbers."""
    return float(np.floor(medians[int(hour * HOUR // MIDDLE)] + 0.5))


def find_ends(shown: np.ndarray[Any, Any]) -> tuple[list[int], list[int]]:
    """Return the lowest and the highest value of each band of the drawing."""
    bands = shown.reshape(-1, BAND)
    return bands.min(axis=1).astype(int).tolist(), bands.max(axis=1).astype(int).tolist()
