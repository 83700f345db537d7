"""Arithmetic of times that every Ibis backend can do: whole seconds since 1970 (DataFusion has no time differences)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAY_S = 86_400


def day_number(when: ir.Value) -> ir.Value:
    """Return the calendar day as days since 1970-01-01."""
    return when.epoch_seconds().cast("int64") // DAY_S


def start_of_day(number: ir.Value) -> ir.Value:
    """Return the midnight that begins a day, by its number since 1970-01-01.

    Added up from a plain date: functions that turn seconds into a time use the time zone of the connection.
    """
    first = ibis.timestamp("1970-01-01").cast("timestamp(6)")
    day = first + number.fill_null(0).as_interval("D")
    return ibis.ifelse(number.isnull(), ibis.null("timestamp(6)"), day.cast("timestamp(6)"))


def minutes_between(start: ir.Value, end: ir.Value) -> ir.Value:
    """Return the whole minutes from one time to another."""
    return (end.epoch_seconds().cast("int64") - start.epoch_seconds().cast("int64")) // 60


def days_between(start: ir.Value, end: ir.Value) -> ir.Value:
    """Return the time from one moment to another in days, with decimals."""
    return minutes_between(start, end) / 1440.0


def later(when: ir.Value, minutes: int) -> ir.Value:
    """Return a time so many minutes later; earlier when the number is negative."""
    if minutes < 0:
        return when - ibis.interval(minutes=-minutes)
    return when + ibis.interval(minutes=minutes)


def number(text: ir.Value) -> ir.Value:
    """Return a text as a number; missing where it is none (not every backend can try a cast)."""
    shaped = text.re_search("^-?[0-9]+[.]?[0-9]*$")
    return ibis.ifelse(shaped, text, ibis.null("string")).cast("float64")
