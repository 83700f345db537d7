"""Read dates as a decision says they are written; what the calendar does not hold stays unread."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rounds.custody.intake.proposals.decisions import Decision
from rounds.custody.signs.plain_text import plain_with_spaces
from rounds.custody.signs.worded_dates import WordedDate, read_worded

if TYPE_CHECKING:
    import pandas as pd

EXCEL_EPOCH = "1899-12-30"
_CLOCK = r"(?P<clock>(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?)"
_ZONE = r"(?P<zone>(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)"
_ISO = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_CLOCK}{_ZONE}")
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})[-/.](?P<m>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_CLOCK}")
_MONTH_FIRST = re.compile(rf"(?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_CLOCK}")
_COMPACT = re.compile(
    r"(?P<y>(?:19|2\d)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    rf"(?:[ T]?(?P<clock>\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?))?{_ZONE}"
)
_MONTH_ONLY = re.compile(r"(?:(?P<m>\d{1,2})[-/.](?P<y>\d{4})|(?P<y2>\d{4})[-/](?P<m2>\d\d))")
_PLAIN = r"^\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,6})?)?)?$"  # as it stands, and much faster
_ALWAYS = (_ISO, _COMPACT)
_ORDERS = {"day-first": (_DAY_FIRST,), "month-first": (_MONTH_FIRST,)}
UNIX = {"unix-s": "s", "unix-ms": "ms"}


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
    if decision.dates in UNIX:
        numbers = pd.to_numeric(different, errors="coerce")
        return pd.to_datetime(numbers, unit=UNIX[decision.dates], errors="coerce")  # type: ignore[call-overload,no-any-return]
    plain = different.str.match(_PLAIN)
    rest = different[~plain].map(lambda text: normalise(text, decision)).astype("str")
    whole = pd.concat([different[plain], rest]).sort_index()
    moments: pd.Series = pd.to_datetime(whole, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    return moments


def normalise(text: str, decision: Decision) -> str | None:
    """Return a date as ISO, or None when it is not written as the decision says."""
    if decision.dates == "month":
        return _month(text)
    text = plain_with_spaces(text)
    if decision.dates == "yyyymmdd":
        text = text.removesuffix(".0")
        if text.isdigit() and len(text) <= 6:  # 240301, or 30301 of 2003
            text = f"{_whole_year(text.zfill(6)[:2], decision.newest_year)}{text.zfill(6)[2:]}"
    for pattern in (*_ALWAYS, *_ORDERS.get(decision.dates or "", ())):
        found = pattern.fullmatch(text)
        if found:
            return _iso(found, decision)
    worded = read_worded(text)
    return _worded(worded, decision) if worded and worded.day else None


def _iso(found: re.Match[str], decision: Decision) -> str | None:
    parts = found.groupdict()
    year = _whole_year(parts["y"], decision.newest_year)
    zone = (parts.get("zone") or "").strip() if decision.zone == "utc" else ""
    if year is None or (parts.get("zone") and decision.zone is None):
        return None
    return _with_clock(year, int(parts["m"]), int(parts["d"]), parts["clock"] or "", zone)


def _worded(worded: WordedDate, decision: Decision) -> str | None:
    short = f"{worded.year:02d}" if worded.is_short else str(worded.year)
    year = _whole_year(short, decision.newest_year)
    half = {"ص": "am", "م": "pm"}.get(worded.half, re.sub(r"[.\s]", "", worded.half))
    return year and _with_clock(year, worded.month, worded.day, f"{worded.clock}{half}")


def _month(text: str) -> str | None:
    """Return the first day of a month."""
    found = _MONTH_ONLY.fullmatch(plain_with_spaces(text))
    if found:
        year, month = found["y"] or found["y2"], found["m"] or found["m2"]
        return f"{year}-{int(month):02d}-01"
    worded = read_worded(text)
    return f"{worded.year}-{worded.month:02d}-01" if worded and not worded.day else None


def _whole_year(year: str, newest: int | None) -> str | None:
    if len(year) == 4:
        return year
    if newest is None:
        return None
    whole = newest - newest % 100 + int(year)
    return str(whole if whole <= newest else whole - 100)


def _with_clock(year: str, month: int, day: int, clock: str, zone: str = "") -> str:
    """Return a moment as ISO; 24:00 is the midnight that follows."""
    time = _clock(clock)
    if time.startswith("T24:") and not time[4:].strip("0:."):
        return f"{_next_day(int(year), month, day)}T00:00{zone}"
    return f"{year}-{month:02d}-{day:02d}{time}{zone}"


def _next_day(year: int, month: int, day: int) -> str:
    try:
        return (date(year, month, day) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return "no day"


def _clock(text: str) -> str:
    text = text.strip(" T")
    if not text:
        return ""
    if text[:4].isdigit():  # 0730, 073000
        text = f"{text[:2]}:{text[2:4]}" + (f":{text[4:].lstrip(':')}" if text[4:] else "")
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
