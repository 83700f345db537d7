"""Notes of pregnancies: booking, scan, a late visit, the birth, the child, the way home."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.birthweight.births import Births
from rounds.synthetic.ehr.birthweight.charts import BEFORE_HOME
from rounds.synthetic.ehr.birthweight.contacts import LATE, SCAN, Contacts
from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.lookback import has, past_signs, takes_drug
from rounds.synthetic.ehr.notes import write_notes
from rounds.synthetic.ehr.rows import DAY, NEVER, Rows, sort, texts
from rounds.synthetic.ehr.vitals import DIASTOLIC, SYSTOLIC, TEMPERATURE
from rounds.synthetic.ehr.words import Array, Words, spell_numbers

SITUATIONS = (
    "first", "again", "scan_one", "scan_twins", "visit_well", "visit_ill",
    "birth_vaginal", "birth_caesarean", "child_well", "child_unit", "home", "child_died", "child_home",
)  # fmt: skip
FIRST, AGAIN, SCAN_ONE, SCAN_TWINS, WELL, ILL, VAGINAL, CAESAREAN, CHILD, UNIT, HOME, DIED, LEAVES = range(
    len(SITUATIONS)
)
IRON, FOLIC_ACID, METHYLDOPA = "B03AA07", "B03BB01", "C02AB01"
VERY_EARLY, TERM = 32 * 7, 37 * 7
# Visits that may have a note; 60 % of them have one: assumed.
LATER_VISITS = (1, 4, 6, LATE, 10, 12)


def draw_notes(block: Block, b: Births, c: Contacts, tables: dict[str, Rows]) -> Rows:
    """Return the notes of a block; they know what the other tables hold."""
    rng, n = block.rng(purpose=8), len(b.mother)
    every, child = np.arange(n), np.arange(len(c.child_of))
    scan = np.flatnonzero(c.visit_week == SCAN)
    later = np.flatnonzero(np.isin(c.visit_week, LATER_VISITS) & happens(rng, 0.6, len(c.visit_of)))
    born, dead = b.delivered[c.child_of], np.flatnonzero(c.child_death != NEVER)
    leaves = np.flatnonzero(c.neonatal & (c.child_death == NEVER))
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
        (c.newborns(leaves), c.child_of[leaves], c.child_left[leaves] - 20, np.full(len(leaves), LEAVES)),
    ]
    encounter = Words(np.concatenate([p[0].codes for p in parts]), c.names)
    owner, when, situation = (np.concatenate([p[i] for p in parts]) for i in (1, 2, 3))
    child_at = np.maximum(encounter.codes - (len(c.names) - len(c.child_of)), -1)
    twin = np.where(child_at >= 0, c.child_twin[child_at], 0)
    words = Words(situation.astype(np.int32), SITUATIONS)
    fields = _fields(b, owner, twin) | _on_leaving(b, c, child_at)
    facts = _facts(b, c, owner) | _signs(tables["vital"], encounter.codes, when)
    facts |= _drugs(tables["medication"], b, c, owner, when)
    rows = write_notes(block, "birthweight", words, fields, _copied(rng, owner, situation), facts)
    return sort({**rows, "encounter_id": encounter, "written_ts": when}, "encounter_id", "written_ts")


def _copied(rng: np.random.Generator, owner: Array, situation: Array) -> Array:
    """Name visits whose note is that of the visit before."""
    plain = (situation == WELL) & (np.roll(situation, 1) == WELL) & (owner == np.roll(owner, 1))
    return np.asarray(plain & happens(rng, 0.15, len(owner)))


def _facts(b: Births, c: Contacts, owner: Array) -> dict[str, Array]:
    """Return what is true of the pregnancies, by the names that the templates need."""
    unit = np.zeros(len(b.mother), bool)
    unit[c.child_of[c.neonatal]] = True
    known = (b.previous_here | b.told) & (b.parity > 0)
    facts = {
        "healthy": ~b.hypertension & ~b.diabetes,
        "previous_known": known,
        "previous_unknown": ~known,
        "previous_big": b.previous >= 2500,
        "well": ~b.pre_eclampsia & (b.days >= TERM) & ~unit,
        "very_early": b.days < VERY_EARLY,
    }
    return {name: fact[owner] for name, fact in facts.items()}


def _signs(signs: Rows, encounter: Array, when: Array) -> dict[str, Array]:
    """Return what the last signs of these encounters show: a pressure from 140/90 on, a child under 36.5 Cel."""
    charted = texts(signs, "encounter_id").codes

    def last(loinc: str) -> Array:
        return past_signs(signs, charted, loinc).last(encounter, when, DAY)

    high = (last(SYSTOLIC) >= 140) | (last(DIASTOLIC) >= 90)
    return {"pressure_high": high, "pressure_normal": ~high, "cold": last(TEMPERATURE) < 36.5}


def _drugs(orders: Rows, b: Births, c: Contacts, owner: Array, when: Array) -> dict[str, Array]:
    """Return what has been ordered; the orders of the visits belong to the booking."""
    pregnancy = np.full(len(c.names), -1)
    pregnancy[c.booking.codes] = np.arange(len(b.mother))
    pregnancy[c.deliveries(np.arange(len(b.mother))).codes] = np.arange(len(b.mother))
    of = pregnancy[texts(orders, "encounter_id").codes]
    return {
        "iron": takes_drug(orders, of, IRON, (owner, when)),
        "iron_before": has(orders, of, "atc", IRON, len(b.mother))[owner],
        "folic_acid": has(orders, of, "atc", FOLIC_ACID, len(b.mother))[owner],
        "methyldopa": takes_drug(orders, of, METHYLDOPA, (owner, when)),
    }


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
        "previous": told.take(owner).spell(),
        "children": children.take(owner).spell(),
        "grams": spell_numbers(grams, 0).spell(),
        "kilos": spell_numbers(grams / 1000, 2).spell(),
        "sex": Words(b.male[owner, twin].astype(np.int32), ("girl", "boy")).spell(),
    }


def _on_leaving(b: Births, c: Contacts, child: Array) -> dict[str, list[str]]:
    """Return day, weight and age after the last period at the last weighing of these children."""
    weeks = tuple(f"{day // 7}+{day % 7}" for day in range(520))
    days = (c.child_left - BEFORE_HOME - b.delivered[c.child_of]) / DAY
    grams = c.weight(np.arange(len(days)), days)
    day = np.floor(days).astype(np.int32)
    return {
        "stay": spell_numbers(day + 1.0, 0).take(child).spell(),
        "now": spell_numbers(grams, 0).take(child).spell(),
        "corrected": Words((b.days[c.child_of] + day).astype(np.int32), weeks).take(child).spell(),
    }
