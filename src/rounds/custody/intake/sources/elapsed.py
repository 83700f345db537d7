"""Dates that a statistical program keeps as a count since a first day: days, seconds, milliseconds, months.

Written as ISO text.  A count that leads out of the years 1 to 9999 is no date: it stays the number that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

SAS_EPOCH, SPSS_EPOCH = "1960-01-01", "1582-10-14"
_SAS = (
    (r"DATETIME|E8601DT|DATEAMPM|MDYAMPM", "s"),
    (r"TIME|HHMM|TOD|E8601TM|TIMEAMPM", "clock"),
    (r"DATE|YYMMDD|DDMMYY|MMDDYY|E8601DA|JULIAN|MONYY|WEEKDATE|WORDDATE|YYMM|MMYY|YYQ", "D"),
)
_STATA = {"d": "D", "c": "ms", "C": "ms", "m": "month", "q": "quarter", "h": "half"}
_STATA_CLOCK = re.compile(r"%-?t[cC](?=.)(?!.*(?:[DdNnCY]|Mon))")
_SPSS = (
    (r"DATETIME|YMDHMS", "s"),
    (r"TIME|DTIME|MTIME", "clock"),
    (r"DATE|ADATE|EDATE|SDATE|JDATE|MOYR|QYR|WKYR", "s"),
)
_MONTHS = {"month": 1, "quarter": 3, "half": 6}


@dataclass(frozen=True)
class Elapsed:
    """What a count means: its unit, and the day from which it counts."""

    unit: str
    epoch: str = SAS_EPOCH
    scale: float = 1.0

    def as_texts(self, values: np.ndarray) -> list[str | None]:
        """Return counts as ISO dates, moments or clock times; nothing for a missing one."""
        counts = np.asarray(values, dtype="float64")
        known = np.isfinite(counts)
        if self.unit == "clock":
            pairs = zip(counts.tolist(), known, strict=True)
            return [_clock(value / self.scale) if there else None for value, there in pairs]
        micro = self._moments(np.where(known, counts, 0.0))
        fits = known & (micro >= _FIRST) & (micro <= _LAST)
        moments = np.where(fits, micro, 0).astype("int64").astype("datetime64[us]")
        texts = _texts(moments)
        return [
            text if good else _number(count) if there else None
            for text, good, count, there in zip(texts, fits, counts.tolist(), known, strict=True)
        ]

    def _moments(self, counts: np.ndarray) -> np.ndarray:
        """Return microseconds since 1970, as numbers that may lie outside every calendar."""
        start = np.datetime64(self.epoch, "us").astype("int64")
        if self.unit in _MONTHS:
            months = np.clip(np.floor(counts * _MONTHS[self.unit]), -23_000, 100_000).astype("int64") - 120
            first_days: np.ndarray = months.astype("datetime64[M]").astype("datetime64[us]").astype("int64")
            return first_days.astype("float64")
        factor = {"D": 86_400e6, "s": 1e6, "ms": 1e3}[self.unit]
        moments: np.ndarray = start + np.round(counts * factor)
        return moments


_FIRST, _LAST = (float(np.datetime64(day, "us").astype("int64")) for day in ("0001-01-01", "9999-12-31T23:59:59"))


def sas_elapsed(form: str) -> Elapsed | None:
    """Return what numbers of a SAS format count; None for numbers."""
    return _of(_SAS, form, SAS_EPOCH)


def spss_elapsed(form: str) -> Elapsed | None:
    """Return what numbers of an SPSS format count, always in seconds; None for numbers."""
    return _of(_SPSS, form, SPSS_EPOCH)


def stata_elapsed(form: str) -> Elapsed | None:
    """Return what numbers of a Stata format count; None for numbers."""
    found = re.match(r"%-?t([a-zA-Z])", form) or re.match(r"%-?(d)", form)
    if found is None or found[1] not in _STATA:
        return None
    return Elapsed("clock", scale=1000.0) if _STATA_CLOCK.match(form) else Elapsed(_STATA[found[1]])


def _of(table: tuple[tuple[str, str], ...], form: str, epoch: str) -> Elapsed | None:
    plain = form.strip().upper()
    return next((Elapsed(unit, epoch) for names, unit in table if re.match(rf"(?:{names})(?:[\d.\W]|$)", plain)), None)


def _texts(moments: np.ndarray) -> list[str]:
    """Return moments as ISO: midnights as days, others to the second, or finer where they are."""
    days = moments.astype("datetime64[D]")
    whole = moments == days
    return [
        str(day) if midnight else str(moment).replace("T", " ").removesuffix(".000000")
        for day, moment, midnight in zip(days, moments, whole, strict=True)
    ]


def _clock(seconds: float) -> str:
    hours, rest = divmod(abs(round(seconds)), 3600)
    return f"{'-' * (seconds < 0)}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)
