"""The transplant cohort's rows: two centres, ten years, every culture."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block, Chunk, draw_people
from rounds.synthetic.ehr.bsi.charts import draw_labs, draw_observations, draw_signs, draw_vitals, midnight
from rounds.synthetic.ehr.bsi.course import DEATH, InfectionCourse, draw_course, infection_day
from rounds.synthetic.ehr.bsi.cultures import draw_cultures
from rounds.synthetic.ehr.bsi.notes import draw_notes
from rounds.synthetic.ehr.bsi.orders import draw_diagnoses, draw_orders, draw_procedures, transplants
from rounds.synthetic.ehr.bsi.patients import FIRST, Patients, draw_patients
from rounds.synthetic.ehr.bsi.transfusions import transfuse
from rounds.synthetic.ehr.codings import deaths
from rounds.synthetic.ehr.decline import DESATURATION, bend_signs, draw_decline
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER, Rows, sort, stack, texts
from rounds.synthetic.ehr.words import Array, Words, choose, nothing, repeat

# Assumed: how many blocks share the name of a ward, the days of follow-up, the rate of death after the stay over that
# in it, and the share of those deaths that the register knows.
BLOCKS_A_WARD, FOLLOW_UP, LATER_RATIO, LATER_KNOWN = 8, 180, 0.9, 0.95


def draw_block(block: Block) -> Chunk:
    """Draw the transplants of a block and write their records."""
    p = draw_patients(block)
    c, rng = draw_course(block, p), block.rng(purpose=2)
    s, n = draw_signs(rng, p, c), block.persons
    person, stay, span = block.ids("P", n), block.ids("E", n), _span(rng, p, c)
    infected = infection_day(c)
    cultures = draw_cultures(block, p, c, stay, span[1])
    death = _death_times(rng, p, c, span[1], infected)
    tables = {
        "person": _people(rng, person, p),
        "encounter": _encounters(block, person, stay, p, c, span),
        "transplant": transplants(p, person),
        "diagnosis": draw_diagnoses(rng, p, c, stay, span[1], infected),
        "procedure": draw_procedures(rng, p, c, s, stay, span),
        "observation": draw_observations(rng, p, c, s, stay, span),
        "lab": draw_labs(rng, p, c, s, stay, span[1]),
        "vital": draw_vitals(rng, p, c, s, stay, span),
        "medication": draw_orders(rng, block.rng(purpose=21), p, c, stay, span, cultures),
        "micro": cultures,
        "death": deaths(person, np.where(c.dies | happens(rng, LATER_KNOWN, n), death, NEVER)),
    }
    tables["vital"] = _last_hours(block, tables["vital"], c, span)
    tables["lab"], given = transfuse(block, tables["lab"], span[1], p.weight)
    tables["procedure"] = sort(stack([tables["procedure"], given]), "encounter_id", "start_ts")
    tables["note"] = draw_notes(block, p, c, stay, span, tables)
    return Chunk(tables, _latent(person, p, c, infected), _facts(c, infected, death))


def _last_hours(block: Block, signs: Rows, c: InfectionCourse, span: tuple[Array, Array]) -> Rows:
    """Return the signs with the fall before a death in hospital; nobody here gets norepinephrine."""
    never = np.full(len(c.dies), NEVER)
    decline = draw_decline(block.rng(purpose=23), c.dies, *span)
    return bend_signs(signs, texts(signs, "encounter_id").codes, decline, (never, never), DESATURATION)


def _span(rng: np.random.Generator, p: Patients, c: InfectionCourse) -> tuple[Array, Array]:
    """Return the minutes of admission and of the end: discharge before noon, death in the evening."""
    n, every = len(p.site), np.arange(len(p.site))
    start = midnight(p)[every, p.begin - FIRST] + 8 * HOUR + rng.integers(10, 200, n)
    last = midnight(p)[every, c.last]
    home = last + 10 * HOUR + rng.integers(0, 3 * HOUR, n)
    return start, np.where(c.dies, last + 20 * HOUR + rng.integers(0, 230, n), home)


def _death_times(rng: np.random.Generator, p: Patients, c: InfectionCourse, left: Array, infected: Array) -> Array:
    """Return the minute of death in hospital or, for some, later; an infection raises the hazard for good."""
    d = DEATH
    ratio = np.where(p.allogeneic, d["allogeneic_ratio"], 1.0) * np.where(infected < 999, d["infection_ratio"], 1.0)
    days = rng.exponential(1 / (LATER_RATIO * d["per_day"] * ratio)) + 0.3
    later = left + (days * DAY).astype(np.int64)
    soon = later < p.day0 + FOLLOW_UP * DAY
    return np.where(c.dies, left, np.where(soon, later, NEVER))


def _people(rng: np.random.Generator, person: Words, p: Patients) -> Rows:
    year = p.day0.astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970
    return draw_people(rng, person, p.male, year - p.age)


def _encounters(
    block: Block, person: Words, stay: Words, p: Patients, c: InfectionCourse, span: tuple[Array, Array]
) -> Rows:
    n, ward = len(stay), 1 + block.number // BLOCKS_A_WARD
    return {
        "encounter_id": stay,
        "person_id": person,
        "site": choose(p.site, "A", "B"),
        "ward": choose(p.site, f"A{ward}", f"B{ward}"),
        "class": repeat("inpatient", n),
        "planned": np.ones(n, bool),
        "transfer_from": nothing(n),
        "admit_ts": span[0],
        "disch_ts": span[1],
        "disch_to": choose(c.dies, "home", "died"),
    }


def _latent(person: Words, p: Patients, c: InfectionCourse, infected: Array) -> Rows:
    onset = np.where(c.onset.any(axis=1), c.onset.argmax(axis=1) + FIRST, 999)
    return {
        "person_id": person,
        "frailty": p.frailty.round(4),
        "onset_day": onset,
        "infection_day_by_definition": np.where(infected < 999, infected + FIRST, 999),
        "commensal": c.commensal,
        "planned_engraftment_day": p.engraftment,
    }


def _facts(c: InfectionCourse, infected: Array, death: Array) -> dict[str, int]:
    onset = np.asarray(c.onset.any(axis=1))
    return {
        "transplants": len(infected),
        "bacteria_in_the_blood": int(onset.sum()),
        "infections_by_definition": int((infected < 999).sum()),
        "bacteria_never_found": int((onset & (infected == 999)).sum()),
        "sets_contaminated": int(c.contaminated.sum()),
        "deaths_until_day_180": int((death != NEVER).sum()),
    }
