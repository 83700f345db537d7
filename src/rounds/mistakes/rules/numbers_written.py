"""Numbers as people write them, and Python does not: commas, percent signs, units, dates, words before them."""

from __future__ import annotations

import re

from rounds.mistakes.reading import is_keyword

ABOUT = re.compile(r"\b(about|around|approximately|approx|circa|ca|roughly|nearly|almost|over|under|only)\s+(\d[\d.]*)")
DATE = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b")
TIME = re.compile(r"[=(]\s*(\d{1,2}:\d{2})(?![\w\]:])")
COMMA = re.compile(r"(?<![\w.,])(\d+),(0\d*)\b(?!,)")
POINTS = re.compile(r"\b\d{1,3}(?:\.\d{3}){2,}\b")
ZEROS = re.compile(r"(?<![\w.])0+([1-9]\d*)\b(?!\.)")
PERCENT = re.compile(r"(\d[\d.]*)\s*%(?=\s*(?:$|[),\]};:]|of\b|\n))", re.M)
UNIT = re.compile(r"(?<![\w.])(\d[\d_]*(?:\.\d+)?)\s*([A-Za-zµ]+(?:/\w+)?)(?!\w*\s*=)")
MONEY = re.compile(r"[$€£₪]\s*(\d[\d.]*)|(?<![\w.])(\d[\d.]*)\s*[$€£₪]")
ZEROS_ONLY = {"decimal-comma", "zeros", "date"}
FIRST_IS_NO_UNIT = {"e", "j", "x", "b", "o"}


def explain_number(code: str, has_zeros: bool = True) -> tuple[str, str] | None:
    """Return the rule's name and what is wrong with a number in code whose texts are blanked; None with none.

    `has_zeros` says whether Python saw a number that begins with 0: only then a comma before one is a decimal comma.
    """
    for name, pattern, say in _RULES:
        if name in ZEROS_ONLY and not has_zeros:
            continue
        for match in pattern.finditer(code):
            words = say(match)
            if words:
                return name, words
    return None


def say_comma(match: re.Match[str]) -> str:
    """Say that a decimal comma is a point."""
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", match[0]):
        return f"{match[0]} has a comma inside. Write {match[1]}{match[2]}, or with decimals {match[1]}.{match[2]}."
    return f"{match[0]} has a comma inside. Python writes a decimal point: {match[1]}.{match[2]}."


def _say_percent(match: re.Match[str]) -> str:
    share = f"{float(match[1].rstrip('.')) / 100:.10f}".rstrip("0").rstrip(".")
    return f"The sign % is no part of a number. Write {match[1]} alone, or the share {share}."


def _say_unit(match: re.Match[str]) -> str:
    number, unit = match[1], match[2]
    if is_keyword(unit) or unit == "print":
        return ""
    if unit[0].lower() in FIRST_IS_NO_UNIT and len(unit) == 1:
        return f"{match[0]} is read as one word. To multiply, write {number} * {unit}."
    return f'A number stands alone in Python. Write {number} without {unit}, or put both in quotes: "{number} {unit}".'


_RULES = (
    ("date", DATE, lambda match: f'A date needs quotes around it: "{match[0]}".'),
    ("decimal-comma", COMMA, say_comma),
    ("points", POINTS, lambda m: f"Python reads one point in a number. Write {m[0].replace('.', '')} without points."),
    ("percent", PERCENT, _say_percent),
    ("money", MONEY, lambda m: f"A number stands alone in Python. Write {m[1] or m[2]} without the sign for money."),
    ("about", ABOUT, lambda match: f'Python wants the number alone. Write {match[2]} without the word "{match[1]}".'),
    ("zeros", ZEROS, lambda match: f"A whole number does not begin with 0. Write {match[1]}, not {match[0]}."),
    ("time", TIME, lambda match: f'A time of day needs quotes around it: "{match[1]}".'),
    ("unit", UNIT, _say_unit),
)
