"""How well one column tells another, row by row, beyond what one frequent value alone would do.

Nothing here knows what a quasi-identifier is: values in, counts and yes or no out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.crowds.classes import Codes, make_dense

if TYPE_CHECKING:
    import pandas as pd

BAND = r"(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?:(?:-| to )(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?))?"
READ, RARE = 0.8, 0.9
LOOK_ROWS, FEWEST = 20_000, 20


class Bounds(NamedTuple):
    """The lowest and the highest number that each row's value stands for; the same of an exact number."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]


def some_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows from all over a table, enough to judge by; the whole of a small one."""
    if len(frame) <= LOOK_ROWS:
        return frame
    return frame.iloc[np.linspace(0, len(frame) - 1, LOOK_ROWS).astype(np.int64)]


def as_bounds(values: pd.Series) -> Bounds | None:
    """Return numbers, or bands such as ``20-24``, as bounds; None when most values are neither."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        exact = values.to_numpy(dtype="float64")
        return Bounds(exact, exact)
    if not (pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)):
        return None
    codes, labels = pd.factorize(values.astype("str"))
    parts = pd.Series(labels).str.extract(f"^{BAND}$").astype("float64")
    low, high = parts[0].to_numpy(), parts[1].fillna(parts[0]).to_numpy()
    if not len(codes) or np.isfinite(low[codes]).mean() < READ:
        return None
    return Bounds(low[codes], high[codes])


def is_within(numbers: NDArray[np.float64], bounds: Bounds, near: float = 0.0) -> NDArray[np.bool_]:
    """Tell for each row whether its number lies in its bounds, give or take ``near``."""
    return (numbers >= bounds.low - near) & (numbers <= bounds.high + near)


def is_nearly(agree: NDArray[np.bool_], codes: Codes, many: int, share: float) -> bool:
    """Tell whether nearly all rows agree, those outside of the most frequent value as well; ``codes`` number values."""
    if agree.mean() < share:
        return False
    rest = codes != np.bincount(codes, minlength=many).argmax()
    return bool(not rest.any() or agree[rest].mean() >= RARE)


def determines(a: Codes, many_a: int, b: Codes, many_b: int, share: float) -> int:
    """Return in how many rows the value ``a`` tells ``b``; 0 when these are too few, or only the most frequent one."""
    pair, many = make_dense(a * many_b + b, many_a * many_b)
    of_a, of_b = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    of_a[pair], of_b[pair] = a, b
    order = np.argsort(np.bincount(pair, minlength=many), kind="stable")
    best = np.zeros(many_a, dtype=np.int64)
    best[of_a[order]] = of_b[order]  # the most frequent partner comes last, and stays
    agree = best[a] == b
    return int(agree.sum()) if is_nearly(agree, b, many_b, share) else 0
