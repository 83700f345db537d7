"""Patients of one kind as small groups by predicted risk, and what moved risks make of them; nobody's row is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np

from rounds.challenges.intervals import wilson

TENTHS, PARTS = (
    10,
    20,
)  # each tenth of the patients is cut into twenty groups, of about five patients in a cohort of 1,000
SURE = 1e-6
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Move:
    """What is done to every risk: its log-odds times the slope, plus the intercept; and the threshold of a flag."""

    intercept: float = 0.0
    slope: float = 1.0
    threshold: float = 0.2


@dataclass(frozen=True)
class RiskGroups:
    """Groups of patients from the lowest predicted risk to the highest.

    Attributes
    ----------
    log_odds
        Of the mean predicted risk of each group.
    size, died
        How many patients each group has, and how many of them died.
    tenths
        The tenth of the patients to which each group belongs, 0 to 9.
    """

    log_odds: tuple[float, ...]
    size: tuple[int, ...]
    died: tuple[int, ...]
    tenths: tuple[int, ...]

    @classmethod
    def of(cls, died: Array, risk: Array) -> RiskGroups:
        """Group patients by their risk, 0 to 1; ``died`` is true or false for each."""
        order = np.argsort(risk, kind="stable")
        parts = [
            (tenth, part)
            for tenth, rows in enumerate(np.array_split(order, TENTHS))
            for part in np.array_split(rows, min(PARTS, max(1, len(rows))))
        ]
        means = np.clip([risk[part].mean() for _, part in parts], SURE, 1 - SURE)
        return cls(
            tuple(round(float(one), 4) for one in np.log(means / (1 - means))),
            tuple(len(part) for _, part in parts),
            tuple(int(died[part].sum()) for _, part in parts),
            tuple(tenth for tenth, _ in parts),
        )

    def observed(self) -> list[tuple[float, float, float]]:
        """Return the share that died in each tenth with its 95 % interval; no move of the risks changes it."""
        died, size = (self._by_tenth(values) for values in (self.died, self.size))
        return [(d / n, *wilson(d, n)) for d, n in zip(died, size, strict=True)]

    def _by_tenth(self, values: Sequence[int]) -> list[int]:
        return [sum(value for value, at in zip(values, self.tenths, strict=True) if at == one) for one in range(TENTHS)]

    def figures(self, move: Move) -> dict[str, float]:
        """Return pairs ranked rightly of 100, expected deaths, deaths, O/E, and net benefits as shares of patients."""
        risks = [1 / (1 + exp(-(move.intercept + move.slope * one))) for one in self.log_odds]
        expected = sum(risk * size for risk, size in zip(risks, self.size, strict=True))
        flagged = [risk >= move.threshold for risk in risks]
        died = sum(self.died)
        return {
            "pairs": self._pairs(risks),
            "expected": expected,
            "died": died,
            "ratio": died / expected,
            "benefit": self._benefit(flagged, move.threshold),
            "everybody": self._benefit([True] * len(risks), move.threshold),
        }

    def _benefit(self, flagged: Sequence[bool], threshold: float) -> float:
        rows = [(size, died) for size, died, is_in in zip(self.size, self.died, flagged, strict=True) if is_in]
        true = sum(died for _, died in rows)
        false = sum(size - died for size, died in rows)
        return (true - false * threshold / (1 - threshold)) / sum(self.size)

    def _pairs(self, risks: Sequence[float]) -> float:
        """Return of 100 pairs, one who died and one who lived, how many have the higher risk for the first."""
        level = np.unique(risks, return_inverse=True)[1]
        sick = np.bincount(level, weights=self.died)
        well = np.bincount(level, weights=self.size) - sick
        below = np.cumsum(well) - well / 2
        return float(100 * (sick * below).sum() / (sick.sum() * well.sum()))
