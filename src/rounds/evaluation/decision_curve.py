"""Is a rule worth its work? Net benefit by threshold, beside evaluating everybody and nobody.

Net benefit counts a true flag as 1 and takes off each false one at the odds of the threshold: at a threshold of 0.2
four false ones weigh as much as one true (Vickers and Elkin 2006, Med Decis Making 26:565). Evaluating nobody has 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rounds.errors import DataError

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class DecisionCurve:
    """Net benefit for each threshold, as a share of all patients.

    Attributes
    ----------
    thresholds
        Risks from which on a patient is evaluated, 0 to below 1, rising.
    model, everybody
        Net benefit when those from the threshold on are evaluated, and when everybody is.
    """

    thresholds: tuple[float, ...]
    model: tuple[float, ...]
    everybody: tuple[float, ...]

    @property
    def worth(self) -> tuple[float, float] | None:
        """Return the ends of the longest row of thresholds at which the model beats both simple rules, or None."""
        rows: list[list[float]] = [[]]
        for threshold, model, everybody in zip(self.thresholds, self.model, self.everybody, strict=True):
            if model > max(everybody, 0):
                rows[-1].append(threshold)
            elif rows[-1]:
                rows.append([])
        longest = max(rows, key=len)
        return (longest[0], longest[-1]) if longest else None


def decision_curve(
    outcome: Sequence[Any] | Array, risk: Sequence[float] | Array, steps: Sequence[float]
) -> DecisionCurve:
    """Return the curve of predicted risks (0 to 1) and what happened (true or false), at these thresholds.

    Raises
    ------
    DataError
        Where the two columns differ in length or are empty, or where a threshold is below 0 or not below 1.
    """
    happened, predicted = np.asarray(outcome, dtype=bool), np.asarray(risk, dtype=float)
    if len(happened) != len(predicted) or not len(happened):
        raise DataError(f"{len(happened)} outcomes and {len(predicted)} risks: give one of each for every patient.")
    if outside := [step for step in steps if not 0 <= step < 1]:
        raise DataError(f"A threshold is a risk from 0 to below 1, not {outside[0]:g}.")
    return DecisionCurve(
        tuple(float(step) for step in steps),
        tuple(_net_benefit(happened, predicted >= step, step) for step in steps),
        tuple(_net_benefit(happened, np.ones(len(happened), dtype=bool), step) for step in steps),
    )


def _net_benefit(happened: Array, flagged: Array, threshold: float) -> float:
    false = np.count_nonzero(flagged & ~happened) * threshold / (1 - threshold)
    return float((np.count_nonzero(flagged & happened) - false) / len(happened))
