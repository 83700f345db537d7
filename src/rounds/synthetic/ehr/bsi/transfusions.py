"""Blood products: they follow the morning's platelets and haemoglobin, and later mornings show them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.codings import note_procedures
from rounds.synthetic.ehr.draws import happens, runs
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, numbers, stack, texts
from rounds.synthetic.ehr.words import Array, Words, spell_numbers, stack_words

# Assumed: the share of low results that are answered, the kilograms of a patient in whom a unit brings `rise`, and how
# far weight may change that.
GIVEN, USUAL_WEIGHT, WEIGHS = 0.95, 78.0, (0.6, 1.6)


@dataclass(frozen=True)
class Product:
    """When it is given, and what it does: ``rise`` for each unit in a patient of 78 kg, gone after some ``days``.

    ``below`` gives the share of results under a limit that are answered, the lowest limit first.  Low counts have
    stood on transfusions: without one, those under ``alone`` are up to 45 % lower.
    """

    code: str
    loinc: str
    digits: int
    below: tuple[tuple[float, float], ...]
    rise: float
    spread: float
    days: float
    two_units: float
    minutes: tuple[int, int]
    refractory: float
    alone: float


# When: AABB guidelines, platelets under 10 x10^9/L (2015), red cells under 7 g/dL, under 8 for some (2023).
# What: one apheresis unit brings 20-40 x10^9/L at the bedside of a trial (TRAP, NEJM 1997), less with fever and
# mucositis, and lasts two to three days; some patients destroy it.  A unit of red cells brings about 1 g/dL, which
# falls by a tenth or two a day while the marrow is empty and blood is drawn each morning.
# Limits, rise and days follow these; the spread, the shares of two units, of the refractory and of answers between 7
# and 8 g/dL, and the minutes are assumed.
PLATELETS = Product(
    "platelet_transfusion", "777-3", 0, ((10, GIVEN),), 21, 0.3, 1.7, 0, (20, 60), refractory=0.07, alone=30
)
RED_CELLS = Product(
    "red_cell_transfusion",
    "718-7",
    1,
    ((7.0, GIVEN), (8.0, 0.3)),
    0.95,
    0.12,
    9,
    0.75,
    (80, 180),
    refractory=0,
    alone=0,
)

TRUTH = (
    f"a unit of platelets brings about {PLATELETS.rise:g} x10^9/L and is gone in two to three days, less in the "
    f"{PLATELETS.refractory:.0%} who destroy it; a unit of red cells brings about 1 g/dL; heavy patients rise less"
)


@dataclass(frozen=True)
class Draws:
    """What chance brings to each result of one test: is it answered, when, with how much, and what that does."""

    chance: Array
    start: Array
    length: Array
    units: Array
    rise: Array


def transfuse(block: Block, labs: Rows, left: Array, weight: Array) -> tuple[Rows, Rows]:
    """Return the laboratory rows as transfusions change them, and a procedure for each unit.

    A unit is given one to four hours after a result under the limit.
    """
    rng, given = block.rng(purpose=22), []
    for product in (PLATELETS, RED_CELLS):
        at = np.flatnonzero(_is(texts(labs, "loinc"), product.loinc))
        draws = _draw(rng, product, texts(labs, "encounter_id").codes[at], numbers(labs, "resulted_ts")[at], weight)
        value, answered = _walk(product, labs, at, draws, len(left))
        labs = _rewrite(labs, at, value, product.digits)
        given.append(_note(product, texts(labs, "encounter_id").take(at), draws, answered, left))
    return labs, stack(given)


def _draw(rng: np.random.Generator, product: Product, owner: Array, resulted: Array, weight: Array) -> Draws:
    n, patients = len(owner), len(weight)
    own = np.exp(rng.normal(0, product.spread, patients)) * np.clip(USUAL_WEIGHT / weight, *WEIGHS)
    own = own * np.where(happens(rng, product.refractory, patients), 0.25, 1)
    units = 1 + happens(rng, product.two_units, n)
    return Draws(
        chance=rng.random(n),
        start=resulted + rng.integers(HOUR, 4 * HOUR, n),
        length=rng.integers(*product.minutes, n),
        units=units,
        rise=product.rise * units * own[owner] * np.exp(rng.normal(0, 0.15, n)),
    )


def _walk(product: Product, labs: Rows, at: Array, draws: Draws, patients: int) -> tuple[Array, Array]:
    """Walk through the results of all patients at once: each shows what is left of the units before it."""
    owner, when = texts(labs, "encounter_id").codes[at], numbers(labs, "collected_ts")[at]
    value, answered = numbers(labs, "value_num")[at].copy(), np.zeros(len(at), bool)
    real = np.isfinite(value) & ~numbers(labs, "!sentinel")[at]
    value = np.where(real & (value < product.alone), value * (0.55 + 0.45 * value / max(product.alone, 1)), value)
    place, stop = runs(np.bincount(owner, minlength=patients))[1], draws.start + draws.units * draws.length
    level, since = np.zeros(patients), np.zeros(patients)
    for k in range(int(place.max(initial=-1)) + 1):
        rows = np.flatnonzero(place == k)
        who = owner[rows]
        shown = level[who] * _fade(product, when[rows] - since[who])
        value[rows] = np.where(real[rows], np.round(value[rows] + shown, product.digits), value[rows])
        answered[rows] = real[rows] & (draws.chance[rows] < _share(product, value[rows]))
        rows = rows[answered[rows]]
        who = owner[rows]
        level[who] = level[who] * _fade(product, stop[rows] - since[who]) + draws.rise[rows]
        since[who] = stop[rows]
    return value, answered


def _fade(product: Product, minutes: Array) -> Array:
    return np.asarray(np.exp(-np.maximum(minutes, 0) / (product.days * DAY)))


def _share(product: Product, value: Array) -> Array:
    """Return with which probability a result is answered."""
    limits = [value < limit for limit, _ in product.below]
    return np.select(limits, [share for _, share in product.below], 0.0)


def _rewrite(labs: Rows, at: Array, value: Array, digits: int) -> Rows:
    """Return the rows with these numbers, in the text too where a number changed."""
    old, text = numbers(labs, "value_num"), texts(labs, "value_text")
    changed = np.flatnonzero(np.isfinite(value) & (value != old[at]))
    new, place = old.copy(), np.arange(len(old))
    new[at], place[at[changed]] = value, len(old) + np.arange(len(changed))
    words = stack_words([text, spell_numbers(value[changed], digits)]).take(place)
    return {**labs, "value_num": new, "value_text": words}


def _note(product: Product, stay: Words, draws: Draws, answered: Array, left: Array) -> Rows:
    """Return a procedure for each unit; the second one follows the first."""
    at = np.flatnonzero(answered)
    row, place = runs(draws.units[at])
    start = draws.start[at][row] + place * draws.length[at][row]
    stop = np.minimum(start + draws.length[at][row], left[stay.codes[at][row]])
    return note_procedures(stay.take(at[row]), {product.code: (np.ones(len(row), bool), start, stop)})


def _is(words: Words, word: str) -> Array:
    return np.array([level == word for level in words.levels])[words.codes]
