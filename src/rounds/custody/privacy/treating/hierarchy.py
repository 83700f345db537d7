"""The ways to make one quasi-identifier coarser: bands of numbers, rare words grouped; each step holds the one before.

A level's loss is the normalised certainty penalty (Xu et al. 2006): for a number the width of its band as a part of the
whole range, for a word the part of all words that its group holds; 0 is exact, 1 says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.plan.treated import ANY, OTHER
from rounds.custody.privacy.plan.treated import COLUMN as ERA
from rounds.custody.privacy.treating.eras import era_order, join_eras

if TYPE_CHECKING:
    import pandas as pd

GROWTH = 2
MOST_LEVELS = 14
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """One way to write the values: the group of each different value, the groups' labels, the mean loss of a row."""

    name: str
    group: Ints
    labels: tuple[Any, ...]
    loss: float


@dataclass(frozen=True)
class Hierarchy:
    """All levels of one quasi-identifier, the exact one first, "any" last; the missing are the last group of each."""

    where: str
    uniques: pd.Index
    levels: tuple[Level, ...]

    def codes(self, values: pd.Series) -> Ints:
        """Return the number of each value among the different ones; a missing value has the last number."""
        import pandas as pd

        found = self.uniques.get_indexer(pd.Index(values))
        return np.where(found < 0, len(self.uniques), found).astype(np.int64)

    def apply(self, values: pd.Series, level: int) -> pd.Series:
        """Return the values as a level writes them."""
        import pandas as pd

        chosen = self.levels[level]
        labels = pd.Series([*chosen.labels, None], dtype="object")
        written = labels.take(chosen.group[self.codes(values)])
        written.index = values.index
        return values if level == 0 else written.astype("str")


def build_hierarchy(where: str, values: pd.Series, k: int, widths: Sequence[float] = ()) -> Hierarchy:
    """Return the levels of a column: bands for numbers with many values, grouped words otherwise."""
    import pandas as pd

    counts = values.value_counts(dropna=True).sort_index()
    eras = where.endswith(f".{ERA}")
    counts = counts.sort_index(key=lambda labels: labels.map(era_order)) if eras else counts
    uniques, weights = counts.index, counts.to_numpy()
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values) and len(uniques) > 3
    levels = [_exact(uniques)]
    if eras:
        levels += _spans(uniques, weights, k)
    elif numeric:
        levels += _bands(uniques.to_numpy(dtype="float64"), weights, k, widths)
    else:
        levels += _groups(uniques, weights, k)
    levels.append(_any(len(uniques), weights, int(values.isna().sum())))
    return Hierarchy(where, uniques, tuple(_distinct(levels)))


def _exact(uniques: pd.Index) -> Level:
    return _level("exact", np.arange(len(uniques)), list(uniques), np.zeros(len(uniques)), np.ones(len(uniques)))


def _any(many: int, weights: NDArray[Any], missing: int) -> Level:
    """Return the level that says nothing, not even what is missing."""
    group = np.zeros(many + 1, dtype=np.int64)
    return Level("any", group, (ANY,), 1.0 if many or missing or weights.size else 0.0)


def _bands(values: NDArray[Any], weights: NDArray[Any], k: int, widths: Sequence[float]) -> list[Level]:
    """Return bands that hold at least k, 2k, 4k ... rows each, or of the widths that the plan gives."""
    whole = bool(np.all(values == np.round(values)))
    starts = np.arange(len(values))
    if widths:
        cuts = [_starts_of_width(values, width) for width in widths]
    else:
        starts = _starts_of_width(values, _base_width(values, whole))
        cuts = []
        for i in range(MOST_LEVELS):
            starts = _merge(starts, weights, k * GROWTH**i)
            cuts.append(starts)
    return [_band_level(values, weights, starts, whole) for starts in cuts if len(starts) > 1]


def _spans(eras: pd.Index, weights: NDArray[Any], k: int) -> list[Level]:
    """Return neighbouring eras joined, so that time keeps its order."""
    starts, levels = np.arange(len(eras)), []
    for i in range(MOST_LEVELS):
        starts = _merge(starts, weights, k * GROWTH**i)
        if len(starts) < 2:
            break
        group = np.searchsorted(starts, np.arange(len(eras)), side="right") - 1
        sizes = np.bincount(group)
        ends = np.append(starts[1:], len(eras)) - 1
        labels = [join_eras(eras[int(a)], eras[int(b)]) for a, b in zip(starts, ends, strict=True)]
        loss = np.where(sizes > 1, sizes / len(eras), 0.0)[group]
        levels.append(_level(f"{len(starts)} spans", group, labels, loss, weights))
    return levels


def _starts_of_width(values: NDArray[Any], width: float) -> NDArray[Any]:
    return np.flatnonzero(np.diff(np.floor(values / width), prepend=np.nan) != 0)


def _base_width(values: NDArray[Any], whole: bool) -> float:
    rough = (values[-1] - values[0]) / 40
    power = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    width = float(next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999))
    return max(width, 1.0) if whole else width


def _merge(starts: NDArray[Any], weights: NDArray[Any], least: int) -> NDArray[Any]:
    """Return band starts such that every band holds at least ``least`` rows; a poor last band joins the one before."""
    sums = np.add.reduceat(weights, starts)
    kept, held = [], least
    for start, size in zip(starts, sums, strict=True):
        if held >= least:
            kept.append(start)
            held = 0
        held += size
    if held < least and len(kept) > 1:
        kept.pop()
    return np.asarray(kept)


def _band_level(values: NDArray[Any], weights: NDArray[Any], starts: NDArray[Any], whole: bool) -> Level:
    group = np.searchsorted(starts, np.arange(len(values)), side="right") - 1
    lows, highs = values[starts], values[np.append(starts[1:], len(values)) - 1]
    widths = (highs - lows) / max(values[-1] - values[0], 1e-12)
    labels = [_band_label(low, high, whole) for low, high in zip(lows, highs, strict=True)]
    return _level(f"{len(starts)} bands", group, labels, widths[group], weights)


def _band_label(low: float, high: float, whole: bool) -> str:
    if low == high:
        return f"{low:g}"
    return f"{low:.0f}-{high:.0f}" if whole else f"{low:g} to {high:g}"


def _groups(uniques: pd.Index, weights: NDArray[Any], k: int) -> list[Level]:
    levels = []
    for i in range(MOST_LEVELS):
        rare = _rare(weights, k * GROWTH**i)
        if not rare.any() or rare.all():
            continue
        group = np.where(rare, 0, np.cumsum(~rare))
        labels = [_free_label(uniques), *map(str, uniques[~rare])]
        loss = np.where(rare, rare.sum() / len(uniques), 0.0)
        levels.append(_level(f"{int((~rare).sum())} of {len(uniques)} kept", group, labels, loss, weights))
    return levels


def _rare(weights: NDArray[Any], least: int) -> NDArray[np.bool_]:
    """Return the values to group: all with fewer than ``least`` rows, then the next until the group holds enough."""
    rare = weights < least
    order = np.argsort(weights, kind="stable")
    for i in order:
        if not rare.any() or (weights[rare].sum() >= least and rare.sum() > 1):
            break
        rare[i] = True
    return np.asarray(rare)


def _free_label(uniques: pd.Index) -> str:
    return OTHER if OTHER not in set(map(str, uniques)) else "other, grouped"


def _level(name: str, group: NDArray[Any], labels: Sequence[Any], loss: NDArray[Any], weights: NDArray[Any]) -> Level:
    mean = float(np.average(loss, weights=weights)) if len(loss) and weights.sum() else 0.0
    return Level(name, np.append(group, len(labels)).astype(np.int64), tuple(labels), mean)


def _distinct(levels: list[Level]) -> list[Level]:
    kept = levels[:1]
    for level in levels[1:]:
        if not np.array_equal(level.group, kept[-1].group):
            kept.append(level)
    return kept
