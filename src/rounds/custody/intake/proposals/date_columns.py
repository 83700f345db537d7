"""Propose how the dates of a column are written.  Where day and month cannot be told apart, a person is asked."""

from __future__ import annotations

from dataclasses import replace

from rounds.counted import counted
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.proposals.profile import LATE, MIDNIGHT, Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.shapes import MONTHS, NUMBERS
from rounds.custody.signs.column_names import is_record_key, says_date
from rounds.custody.signs.number_dates import DAYS, FEWEST, MOMENTS, SHORT, TITLES, UNIX_MS, UNIX_S, find_number_dates

SERIALS = (15_000, 60_000)
KINDS = {DAYS: "yyyymmdd", MOMENTS: "yyyymmdd", SHORT: "yyyymmdd", UNIX_S: "unix-s", UNIX_MS: "unix-ms"}


def propose_dates(name: str, profile: Profile, newest_year: int) -> Proposal:
    """Return the proposal for a column whose cells are mostly dates."""
    dates, forms = profile.dates, profile.forms.say()
    rest = profile.known - dates
    order, evidence, question = _order(profile)
    decision = Decision(name, type="datetime", dates=order)
    if short := profile.count("short", "named_short"):
        decision = replace(decision, newest_year=newest_year)
        years = counted(short, "year has", "years have")
        evidence += (f"{years} two digits: none is read as later than newest_year",)
        question = question or "years of two digits"
    if profile.count("zoned"):
        decision = replace(decision, zone="utc")
        have = counted(profile.count("zoned"), "has", "have")
        evidence += (f"{have} a zone ({', '.join(sorted(profile.zones))}): written as UTC",)
        question = question or "times with a zone"
    if profile.words:
        decision = replace(decision, missing=tuple(sorted(profile.words)))
        question = question or ("" if profile.only_nulls else 'words for "missing" among dates')
    if rest or _has_both(profile):
        decision = replace(decision, beside=f"{name}_text")
    if rest:
        no_dates = counted(rest, "cell is no date", "cells are no dates")
        evidence += (f"{no_dates}: kept as text beside them",)
        question = question or no_dates
    evidence += _say_notable(profile)
    evidence = (
        f"{dates:,} of {counted(profile.known, 'known cell')} {'is a date' if dates == 1 else 'are dates'}",
        *([forms] if forms else []),
        *evidence,
    )
    return Proposal(decision, evidence, certain=not question, question=question, look=forms)


def propose_months(name: str, profile: Profile) -> Proposal:
    """Return the proposal for a column of months without a day; that the first day is written for each is asked."""
    months = profile.count(*MONTHS)
    rest = profile.known - months
    decision = Decision(name, type="datetime", dates="month", missing=tuple(sorted(profile.words)) or None)
    decision = replace(decision, beside=f"{name}_text" if rest else None)
    said = f"{counted(months, 'month')} without a day: written as the first day of the month"
    return Proposal(decision, (said,), certain=False, question=said)


def propose_numeric_dates(name: str, profile: Profile, newest_year: int) -> Proposal | None:
    """Return the proposal for numbers that are dates: as Excel counts days, or what their values alone say."""
    if profile.count(*NUMBERS) != profile.known or not profile.numbers.total or is_record_key(name):
        return None
    numbers = profile.numbers.values()
    if says_date(name) and SERIALS[0] <= numbers.min() and numbers.max() <= SERIALS[1]:
        kind, what = "excel-serial", "numbers as Excel counts days since 1900"
    elif found := find_number_dates(numbers.to_numpy(), 1 if says_date(name) else FEWEST):
        kind, what = KINDS.get(found, ""), TITLES[found]
    else:
        return None
    missing = tuple(sorted(profile.words)) or None
    if not kind:
        said = f"{what}: kept as text"
        return Proposal(Decision(name, type="string"), (said,), certain=False, question=said)
    decision = Decision(name, type="datetime", dates=kind, missing=missing)
    decision = replace(decision, newest_year=newest_year if what == TITLES[SHORT] else None)
    return Proposal(decision, (f"{profile.known:,} {what}",), certain=False, question=f"{what}: dates?")


def _order(profile: Profile) -> tuple[str, tuple[str, ...], str]:
    """Return the order of day and month, the evidence, and the question when there is one."""
    parts, (day_first, month_first) = profile.count("parts", "short"), profile.over_12
    if not parts:
        first = profile.count("iso", "zoned", "compact_time")
        return "iso", (f"{counted(first, 'begins', 'begin')} with the year",) if first else (), ""
    line = min(profile.first[s] for s in ("parts", "short") if s in profile.first)
    if day_first and not month_first:
        what = f"in {day_first:,} of {parts:,} the first number is over 12, in none the second: the day comes first"
        return "day-first", (what,), "dates with the day first"
    if month_first and not day_first:
        what = f"in {month_first:,} of {parts:,} the second number is over 12, in none the first: the month comes first"
        return "month-first", (what,), "dates with the month first"
    if day_first:
        dates = counted(day_first, "date")
        what = f"{dates} can only have the day first, {month_first:,} only the month (see line {line})"
        what += ": the way you write is taken for the dates that can be both"
    else:
        what = f"in none of {parts:,} is a number over 12: day and month cannot be told apart (see line {line})"
    return ASK, (what,), what


def _say_notable(profile: Profile) -> tuple[str, ...]:
    """Return what a person should hear of: years that are yet to come, and midnights that end a day."""
    said = []
    if late := profile.notable[LATE]:
        said.append(f"{counted(late, 'lies', 'lie')} after 2099, as in research data whose dates were moved")
    if midnight := profile.notable[MIDNIGHT]:
        said.append(f"{counted(midnight, 'says', 'say')} 24:00: read as the midnight that follows")
    return tuple(said)


def _has_both(profile: Profile) -> bool:
    """Tell whether some dates can only have the day first, and others only the month."""
    return all(profile.over_12)
