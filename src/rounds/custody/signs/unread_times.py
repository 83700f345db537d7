"""Texts that look like dates or times although nothing read them: the net behind the recognisers.

It knows shapes, not languages: numbers that can be day, month and year, a year beside a word, a clock.  A column of
such texts stops `check` until a person says why it may stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from rounds.custody.signs.calendar_words import fold, is_small_word, is_weekday, join_months, month_of
from rounds.custody.signs.number_dates import find_number_dates
from rounds.custody.signs.plain_text import plain_with_spaces
from rounds.custody.signs.worded_dates import read_worded

LONGEST, MOST = 64, 5000
FEWEST_WORDS = 4  # those of quarters, which no language has fewer of
SHARE, FEWEST = 0.3, 3  # of the different texts with a digit: fewer are chance, such as a title with a year in it
DATE, MONTH, DAY, CLOCK, WORDS = "dates", "months", "days without a year", "times of the clock", "years beside words"
DIGITS, MAYBE_DAY = "dates in digits alone", "days beside words"
_MARKS = fold("年月日년월일")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)*")
_CLOCK = re.compile(r"(?<![\d.,:*])([01]?\d|2[0-4])\s?(?::|[hH]|時|点|点|시)\s?[0-5]\d(?:\D|$)")
_POINTED = re.compile(r"(?<!\d)([01]?\d|2[0-4])\.[0-5]\d\.[0-5]\d(?:\D|$)")  # 7.05.00, as in Finland
_HALF = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s?[ap]\.?\s?m\b", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9]\d*)[.,]\d+")
_CODE = re.compile(r"[A-Za-z]\d")
_TOGETHER = re.compile(r"[\s\-/.,:年月日년월일'’־–]{0,4}")
_PERIOD = re.compile(
    r"(?:1[89]|2[01])\d\d[\s\-/]?[QqWwTtS][1-5]?\d|[QqTS][1-4][\s\-/.]*(?:1[89]|2[01])\d\d"  # 2024-W05, Q1 2024
    r"|[1-4]\s?\.?\s?\w+\s(?:1[89]|2[01])\d\d"  # 1. Quartal 2024
)


def find_unread_times(texts: Iterable[str], named: bool = False) -> dict[str, int]:
    """Return how many different texts have each form of a date or time; nothing where they are too few to tell.

    ``named`` says that the column's name speaks of dates: then any of them is enough.
    """
    different = list(dict.fromkeys(map(plain_with_spaces, texts)))
    digits = [text for text in different if any(map(str.isdigit, text))][:MOST]
    forms = Counter(form for text in digits if (form := form_of(text)))
    if _are_digits(digits, named):
        forms[DIGITS] = len(digits)
    if not _vary(digits, forms):
        forms.pop(CLOCK, None)
    if forms[DAY] and not _are_days(digits):
        forms.pop(DAY)
    for form in (MAYBE_DAY, WORDS):
        if forms[form] and not _are_beside_months([text for text in digits if form_of(text) == form]):
            forms.pop(form)
    total = sum(forms.values())
    enough = 1 if named else max(min(FEWEST, len(different)), SHARE * len(digits))
    return dict(forms) if total and total >= enough else {}


def form_of(text: str) -> str:
    """Return the form of a date or time that a plain text seems to have, empty for none."""
    if len(text) > LONGEST or _DECIMAL.fullmatch(text):
        return ""
    if read_worded(text):
        return DATE
    if _CLOCK.search(text) or _POINTED.search(text) or _HALF.search(text):
        return CLOCK
    numbers = _NUMBER.findall(text)
    if _is_date(text, numbers):
        return DATE
    words = [word for word in _WORD.findall(join_months(fold(text))) if word not in _MARKS]
    years = [n for n in numbers if _is_year(n)]
    if any(map(month_of, words)) and len(numbers) <= 2 and all(_is_year(n) or _is_small(n, 31) for n in numbers):
        return MONTH if years else DAY
    if _PERIOD.search(text):
        return MONTH
    return _form_of_rest(text, numbers, words, years)


def _form_of_rest(text: str, numbers: list[str], words: list[str], years: list[str]) -> str:
    """Return the form of a text without a known month: two numbers, or a year beside unknown words."""
    if len(numbers) == 2 and (len(years) == 1) and not words and any(_is_small(n, 12) for n in numbers):
        return MONTH
    if len(numbers) == 2 and all(_is_small(n, 31) for n in numbers) and any(_is_small(n, 12) for n in numbers):
        known = all(is_weekday(w) or is_small_word(w) for w in words)
        return DAY if known or (len(words) == 1 and not _CODE.search(text)) else ""
    if len(years) == 1 and words and len(numbers) == 2 and any(n in ("1", "2", "3", "4") for n in numbers):
        return MONTH  # a quarter in some language
    if len(years) == 1 and 1 <= len(words) <= 5 and len(numbers) <= 2 and _are_beside(numbers):
        return WORDS
    if len(numbers) == 1 and _is_small(numbers[0], 31) and any(map(is_weekday, words)) and len(words) <= 3:
        return DAY
    return MAYBE_DAY if len(numbers) == 1 and _is_small(numbers[0], 31) and 1 <= len(words) <= 3 else ""


def _is_date(text: str, numbers: list[str]) -> bool:
    """Tell whether the first three numbers stand together and can be day, month and year in some order."""
    if len(numbers) < 3:
        return False
    places = list(_NUMBER.finditer(text))[:3]
    if not all(_TOGETHER.fullmatch(text, a.end(), b.start()) for a, b in pairwise(places)):
        return False
    if len(numbers) > 3 and text[places[2].end()] == ".":
        return False  # 1.2.840.10008 is an object identifier, 2.2.1.2 a version
    three = [place[0] for place in places]
    years = [n for n in three if _is_year(n)] or [n for n in (three[0], three[2]) if len(n) == 2]
    rest = list(three)
    if not years:
        return False
    rest.remove(years[0])
    return all(_is_small(n, 31) for n in rest) and any(_is_small(n, 12) for n in rest)


def _is_year(number: str) -> bool:
    return len(number) == 4 and 1850 <= int(number) < 2300


def _is_small(number: str, most: int) -> bool:
    return len(number) <= 2 and 1 <= int(number) <= most


def _are_beside(numbers: list[str]) -> bool:
    """Tell whether a second number, where there is one, can be a day."""
    return all(_is_year(n) or _is_small(n, 31) for n in numbers)


def _are_digits(texts: list[str], named: bool) -> bool:
    """Tell whether all texts are whole numbers that are dates; written with zeros before them, day first too."""
    if not texts or not all(text.isascii() and text.isdigit() and 6 <= len(text) <= 17 for text in texts):
        return False
    fewest = 1 if named else 5
    if find_number_dates(np.array([float(text[:14]) for text in texts]), fewest):
        return True
    eight = [text for text in texts if len(text) == 8]
    turned = np.array([float(text[4:] + text[2:4] + text[:2]) for text in eight])
    return len(eight) == len(texts) and bool(find_number_dates(turned, fewest))


def _are_days(texts: list[str]) -> bool:
    """Tell whether pairs of numbers are day and month: one of them goes beyond 12 in some, the other one never does."""
    pairs = [(int(found[0]), int(found[1])) for text in texts if len(found := _NUMBER.findall(text)) == 2]
    if not pairs:
        return True  # a day beside a month in words
    if all(first < second for first, second in pairs):
        return False  # ranges, such as bands of ages
    over = [sum(pair[at] > 12 for pair in pairs) for at in (0, 1)]
    return max(over) > 0 and min(over) <= 0.1 * max(over)


def _are_beside_months(texts: list[str]) -> bool:
    """Tell whether numbers stand beside at least four words, as beside the months of a language that is not known.

    Where they are days, the words are those of a year at the most, and the days go beyond 12.
    """
    words = {" ".join(_WORD.findall(fold(text))) for text in texts}
    days = {int(found) for text in texts for found in _NUMBER.findall(text) if len(found) <= 2}
    with_year = any(_is_year(found) for text in texts for found in _NUMBER.findall(text))
    return len(words) >= FEWEST_WORDS and (with_year or (len(words) <= 13 and len(days) >= 8 and max(days) > 12))


def _vary(texts: list[str], forms: Counter[str]) -> bool:
    """Tell whether the hours of clock times differ, as those of titers such as 1:40 do not."""
    found = [_CLOCK.search(text) or _POINTED.search(text) or _HALF.search(text) for text in texts]
    hours = {each[1] for each in found if each}
    return len(hours) >= min(3, forms[CLOCK])
