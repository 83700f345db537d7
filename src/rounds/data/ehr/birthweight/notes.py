"""Notes of pregnancies: booking, scan, a late visit, the birth, the child, the way home."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.birthweight.births import Births
from rounds.data.ehr.birthweight.contacts import LATE, SCAN, Contacts
from rounds.data.ehr.block import Block
from rounds.data.ehr.draws import happens
from rounds.data.ehr.notes import write_notes
from rounds.data.ehr.rows import NEVER, Rows, sort
from rounds.data.ehr.words import Array, Words, spell_numbers

SITUATIONS = (
    "first", "again", "scan_one", "scan_twins", "visit_well", "visit_ill",
    "birth_vaginal", "birth_caesarean", "child_well", "child_unit", "home", "child_died",
)  # fmt: skip
(FIRST, AGAIN, SCAN_ONE, SCAN_TWINS, WELL, ILL, VAGINAL, CAESAREAN, CHILD, UNIT, HOME, DIED) = range(len(SITUATIONS))
LATER_VISITS = (1, 4, 6, LATE, 10, 12)


def draw_notes(block: Block, b: Births, c: Contacts) -> Rows:
    """Return the notes of a block."""
    rng, n = block.rng(purpose=8), len(b.mother)
    every, child = np.arange(n), np.arange(len(c.child_of))
    scan = np.flatnonzero(c.visit_week == SCAN)
    later = np.flatnonzero(np.isin(c.visit_week, LATER_VISITS) & happens(rng, 0.6, len(c.visit_of)))
    born, dead = b.delivered[c.child_of], np.flatnonzero(c.child_death != NEVER)
    ill = b.pre_eclampsia[c.visit_of[later]] & (c.visit_days[later] > 220)
    parts = [
        (c.booking, every, b.booked + 20, np.where(b.parity > 0, AGAIN, FIRST)),
        (
            c.visits(scan),
            c.visit_of[scan],
            c.visit_at[scan] + 22,
            np.where(b.twins[c.visit_of[scan]], SCAN_TWINS, SCAN_ONE),
        ),
        (c.visits(later), c.visit_of[later], c.visit_at[later] + 21, np.where(ill, ILL, WELL)),
        (c.deliveries(every), every, b.delivered + 70, np.where(b.caesarean, CAESAREAN, VAGINAL)),
        (c.newborns(child), c.child_of, born + 90, np.where(c.neonatal, UNIT, CHILD)),
        (c.deliveries(every), every, b.left - 30, np.full(n, HOME)),
        (c.newborns(dead), c.child_of[dead], c.child_death[dead] + 40, np.full(len(dead), DIED)),
    ]
    encounter = Words(np.concatenate([p[0].codes for p in parts]), c.names)
    owner, when, situation = (np.concatenate([p[i] for p in parts]) for i in (1, 2, 3))
    twin = np.zeros(len(owner), np.int64)
    newborn = encounter.codes >= len(c.names) - len(c.child_of)
    twin[newborn] = c.child_twin[encounter.codes[newborn] - (len(c.names) - len(c.child_of))]
    words = Words(situation.astype(np.int32), SITUATIONS)
    rows = write_notes(block, "birthweight", words, _fields(b, owner, twin), _copied(rng, owner, situation))
    return sort({**rows, "encounter_id": encounter, "written_ts": when}, "encounter_id", "written_ts")


def _copied(rng: np.random.Generator, owner: Array, situation: Array) -> Array:
    """Name visits whose note is that of the visit before."""
    plain = (situation == WELL) & (np.roll(situation, 1) == WELL) & (owner == np.roll(owner, 1))
    return np.asarray(plain & happens(rng, 0.15, len(owner)))


def _fields(b: Births, owner: Array, twin: Array) -> dict[str, list[str]]:
    weeks = tuple(f"{day // 7}+{day % 7}" for day in range(320))
    grams = b.grams[owner, twin]
    disease = np.where(b.hypertension, 1, np.where(b.diabetes, 2, 0)).astype(np.int32)
    previous = np.where(b.previous_here | b.told, b.previous, np.nan)
    told = spell_numbers(np.rint(previous / 100) * 100, 0)
    children = Words(
        b.parity.astype(np.int32),
        ("no child", "one child", "two children", "three children", "four children", "five children"),
    )
    return {
        "age": spell_numbers(np.floor(b.age), 0).take(owner).spell(),
        "booked": Words(b.booked_days.astype(np.int32), weeks).take(owner).spell(),
        "gestation": Words(b.days.astype(np.int32), weeks).take(owner).spell(),
        "bmi": spell_numbers(b.bmi, 1).take(owner).spell(),
        "history": Words(disease, ("healthy", "chronic hypertension", "diabetes before pregnancy")).take(owner).spell(),
        "previous": told.mask(told.codes < 0, "of unknown weight:").take(owner).spell(),
        "children": children.take(owner).spell(),
        "grams": spell_numbers(grams, 0).spell(),
        "kilos": spell_numbers(grams / 1000, 2).spell(),
        "sex": Words(b.male[owner, twin].astype(np.int32), ("girl", "boy")).spell(),
    }
