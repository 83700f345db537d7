"""The figures of a score, for many weightings of the same rows at once: weights have one row for each draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.evaluation.bootstrap import Array

STEPS, SURE, SETTLED = 25, 1e-6, 1e-3  # Newton squares its error: 1e-3 in a step is 1e-6 in the result
Line = tuple[float, float]


@dataclass(frozen=True)
class Levels:
    """The rows gathered by their predicted risk, from the highest: weight of the sick and of all, at each level."""

    sick: Array
    all: Array

    @classmethod
    def of(cls, outcome: Array, risk: Array, weights: Array) -> Levels:
        """Gather the rows."""
        order = np.argsort(-risk, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(risk[order]) != 0])
        sorted_weights = weights[:, order]
        return cls(
            np.add.reduceat(sorted_weights * outcome[order], starts, axis=1),
            np.add.reduceat(sorted_weights, starts, axis=1),
        )


def mean_absolute_error(outcome: Array, predicted: Array, weights: Array) -> Array:
    """Return the weighted mean of the absolute differences."""
    error: Array = weights @ np.abs(outcome - predicted) / weights.sum(axis=1)
    return error


def auroc(levels: Levels) -> Array:
    """Return the chance that a sick row is ranked above a well one; a tie counts half."""
    well = levels.all - levels.sick
    above = np.cumsum(levels.sick, axis=1) - levels.sick / 2
    pairs = levels.sick.sum(axis=1) * well.sum(axis=1)
    return _divide((above * well).sum(axis=1), pairs)


def average_precision(levels: Levels) -> Array:
    """Return the mean precision over the sick, from the highest risk down, as scikit-learn defines it."""
    true, alerts = np.cumsum(levels.sick, axis=1), np.cumsum(levels.all, axis=1)
    return _divide((levels.sick * _divide(true, alerts, 0.0)).sum(axis=1), true[:, -1])


def at_budget(levels: Levels, share: float) -> tuple[Array, Array]:
    """Return sensitivity and positive predictive value when the riskiest ``share`` of rows raise an alert.

    Where the budget ends inside a tie, the tied rows share what is left of it.
    """
    alerts, true = np.cumsum(levels.all, axis=1), np.cumsum(levels.sick, axis=1)
    budget = share * alerts[:, -1]
    found = np.array([np.interp(b, np.r_[0, a], np.r_[0, t]) for b, a, t in zip(budget, alerts, true, strict=True)])
    return _divide(found, true[:, -1]), _divide(found, budget)


def observed_to_predicted(outcome: Array, risk: Array, weights: Array) -> Array:
    """Return how many events happened for each one that was predicted; 1 is right."""
    return _divide(weights @ outcome, weights @ risk)


def calibration_slope(outcome: Array, risk: Array, weights: Array, start: Line = (0.0, 1.0)) -> Array:
    """Return the slope of the outcome on the predicted log odds; under 1 means that risks are too extreme.

    ``start`` is where to begin, such as the line of the whole sample.
    """
    return fit_line(outcome, risk, weights, start)[1]


def fit_line(outcome: Array, risk: Array, weights: Array, start: Line = (0.0, 1.0)) -> tuple[Array, Array]:
    """Return level and slope of a logistic regression on the log odds by Newton's steps; NaN where none settles."""
    clipped = np.clip(risk, SURE, 1 - SURE)
    odds = np.log(clipped / (1 - clipped))
    level, slope = np.full(len(weights), start[0]), np.full(len(weights), start[1])
    moved = np.full(len(weights), np.inf)
    if np.ptp(odds) > SURE:
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                change = _newton(level, slope, (outcome, odds, weights))
                level, slope, moved = level + change[0], slope + change[1], np.abs(change[1])
                if np.nanmax(moved, initial=0) < SETTLED:
                    break
    settled = np.isfinite(slope) & (moved < SETTLED)
    return np.where(settled, level, np.nan), np.where(settled, slope, np.nan)


def _newton(level: Array, slope: Array, rows: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    outcome, odds, weights = rows
    p = 1 / (1 + np.exp(-(level[:, None] + slope[:, None] * odds)))
    rest, spread = weights * (outcome - p), weights * p * (1 - p)
    g0, g1 = rest.sum(axis=1), rest @ odds
    h00, h01, h11 = spread.sum(axis=1), spread @ odds, spread @ odds**2
    det = h00 * h11 - h01**2
    return (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det


def _divide(top: Array, bottom: Array, otherwise: float = np.nan) -> Array:
    found: Array = np.divide(top, bottom, out=np.full(np.shape(top), otherwise), where=bottom > 0)
    return found
