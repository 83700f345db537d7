"""How likely it is that somebody finds a person again: per class, on average, at worst, and in the population.

The prosecutor knows that the person is in the table: the risk of a row is 1 / size of its class.  The journalist knows
only the population that a sample was drawn from: the risk is 1 / size of the class there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.crowds.classes import Classes, find_classes, row_codes
from rounds.errors import DataError
from rounds.event.numbers import LOWEST_K, USUAL_K

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Risks:
    """The risk figures of one table: parts of 1."""

    rows: int
    classes: int
    average: float
    highest: float
    unique: float
    under: dict[int, float]

    @property
    def unique_rows(self) -> int:
        """Return how many rows are alone in their class."""
        return round(self.unique * self.rows)


def measure_risks(classes: Classes, thresholds: Sequence[int] = (LOWEST_K, USUAL_K)) -> Risks:
    """Return the prosecutor's risks: average = classes / rows when a class counts rows, highest = 1 / smallest."""
    sizes = classes.size_of_row()
    under = {k: float((sizes < k).mean()) for k in thresholds}
    unique = float((sizes == 1).mean())
    return Risks(len(sizes), len(classes.sizes), float((1 / sizes).mean()), 1 / classes.smallest, unique, under)


def population_risks(
    sample: pd.DataFrame,
    population: pd.DataFrame,
    columns: Sequence[str],
    person: str | None = None,
    thresholds: Sequence[int] = (LOWEST_K, USUAL_K),
) -> Risks:
    """Return the journalist's risks of a sample whose rows also stand in ``population``."""
    import pandas as pd

    whole = find_classes(population, columns, person)
    both = pd.concat([population[list(columns)], sample[list(columns)]], ignore_index=True)
    codes, _ = row_codes(both, columns)
    translate = np.full(int(codes.max()) + 1, -1, dtype=np.int64)
    translate[codes[: len(population)]] = whole.of_row
    own = translate[codes[len(population) :]]
    if (own < 0).any():
        raise DataError("The sample holds a row whose class is not in the full dataset.")
    return measure_risks(_kept(own, whole), thresholds)


def _kept(own: NDArray[np.int64], whole: Classes) -> Classes:
    used, of_row = np.unique(own, return_inverse=True)
    return Classes(of_row.astype(np.int64), whole.sizes[used])
