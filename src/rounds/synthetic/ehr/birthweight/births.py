"""The pregnancies that the register sees: inside its years, in its hospitals, with what a mother tells of others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.birthweight.mothers import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    Mothers,
    Pregnancies,
    draw_mothers,
    draw_pregnancies,
)
from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.rows import DAY, minutes
from rounds.synthetic.ehr.words import Array

# All four are assumed: who leaves for another hospital, by how much more after a child under 2,500 g, who tells the
# weight of a child born elsewhere, and who has no early scan.
LEFT, LEFT_AFTER_SMALL, TOLD, NO_SCAN = 0.05, 0.06, 0.55, 0.12


@dataclass(frozen=True)
class Births:
    """One entry for each recorded pregnancy, in the order of mother and time; children are (pregnancy, 0 or 1).

    How a child fares (caesarean, Apgar score, neonatal unit, death) and who leaves follow ``straight``.
    """

    mother: Array
    parity: Array
    birth_order: Array
    site: Array
    year: Array
    age: Array
    height: Array
    bmi: Array
    smokes: Array
    diabetes: Array
    hypertension: Array
    gestational_diabetes: Array
    pre_eclampsia: Array
    gain: Array
    twins: Array
    no_scan: Array
    booked: Array
    booked_days: Array
    days: Array
    delivered: Array
    previous: Array
    previous_here: Array
    told: Array
    male: Array
    straight: Array
    grams: Array
    caesarean: Array
    admitted: Array
    left: Array

    @property
    def diabetic(self) -> Array:
        """Tell who has any diabetes."""
        return np.asarray(self.diabetes | self.gestational_diabetes)


def draw_births(block: Block) -> Births:
    """Draw candidates, keep the first mothers of whom the register has a pregnancy."""
    rng = block.rng()
    m = draw_mothers(rng, 2 * block.persons + 40)
    c = draw_pregnancies(rng, m)
    before = np.hstack([np.zeros((len(m.site), 1)), c.straight[:, :-1, 0]])
    stays = happens(rng, 1 - LEFT - LEFT_AFTER_SMALL * (before < 2500), c.wanted.shape)
    inside = c.wanted & (m.year >= FIRST_YEAR) & (m.year < LAST_YEAR + 1)
    kept = inside & (stays | (np.arange(LONGEST) == 0))
    kept &= (np.cumsum(kept.any(axis=1)) <= block.persons)[:, None]
    mother, parity = np.nonzero(kept)
    return _record(rng, m, c, kept, (mother, parity))


def _record(rng: np.random.Generator, m: Mothers, c: Pregnancies, kept: Array, at: tuple[Array, Array]) -> Births:
    mother, parity = at
    n = len(mother)
    last = (mother, np.maximum(parity - 1, 0))
    children = np.cumsum(c.wanted * (1 + c.twins), axis=1)
    own = {name: getattr(m, name)[mother] for name in ("site", "height", "smokes", "diabetes", "hypertension")}
    course = ("bmi", "gestational_diabetes", "pre_eclampsia", "gain", "twins", "male", "straight", "grams")
    names = np.cumsum(kept.any(axis=1)) - 1
    return Births(
        mother=names[mother],
        parity=parity,
        birth_order=children[at] - c.twins[at],
        year=m.year[at],
        age=m.age[at],
        previous=np.where(parity > 0, c.grams[(*last, 0)], np.nan),
        previous_here=(parity > 0) & kept[last],
        told=happens(rng, TOLD, n),
        **own,
        **{name: getattr(c, name)[at] for name in course},
        **_draw_times(rng, c.weeks[at], m.year[at], c.twins[at], c.straight[(*at, 0)]),
    )


def _draw_times(rng: np.random.Generator, weeks: Array, year: Array, twins: Array, grams: Array) -> dict[str, Array]:
    """Draw booking, delivery and the stay around it; without an early scan the length is rounded to weeks.

    Assumed throughout: booking around day 72 of the pregnancy (day 126-200 without an early scan), a last period wrong
    by 0.6 weeks, who has a caesarean, and the days of the stay.
    """
    n, no_scan = len(weeks), happens(rng, NO_SCAN, len(weeks))
    days = np.rint(weeks * 7)
    early = rng.normal(72, 14, n).clip(42, 125)
    booked_days = np.minimum(np.where(no_scan, rng.uniform(126, 200, n), early), days - 10).astype(np.int64)
    start = minutes(f"{FIRST_YEAR}-01-01")
    day = start // DAY + np.floor((year - FIRST_YEAR) * 365.25).astype(np.int64)
    booked = day * DAY + rng.integers(8 * 60, 15 * 60, n)
    delivered = (day + days.astype(np.int64) - booked_days) * DAY + rng.integers(0, DAY, n)
    caesarean = happens(rng, logistic(-1.6 + 1.3 * twins + 0.9 * (grams > 4200) + 0.8 * (grams < 2200)), n)
    heaped = (np.rint(weeks + rng.normal(0, 0.6, n)) * 7).clip(24 * 7, 301)
    stay = np.where(caesarean, rng.uniform(3.2, 5.5, n), rng.uniform(1.8, 3.5, n))
    return {
        "no_scan": no_scan,
        "booked": booked,
        "booked_days": booked_days,
        "days": np.where(no_scan, np.maximum(heaped, booked_days + 7), days).astype(np.int64),
        "delivered": delivered,
        "caesarean": caesarean,
        "admitted": delivered - (60 * rng.uniform(2, 16, n)).astype(np.int64),
        "left": delivered + (DAY * stay).astype(np.int64),
    }
