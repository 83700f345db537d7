"""Whether the values of a column look like names of people, without a long list.

Two witnesses: exact hits in a small shipped list, and the letters themselves (a naive Bayes over letter triples of that
list against words of clinical columns).  Letters know names that no list holds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_SHAPE = re.compile(r"[^\W\d_]+\.?(?:[ '’\-.,·]{1,2}[^\W\d_.,]+\.?){0,4}")
_DIGITS = re.compile(r"(?<=[^\W\d_]{3})\d+\b")  # made-up records number their names: Ivan350
FEWEST = 12
FEWEST_OPEN, OPEN, LONGEST, PARTICLE = 10, 0.25, 45, 3


@dataclass(frozen=True)
class NameLook:
    """How much the different values of a column look like names: parts of the values."""

    values: int
    shaped: float
    listed: float
    lettered: float

    @property
    def is_likely(self) -> bool:
        """Tell whether the column most likely holds names of people."""
        if self.shaped < 0.9 or self.values < 3:
            return False
        if self.listed >= 0.5:
            return True
        return self.values >= FEWEST and self.lettered + self.listed >= 0.6


def are_like_names(values: Iterable[str], known: int) -> bool:
    """Tell whether texts are written as names are and differ as names do: what no list and no language tells.

    ``known`` is the number of cells: names are many, and words for wards, drugs and results come again and again.
    """
    different = list(dict.fromkeys(_DIGITS.sub("", value.strip()) for value in values))
    if len(different) < FEWEST_OPEN or len(different) < OPEN * known:
        return False
    named = sum(_is_written_as_name(value) for value in different)
    clinical = sum(any(token in _list("words.txt") for token in _WORD.findall(value.lower())) for value in different)
    return named >= 0.9 * len(different) and clinical <= 0.2 * len(different)


def _is_written_as_name(value: str) -> bool:
    """Tell whether every word begins with a capital, where its letters have any; "van" and "de" may not."""
    if len(value) > LONGEST or not _SHAPE.fullmatch(value):
        return False
    words = [word for word in re.split(r"[ ,·]+", value) if word]
    if len(words) > 2 and words[0].islower():
        words = words[1:]  # a title, such as "pani"
    return all(not word[0].islower() or len(word) <= PARTICLE for word in words) and any(
        not word[0].islower() for word in words
    )


def look_for_names(values: Iterable[str]) -> NameLook:
    """Return how much the different values look like names of people."""
    different = list(dict.fromkeys(_DIGITS.sub("", value.strip()).lower() for value in values))
    if not different:
        return NameLook(0, 0.0, 0.0, 0.0)
    shaped = [value for value in different if _SHAPE.fullmatch(value) and len(value) <= 40]
    listed = sum(_is_listed(value) for value in shaped)
    lettered = sum(score(value) > 0 for value in shaped)
    return NameLook(len(different), len(shaped) / len(different), listed / len(different), lettered / len(different))


def score(value: str) -> float:
    """Return the log-odds that the letters of a value are those of a name and not of a clinical word."""
    names, words = _triples("names.txt"), _triples("words.txt")
    totals = sum(names.values()), sum(words.values())
    many = len(names.keys() | words.keys())
    tokens = _WORD.findall(value.lower())
    if any(token in _list("words.txt") for token in tokens):
        return -1.0
    odds = [
        math.log((names[t] + 0.5) / (totals[0] + 0.5 * many)) - math.log((words[t] + 0.5) / (totals[1] + 0.5 * many))
        for token in tokens
        for t in _split(token)
    ]
    return sum(odds) / max(len(odds), 1)


def is_listed_name(word: str) -> bool:
    """Tell whether a single word stands in the shipped list of names and is no clinical word."""
    return word.lower() in _list("names.txt") and word.lower() not in _list("words.txt")


def _is_listed(value: str) -> bool:
    tokens = _WORD.findall(value)
    long = [token for token in tokens if len(token) > 1]  # single letters are initials, or codes
    return bool(long) and all(is_listed_name(token) for token in long)


def _split(word: str) -> list[str]:
    padded = f"^{word}$"
    return [padded[i : i + n] for n in (2, 3) for i in range(len(padded) - n + 1)]


@cache
def _list(file: str) -> frozenset[str]:
    text = files("rounds.custody.signs").joinpath("lists", file).read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.lower().split())


@cache
def _triples(file: str) -> Counter[str]:
    return Counter(triple for word in _list(file) for triple in _split(word))
