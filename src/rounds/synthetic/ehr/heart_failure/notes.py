"""Notes of the heart failure cohort: at the door, each day, at the end, and after it."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, visits
from rounds.synthetic.ehr.heart_failure.charts import ANTIBIOTIC, congestion_at
from rounds.synthetic.ehr.heart_failure.contacts import Contacts
from rounds.synthetic.ehr.heart_failure.course import Fever, Water, weight_at
from rounds.synthetic.ehr.heart_failure.drugs import Infection
from rounds.synthetic.ehr.heart_failure.journey import YEAR, Stays
from rounds.synthetic.ehr.heart_failure.patients import END, Patients
from rounds.synthetic.ehr.lookback import has, in_procedure, past_rows, past_signs
from rounds.synthetic.ehr.notes import write_notes
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, sort, texts
from rounds.synthetic.ehr.vitals import TEMPERATURE
from rounds.synthetic.ehr.words import Array, Words, spell_numbers

SITUATIONS = (
    "door_first", "door_again", "wet", "dry", "echo", "home", "died", "readmitted", "clinic", "door_fever", "shadow",
)  # fmt: skip
DOOR_FIRST, DOOR_AGAIN, WET, DRY, ECHO, HOME, DIED, READMITTED, CLINIC, DOOR_FEVER, SHADOW = range(len(SITUATIONS))
FEVER = 38.0
NAMES = ("ischaemic heart disease", "CKD", "COPD", "atrial fibrillation", "diabetes", "hypertension")


def draw_notes(
    block: Block,
    p: Patients,
    s: Stays,
    contacts: Contacts,
    course: tuple[Water, Fever, Infection],
    tables: dict[str, Rows],
) -> Rows:
    """Return the notes of all stays and clinic visits; they know of the water, the fever and the other tables."""
    water, hot, pneumonia = course[0], course[1].degrees > 0, course[2].pneumonia
    rng = block.rng(purpose=8)
    owner, when, situation = _occasions(rng, s, contacts, hot, pneumonia)
    plain = np.isin(situation, (WET, DRY))
    copied = plain & np.roll(plain, 1) & (owner == np.roll(owner, 1)) & happens(rng, 0.2, len(owner))
    place = np.where(situation == CLINIC, contacts.clinic_place[owner], contacts.at(owner, when).codes)
    words, fields = Words(situation.astype(np.int32), SITUATIONS), _fields(p, s, water, owner, when)
    facts = _stay_facts(p, s, water, owner) | _facts(contacts, tables, owner, when, place)
    facts["no_pneumonia"] = ~pneumonia[owner]
    rows = write_notes(block, "heart_failure", words, fields, copied, facts)
    encounter = Words(place.astype(np.int32), contacts.names)
    return sort({**rows, "encounter_id": encounter, "written_ts": when}, "encounter_id", "written_ts")


def _occasions(
    rng: np.random.Generator, s: Stays, contacts: Contacts, hot: Array, pneumonia: Array
) -> tuple[Array, Array, Array]:
    """Return stay, minute and situation of each note, in this order."""
    n, end = len(s.who), np.minimum(s.left, END)
    every = np.arange(n)
    daily, day_when = visits(rng, s.admitted + 12 * HOUR, end, DAY, 4 * HOUR)
    done, seen = every[s.left < END - DAY], every[contacts.clinic_at > 0]
    echo = every[happens(rng, 0.3, n) & (s.left < END)]
    back = every[s.within_30_days & (s.left < END - 40 * DAY)]
    owner = np.concatenate([every, daily, echo, done, back, seen])
    situation = np.concatenate(
        [
            np.where(hot, DOOR_FEVER, np.where(s.number > 0, DOOR_AGAIN, DOOR_FIRST)),
            np.where(congestion_at(s, daily, day_when) > 8.2, WET, DRY),
            np.where(pneumonia[echo], SHADOW, ECHO),
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
    return owner[order], when[order], situation[order]


def _facts(contacts: Contacts, tables: dict[str, Rows], owner: Array, when: Array, place: Array) -> dict[str, Array]:
    """Return what the tables hold at these minutes, by the names that the templates need."""
    stays, n = contacts.stays(), len(contacts.second)
    signs, orders, done = (tables[name] for name in ("vital", "medication", "procedure"))
    charted, ordered, made = (stays[texts(rows, "encounter_id").codes] for rows in (signs, orders, done))
    contact = texts(tables["encounter"], "encounter_id").codes
    heat = past_signs(signs, charted, TEMPERATURE).over(FEVER)
    return {
        "cool": ~heat.within(owner, when, 12 * HOUR),
        "ward": ~in_procedure(done, made, "intensive_care", (owner, when)),
        "echo": past_rows(done, made, "code", "echocardiogram", "stop_ts").within(owner, when, 3 * DAY),
        "ceftriaxone": has(orders, ordered, "atc", ANTIBIOTIC, n)[owner],
        "goes_home": has(tables["encounter"], contact, "disch_to", "home", len(contacts.names))[place],
    }


def _stay_facts(p: Patients, s: Stays, water: Water, owner: Array) -> dict[str, Array]:
    """Return what is true of the whole stay."""
    every = np.arange(len(s.who))
    before = np.maximum(every - 1, 0)
    ended, begun = (weight_at(p, s, water, stay, when[stay]) for stay, when in ((before, s.left), (every, s.admitted)))
    lighter = (s.who[before] == s.who) & (before < every) & (ended + 0.5 < begun)
    return {
        "known": s.known_last_year[owner] > 0,
        "was_lighter": lighter[owner],
        "gets_better": ~s.died[owner],
        "weak_heart": p.ejection[s.who[owner]] <= 35,
    }


def _fields(p: Patients, s: Stays, water: Water, owner: Array, when: Array) -> dict[str, list[str]]:
    who = s.who[owner]
    history = [
        ", ".join(name for name, has in zip(NAMES, row, strict=True) if has) or "no other disease"
        for row in np.array(list(p.diseases.values())).T
    ]
    age = np.floor(p.age[who] + (s.admitted[owner] - p.first[who]) / YEAR)
    return {
        "age": spell_numbers(age, 0).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(who).spell(),
        "history": [history[i] for i in who.tolist()],
        "ef": spell_numbers(np.round(p.ejection[who] / 5) * 5, 0).spell(),
        "weight": spell_numbers(weight_at(p, s, water, owner, when), 1).spell(),
        "days": spell_numbers(np.floor((when - s.admitted[owner]) / DAY) + 1, 0).spell(),
        "stays": spell_numbers(s.known_last_year[owner].astype(float), 0).spell(),
    }
