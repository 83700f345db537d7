"""The era of a row, computed before its date moves: a band of three years, a year, or a wave of some weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.treating.shifting import to_dates
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

BAND_YEARS = 3


def build_era(plan: Plan, values: pd.Series) -> pd.Series:
    """Return the era of each row; waves are numbered from the first day of the table."""
    import pandas as pd

    if plan.era_weeks < 1:
        raise DataError(f"era_weeks = {plan.era_weeks} must be at least 1.")
    numeric = pd.api.types.is_numeric_dtype(values)
    if numeric and plan.era != "weeks":
        raise DataError(f'{plan.era_from} holds day numbers. Write era = "weeks".')
    if plan.era == "weeks":
        return _waves(values if numeric else to_dates(plan.era_from, values), plan.era_weeks, numeric)
    years = to_dates(plan.era_from, values).dt.year
    if plan.era == "year":
        return _as_text(years)
    start = years - years % BAND_YEARS
    return _as_text(start).str.cat(_as_text(start + BAND_YEARS - 1), sep="-")


def era_order(label: str) -> int:
    """Return where an era stands in time: its first year, or the number of its first wave."""
    return int(label.removeprefix("wave ").split("-")[0])


def join_eras(first: str, last: str) -> str:
    """Return the label of a span of eras.

    Examples
    --------
    >>> join_eras("2014-2016", "2017-2019"), join_eras("wave 2", "wave 3"), join_eras("wave 4", "wave 4")
    ('2014-2019', 'wave 2-3', 'wave 4')
    """
    if first == last:
        return first
    return f"{first.split('-')[0]}-{last.removeprefix('wave ').split('-')[-1]}"


def _waves(values: pd.Series, weeks: int, numeric: bool) -> pd.Series:
    days = values - values.min()
    days = days if numeric else days.dt.total_seconds() / 86400
    wave = np.floor(days / (7 * weeks)) + 1
    return ("wave " + _as_text(wave)).astype("str")


def _as_text(years: pd.Series) -> pd.Series:
    return years.astype("Int64").astype("str")
