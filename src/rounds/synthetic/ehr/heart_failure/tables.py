"""The heart failure cohort's rows: what two hospitals know about patients who come again and again."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block, Chunk, draw_people
from rounds.synthetic.ehr.codings import deaths, note_procedures
from rounds.synthetic.ehr.decline import draw_decline
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.heart_failure.charts import (
    draw_labs,
    draw_observations,
    draw_vitals,
    echo_rows,
    settle_vitals,
)
from rounds.synthetic.ehr.heart_failure.contacts import Contacts, draw_contacts, free_until
from rounds.synthetic.ehr.heart_failure.course import draw_fever, draw_water
from rounds.synthetic.ehr.heart_failure.drugs import draw_diagnoses, draw_infection, draw_orders
from rounds.synthetic.ehr.heart_failure.journey import Stays, walk
from rounds.synthetic.ehr.heart_failure.notes import draw_notes
from rounds.synthetic.ehr.heart_failure.patients import END, Patients, draw_patients
from rounds.synthetic.ehr.rows import NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, repeat

HOME_DEATHS_KNOWN = 0.93  # assumed


def draw_block(block: Block) -> Chunk:
    """Draw the patients of a block and write their records."""
    p = draw_patients(block)
    every, death = walk(block, p)
    here = ~every.elsewhere
    s, until = every.take(here), free_until(every, death)[here]
    person, rng, own = block.ids("P", block.persons), block.rng(purpose=3), block.rng(purpose=4)
    contacts = draw_contacts(block, person, p, s, until)
    later = block.rng(purpose=5)
    water = draw_water(later, s)
    observations = draw_observations(rng, p, s, contacts, water)
    people, diagnoses = _people(rng, person, p), draw_diagnoses(rng, p, s, contacts)
    infection = draw_infection(own, diagnoses, len(s.who))
    fever = draw_fever(later, s, infection.pneumonia)
    tables = {
        "person": people,
        "encounter": contacts.rows,
        "diagnosis": diagnoses,
        "procedure": _procedures(rng, s, contacts, observations),
        "observation": observations,
        "lab": draw_labs(rng, p, s, contacts, infection),
        "vital": draw_vitals(rng, p, s, contacts, water),
        "medication": draw_orders(rng, p, s, contacts, infection),
        "death": _deaths(rng, person, s, death),
    }
    decline = draw_decline(own, s.died & (s.left < END), s.admitted, s.left)
    tables["vital"] = settle_vitals(tables["vital"], tables["medication"], contacts, decline, fever)
    tables["note"] = draw_notes(block, p, s, contacts, (water, fever, infection), tables)
    return Chunk(tables, _latent(person, p, death), _facts(every, s, death, tables))


def _people(rng: np.random.Generator, person: Words, p: Patients) -> Rows:
    year = p.first.astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970
    return draw_people(rng, person, p.male, year - p.age.astype(np.int64))


def _procedures(rng: np.random.Generator, s: Stays, contacts: Contacts, observations: Rows) -> Rows:
    n, end = len(s.who), np.minimum(s.left, END)
    # Assumed: who needs intensive care, when, and with which support.
    care = happens(rng, np.where(s.died, 0.4, 0.06), n)
    start = s.admitted + ((end - s.admitted) * rng.uniform(0.05, 0.4, n)).astype(np.int64)
    stop = np.where(s.died, end, start + ((end - start) * 0.6).astype(np.int64))
    names = contacts.at(np.arange(n), start)
    stop = np.minimum(stop, contacts.until(np.arange(n), start, end))
    lungs, kidneys = care & happens(rng, 0.3, n), care & (s.creatinine > 2.2)
    rows = note_procedures(
        names,
        {
            "intensive_care": (care, start, stop),
            "ventilation": (lungs, start + 60, stop),
            "dialysis": (kidneys, start + 300, stop),
        },
    )
    encounter, when = echo_rows(observations)
    heart: Rows = {
        "encounter_id": encounter,
        "code": repeat("echocardiogram", len(when)),
        "start_ts": when - 30,
        "stop_ts": when,
    }
    return sort(stack([rows, heart]), "encounter_id", "start_ts")


def _deaths(rng: np.random.Generator, person: Words, s: Stays, death: Array) -> Rows:
    """Return the known deaths: all in these hospitals, most of the others."""
    here = np.isin(np.arange(len(person)), s.who[s.died])
    known = here | happens(rng, HOME_DEATHS_KNOWN, len(person))
    return deaths(person, np.where(known, death, NEVER))


def _latent(person: Words, p: Patients, death: Array) -> Rows:
    return {
        "person_id": person,
        "frailty": p.frailty.round(4),
        "ejection_fraction": p.ejection.round(2),
        "dies_before_the_end": death != NEVER,
    }


def _facts(every: Stays, s: Stays, death: Array, tables: dict[str, Rows]) -> dict[str, int]:
    known = len(tables["death"]["death_date"])
    return {
        "patients": len(death),
        "stays": len(s.who),
        "stays_elsewhere_unknown": int(every.elsewhere.sum()),
        "readmitted_within_30_days_truly": int(every.within_30_days.sum()),
        "deaths_before_the_end": int((death != NEVER).sum()),
        "deaths_unknown": int((death != NEVER).sum()) - known,
    }
