"""What a record holds at a moment: so that a note claims only what the tables show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.rows import DAY, NEVER, Rows, numbers, texts
from rounds.synthetic.ehr.vitals import TEMPERATURE
from rounds.synthetic.ehr.words import Array

SPAN, STAY = 2**32, 400 * DAY  # more minutes than any calendar has, than any stay has


@dataclass(frozen=True)
class Past:
    """Moments of owners with a value each, ordered by owner and time."""

    keys: Array
    values: Array

    def within(self, owner: Array, when: Array, minutes: int) -> Array:
        """Tell whether an owner has a moment in these minutes up to ``when``."""
        until = self._before(owner, when)
        return np.asarray(until > np.searchsorted(self.keys, _key(owner, when - minutes), side="left"))

    def last(self, owner: Array, when: Array, minutes: int, back: int = 1) -> Array:
        """Return the value of the last moment (the one before it: ``back=2``) in these minutes, else no number."""
        at = self._before(owner, when) - back
        key = self.keys[at] if len(self.keys) else np.full(len(at), -1)
        known = (at >= 0) & (key >= _key(owner, when - minutes))
        return np.where(known, self.values[at] if len(self.values) else np.nan, np.nan)

    def change(self, owner: Array, when: Array) -> Array:
        """Return the last value minus the one before it; no number where there are not two."""
        return self.last(owner, when, STAY) - self.last(owner, when, STAY, back=2)

    def over(self, least: float) -> Past:
        """Return the moments with a value of ``least`` or more."""
        return Past(self.keys[self.values >= least], self.values[self.values >= least])

    def count(self, owner: Array, when: Array) -> Array:
        """Return how many moments each owner has up to ``when``."""
        return np.asarray(self._before(owner, when) - np.searchsorted(self.keys, _key(owner, 0), side="left"))

    def _before(self, owner: Array, when: Array) -> Array:
        return np.searchsorted(self.keys, _key(owner, when), side="right")


def _key(owner: Array, when: Array | int) -> Array:
    return np.asarray(owner.astype(np.int64) * SPAN + when)


def past(owner: Array, when: Array, values: Array | None = None) -> Past:
    """Return moments to look back at; those that never come are left out."""
    at = np.flatnonzero(when != NEVER)
    keys = _key(owner[at], when[at])
    order = np.argsort(keys, kind="stable")
    return Past(keys[order], (np.ones(len(at)) if values is None else values[at])[order])


def past_signs(signs: Rows, owner: Array, *loincs: str) -> Past:
    """Return the charted values of some signs, all temperatures in Celsius; ``owner`` is that of each row."""
    at, value = _named(signs, "loinc", loincs), numbers(signs, "value_num")
    if loincs == (TEMPERATURE,):
        value = np.where(value > 50, (value - 32) / 1.8, value)
    return past(owner[at], numbers(signs, "charted_ts")[at], value[at])


def past_results(labs: Rows, owner: Array, loinc: str) -> Past:
    """Return the numbers of one test by the minute when they are known, without codes for a missing one."""
    at = _named(labs, "loinc", (loinc,))
    at = at[np.isfinite(numbers(labs, "value_num")[at]) & ~numbers(labs, "!sentinel")[at]]
    return past(owner[at], numbers(labs, "resulted_ts")[at], numbers(labs, "value_num")[at])


def past_rows(rows: Rows, owner: Array, column: str, word: str, time: str) -> Past:
    """Return the moments of the rows that hold a word."""
    at = _named(rows, column, (word,))
    return past(owner[at], numbers(rows, time)[at])


def has(rows: Rows, owner: Array, column: str, word: str, owners: int) -> Array:
    """Tell which owners have a row that holds a word."""
    found = np.zeros(owners, bool)
    found[owner[_named(rows, column, (word,))]] = True
    return found


def takes_drug(orders: Rows, owner: Array, atc: str, at: tuple[Array, Array]) -> Array:
    """Tell which owners have an order of a drug that runs at these minutes: more have begun than ended."""
    begun, ended = (past_rows(orders, owner, "atc", atc, time) for time in ("started_ts", "stopped_ts"))
    return np.asarray(begun.count(*at) > ended.count(*at))


def in_procedure(done: Rows, owner: Array, code: str, at: tuple[Array, Array]) -> Array:
    """Tell for which owners a procedure or a place of care lasts at these minutes."""
    begun, ended = (past_rows(done, owner, "code", code, time) for time in ("start_ts", "stop_ts"))
    return np.asarray(begun.count(*at) > ended.count(*at))


def _named(rows: Rows, column: str, names: tuple[str, ...]) -> Array:
    words = texts(rows, column)
    return np.flatnonzero(np.array([*(level in names for level in words.levels), False])[words.codes])
