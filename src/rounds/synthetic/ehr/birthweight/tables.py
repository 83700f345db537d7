"""The birthweight cohort's rows: two maternity hospitals and their faults."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.birthweight.births import Births, draw_births
from rounds.synthetic.ehr.birthweight.charts import draw_labs, draw_vitals
from rounds.synthetic.ehr.birthweight.contacts import SCAN, Contacts, draw_contacts, encounter_rows
from rounds.synthetic.ehr.birthweight.notes import draw_notes
from rounds.synthetic.ehr.birthweight.orders import draw_diagnoses, draw_orders
from rounds.synthetic.ehr.block import Block, Chunk, draw_people
from rounds.synthetic.ehr.codings import deaths, note_procedures, observe
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import NEVER, Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, choose, repeat, spell_numbers

# Design: held by `birthweight.smokers`.
SILENT_SMOKERS, UNANSWERED, UNANSWERED_SMOKERS = 0.20, 0.05, 0.15
# Design: held by `birthweight.height_missing_a` and `_b` (10-20 %), `gain_missing` (30 %, more in late bookers) and
# `kilograms_b`.  The share of heights in metres is assumed.
UNSEEN, GAIN_MISSING, METRES, KILOGRAMS = (0.10, 0.20), (0.27, 0.50), 0.004, 0.06


def draw_block(block: Block) -> Chunk:
    """Draw the mothers of a block and write their records."""
    b, rng = draw_births(block), block.rng(purpose=3)
    c = draw_contacts(block, b)
    people = block.ids("P", block.persons + len(c.child_of))
    mothers, children = people.take(np.arange(block.persons)), people.take(np.arange(block.persons, len(people)))
    observations = _observations(rng, b, c)
    tables = {
        "person": _people(rng, b, c, mothers, children),
        "encounter": encounter_rows(b, c, mothers, children),
        "pregnancy": _pregnancies(block, b, c, mothers, children),
        "diagnosis": draw_diagnoses(rng, b, c),
        "procedure": _procedures(b, c),
        "observation": observations,
        "lab": draw_labs(rng, b, c),
        "vital": draw_vitals((rng, block.rng(purpose=5)), b, c),
        "medication": draw_orders(rng, b, c),
        "death": deaths(children, c.child_death),
    }
    tables["note"] = draw_notes(block, b, c, tables)
    return Chunk(tables, _latent(b, c, children), _facts(b, c))


def _people(rng: np.random.Generator, b: Births, c: Contacts, mothers: Words, children: Words) -> Rows:
    first = np.searchsorted(b.mother, np.arange(len(mothers)))
    female = draw_people(rng, mothers, np.zeros(len(mothers), bool), np.floor(b.year - b.age)[first])
    year = b.delivered[c.child_of].astype("datetime64[m]").astype("datetime64[Y]").astype(np.int64) + 1970
    young = draw_people(rng, children, b.male[c.child_of, c.child_twin], year)
    return stack([female, young])


def _pregnancies(block: Block, b: Births, c: Contacts, mothers: Words, children: Words) -> Rows:
    owner = c.child_of
    return {
        "pregnancy_id": block.ids("G", len(b.mother)).take(owner),
        "mother_id": mothers.take(b.mother[owner]),
        "child_id": children,
        "birth_order": b.birth_order[owner] + c.child_twin,
        "plurality": (1 + b.twins)[owner].astype(np.int64),
        "booking_ts": b.booked[owner],
        "ga_booking_days": b.booked_days[owner],
        "delivery_ts": b.delivered[owner],
        "ga_delivery_days": b.days[owner],
        "!gestation_in_whole_weeks": b.no_scan[owner],
        "!twin": b.twins[owner],
    }


def _procedures(b: Births, c: Contacts) -> Rows:
    n, every = len(b.mother), np.ones(len(b.mother), bool)
    births = note_procedures(
        c.deliveries(np.arange(n)),
        {
            "caesarean": (b.caesarean, b.delivered - 12, b.delivered + 30),
            "vaginal_birth": (every & ~b.caesarean, b.delivered - 10, b.delivered + 20),
        },
    )
    seen = np.flatnonzero(c.visit_week == SCAN)
    scans: Rows = {
        "encounter_id": c.visits(seen),
        "code": repeat("fetal_scan", len(seen)),
        "start_ts": c.visit_at[seen],
        "stop_ts": c.visit_at[seen] + 20,
    }
    born = b.delivered[c.child_of]
    cared = {"neonatal_unit": (c.neonatal, born + 5, c.child_left)}
    return sort(stack([births, scans, note_procedures(c.newborns(np.arange(len(born))), cared)]), "encounter_id")


def _observations(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    parts = [_at_booking(rng, b, c), _at_scan(b, c), _at_birth(rng, b, c), _of_children(rng, b, c)]
    return sort(stack(parts), "encounter_id", "ts")


def _at_booking(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    n = len(b.mother)
    unseen = happens(rng, np.where(b.site, UNSEEN[1], UNSEEN[0]), n)
    silent, metres = b.smokes & happens(rng, SILENT_SMOKERS, n), happens(rng, METRES, n) & ~unseen
    no_answer = happens(rng, np.where(b.smokes, UNANSWERED_SMOKERS, UNANSWERED), n)
    tall, short = spell_numbers(b.height, 0), spell_numbers(b.height / 100, 2)
    height = Words(np.where(metres, short.codes + len(tall.levels), tall.codes), (*tall.levels, *short.levels))
    recalled = b.told & ~b.previous_here & (b.parity > 0)
    previous = np.where(recalled, np.rint(b.previous / 100) * 100, np.nan)
    values = {
        "8302-2": (height.mask(unseen), {"height_in_metres": metres}),
        "39156-5": (spell_numbers(b.bmi, 1).mask(unseen), {}),
        "72166-2": (choose(b.smokes & ~silent, "no", "yes").mask(no_answer), {"smoker_recorded_as_no": silent}),
        "11977-6": (spell_numbers(b.parity.astype(float), 0), {}),
        "previous_birthweight_told": (spell_numbers(previous, 0), {"recalled_to_100_g": recalled}),
        "gestation_dated_by": (choose(b.no_scan, "scan", "last period"), {}),
    }
    parts = [_observed(c.booking, b.booked + 10, code, word, marks) for code, (word, marks) in values.items()]
    return stack(parts)


def _observed(encounter: Words, when: Array, code: str, value: Words, marks: dict[str, Array]) -> Rows:
    known = value.codes >= 0
    return {
        **observe(encounter, when, {code: value}),
        **{f"!{m}": _in_order(encounter, w, known) for m, w in marks.items()},
    }


def _in_order(encounter: Words, mark: Array, known: Array) -> Array:
    """Return the marks of the known rows in the order in which ``observe`` sorts them."""
    at = np.flatnonzero(known)
    return np.asarray(mark[at][np.argsort(encounter.codes[at], kind="stable")])


def _at_scan(b: Births, c: Contacts) -> Rows:
    seen = np.flatnonzero(c.visit_week == SCAN)
    number = spell_numbers((1 + b.twins[c.visit_of[seen]]).astype(float), 0)
    return observe(c.visits(seen), c.visit_at[seen] + 20, {"57722-1": number})


def _at_birth(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    """Return the length of the pregnancy as text ("38+4" at site A, days at site B) and the weight gain."""
    n = len(b.mother)
    missing = happens(rng, np.where(b.no_scan, GAIN_MISSING[1], GAIN_MISSING[0]), n)
    weeks = tuple(f"{day // 7}+{day % 7}" for day in range(320))
    days = tuple(str(day) for day in range(320))
    length = Words(np.where(b.site, b.days + 320, b.days).astype(np.int32), (*weeks, *days))
    gain = spell_numbers(b.gain, 1).mask(missing)
    return observe(c.deliveries(np.arange(n)), b.delivered, {"76516-4": length, "56078-9": gain})


def _of_children(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    grams, owner = b.grams[c.child_of, c.child_twin], c.child_of
    n = len(grams)
    wrong = b.site[owner] & (b.year[owner] < 2016) & happens(rng, KILOGRAMS, n)
    heavy, light = spell_numbers(grams, 0), spell_numbers(grams / 1000, 1)
    weight = Words(np.where(wrong, light.codes + len(heavy.levels), heavy.codes), (*heavy.levels, *light.levels))
    # Points lost of the Apgar score: assumed, more for the small.
    low = rng.poisson(0.35 + 1.8 * np.clip((2600 - b.straight[c.child_of, c.child_twin]) / 1500, 0, 1))
    born, names = b.delivered[owner] + 6, c.newborns(np.arange(n))
    apgar = spell_numbers(np.clip(10 - low, 0, 10).astype(float), 0)
    parts = [_observed(names, born, "8339-4", weight, {"birthweight_in_kilograms": wrong})]
    return stack([*parts, observe(names, born, {"9274-2": apgar})])


def _latent(b: Births, c: Contacts, children: Words) -> Rows:
    return {
        "child_id": children,
        "birthweight_g": b.grams[c.child_of, c.child_twin],
        "smokes": b.smokes[c.child_of],
        "height_cm": b.height[c.child_of].round(2),
        "weight_gain_kg": b.gain[c.child_of].round(2),
        "previous_birthweight_g": b.previous[c.child_of],
    }


def _facts(b: Births, c: Contacts) -> dict[str, int]:
    return {
        "pregnancies": len(b.mother),
        "children": len(c.child_of),
        "smokers": int(b.smokes.sum()),
        "previous_child_unknown": int(((b.parity > 0) & ~b.previous_here & ~b.told).sum()),
        "neonatal_deaths": int((c.child_death != NEVER).sum()),
    }
