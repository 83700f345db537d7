"""Intervals by drawing people again: a cluster bootstrap, seeded, as weights of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Statistic = Callable[[Array], dict[str, Array]]
DRAWS, AT_ONCE = 1000, 50  # a thousand draws, as docs/how-to/score-predictions.md says; 50 in memory


def draw_weights(cluster: Array, weight: Array, seed: int, draws: int = DRAWS) -> Iterator[Array]:
    """Yield blocks of weights, one row for each draw: how often a row's person was drawn, times its own weight."""
    places = np.unique(cluster, return_inverse=True)[1]
    people = int(places.max()) + 1
    rng = np.random.default_rng(seed)
    for first in range(0, draws, AT_ONCE):
        size = min(AT_ONCE, draws - first)
        drawn = [np.bincount(rng.integers(0, people, people), minlength=people) for _ in range(size)]
        yield np.array(drawn, dtype="float64")[:, places] * weight


def estimate(
    measure: Statistic, cluster: Array, weight: Array, seed: int, draws: int = DRAWS
) -> dict[str, tuple[float, float, float]]:
    """Return each figure of ``measure`` with its 95 % percentile interval; NaN where it cannot be told.

    ``measure`` takes weights, one row for each draw, and returns one figure a row under each name.
    """
    values = measure(weight[None, :])
    drawn = [measure(block) for block in draw_weights(cluster, weight, seed, draws)]
    return {name: (float(value[0]), *_interval([d[name] for d in drawn])) for name, value in values.items()}


def _interval(parts: list[Array]) -> tuple[float, float]:
    found = np.concatenate(parts)
    found = found[np.isfinite(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
