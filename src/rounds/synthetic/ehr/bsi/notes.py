"""Notes of the transplant ward: the door, each day, the result of a culture, the end."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.bsi.charts import midnight, mucositis_grade
from rounds.synthetic.ehr.bsi.course import InfectionCourse
from rounds.synthetic.ehr.bsi.cultures import ORGANISMS, first_growth
from rounds.synthetic.ehr.bsi.orders import first_place
from rounds.synthetic.ehr.bsi.patients import DAYS, DISEASES, FIRST, Patients
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.lookback import in_procedure, past, past_results, past_rows, past_signs
from rounds.synthetic.ehr.notes import write_notes
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, numbers, sort, texts
from rounds.synthetic.ehr.vitals import TEMPERATURE
from rounds.synthetic.ehr.words import Array, Words, spell_numbers

SITUATIONS = ("door", "before", "fever", "deep", "rising", "grew", "home", "died")
DOOR, BEFORE, FEVER, DEEP, RISING, GREW, HOME, DIED = range(len(SITUATIONS))
NAMES = ("multiple myeloma", "diffuse large B-cell lymphoma", "AML", "ALL", "MDS")


HOT, NEUTROPHILS = 38.0, "751-8"


def draw_notes(
    block: Block, p: Patients, c: InfectionCourse, stay: Words, span: tuple[Array, Array], tables: dict[str, Rows]
) -> Rows:
    """Return the notes of all stays; they know what the other tables hold."""
    rng, n = block.rng(purpose=8), len(p.site)
    daily, place = np.nonzero(c.present & (np.arange(c.present.shape[1]) < c.last[:, None]))
    when = midnight(p)[daily, place] + 11 * HOUR + rng.integers(0, 6 * HOUR, len(daily))
    anc = c.neutropenic[daily, place]
    kind = np.where(c.fever[daily, place], FEVER, np.where(anc, DEEP, np.where(place + FIRST > 4, RISING, BEFORE)))
    grown, grown_at, organism = first_growth(tables["micro"], n)
    every = np.arange(n)
    owner = np.concatenate([every, daily, grown, every])
    days = np.concatenate([p.begin - FIRST, place, np.maximum(first_place(c.after), 0)[grown], c.last])
    situation = np.concatenate([np.full(n, DOOR), kind, np.full(len(grown), GREW), np.where(c.dies, DIED, HOME)])
    written = np.concatenate([span[0] + 100, when, grown_at + 30, span[1] + rng.integers(5, 200, n)])
    late = np.isin(situation, (DOOR, HOME, DIED))
    keep = late | ((written > span[0][owner] + 120) & (written < span[1][owner]))
    order = np.flatnonzero(keep)[np.lexsort((written[keep], owner[keep]))]
    owner, days, situation, written = owner[order], days[order], situation[order], written[order]
    plain = np.isin(situation, (DEEP, RISING, BEFORE))
    copied = (
        plain & (situation == np.roll(situation, 1)) & (owner == np.roll(owner, 1)) & happens(rng, 0.12, len(owner))
    )
    fields = _fields(p, c, owner, days, organism)
    facts = _day_facts(c, owner, days) | _facts(tables, owner, written)
    facts["told"] = _told(tables["micro"], organism, owner, written)
    rows = write_notes(block, "bsi", Words(situation.astype(np.int32), SITUATIONS), fields, copied, facts)
    return sort({**rows, "encounter_id": stay.take(owner), "written_ts": written}, "encounter_id", "written_ts")


def _day_facts(c: InfectionCourse, owner: Array, place: Array) -> dict[str, Array]:
    """Return what is true of these days."""
    return {
        "cultured": c.cultured[owner, place],
        "neutropenic": c.neutropenic[owner, place],
        "new": ~c.fever[owner, np.maximum(place - 1, 0)],
    }


def _facts(tables: dict[str, Rows], owner: Array, when: Array) -> dict[str, Array]:
    """Return what the tables hold at these minutes, by the names that the templates need."""
    signs, labs, done = (tables[name] for name in ("vital", "lab", "procedure"))
    charted, taken, made = (texts(rows, "encounter_id").codes for rows in (signs, labs, done))
    heat = past_signs(signs, charted, TEMPERATURE).over(HOT)
    return {
        "cool": ~heat.within(owner, when, 3 * DAY),
        "ward": ~in_procedure(done, made, "step_up_care", (owner, when)),
        "platelets": past_rows(done, made, "code", "platelet_transfusion", "start_ts").within(owner, when, DAY),
        "anc_rises": past_results(labs, taken, NEUTROPHILS).change(owner, when) > 0,
    }


def _told(cultures: Rows, organism: Array, owner: Array, when: Array) -> Array:
    """Tell where the text's organism is what the laboratory has told so far."""
    germ, of = texts(cultures, "organism").codes, texts(cultures, "encounter_id").codes
    known = numbers(cultures, "resulted_ts")
    any_growth = past(of[germ >= 0], known[germ >= 0]).within(owner, when, DAYS * DAY)
    own = (germ >= 0) & (germ == organism[of])
    found = past(of[own], known[own]).within(owner, when, DAYS * DAY)
    return np.where(organism[owner] >= 0, found, ~any_growth)


def _fields(p: Patients, c: InfectionCourse, owner: Array, place: Array, organism: Array) -> dict[str, list[str]]:
    anc = c.anc[owner, place]
    names = (*ORGANISMS, "no organism")
    grade, worst = mucositis_grade(p, owner, place), np.rint(p.mucositis).astype(float)
    return {
        "age": spell_numbers(p.age.astype(float), 0).take(owner).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(owner).spell(),
        "disease": Words(p.disease.astype(np.int32), NAMES[: len(DISEASES)]).take(owner).spell(),
        "kind": Words(p.allogeneic.astype(np.int32), ("autologous", "allogeneic")).take(owner).spell(),
        "day": spell_numbers((place + FIRST).astype(float), 0).spell(),
        "anc": spell_numbers(anc, 2).spell(),
        "temperature": spell_numbers(c.temperature[owner, place], 1).spell(),
        "grade": spell_numbers(grade, 0).spell(),
        "worst": spell_numbers(worst, 0).take(owner).spell(),
        "organism": Words(np.where(organism < 0, len(ORGANISMS), organism).astype(np.int32), names).take(owner).spell(),
    }
