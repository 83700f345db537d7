"""Notes of the heart failure cohort: at the door, each day, at the end, and after it."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.block import Block
from rounds.data.ehr.draws import happens, visits
from rounds.data.ehr.heart_failure.charts import congestion_at
from rounds.data.ehr.heart_failure.contacts import Contacts
from rounds.data.ehr.heart_failure.journey import YEAR, Stays
from rounds.data.ehr.heart_failure.patients import END, Patients
from rounds.data.ehr.notes import write_notes
from rounds.data.ehr.rows import DAY, HOUR, Rows, sort
from rounds.data.ehr.words import Array, Words, spell_numbers

SITUATIONS = ("door_first", "door_again", "wet", "dry", "echo", "home", "died", "readmitted", "clinic")
DOOR_FIRST, DOOR_AGAIN, WET, DRY, ECHO, HOME, DIED, READMITTED, CLINIC = range(len(SITUATIONS))
NAMES = ("ischaemic heart disease", "CKD", "COPD", "atrial fibrillation", "diabetes", "hypertension")


def draw_notes(block: Block, p: Patients, s: Stays, contacts: Contacts) -> Rows:
    """Return the notes of all stays and clinic visits."""
    rng, n = block.rng(purpose=8), len(s.who)
    every, end = np.arange(n), np.minimum(s.left, END)
    daily, day_when = visits(rng, s.admitted + 12 * HOUR, end, DAY, 4 * HOUR)
    done, seen = every[s.left < END - DAY], every[contacts.clinic_at > 0]
    echo = every[happens(rng, 0.3, n) & (s.left < END)]
    back = every[s.within_30_days & (s.left < END - 40 * DAY)]
    owner = np.concatenate([every, daily, echo, done, back, seen])
    situation = np.concatenate(
        [
            np.where(s.number > 0, DOOR_AGAIN, DOOR_FIRST),
            np.where(congestion_at(s, daily, day_when) > 8.2, WET, DRY),
            np.full(len(echo), ECHO),
            np.where(s.died, DIED, HOME)[done],
            np.full(len(back), READMITTED),
            np.full(len(seen), CLINIC),
        ]
    )
    when = np.concatenate(
        [
            np.minimum(s.admitted + 80, end - 2),
            day_when,
            np.minimum(s.admitted + 26 * HOUR, end - 1)[echo],
            s.left[done] + rng.integers(5, 400, len(done)),
            s.left[back] + 32 * DAY + rng.integers(5, 4000, len(back)),
            contacts.clinic_at[seen] + 20,
        ]
    )
    order = np.lexsort((when, owner))
    owner, when, situation = owner[order], when[order], situation[order]
    plain = np.isin(situation, (WET, DRY))
    copied = plain & np.roll(plain, 1) & (owner == np.roll(owner, 1)) & happens(rng, 0.2, len(owner))
    rows = write_notes(
        block, "heart_failure", Words(situation.astype(np.int32), SITUATIONS), _fields(p, s, owner, when), copied
    )
    place = np.where(situation == CLINIC, contacts.clinic_place[owner], contacts.at(owner, when).codes)
    encounter = Words(place.astype(np.int32), contacts.names)
    return sort({**rows, "encounter_id": encounter, "written_ts": when}, "encounter_id", "written_ts")


def _fields(p: Patients, s: Stays, owner: Array, when: Array) -> dict[str, list[str]]:
    who = s.who[owner]
    history = [
        ", ".join(name for name, has in zip(NAMES, row, strict=True) if has) or "no other disease"
        for row in np.array(list(p.diseases.values())).T
    ]
    c = congestion_at(s, owner, when)
    age = np.floor(p.age[who] + (s.admitted[owner] - p.first[who]) / YEAR)
    return {
        "age": spell_numbers(age, 0).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(who).spell(),
        "history": [history[i] for i in who.tolist()],
        "ef": spell_numbers(np.round(p.ejection[who] / 5) * 5, 0).spell(),
        "weight": spell_numbers(p.levels["weight"][who] * 15 + 70 + 9 * p.male[who] + 2.5 + 1.8 * (c - 8.3), 1).spell(),
        "days": spell_numbers(np.floor((when - s.admitted[owner]) / DAY) + 1, 0).spell(),
        "stays": spell_numbers(s.known_last_year[owner].astype(float), 0).spell(),
        "dose": Words((c > 8.8).astype(np.int32), ("40", "80")).spell(),
    }
