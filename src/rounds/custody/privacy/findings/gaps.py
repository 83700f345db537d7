"""Whether the time between two columns of dates, or of days that are counted from one, is a third column.

Hospitals count a stay in many ways, so each usual one is tried on some rows, and the best one on all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.agreement import FEWEST, Bounds, as_bounds, is_nearly, is_within, some_rows
from rounds.custody.privacy.crowds.classes import factorise
from rounds.custody.privacy.findings.dates import as_dates

if TYPE_CHECKING:
    import pandas as pd

SAME_GAP, FEWEST_GAPS = 0.95, 5
DAY, HOUR = 86_400.0, 3_600.0
GapReading = tuple[Callable[[np.ndarray, np.ndarray], np.ndarray], float]
# The ways to write a time as one number, from seconds or from days of the calendar; and how far each may be off
_READINGS: tuple[GapReading, ...] = (
    (lambda _, days: days, 0.0),
    (lambda _, days: days + 1, 0.0),  # first and last day both counted
    (lambda seconds, _: np.floor(seconds / DAY), 0.0),
    (lambda seconds, _: np.ceil(seconds / DAY), 0.0),
    (lambda seconds, _: np.round(seconds / DAY), 0.0),
    (lambda seconds, _: seconds / DAY, 0.06),  # one decimal
    (lambda seconds, _: np.floor(seconds / HOUR), 0.0),
    (lambda seconds, _: np.ceil(seconds / HOUR), 0.0),
    (lambda seconds, _: np.round(seconds / HOUR), 0.0),
    (lambda seconds, _: seconds / HOUR, 0.06),
)


def gap_test(quasi: str, start: str, end: str) -> Callable[[pd.DataFrame], int]:
    """Return the test whether the time between two dates is the quasi-identifier, in days or hours."""

    def test(frame: pd.DataFrame) -> int:
        known = frame.dropna()
        if len(known) < FEWEST:
            return 0
        few = some_rows(known)
        counts = _count_gaps(few[quasi], few[start], few[end], _READINGS)
        best = int(np.argmax(counts))
        if not counts[best] or len(few) == len(known):
            return counts[best]
        return _count_gaps(known[quasi], known[start], known[end], _READINGS[best : best + 1])[0]

    return test


def _count_gaps(q: pd.Series, start: pd.Series, end: pd.Series, readings: Sequence[GapReading]) -> list[int]:
    """Return for each way to write a time in how many rows it is the quasi-identifier; 0 where it is not."""
    bounds = as_bounds(q)
    if bounds is None:
        return [0] * len(readings)
    seconds, days = _between(start, end)
    return [_count_inside(reading(seconds, days), near, q, bounds) for reading, near in readings]


def _count_inside(gap: np.ndarray, near: float, q: pd.Series, bounds: Bounds) -> int:
    import pandas as pd

    inside = is_within(gap, bounds, near)
    enough = is_nearly(inside, *factorise(q), SAME_GAP) and len(pd.unique(gap[inside])) >= FEWEST_GAPS
    return int(inside.sum()) if enough else 0


def _between(start: pd.Series, end: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the time between two columns in seconds, and in days of the calendar; NaN where they are of two kinds."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(start) or pd.api.types.is_numeric_dtype(end):
        same = pd.api.types.is_numeric_dtype(start) and pd.api.types.is_numeric_dtype(end)
        days = (end - start).to_numpy(dtype="float64") if same else np.full(len(start), np.nan)
        return days * DAY, np.round(days)
    first, last = (_plain(values) for values in (start, end))
    days = (last.dt.normalize() - first.dt.normalize()).dt.days
    return (last - first).dt.total_seconds().to_numpy(), days.to_numpy(dtype="float64")


def _plain(values: pd.Series) -> pd.Series:
    import pandas as pd

    dates = as_dates(str(values.name), values)
    if dates is None:
        return pd.Series(pd.NaT, index=values.index)
    return dates if getattr(dates.dt, "tz", None) is None else dates.dt.tz_localize(None)
