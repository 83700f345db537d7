"""Equivalence classes: which rows look the same in their quasi-identifiers.

A missing value is a value of its own: two rows with "unknown" look the same, and neither looks like a known one.
With a person column, a class counts people and not rows: twenty rows of one patient hide nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]
_LARGEST = 2**62


@dataclass(frozen=True)
class Classes:
    """The class of each row, and how many rows (or people) each class holds."""

    of_row: Codes
    sizes: Codes

    @property
    def smallest(self) -> int:
        """Return the size of the smallest class."""
        return int(self.sizes.min())

    def size_of_row(self) -> Codes:
        """Return for each row the size of its class."""
        return self.sizes[self.of_row]


def find_classes(frame: pd.DataFrame, columns: Sequence[str], person: str | None = None) -> Classes:
    """Return the equivalence classes of the rows over ``columns``; sizes count people when ``person`` is given."""
    _check_columns(frame, [*columns, *([person] if person else [])])
    of_row, count = row_codes(frame, columns)
    if person is None:
        return Classes(of_row, np.bincount(of_row, minlength=count))
    people, many = factorise(frame[person])
    pairs = np.unique(of_row * many + people)
    return Classes(of_row, np.bincount(pairs // many, minlength=count))


def class_sizes(frame: pd.DataFrame, columns: Sequence[str]) -> Codes:
    """Return the sizes of the classes alone, by the shortest way."""
    _check_columns(frame, columns)
    codes, bound = _combine(frame, columns)
    if bound <= 8 * len(codes) + 1024:
        counts = np.bincount(codes)
        return counts[counts > 0]
    return _run_lengths(np.sort(codes))


def row_codes(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Codes, int]:
    """Return one dense number for each row, equal where the rows are equal in ``columns``, and how many there are."""
    return make_dense(*_combine(frame, columns))


def factorise(values: pd.Series) -> tuple[Codes, int]:
    """Return a number for each value (a missing one has its own) and how many numbers there are."""
    import pandas as pd

    if values.dtype.kind in "iub" and len(values):
        found = _narrow(values.to_numpy())
        if found is not None:
            return found
    codes, uniques = pd.factorize(values)
    codes = codes.astype(np.int64, copy=False)
    if (codes < 0).any():
        return codes + 1, len(uniques) + 1
    return codes, max(len(uniques), 1)


def _narrow(values: NDArray[Any]) -> tuple[Codes, int] | None:
    """Return whole numbers of a small range as they are, counted from the smallest."""
    low, high = int(values.min()), int(values.max())
    if high - low > 4 * len(values) + 1024:
        return None
    return values.astype(np.int64) - low, high - low + 1


def _combine(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[Codes, int]:
    codes, bound = np.zeros(len(frame), dtype=np.int64), 1
    for name in columns:
        own, count = factorise(frame[name])
        if bound * count >= _LARGEST:
            codes, bound = make_dense(codes, bound)
        codes, bound = codes * count + own, bound * count
    return codes, bound


def make_dense(codes: Codes, bound: int) -> tuple[Codes, int]:
    """Return numbers below ``bound`` as numbers without gaps, and how many there are."""
    import pandas as pd

    if bound <= 8 * len(codes) + 1024:
        used = np.bincount(codes, minlength=bound) > 0
        return (np.cumsum(used) - 1)[codes], int(used.sum())
    dense, uniques = pd.factorize(codes)
    return dense.astype(np.int64, copy=False), len(uniques)


def _run_lengths(ordered: Codes) -> Codes:
    ends = np.flatnonzero(np.diff(ordered)) + 1
    return np.diff(np.concatenate(([0], ends, [len(ordered)])))


def _check_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    if not columns:
        raise DataError("No quasi-identifier is named. Name at least one column.")
    for name in columns:
        if name not in frame.columns:
            raise DataError(f'The table has no column "{name}".{suggest(name, map(str, frame.columns))}')
    if frame.empty:
        raise DataError("The table has no row, so nothing can be measured.")
