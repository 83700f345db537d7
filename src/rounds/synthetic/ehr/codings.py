"""Diagnoses and procedures: codes for those whom a mask names."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.draws import delays
from rounds.synthetic.ehr.rows import DAY, NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, repeat


def code_diagnoses(rng: np.random.Generator, encounter: Words, end: Array, codes: dict[str, Array]) -> Rows:
    """Return diagnosis rows in the given order of importance, coded one to some days after the end of the stay.

    When a code is written is assumed: five days after the stay on average, forty at most.
    """
    rank = np.zeros(len(end), np.int64)
    coded = end + delays(rng, len(end), DAY, 5 * DAY, 40 * DAY)
    parts = []
    for code, who in codes.items():
        rank = rank + who
        parts.append(_diagnosis(encounter, code, who, rank, coded))
    return sort(stack(parts), "encounter_id", "rank")


def note_procedures(encounter: Words, codes: dict[str, tuple[Array, Array, Array]]) -> Rows:
    """Return procedure rows: for each code who, from when, until when."""
    parts: list[Rows] = []
    for code, (who, start, stop) in codes.items():
        at = np.flatnonzero(who & (start != NEVER) & (start < stop))
        parts.append(
            {
                "encounter_id": encounter.take(at),
                "code": repeat(code, len(at)),
                "start_ts": start[at],
                "stop_ts": stop[at],
            }
        )
    return sort(stack(parts), "encounter_id", "start_ts")


def observe(encounter: Words, when: Array, values: dict[str, Words]) -> Rows:
    """Return observation rows; a missing word was not noted."""
    parts = []
    for code, value in values.items():
        at = np.flatnonzero(value.codes >= 0)
        row: Rows = {"encounter_id": encounter.take(at), "code": repeat(code, len(at)), "value": value.take(at)}
        parts.append({**row, "ts": when[at]})
    return sort(stack(parts), "encounter_id", "ts")


def deaths(person: Words, when: Array) -> Rows:
    """Return a row for each death that the hospital knows; the time becomes a date."""
    at = np.flatnonzero(when != NEVER)
    return {"person_id": person.take(at), "death_date": when[at] // DAY * DAY}


def _diagnosis(encounter: Words, code: str, who: Array, rank: Array, coded: Array) -> Rows:
    at = np.flatnonzero(who)
    return {
        "encounter_id": encounter.take(at),
        "icd10": repeat(code, len(at)),
        "rank": rank[at],
        "coded_ts": coded[at],
    }
