"""Whole numbers that are dates: 20240301, 202403010730 as HL7 writes it, seconds or milliseconds since 1970.

Told by the values alone, so that a neutral name hides nothing.  Numbers of people rarely look so in a whole column.
"""

from __future__ import annotations

import numpy as np

FEWEST = 5  # different values: random numbers of eight digits are days of the calendar in one of forty
FEWEST_SHORT = 12  # of six digits one of thirty is a day
DAYS, MOMENTS, SHORT, UNIX_S, UNIX_MS = "days", "moments", "short", "unix-s", "unix-ms"
DAY_POINT, CLOCK_POINT = "day and month", "clock"
_FEWEST_DAYS, _FEWEST_CLOCKS, _FEWEST_HOURS = 8, 20, 12
_FIRST_S, _LAST_S = 788_918_400, 2_051_222_400  # 1995 to 2035
_LONGEST_S = 20 * 366 * 86_400
TITLES = {
    DAYS: "whole numbers such as 20240301",
    MOMENTS: "whole numbers such as 202403010730, as HL7 writes moments",
    SHORT: "whole numbers such as 240301, with a year of two digits",
    DAY_POINT: "numbers such as 31.12, which may be days and months",
    CLOCK_POINT: "numbers such as 7.05, which may be times of the clock",
    UNIX_S: "seconds since 1970",
    UNIX_MS: "milliseconds since 1970",
}


def find_number_dates(values: np.ndarray, fewest: int = FEWEST) -> str:
    """Return which kind of date all these numbers are, empty for none; ``fewest`` is 1 where a name says date."""
    numbers = np.unique(values[~np.isnan(values)])
    if len(numbers) < fewest or not len(numbers):
        return ""
    if (numbers % 1).any():
        return _find_pointed(numbers)
    whole = numbers.astype(np.int64)
    for kind, divide, checks in ((DAYS, 1, ()), (MOMENTS, 10_000, (100,)), (MOMENTS, 1_000_000, (100, 10_000))):
        if _are_days(whole // divide) and _are_clocks(whole % divide, checks):
            return kind
    if len(numbers) >= min(FEWEST_SHORT, 2 * fewest + 2) and whole[-1] < 1_000_000 and _are_days(whole + 20_000_000):
        return SHORT
    for kind, unit in ((UNIX_S, 1), (UNIX_MS, 1000)):
        if whole[0] >= _FIRST_S * unit and whole[-1] <= _LAST_S * unit and whole[-1] - whole[0] <= _LONGEST_S * unit:
            return kind
    return ""


def _find_pointed(numbers: np.ndarray) -> str:
    """Return what numbers with two decimals are, when all of them can be days and months, or hours and minutes."""
    hundredths = np.round(numbers * 100)
    if np.abs(hundredths - numbers * 100).max() > 1e-6:
        return ""
    whole, rest = hundredths // 100, hundredths % 100
    tenths = (rest % 10 == 0) & (rest > 0)  # 5.1 is the fifth of January, and of October as a number
    if not tenths.all() and ((rest == 11) | (rest == 12) | tenths).all():
        rest = np.minimum(rest, 12)
    days = 12 < whole.max() <= 31 and whole.min() >= 1 and rest.min() >= 1 and rest.max() <= 12
    if len(numbers) >= _FEWEST_DAYS and days:
        return DAY_POINT
    hours = len(np.unique(whole)) >= _FEWEST_HOURS and whole.min() >= 0 and whole.max() <= 23
    return CLOCK_POINT if len(numbers) >= _FEWEST_CLOCKS and hours and rest.max() < 60 else ""


def _are_days(numbers: np.ndarray) -> bool:
    """Tell whether all numbers are days of the calendar from 1850 to 2299."""
    year, month, day = numbers // 10_000, numbers // 100 % 100, numbers % 100
    plausible = (year >= 1850) & (year < 2300) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return bool(plausible.all())


def _are_clocks(numbers: np.ndarray, places: tuple[int, ...]) -> bool:
    """Tell whether the rest of all numbers is hour and minute, or these and the second."""
    if not places:
        return True
    small = all((numbers // (place // 100) % 100 < 60).all() for place in places)
    return small and bool((numbers // places[-1] <= 24).all())
