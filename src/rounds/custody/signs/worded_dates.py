"""Read a date whose month is a word, in any of the known languages and any order of its parts; nothing is guessed.

Every word must be known: a month, a day of the week, or a small word such as "of".  "before 1 May 2024" is no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rounds.custody.signs.calendar_words import fold, is_small_word, is_weekday, join_months, month_of
from rounds.custody.signs.plain_text import plain_with_spaces

LONGEST = 48
CLOCK = (
    r"(?:(?<=\d)T|[\s:,،]+|^)(?P<clock>\d{1,2}:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?)"
    r"\s*(?P<half>[ap]\.?\s?m\.?|ص|م)?$"
)
_CLOCK = re.compile(CLOCK, re.IGNORECASE)
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:_[^\W\d_]+)*")
_BETWEEN = re.compile(r"[\s.,\-/،'’׳`״\"]*")
_YEARS = range(1000, 3000)


@dataclass(frozen=True)
class WordedDate:
    """The parts of such a date: ``day`` is 0 where none is given, ``year`` below 100 has two digits."""

    year: int
    month: int
    day: int
    clock: str = ""
    half: str = ""
    month_first: bool = False

    @property
    def is_short(self) -> bool:
        """Tell whether the year has two digits."""
        return self.year < 100


def read_worded(text: str) -> WordedDate | None:
    """Return the parts of a date with a month's word; None for every other text."""
    text = plain_with_spaces(text)
    if len(text) > LONGEST or not any(letter.isdigit() for letter in text):
        return None
    found = _CLOCK.search(text)
    body = join_months(fold(text[: found.start()] if found else text))
    parts = _parts(body)
    if parts is None:
        return None
    month, numbers, before = parts
    placed = _place(numbers, before)
    if placed is None:
        return None
    clock, half = (found["clock"].replace(",", "."), found["half"] or "") if found else ("", "")
    return WordedDate(*placed[:1], month, placed[1], clock, half, before == 0)


def _parts(body: str) -> tuple[int, list[str], int] | None:
    """Return the month, the numbers, and how many of these stand before it; None when a word is not known."""
    month, numbers, before, at = 0, list[str](), 0, 0
    for token in _TOKEN.finditer(body):
        if not _BETWEEN.fullmatch(body, at, token.start()):
            return None
        at, word = token.end(), token[0]
        if word[0].isdigit():
            numbers.append(word)
        elif number := month_of(word):
            if month:
                return None
            month, before = number, len(numbers)
        elif not (is_weekday(word) or is_small_word(word)):
            return None
    return (month, numbers, before) if month and _BETWEEN.fullmatch(body, at) else None


def _place(numbers: list[str], before: int) -> tuple[int, int] | None:
    """Return year and day: the year is the number of four digits, or else the last one, behind the month."""
    years = [n for n in numbers if len(n) == 4 and int(n) in _YEARS]
    if len(numbers) == 1:
        return (int(years[0]), 0) if years else None
    if len(numbers) != 2 or len(years) > 1 or any(len(n) > 2 for n in numbers if n not in years):
        return None
    if not years and before == 2:
        return None
    if not years and len(numbers[1]) != 2:
        return None
    year = years[0] if years else numbers[1]
    day = numbers[1] if year is numbers[0] else numbers[0]
    return (int(year), int(day)) if 1 <= int(day) <= 31 else None
