"""Texts that are to become dates, and are not written as pandas expects; no date itself is told."""

from __future__ import annotations

import re

from rounds.mistakes.failure import Failure, Rule

PARTS = {"%Y": "year", "%y": "year", "%m": "month", "%d": "day", "%b": "month", "%B": "month"}
CLOCK = r"[T ]?%H.*"


def _say_form(failure: Failure, match: re.Match[str]) -> str:
    """Say that dates differ from a format: the learner's own, or that which pandas took from the first date."""
    asked = next((frame.f_locals for frame in failure.place.beyond if frame.f_code.co_name == "to_datetime"), {})
    if asked.get("format") is not None:
        return "Not every date is written as format= says. Look at the dates, and change the format or the dates."
    order = re.sub(r"%\w", lambda part: PARTS.get(part[0], part[0]), re.sub(CLOCK, "", match[2]))
    first = f"pandas read the first date as {order}" if "%" not in order else "pandas took the form of the first date"
    if match[2].startswith("%m") and not asked.get("dayfirst"):
        return f"{first}, and a later one does not fit. If the day comes before the month, write dayfirst=True."
    return f"{first}, and a later one is written in another way. Write all dates in one way, or read each kind alone."


RULES = (
    Rule(
        "pandas-day",
        "ValueError",
        r"^day is out of range for month|^day is out of range",
        "There is no such day in the calendar. Check day and month.",
    ),
    Rule("pandas-date-form", "ValueError", r"time data \"(.*?)\" doesn't match format \"(.*?)\"", _say_form),
)
