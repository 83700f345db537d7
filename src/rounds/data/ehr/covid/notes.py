"""Notes of the Covid-19 cohort: at the door, each day, at the end."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.block import Block
from rounds.data.ehr.covid.course import Support, severity_at
from rounds.data.ehr.covid.patients import Patients
from rounds.data.ehr.draws import happens, visits
from rounds.data.ehr.notes import write_notes
from rounds.data.ehr.rows import DAY, HOUR, Rows, sort
from rounds.data.ehr.words import Array, Words, spell_numbers

SITUATIONS = (
    "door_air", "door_oxygen", "imaging_changed", "imaging_clear",
    "better", "same", "worse", "care", "home", "died", "after",
)  # fmt: skip
DOOR_AIR, DOOR_OXYGEN, CHANGED, CLEAR, BETTER, SAME, WORSE, CARE, HOME, DIED, AFTER = range(len(SITUATIONS))

FEVER = 38.0


def draw_notes(block: Block, stay: Words, p: Patients, care: Support) -> Rows:
    """Return the notes of all stays."""
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
            np.where(p.severity > -0.8, CHANGED, CLEAR),
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
    rows = write_notes(block, "covid", words, _fields(rng, p, care, owner, when), again)
    return sort({**rows, "encounter_id": stay.take(owner), "written_ts": when}, "encounter_id", "written_ts")


def _daily(p: Patients, care: Support, owner: Array, when: Array) -> Array:
    change = severity_at(p, owner, when) - severity_at(p, owner, np.maximum(when - DAY, p.admitted[owner]))
    ward = np.where(change > 0.12, WORSE, np.where(change < -0.05, BETTER, SAME))
    inside = care.care[owner] & (when >= care.care_from[owner]) & (when < care.care_until[owner])
    return np.where(inside, CARE, ward)


def _fields(rng: np.random.Generator, p: Patients, care: Support, owner: Array, when: Array) -> dict[str, list[str]]:
    n, s = len(owner), severity_at(p, owner, when)
    given = p.treated[owner] & ((when - p.admitted[owner] < 10 * DAY) | (when >= p.left[owner]))
    diseases = [
        ", ".join(name for name, has in zip(_NAMES, row, strict=True) if has) or "no known disease"
        for row in np.array(list(p.diseases.values())).T
    ]
    breaths = (20 + 3 * s + rng.normal(0, 1, n)).clip(10, 45)
    breaths = np.where(care.ventilates(p, owner, when), breaths.clip(12, 28), breaths)
    temperature = (37.3 + 0.3 * s + rng.normal(0, 0.4, n)).clip(35, 41).round(1)
    return {
        "age": spell_numbers(p.age.astype(float), 0).take(owner).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(owner).spell(),
        "history": [diseases[i] for i in owner.tolist()],
        "saturation": spell_numbers(np.clip(p.room_air, 60, 99), 0).take(owner).spell(),
        "breaths": spell_numbers(breaths, 0).spell(),
        "temperature": spell_numbers(temperature, 1).spell(),
        "fever": Words((temperature >= FEVER).astype(np.int32), ("no fever", "still febrile at times")).spell(),
        "days": spell_numbers(np.floor((when - p.admitted[owner]) / DAY) + 1, 0).spell(),
        "onset": spell_numbers(rng.integers(3, 11, n).astype(float), 0).spell(),
        "litres": spell_numbers(np.clip((96 - p.room_air[owner]) / 2, 1, 15), 0).spell(),
        "steroid": Words(given.astype(np.int32), ("no steroid now", "dexamethasone 6 mg")).spell(),
    }


_NAMES = ("hypertension", "diabetes", "chronic kidney disease", "COPD", "heart failure", "obesity")
