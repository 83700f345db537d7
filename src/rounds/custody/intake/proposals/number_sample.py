"""A sample of a column's numbers that always holds its extremes, in bounded memory, and exact counts of usual codes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.signs.quality import CODES, FEWEST_CODES

if TYPE_CHECKING:
    import pandas as pd

A_PIECE, MOST, EXTREMES = 20_000, 100_000, 50


@dataclass
class NumberSample:
    """Every n-th number of each piece, the smallest and the largest of all, and how often each code occurs."""

    total: int = 0
    sum: float = 0.0
    sample: np.ndarray = field(default_factory=lambda: np.empty(0))
    lowest: np.ndarray = field(default_factory=lambda: np.empty(0))
    highest: np.ndarray = field(default_factory=lambda: np.empty(0))
    codes: Counter[float] = field(default_factory=Counter)

    @property
    def is_whole(self) -> bool:
        """Tell whether every number is in the sample."""
        return self.total == len(self.sample)

    def add(self, values: np.ndarray) -> None:
        """Take in the numbers of the next piece."""
        self.total += len(values)
        self.sum += float(values.sum())
        if len(self.sample) < MOST:
            self.sample = np.concatenate([self.sample, values[:: -(-len(values) // A_PIECE) or 1]])
        self.lowest = np.sort(np.concatenate([self.lowest, values]))[:EXTREMES]
        self.highest = np.sort(np.concatenate([self.highest, values]))[-EXTREMES:]
        for code in CODES:
            self.codes[code] += int((values == code).sum())

    def values(self) -> pd.Series:
        """Return the sample with the extremes, and with each code that is not rare often enough to be noticed."""
        import pandas as pd

        if self.is_whole:
            return pd.Series(self.sample, dtype="float64")
        codes = [code for code, count in self.codes.items() if count >= FEWEST_CODES for _ in range(FEWEST_CODES)]
        return pd.Series(np.concatenate([self.sample, self.lowest, self.highest, codes]), dtype="float64")
