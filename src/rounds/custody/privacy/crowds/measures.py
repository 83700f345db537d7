"""k-anonymity, l-diversity and t-closeness, with pycanon's definitions, over classes counted at once.

Sources: Sweeney 2002 (k), Machanavajjhala et al. 2007 (l: distinct), Li et al. 2007 (t: the
earth mover's distance, ordered for numbers and equal-distance for words).  Nothing here touches disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.crowds.classes import Classes, Codes, class_sizes, find_classes
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """How a sensitive column spreads over the classes: one entry for each class and value that occur together."""

    group: Codes
    value: Codes
    count: Codes
    groups: int
    values: int
    totals: Codes

    @property
    def share(self) -> Numbers:
        """Return the part of its class that each entry is."""
        return self.count / np.bincount(self.group, self.count, self.groups)[self.group]


def k_anonymity(frame: pd.DataFrame, quasi: Sequence[str], person: str | None = None) -> int:
    """Return k: the size of the smallest class, in rows, or in people when ``person`` names their column."""
    if person is None:
        return int(class_sizes(frame, quasi).min())
    return find_classes(frame, quasi, person).smallest


def l_diversity(frame: pd.DataFrame, quasi: Sequence[str], sensitive: Sequence[str]) -> int:
    """Return distinct l: the fewest different values of a sensitive column in one class."""
    return int(_over(frame, quasi, sensitive, lambda s: np.bincount(s.group, minlength=s.groups).min(), min))


def t_closeness(frame: pd.DataFrame, quasi: Sequence[str], sensitive: Sequence[str]) -> float:
    """Return t: the largest distance between a sensitive column in one class and in the whole table."""
    classes = find_classes(frame, quasi)
    return max(_distance(frame[name], classes) for name in _known(frame, sensitive))


def spread(values: pd.Series, classes: Classes) -> Spread:
    """Count the values of a column in each class; values are numbered in their order, missing ones last."""
    import pandas as pd

    codes, uniques = pd.factorize(values, sort=True)
    many = len(uniques) + bool((codes < 0).any())
    codes = np.where(codes < 0, many - 1, codes).astype(np.int64)
    pairs, count = np.unique(classes.of_row * many + codes, return_counts=True)
    totals = np.bincount(codes, minlength=many)
    return Spread(pairs // many, pairs % many, count, len(classes.sizes), many, totals)


def ordered_distances(s: Spread) -> Numbers:
    """Return each class's earth mover's distance to the table when the values have an order.

    Between two values of a class its cumulated share is flat, and that of the table only rises: each flat piece is
    summed at once from prefix sums, so that the cost is that of the entries and not of classes times values.
    """
    if s.values < 2:
        return np.zeros(s.groups)
    table = np.cumsum(s.totals) / s.totals.sum()
    before = np.concatenate(([0.0], np.cumsum(table)))
    first = np.flatnonzero(np.diff(s.group, prepend=-1))
    running = np.cumsum(s.share)
    level = running - (running[first] - s.share[first])[s.group]
    end = np.append(s.value[1:], s.values)
    end[np.append(first[1:], len(s.group)) - 1] = s.values
    total = _flat_piece(level, s.value, end, table, before)
    head = before[s.value[first]]  # up to the first value the class's own share is 0
    return np.asarray((np.bincount(s.group, total, s.groups) + head) / (s.values - 1))


def equal_distances(s: Spread) -> Numbers:
    """Return each class's distance to the table when all values are equally far from each other."""
    table = (s.totals / s.totals.sum())[s.value]
    beyond = np.bincount(s.group, np.abs(s.share - table) - table, s.groups)
    return np.asarray(0.5 * (1 + beyond))


def _flat_piece(level: Numbers, start: Codes, end: Codes, table: Numbers, before: Numbers) -> Numbers:
    turn = np.clip(np.searchsorted(table, level), start, end)
    under = level * (turn - start) - (before[turn] - before[start])
    return np.asarray(under + (before[end] - before[turn]) - level * (end - turn))


def _distance(values: pd.Series, classes: Classes) -> float:
    import pandas as pd

    distances = ordered_distances if pd.api.types.is_numeric_dtype(values) else equal_distances
    return float(distances(spread(values, classes)).max())


def _over(
    frame: pd.DataFrame,
    quasi: Sequence[str],
    sensitive: Sequence[str],
    measure: Callable[[Spread], float],
    worst: Callable[[list[float]], float],
) -> float:
    classes = find_classes(frame, quasi)
    return worst([measure(spread(frame[name], classes)) for name in _known(frame, sensitive)])


def _known(frame: pd.DataFrame, sensitive: Sequence[str]) -> Sequence[str]:
    if not sensitive:
        raise DataError("No sensitive column is named. Name at least one.")
    for name in sensitive:
        if name not in frame.columns:
            raise DataError(f'The table has no column "{name}".{suggest(name, map(str, frame.columns))}')
    return sensitive
