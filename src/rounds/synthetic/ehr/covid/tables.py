"""The Covid-19 cohort's rows: what two hospitals chart, measure, order and write."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block, Chunk, draw_people
from rounds.synthetic.ehr.codings import code_diagnoses, deaths, note_procedures, observe
from rounds.synthetic.ehr.covid.charts import draw_labs, draw_vitals, settle_vitals
from rounds.synthetic.ehr.covid.course import Support, draw_care
from rounds.synthetic.ehr.covid.drugs import draw_orders
from rounds.synthetic.ehr.covid.kidney import HIGH_UREA, Kidney, draw_kidney
from rounds.synthetic.ehr.covid.marrow import CANCERS
from rounds.synthetic.ehr.covid.notes import draw_notes
from rounds.synthetic.ehr.covid.patients import Patients, draw_patients
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import DAY, NEVER, Rows
from rounds.synthetic.ehr.words import Array, Words, choose, nothing, repeat, spell_numbers


def draw_block(block: Block) -> Chunk:
    """Draw the patients of a block and write their records."""
    p, rng = draw_patients(block), block.rng(purpose=1)
    person, stay, own = block.ids("P", block.persons), block.ids("E", block.persons), block.rng(purpose=2)
    care = draw_care(rng, p, own)
    # Assumed: so many of those in need arrive with oxygen, which hides their saturation (`covid.spo2_below_92`).
    on_oxygen = happens(rng, 0.15, block.persons) & p.oxygen
    people, codes = _people(rng, person, p), _codes(rng, p, care)
    kidney = draw_kidney(block.rng(purpose=5), p, codes["N17"])
    tables = {
        "person": people,
        "encounter": _encounters(person, stay, p),
        "diagnosis": code_diagnoses(rng, stay, p.left, codes),
        "procedure": _procedures(rng, stay, p, care, kidney),
        "observation": _observations(rng, stay, p, on_oxygen),
        "lab": draw_labs(rng, stay, p, care, kidney),
        "vital": draw_vitals(rng, stay, p, care, on_oxygen),
        "medication": draw_orders(rng, block.rng(purpose=4), stay, p, care),
        "death": _deaths(rng, person, p),
    }
    tables["vital"] = settle_vitals(own, tables["vital"], tables["medication"], p, care)
    tables["note"] = draw_notes(block, stay, p, care, tables)
    return Chunk(tables, _latent(person, stay, p), _facts(p, tables))


def _people(rng: np.random.Generator, person: Words, p: Patients) -> Rows:
    year = (p.admitted.astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970) - p.age
    rows = draw_people(rng, person, p.male, year)
    return {**rows, "skin_tone": choose(p.skin, "light", "medium", "dark")}


def _encounters(person: Words, stay: Words, p: Patients) -> Rows:
    n = len(stay)
    end = np.where(p.in_hospital, 2, (p.age >= 80) & (p.severity > 0.2))
    return {
        "encounter_id": stay,
        "person_id": person,
        "site": choose(p.site, "A", "B"),
        "ward": repeat("Covid", n),
        "class": repeat("inpatient", n),
        "planned": np.zeros(n, bool),
        "transfer_from": nothing(n),
        "admit_ts": p.admitted,
        "disch_ts": p.left,
        "disch_to": choose(end, "home", "care home", "died"),
    }


def _codes(rng: np.random.Generator, p: Patients, care: Support) -> dict[str, Array]:
    """Return who has which diagnosis at the end."""
    n = len(p.age)
    return {
        # Assumed shares: nine in ten known diseases are coded; pneumonia, failing kidneys and embolism with the
        # severity.
        "U07.1": np.ones(n, bool),
        "J12.8": happens(rng, np.where(p.severity > -0.8, 0.85, 0.3), n),
        "J96.0": (p.oxygen & (p.room_air < 91)) | (care.oxygen_from != NEVER),
        "N17": happens(rng, np.where(p.urea > HIGH_UREA, 0.5, 0.04), n),
        "I26": happens(rng, 0.02 + 0.04 * p.oxygen, n),
        **{code: has & happens(rng, 0.9, n) for code, has in p.diseases.items()},
        **{code: p.cancer == place for place, code in enumerate(CANCERS)},
        "D70": p.neutropenic,
    }


def _procedures(rng: np.random.Generator, stay: Words, p: Patients, care: Support, kidney: Kidney) -> Rows:
    n, start = len(stay), p.admitted + rng.integers(10, 90, len(stay))
    part = start + ((p.left - start) * rng.uniform(0.5, 0.9, n)).astype(np.int64)
    late = care.oxygen_from != NEVER
    # Assumed.
    dialysis = p.ventilated & kidney.injured & happens(rng, 0.8, n)
    return note_procedures(
        stay,
        {
            "oxygen": (p.oxygen | late, np.where(late, care.oxygen_from, start), np.where(p.in_hospital, p.left, part)),
            "intensive_care": (care.care, care.care_from, care.care_until),
            "ventilation": (p.ventilated, care.ventilated_from, care.ventilated_until),
            "dialysis": (dialysis, care.care_from + DAY, care.care_until),
        },
    )


def _observations(rng: np.random.Generator, stay: Words, p: Patients, on_oxygen: Array) -> Rows:
    n = len(stay)
    # All assumed: heights, days since the first symptom, and who lacks a note.
    height = rng.normal(162 + 13 * p.male, 6.5)
    unknown, unmeasured = happens(rng, 0.15, n), happens(rng, 0.25, n)
    onset = np.clip(rng.poisson(6.5, n), 0, 21).astype(float)
    values = {
        "72166-2": choose(p.smokes, "no", "yes").mask(unknown),
        "8302-2": spell_numbers(height, 0).mask(unmeasured),
        "symptom_onset_days": spell_numbers(onset, 0).mask(happens(rng, 0.1, n)),
        "oxygen_at_triage": choose(on_oxygen, "room air", "nasal cannula").mask(happens(rng, 0.05, n)),
    }
    return observe(stay, np.minimum(p.admitted + rng.integers(5, 60, n), p.left - 1), values)


def _deaths(rng: np.random.Generator, person: Words, p: Patients) -> Rows:
    """Return the known deaths: all in hospital; of those at home most at site A (register), few at site B.

    The shares are design: who is dead at home is unknown at site B.
    """
    known = p.in_hospital | (p.at_home & happens(rng, np.where(p.site, 0.1, 0.85), len(person)))
    return deaths(person, np.where(known, p.death, NEVER))


def _latent(person: Words, stay: Words, p: Patients) -> Rows:
    return {
        "person_id": person,
        "encounter_id": stay,
        "severity": p.severity.round(4),
        "hidden": p.hidden.round(4),
        "log_odds_of_death_untreated": p.risk.round(4),
        "room_air_saturation": p.room_air.round(2),
        "dies_within_28_days": p.dies,
        "dies_at_home": p.at_home,
        "ventilated": p.ventilated,
        "oxygen": p.oxygen,
        "dexamethasone": p.treated,
    }


def _facts(p: Patients, tables: dict[str, Rows]) -> dict[str, int]:
    return {
        "patients": len(p.age),
        "deaths_within_28_days": int(p.dies.sum()),
        "deaths_at_home": int(p.at_home.sum()),
        "deaths_at_home_unknown": int(p.dies.sum()) - len(tables["death"]["death_date"]),
    }
