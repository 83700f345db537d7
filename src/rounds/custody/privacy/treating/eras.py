"""The era of a row, computed before its date moves: a band of three years.

The shift is a multiple of 364 days: an era of a year or less would leave whoever knows when the data began a single
true day for each shifted date, a band of three years leaves three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.treating.shifting import to_dates
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

BAND_YEARS = 3


def build_era(plan: Plan, values: pd.Series) -> pd.Series:
    """Return the era of each row."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        raise DataError(f'{plan.era_from} holds day numbers, and an era needs dates. Write era = "".')
    years = to_dates(plan.era_from, values).dt.year
    start = years - years % BAND_YEARS
    return _as_text(start).str.cat(_as_text(start + BAND_YEARS - 1), sep="-")


def era_order(label: str) -> int:
    """Return where an era stands in time: its first year."""
    return int(label.split("-")[0])


def join_eras(first: str, last: str) -> str:
    """Return the label of a span of eras.

    Examples
    --------
    >>> join_eras("2014-2016", "2017-2019"), join_eras("2014-2016", "2014-2016")
    ('2014-2019', '2014-2016')
    """
    return f"{first.split('-')[0]}-{last.split('-')[-1]}"


def _as_text(years: pd.Series) -> pd.Series:
    return years.astype("Int64").astype("str")
