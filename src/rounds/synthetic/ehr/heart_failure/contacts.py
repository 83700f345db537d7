"""Encounters: unplanned stays, their second parts after a transfer, planned stays, emergency and clinic visits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.heart_failure.journey import Stays
from rounds.synthetic.ehr.heart_failure.patients import END, Patients
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER, Rows, numbers, sort, stack, texts
from rounds.synthetic.ehr.words import Array, Words, choose, nothing, repeat

ENDS = ("home", "care home", "transfer", "against advice", "died")
CLINIC_SHARE = 0.65  # prototype
FLAGS = {"second": "transfer", "planned": "planned_stay"}


@dataclass(frozen=True)
class Contacts:
    """The encounter rows, the place of each stay's second part (-1: none), and which clinic visits took place."""

    rows: Rows
    names: tuple[str, ...]
    second: Array
    moved: Array
    first_end: Array
    clinic_at: Array
    clinic_place: Array

    def at(self, stay: Array, when: Array) -> Words:
        """Return the encounter of each stay that holds these minutes."""
        later = (self.second[stay] >= 0) & (when >= self.moved[stay])
        return Words(np.where(later, self.second[stay], stay).astype(np.int32), self.names)

    def stays(self) -> Array:
        """Return the stay of each encounter's name: that of its first part; other contacts are their own."""
        owner, parted = np.arange(len(self.names)), np.flatnonzero(self.second >= 0)
        owner[self.second[parted]] = parted
        return owner

    def until(self, stay: Array, when: Array, end: Array) -> Array:
        """Return when the part of each stay ends that holds these minutes; ``end`` is that of the whole stay."""
        early = (self.second[stay] >= 0) & (when < self.moved[stay])
        return np.where(early, self.first_end[stay], end)


def draw_contacts(block: Block, person: Words, p: Patients, s: Stays, until: Array) -> Contacts:
    """Return all encounters; the first ``len(s.who)`` names are the stays.

    Assumed: 6 % of stays move to another ward, a part of them with an overlap of three hours.
    """
    rng, n = block.rng(purpose=2), len(s.who)
    length = s.left - s.admitted
    moves = happens(rng, 0.06, n) & (length > 2 * DAY) & (s.left < END)
    moved = np.where(moves, s.admitted + (length * rng.uniform(0.2, 0.7, n)).astype(np.int64), s.left)
    early = moves & happens(rng, 0.12, n)
    planned, clinic = _planned(rng, s, until), _clinic(rng, s, until)
    parts = {
        "second": (np.flatnonzero(moves), moved - early * 3 * HOUR, s.left),
        "planned": planned,
        "emergency": _emergency(rng, s, until, [planned, clinic]),
        "clinic": clinic,
    }
    names = block.names("E", n + sum(len(where) for where, _, _ in parts.values()))
    first = _first_parts(rng, Words(np.arange(n, dtype=np.int32), names), person, p, s, (moves, moved))
    others, start, places = [], n, {}
    for kind, (where, begin, end) in parts.items():
        codes = np.arange(start, start + len(where), dtype=np.int32)
        more = _rows(kind, Words(codes, names), person, p, s, (where, begin[where], end[where]))
        others.append({**more, "!overlap": early[where]} if kind == "second" else more)
        places[kind] = np.full(n, -1)
        places[kind][where] = codes
        start += len(where)
    rows = _close(sort(stack([first, *others]), "person_id", "admit_ts"))
    begins = np.where(moves, moved - early * 3 * HOUR, NEVER)
    clinic_at = np.where(places["clinic"] >= 0, parts["clinic"][1], NEVER)
    first_end = np.where(moves, moved, s.left)
    return Contacts(rows, names, places["second"], begins, first_end, clinic_at, places["clinic"])


def _close(rows: Rows) -> Rows:
    """Leave the end open of contacts that outlast the record."""
    end, to = numbers(rows, "disch_ts"), texts(rows, "disch_to")
    open_end = end >= END
    return {**rows, "disch_ts": np.where(open_end, NEVER, end), "disch_to": to.mask(open_end)}


def free_until(s: Stays, death: Array) -> Array:
    """Return until when the patient is free after each stay: the next stay, death, or the end of the record."""
    following = np.append(s.admitted[1:], END)
    same = np.append(s.who[1:] == s.who[:-1], False)
    dies = np.where(death[s.who] == NEVER, END, death[s.who])
    return np.minimum(np.where(same, following, END), dies)


# Assumed: when it comes, how long it is, and for how many stays it does.
def _planned(rng: np.random.Generator, s: Stays, until: Array) -> tuple[Array, Array, Array]:
    begin = s.left + (rng.uniform(27, 80, len(s.who)) * DAY).astype(np.int64)
    end = begin + rng.integers(8, 50, len(s.who)) * HOUR
    fits = ~s.died & (end + DAY < until) & happens(rng, 0.07, len(s.who))
    return np.flatnonzero(fits), begin, end


def _emergency(
    rng: np.random.Generator, s: Stays, until: Array, others: list[tuple[Array, Array, Array]]
) -> tuple[Array, Array, Array]:
    """Return visits to the emergency department from which the patient goes home again.

    Assumed: how many, when and how long.
    """
    begin = s.left + (rng.uniform(2, 180, len(s.who)) * DAY).astype(np.int64)
    end = begin + rng.integers(2, 12, len(s.who)) * HOUR
    fits = ~s.died & (end + DAY < until) & happens(rng, 0.2, len(s.who))
    for where, first, last in others:
        fits[where] &= (end[where] + DAY < first[where]) | (begin[where] > last[where] + DAY)
    return np.flatnonzero(fits), begin, end


def _clinic(rng: np.random.Generator, s: Stays, until: Array) -> tuple[Array, Array, Array]:
    """Return clinic visits on day 5 to 25: whoever is back in hospital or dead before it cannot attend.

    The days are the prototype's.
    """
    begin = s.left + (rng.uniform(5, 25, len(s.who)) * DAY).astype(np.int64)
    end = begin + 30
    fits = ~s.died & (end < until) & happens(rng, CLINIC_SHARE, len(s.who))
    return np.flatnonzero(fits), begin, end


def _first_parts(
    rng: np.random.Generator, ids: Words, person: Words, p: Patients, s: Stays, move: tuple[Array, Array]
) -> Rows:
    n, (moves, moved) = len(ids), move
    # Assumed: 1.5 % go against advice, 10 % to a care home.
    home = np.where(happens(rng, 0.015, n), 3, np.where(happens(rng, 0.10, n), 1, 0))
    end = np.where(moves, 2, np.where(s.died, 4, home))
    rows = _rows("stay", ids, person, p, s, (np.arange(n), s.admitted, np.where(moves, moved, s.left)))
    return {**rows, "disch_to": choose(end, *ENDS)}


def _rows(kind: str, ids: Words, person: Words, p: Patients, s: Stays, where: tuple[Array, Array, Array]) -> Rows:
    at, begin, end = where
    n = len(at)
    ward, group = {
        "stay": ("medicine", "inpatient"),
        "second": ("cardiology", "inpatient"),
        "planned": ("day surgery", "inpatient"),
        "emergency": ("emergency", "emergency"),
        "clinic": ("heart failure clinic", "outpatient"),
    }[kind]
    to = np.where(s.died[at], 4, 0) if kind == "second" else np.zeros(n, np.int64)
    return {
        "encounter_id": ids,
        "person_id": person.take(s.who[at]),
        "site": choose(p.site[s.who[at]], "A", "B"),
        "ward": repeat(ward, n),
        "class": repeat(group, n),
        "planned": np.full(n, kind in ("planned", "clinic")),
        "transfer_from": Words(at.astype(np.int32), ids.levels) if kind == "second" else nothing(n),
        "admit_ts": begin,
        "disch_ts": end,
        "disch_to": choose(to, *ENDS),
        **({f"!{FLAGS[kind]}": np.ones(n, bool)} if kind in FLAGS else {}),
    }
