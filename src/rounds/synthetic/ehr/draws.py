"""Small draws that every cohort uses: probabilities, pseudonyms, minutes."""

from __future__ import annotations

import zlib

import numpy as np

from rounds.synthetic.ehr.rows import NEVER
from rounds.synthetic.ehr.words import Array

# A prime under 10**8 and a factor that it does not divide: multiplying by it permutes the numbers below the prime.
PRIME, FACTOR = 99_999_989, 61_803_399


def logistic(value: Array) -> Array:
    """Return the probability of a log-odds."""
    return np.asarray(1 / (1 + np.exp(-value)))


def happens(rng: np.random.Generator, probability: Array | float, shape: int | tuple[int, ...]) -> Array:
    """Draw truth values with these probabilities."""
    return np.asarray(rng.random(shape) < probability)


def pseudonyms(letter: str, first: int, n: int, seed: int, cohort: str = "") -> tuple[str, ...]:
    """Return n names that say nothing about the order: a permutation of 8-digit numbers.

    No two persons, stays ... of one cohort share a name, nor do those of two of our four cohorts.
    """
    start = first + 1 + seed % 9973 + ord(letter) * 1_000_003 + zlib.crc32(cohort.encode()) % PRIME
    numbers = np.arange(start, start + n, dtype=np.int64) * FACTOR % PRIME
    return tuple(f"{letter}{number:08d}" for number in numbers.tolist())


def delays(rng: np.random.Generator, n: int, least: float, mean: float, most: float = 1e9) -> Array:
    """Draw n waiting times in minutes: at least ``least``, exponential above it."""
    return np.minimum(least + rng.exponential(mean - least, n), most).astype(np.int64)


def unless(where: Array, when: Array) -> Array:
    """Return the times, and never where the mask says so."""
    return np.where(where, NEVER, when)


def runs(counts: Array) -> tuple[Array, Array]:
    """Return for each of sum(counts) rows its owner and its place (from 0) among the owner's rows."""
    owner = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - start[owner]


def visits(rng: np.random.Generator, start: Array, stop: Array, every: int, jitter: int) -> tuple[Array, Array]:
    """Return owner and minute of repeated rounds between start and stop, ``every`` minutes with some delay."""
    counts = np.maximum(-((start - stop) // every), 0)
    owner, place = runs(counts)
    when = start[owner] + place * every + rng.integers(1, jitter, len(owner))
    inside = when < stop[owner]
    return owner[inside], when[inside]


def mornings(rng: np.random.Generator, start: Array, stop: Array, hour: int = 6) -> tuple[Array, Array, Array]:
    """Return owner, minute and day (from 0) of one blood sample soon after the start and one each later morning."""
    day = 1440
    midnight = start // day * day
    counts = np.maximum((stop - midnight - hour * 60) // day + 1, 1)
    owner, place = runs(counts)
    early = start[owner] + rng.integers(15, 120, len(owner))
    later = midnight[owner] + place * day + hour * 60 + rng.integers(0, 90, len(owner))
    when = np.where(place == 0, early, later)
    inside = (when < stop[owner]) & ((place == 0) | (later > early + 120))
    return owner[inside], when[inside], place[inside]
