"""Propose how the dates of a column are written.  Where day and month cannot be told apart, a person is asked."""

from __future__ import annotations

from dataclasses import replace

from rounds.counted import counted
from rounds.custody.intake.proposals.decisions import ASK, Decision
from rounds.custody.intake.proposals.profile import Profile
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.proposals.shapes import NUMBERS
from rounds.custody.signs.column_names import is_birth_date, is_day, kind_of_name, words_of

SERIALS, COMPACT = (15_000, 60_000), (19_000_101, 21_001_231)


def propose_dates(name: str, profile: Profile, newest_year: int) -> Proposal:
    """Return the proposal for a column whose cells are mostly dates."""
    dates, forms = profile.dates, profile.forms.say()
    rest = profile.known - dates
    order, evidence, question = _order(profile)
    decision = Decision(name, type="datetime", dates=order)
    if profile.count("short"):
        decision = replace(decision, newest_year=newest_year)
        years = counted(profile.count("short"), "year has", "years have")
        evidence += (f"{years} two digits: none is read as later than newest_year",)
        question = question or "years of two digits"
    if profile.count("zoned"):
        decision = replace(decision, zone="utc")
        have = counted(profile.count("zoned"), "has", "have")
        evidence += (f"{have} a zone ({', '.join(sorted(profile.zones))}): written as UTC",)
        question = question or "times with a zone"
    if profile.words:
        decision = replace(decision, missing=tuple(sorted(profile.words)))
        question = question or 'words for "missing" among dates'
    if rest or _has_both(profile):
        decision = replace(decision, beside=f"{name}_text")
    if rest:
        no_dates = counted(rest, "cell is no date", "cells are no dates")
        evidence += (f"{no_dates}: kept as text beside them",)
        question = question or no_dates
    evidence = (
        f"{dates:,} of {counted(profile.known, 'known cell')} {'is a date' if dates == 1 else 'are dates'}",
        *([forms] if forms else []),
        *evidence,
    )
    return Proposal(decision, evidence, certain=not question, question=question, look=forms)


def propose_numeric_dates(name: str, profile: Profile) -> Proposal | None:
    """Return the proposal for numbers that are dates: days since 1900 as Excel counts, or 20210304."""
    if not says_date(name) or profile.count(*NUMBERS) != profile.known or not profile.numbers.total:
        return None
    numbers = profile.numbers.values()
    low, high = numbers.min(), numbers.max()
    if SERIALS[0] <= low and high <= SERIALS[1]:
        kind, what = "excel-serial", "numbers as Excel counts days since 1900"
    elif (
        profile.count("integer") == profile.known
        and COMPACT[0] <= low
        and high <= COMPACT[1]
        and (numbers // 100 % 100).between(1, 12).all()
    ):
        kind, what = "yyyymmdd", "whole numbers such as 20210304"
    else:
        return None
    missing = tuple(sorted(profile.words)) or None
    decision = Decision(name, type="datetime", dates=kind, missing=missing)
    return Proposal(decision, (f"{profile.known:,} {what}",), certain=False, question=f"{what}: dates?")


def _order(profile: Profile) -> tuple[str, tuple[str, ...], str]:
    """Return the order of day and month, the evidence, and the question when there is one."""
    parts, (day_first, month_first) = profile.count("parts", "short"), profile.over_12
    if not parts:
        return "iso", (f"{counted(profile.count('iso', 'zoned'), 'begins', 'begin')} with the year",), ""
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


def _has_both(profile: Profile) -> bool:
    """Tell whether some dates can only have the day first, and others only the month."""
    return all(profile.over_12)


def says_date(name: str) -> bool:
    """Tell whether a column's name says that its numbers may be dates."""
    words = words_of(name).split()
    return (
        is_day(name) or is_birth_date(name) or kind_of_name(name) == "C" or bool({"date", "datum", "dt"} & set(words))
    )
