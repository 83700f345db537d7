"""Shift dates: one secret number of days for each linkage group, a multiple of 364 and never 0.

A multiple of 7 keeps the weekday; at most 12 times 364 keeps the season within 15 days; one number for a whole group
keeps every interval inside it, between a mother and her children as well.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import numpy as np

from rounds.counted import counted
from rounds.custody.privacy.findings.dates import as_dates
from rounds.custody.privacy.plan.treated import STEP_DAYS
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

MOST_STEPS = 12
_CHOICES = [n * STEP_DAYS for n in range(-MOST_STEPS, MOST_STEPS + 1) if n]
_YEAR_DAYS = 365.25


def draw_shifts(groups: pd.Series) -> pd.Series:
    """Return the days of each person's group; ``groups`` gives the group of each person (its index)."""
    import pandas as pd

    many = int(groups.max()) + 1 if len(groups) else 0
    days = np.array([secrets.choice(_CHOICES) for _ in range(many)], dtype=np.int64)
    return pd.Series(days[groups.to_numpy()], index=groups.index)


def shift_dates(where: str, values: pd.Series, days: pd.Series) -> pd.Series:
    """Return dates moved by each row's days."""
    import pandas as pd

    dates = to_dates(where, values)
    lost = int((dates.notna() & days.isna()).sum())
    if lost:
        raise DataError(
            f"{where}: {counted(lost, 'date belongs', 'dates belong')} to no known person, and cannot be shifted. "
            "Drop the column."
        )
    return dates + pd.to_timedelta(days.fillna(0), unit="D")


def shift_birth_years(where: str, values: pd.Series, days: pd.Series, last_year: pd.Series, oldest: int) -> pd.Series:
    """Return shifted years of birth, raised so that the year of the last event gives at most ``oldest`` years."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        years = values + (days.fillna(0) / _YEAR_DAYS).round()
    else:
        years = to_dates(where, values) + pd.to_timedelta(days.fillna(0), unit="D")
        years = years.dt.year
    return years.astype("float64").where(~(years < last_year - oldest), last_year - oldest)


def count_from_first(where: str, values: pd.Series, groups: pd.Series, first: pd.Series) -> pd.Series:
    """Return the days since the first event of each row's group."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        days: pd.Series = values - groups.map(first)
    else:
        days = (to_dates(where, values) - groups.map(first)).dt.total_seconds() / 86400
    return days


def to_dates(where: str, values: pd.Series) -> pd.Series:
    """Return a column as moments, or raise when some of it cannot be read as dates."""
    dates = as_dates(where, values)
    if dates is None:
        raise DataError(f"{where}: these values are no dates. Choose another action, or import the column as dates.")
    lost = int((values.notna() & dates.isna()).sum())
    if lost:
        raise DataError(
            f"{where}: {lost:,} of {len(values):,} values cannot be read as dates. Import the column as dates."
        )
    plain: pd.Series = dates if getattr(dates.dt, "tz", None) is None else dates.dt.tz_localize(None)
    return plain
