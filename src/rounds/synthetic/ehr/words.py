"""Text columns as numbers and a list of words: quick to draw, quick to write, one meaning for missing (-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Words:
    """One text for each row: ``levels[code]``, missing where the code is -1."""

    codes: Array
    levels: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.codes)

    def take(self, index: Array) -> Words:
        """Return the rows at these places (numbers or a mask)."""
        return Words(self.codes[index], self.levels)

    def mask(self, where: Array, word: str | None = None) -> Words:
        """Return the same with one word (missing without one) in the places that the mask names."""
        if word is None:
            return Words(np.where(where, -1, self.codes).astype(np.int32), self.levels)
        return Words(np.where(where, len(self.levels), self.codes).astype(np.int32), (*self.levels, word))

    def spell(self) -> list[str]:
        """Return the texts; a missing one is empty."""
        return [self.levels[code] if code >= 0 else "" for code in self.codes]


def choose(codes: Array, *levels: str) -> Words:
    """Return the words that the codes (numbers or truth values) name."""
    return Words(np.asarray(codes).astype(np.int32), levels)


def repeat(word: str, n: int) -> Words:
    """Return the same word n times."""
    return Words(np.zeros(n, np.int32), (word,))


def nothing(n: int) -> Words:
    """Return n missing texts."""
    return Words(np.full(n, -1, np.int32), ())


def spell_numbers(values: Array, digits: Array | int) -> Words:
    """Write each number with its count of decimals; missing where it is not a number."""
    places = np.broadcast_to(np.asarray(digits, dtype=np.int64), values.shape)
    known = np.isfinite(values)
    scaled = np.where(known, np.rint(np.where(known, values, 0.0) * 10.0**places), 0).astype(np.int64)
    keys, codes = np.unique(scaled * 8 + places, return_inverse=True)
    levels = tuple(f"{(key >> 3) / 10 ** (key & 7):.{key & 7}f}" for key in keys.tolist())
    return Words(np.where(known, codes.ravel(), -1).astype(np.int32), levels)


def stack_words(parts: Sequence[Words]) -> Words:
    """Put texts below one another."""
    first = parts[0].levels
    if all(part.levels is first for part in parts):
        return Words(np.concatenate([part.codes for part in parts]), first)
    place: dict[str, int] = {}
    codes = [_recode(part, place) for part in parts]
    return Words(np.concatenate(codes), tuple(place))


def _recode(part: Words, place: dict[str, int]) -> Array:
    new = [place.setdefault(level, len(place)) for level in part.levels]
    return np.array([*new, -1], np.int32)[part.codes]
