"""Notes of the Covid-19 cohort: at the door, each day, at the end."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.covid.course import Support, severity_at
from rounds.synthetic.ehr.covid.marrow import CANCER_NAMES
from rounds.synthetic.ehr.covid.patients import Patients
from rounds.synthetic.ehr.draws import happens, visits
from rounds.synthetic.ehr.lookback import has, past_results, past_signs
from rounds.synthetic.ehr.notes import write_notes
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, sort, texts
from rounds.synthetic.ehr.vitals import BREATHS, OXYGEN_FLOW, OXYGEN_SHARE, TEMPERATURE
from rounds.synthetic.ehr.words import Array, Words, spell_numbers

SITUATIONS = (
    "door_air", "door_oxygen", "imaging_changed", "imaging_clear",
    "better", "same", "worse", "care", "home", "died", "after",
)  # fmt: skip
DOOR_AIR, DOOR_OXYGEN, CHANGED, CLEAR, BETTER, SAME, WORSE, CARE, HOME, DIED, AFTER = range(len(SITUATIONS))

FEVER, CRP, EMBOLISM, VIRAL_PNEUMONIA = 38.0, "1988-5", "I26", "J12.8"


def draw_notes(block: Block, stay: Words, p: Patients, care: Support, tables: dict[str, Rows]) -> Rows:
    """Return the notes of all stays; they know what the other tables hold."""
    rng, n = block.rng(purpose=8), len(stay)
    every = np.arange(n)
    day_owner, day_when = visits(rng, p.admitted + 14 * HOUR, p.left, DAY, 3 * HOUR)
    late = every[p.in_hospital | happens(rng, 0.15, n)]
    owner = np.concatenate([every, every, day_owner, every, late])
    when = np.concatenate(
        [
            np.minimum(p.admitted + 50, p.left - 5),
            np.minimum(p.admitted + 200, p.left - 3),
            day_when,
            p.left + rng.integers(5, 300, n),
            p.left[late] + rng.integers(300, 3000, len(late)),
        ]
    )
    situation = np.concatenate(
        [
            np.where(p.oxygen, DOOR_OXYGEN, DOOR_AIR),
            np.where((p.severity > -0.8) | _coded(tables, VIRAL_PNEUMONIA, n), CHANGED, CLEAR),
            _daily(p, care, day_owner, day_when),
            np.where(p.in_hospital, DIED, HOME),
            np.full(len(late), AFTER),
        ]
    )
    order = np.lexsort((when, owner))
    owner, when, situation = owner[order], when[order], situation[order]
    again = np.isin(situation, (BETTER, SAME, WORSE, CARE)) & (owner == np.roll(owner, 1))
    again &= np.isin(np.roll(situation, 1), (BETTER, SAME, WORSE, CARE)) & happens(rng, 0.15, len(owner))
    words = Words(situation.astype(np.int32), SITUATIONS)
    facts = _facts(p, care, tables, owner, when)
    rows = write_notes(block, "covid", words, _fields(rng, p, care, (owner, when), tables["vital"]), again, facts)
    return sort({**rows, "encounter_id": stay.take(owner), "written_ts": when}, "encounter_id", "written_ts")


def _daily(p: Patients, care: Support, owner: Array, when: Array) -> Array:
    change = severity_at(p, owner, when) - severity_at(p, owner, np.maximum(when - DAY, p.admitted[owner]))
    ward = np.where(change > 0.12, WORSE, np.where(change < -0.05, BETTER, SAME))
    inside = care.care[owner] & (when >= care.care_from[owner]) & (when < care.care_until[owner])
    return np.where(inside, CARE, ward)


def _coded(tables: dict[str, Rows], code: str, n: int) -> Array:
    return has(tables["diagnosis"], texts(tables["diagnosis"], "encounter_id").codes, "icd10", code, n)


def _facts(p: Patients, care: Support, tables: dict[str, Rows], owner: Array, when: Array) -> dict[str, Array]:
    """Return what the tables hold at these minutes, by the names that the templates need."""
    n = len(p.age)
    signs, labs, orders = (tables[name] for name in ("vital", "lab", "medication"))
    charted, taken, ordered = (texts(rows, "encounter_id").codes for rows in (signs, labs, orders))
    heat = past_signs(signs, charted, TEMPERATURE).over(FEVER)
    crp = past_results(labs, taken, CRP).change(owner, when)
    oxygen = past_signs(signs, charted, OXYGEN_FLOW, OXYGEN_SHARE).within(owner, when, 8 * HOUR)
    return {
        "cool": ~heat.within(owner, when, 12 * HOUR),
        "crp_falls": crp < 0,
        "crp_rises": crp > 0,
        "oxygen": oxygen,
        "no_oxygen": ~oxygen,
        "ventilated": care.ventilates(p, owner, when),
        "enoxaparin": has(orders, ordered, "atc", "B01AB05", n)[owner],
        "no_embolism": ~_coded(tables, EMBOLISM, n)[owner],
        "no_heart_failure": ~p.diseases["I50.9"][owner],
        "pneumonia": _coded(tables, VIRAL_PNEUMONIA, n)[owner],
        "hypoxic": p.oxygen[owner],
        "alert": ~p.confused[owner],
        "severe": (p.in_hospital | care.care)[owner],
        "goes_home": _goes_home(tables["encounter"], n)[owner],
    }


def _goes_home(stays: Rows, n: int) -> Array:
    return has(stays, texts(stays, "encounter_id").codes, "disch_to", "home", n)


def _fields(
    rng: np.random.Generator, p: Patients, care: Support, at: tuple[Array, Array], signs: Rows
) -> dict[str, list[str]]:
    """Return the words for the slots."""
    owner, when = at
    given = p.treated[owner] & ((when - p.admitted[owner] < 10 * DAY) | (when >= p.left[owner]))
    diseases = [
        ", ".join(name for name, has in zip(_NAMES, row, strict=True) if has) or "no known disease"
        for row in np.array(_known(p)).T
    ]
    told = _last_signs(rng, p, care, at, signs)
    return {
        "age": spell_numbers(p.age.astype(float), 0).take(owner).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(owner).spell(),
        "history": [diseases[i] for i in owner.tolist()],
        "saturation": spell_numbers(np.clip(p.room_air, 60, 99), 0).take(owner).spell(),
        "breaths": spell_numbers(told["breaths"], 0).spell(),
        "hottest": spell_numbers(told["hottest"], 1).spell(),
        "temperature": spell_numbers(told["temperature"], 1).spell(),
        "fever": Words((told["hottest"] >= FEVER).astype(np.int32), ("no fever", "still febrile at times")).spell(),
        "days": spell_numbers(np.floor((when - p.admitted[owner]) / DAY) + 1, 0).spell(),
        "onset": spell_numbers(rng.integers(3, 11, len(owner)).astype(float), 0).spell(),
        "litres": spell_numbers(told["litres"], 0).spell(),
        "steroid": Words(given.astype(np.int32), ("no steroid now", "dexamethasone 6 mg")).spell(),
    }


def _last_signs(
    rng: np.random.Generator, p: Patients, care: Support, at: tuple[Array, Array], signs: Rows
) -> dict[str, Array]:
    """Return the signs as last charted, or, where none is, as they may have been; and the fever of the last hours."""
    owner, when = at
    n, s, charted = len(owner), severity_at(p, owner, when), texts(signs, "encounter_id").codes

    def last(loinc: str, otherwise: Array) -> Array:
        value = past_signs(signs, charted, loinc).last(owner, when, 5 * HOUR)
        return np.where(np.isnan(value), otherwise, value)

    breaths = (20 + 3 * s + rng.normal(0, 1, n)).clip(10, 45)
    breaths = np.where(care.ventilates(p, owner, when), breaths.clip(12, 28), breaths)
    temperature = last(TEMPERATURE, (37.3 + 0.3 * s + rng.normal(0, 0.4, n)).clip(35, 41)).round(1)
    fever = past_signs(signs, charted, TEMPERATURE).over(FEVER).last(owner, when, 12 * HOUR)
    return {
        "breaths": last(BREATHS, breaths),
        "temperature": temperature,
        "hottest": np.where(np.isnan(fever), temperature, fever).round(1),
        "litres": last(OXYGEN_FLOW, np.clip((96 - p.room_air[owner]) / 2, 1, 15)),
    }


_NAMES = (
    "hypertension", "diabetes", "chronic kidney disease", "COPD", "heart failure", "obesity",
    *CANCER_NAMES, "neutropenia after chemotherapy",
)  # fmt: skip


def _known(p: Patients) -> list[Array]:
    """Return for each of the names who has it."""
    return [*p.diseases.values(), *(p.cancer == place for place in range(len(CANCER_NAMES))), p.neutropenic]
