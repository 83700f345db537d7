"""How finely a figure is shown: about one person's outcome moves it by one step at most.

A figure of few people is coarse, and so is its interval: finer digits would be noise, and would tell on somebody.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

import numpy as np

from rounds.custody.scoring.task import Task
from rounds.evaluation.bootstrap import Array

FINEST, LADDER = 0.001, (1, 2, 5, 10)


def effective_people(weight: Array) -> float:
    """Return how many people of equal weight would carry as much (Kish)."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def step_of(name: str, task: Task, outcome: Array, weight: Array) -> float:
    """Return the step to which a figure is rounded."""
    if name == "mae":
        low, high = task.limits
        return ladder((high - low) / effective_people(weight))
    if name == "rate":
        return ladder(1 / effective_people(weight))
    fewer = min(effective_people(weight[outcome == value]) for value in (0, 1))
    return ladder(1 / fewer)


def ladder(influence: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is not below ``influence``."""
    power = floor(log10(influence))
    step = next(rung * 10.0**power for rung in LADDER if rung * 10.0**power >= influence * (1 - 1e-9))
    return max(FINEST, round(step, max(0, -power)))


def round_to(value: float, step: float) -> float | None:
    """Return a value as a multiple of the step; None when it cannot be told."""
    if not isfinite(value):
        return None
    return round(float(np.round(value / step) * step), decimals(step))


def decimals(step: float) -> int:
    """Return how many decimals a step has."""
    return max(0, ceil(-log10(step) - 1e-9))
