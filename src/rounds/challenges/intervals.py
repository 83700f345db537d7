"""Intervals that say how far an observed rate or mean may be from the true one."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959964


def wilson(events: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a rate."""
    rate, z2 = events / n, Z95 * Z95
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(total: float, squares: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a mean, from the sums of values and of their squares."""
    mean = total / n
    spread = sqrt(max(squares / n - mean * mean, 0.0) * n / max(n - 1, 1) / n)
    return mean - Z95 * spread, mean + Z95 * spread
