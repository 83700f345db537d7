"""Read dates as a decision says they are written; what the calendar does not hold stays unread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rounds.custody.intake.proposals.decisions import Decision

if TYPE_CHECKING:
    import pandas as pd

EXCEL_EPOCH = "1899-12-30"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_CLOCK = r"(?P<clock>(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?)"
_ZONE = r"(?P<zone>(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)"
_ISO = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}{_ZONE}")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})[-/.](?P<m>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_CLOCK}")
_MONTH_FIRST = re.compile(rf"(?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_CLOCK}")
_NAMED = re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/. ]?(?P<m>[A-Za-z]{{3,9}})[-/., ]*(?P<y>\d{{4}}){_CLOCK}")
_NAME_FIRST = re.compile(rf"(?P<m>[A-Za-z]{{3,9}}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_CLOCK}")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<clock>)")
_PLAIN = r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$"  # read as it stands, and much faster
_ALWAYS = (_ISO, _COMPACT, _NAMED, _NAME_FIRST)
_ORDERS = {"day-first": (_DAY_FIRST,), "month-first": (_MONTH_FIRST,)}


def read_dates(texts: pd.Series, decision: Decision) -> pd.Series:
    """Return moments without a zone; a text that is no date, or names a day that does not exist, is missing."""
    import pandas as pd

    at, different = pd.factorize(texts)
    read = _read(pd.Series(different, dtype="str"), decision).astype("datetime64[us]")
    with_none = pd.concat([read, pd.Series([pd.NaT], dtype="datetime64[us]")], ignore_index=True)
    return with_none.iloc[at].reset_index(drop=True)  # -1, for a missing text, is the last


def _read(different: pd.Series, decision: Decision) -> pd.Series:
    import pandas as pd

    if decision.dates == "excel-serial":
        return _from_serials(different)
    if decision.dates == "yyyymmdd":
        compact = different.str.replace(r"^(\d{4})(\d\d)(\d\d)(?:\.0)?$", r"\1-\2-\3", regex=True)
        return pd.to_datetime(compact, format="%Y-%m-%d", errors="coerce")
    plain = different.str.match(_PLAIN)
    rest = different[~plain].map(lambda text: normalise(text, decision)).astype("str")
    whole = pd.concat([different[plain], rest]).sort_index()
    moments: pd.Series = pd.to_datetime(whole, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    return moments


def normalise(text: str, decision: Decision) -> str | None:
    """Return a date as ISO, or None when it is not written as the decision says."""
    for pattern in (*_ALWAYS, *_ORDERS.get(decision.dates or "", ())):
        found = pattern.fullmatch(text)
        if found:
            return _iso(found, decision)
    return None


def _iso(found: re.Match[str], decision: Decision) -> str | None:
    parts = found.groupdict()
    month = parts["m"] if parts["m"].isdigit() else str(_MONTHS.get(parts["m"][:3].lower(), ""))
    year = _whole_year(parts["y"], decision.newest_year)
    if not month or year is None:
        return None
    zone = (parts.get("zone") or "").strip() if decision.zone == "utc" else ""
    if parts.get("zone") and decision.zone is None:
        return None
    return f"{year}-{int(month):02d}-{int(parts['d']):02d}{_clock(parts['clock'])}{zone}"


def _whole_year(year: str, newest: int | None) -> str | None:
    if len(year) == 4:
        return year
    if newest is None:
        return None
    whole = newest - newest % 100 + int(year)
    return str(whole if whole <= newest else whole - 100)


def _clock(text: str) -> str:
    text = text.strip(" T")
    if not text:
        return ""
    half = text[-2:].lower() if text[-1] in "mM" else ""
    hour, rest = text.removesuffix(text[-2:] if half else "").strip().split(":", 1)
    number = int(hour) % 12 + 12 * (half == "pm") if half else int(hour)
    return f"T{number:02d}:{rest}"


def _from_serials(texts: pd.Series) -> pd.Series:
    """Return days since 1900 as Excel counts them; a part of a day is its time, to the second."""
    import pandas as pd

    days = pd.to_numeric(texts, errors="coerce")
    days = days.where((days >= 61) & (days < 2_958_466))  # before 61 Excel counts a day that never was
    return (pd.Timestamp(EXCEL_EPOCH) + pd.to_timedelta(days, unit="D")).dt.round("s")
