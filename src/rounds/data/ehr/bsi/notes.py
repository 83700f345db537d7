"""Notes of the transplant ward: the door, each day, the result of a culture, the end."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.block import Block
from rounds.data.ehr.bsi.charts import midnight
from rounds.data.ehr.bsi.course import Course
from rounds.data.ehr.bsi.cultures import ORGANISMS, first_growth
from rounds.data.ehr.bsi.orders import first_place
from rounds.data.ehr.bsi.patients import DISEASES, FIRST, Patients
from rounds.data.ehr.draws import happens
from rounds.data.ehr.notes import write_notes
from rounds.data.ehr.rows import HOUR, Rows, sort
from rounds.data.ehr.words import Array, Words, spell_numbers

SITUATIONS = ("door", "before", "fever", "deep", "rising", "grew", "home", "died")
DOOR, BEFORE, FEVER, DEEP, RISING, GREW, HOME, DIED = range(len(SITUATIONS))
NAMES = ("multiple myeloma", "diffuse large B-cell lymphoma", "AML", "ALL", "MDS")


def draw_notes(block: Block, p: Patients, c: Course, stay: Words, span: tuple[Array, Array], cultures: Rows) -> Rows:
    """Return the notes of all stays."""
    rng, n = block.rng(purpose=8), len(p.site)
    daily, place = np.nonzero(c.present & (np.arange(c.present.shape[1]) < c.last[:, None]))
    when = midnight(p)[daily, place] + 11 * HOUR + rng.integers(0, 6 * HOUR, len(daily))
    anc = c.neutropenic[daily, place]
    kind = np.where(c.fever[daily, place], FEVER, np.where(anc, DEEP, np.where(place + FIRST > 4, RISING, BEFORE)))
    grown, grown_at, organism = first_growth(cultures, n)
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
    rows = write_notes(block, "bsi", Words(situation.astype(np.int32), SITUATIONS), fields, copied)
    return sort({**rows, "encounter_id": stay.take(owner), "written_ts": written}, "encounter_id", "written_ts")


def _fields(p: Patients, c: Course, owner: Array, place: Array, organism: Array) -> dict[str, list[str]]:
    anc = c.anc[owner, place]
    names = (*ORGANISMS, "no organism")
    grade = np.rint(p.mucositis).astype(float)
    return {
        "age": spell_numbers(p.age.astype(float), 0).take(owner).spell(),
        "sex": Words(p.male.astype(np.int32), ("woman", "man")).take(owner).spell(),
        "disease": Words(p.disease.astype(np.int32), NAMES[: len(DISEASES)]).take(owner).spell(),
        "kind": Words(p.allogeneic.astype(np.int32), ("autologous", "allogeneic")).take(owner).spell(),
        "day": spell_numbers((place + FIRST).astype(float), 0).spell(),
        "anc": spell_numbers(anc, 2).spell(),
        "temperature": spell_numbers(c.temperature[owner, place], 1).spell(),
        "grade": spell_numbers(grade, 0).take(owner).spell(),
        "organism": Words(np.where(organism < 0, len(ORGANISMS), organism).astype(np.int32), names).take(owner).spell(),
    }
