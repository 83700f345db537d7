"""How newborns grow, who needs the neonatal unit, and when a child that came early goes home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.words import Array

WEEK, TERM, EARLY, IMMATURE = 7, 37 * 7, 34 * 7, 28 * 7
# Grams: growth is steady from here on, and lighter children need the unit; both assumed.
STEADY, LIGHT = 1800.0, 1800.0
LONGEST_STAY = 170  # days; assumed
UNIT = {34: 0.8, 35: 0.35, 36: 0.1}  # share of each week in the unit; assumed
TRUTH = (
    "before 33 weeks lighter than the straight line (24, 28, 32 weeks: 0.8, 1.3, 2.1 kg); all before 34 weeks in the"
    " neonatal unit; home at 36-40 weeks after the last period, with 1.9-3 kg; 5-10 % of the weight is lost"
    " first, regained by day 10-14, then 13 g/kg a day, from 1.8 kg on 24 g a day"
)


@dataclass(frozen=True)
class Growth:
    """The weight of each child after birth: grams at birth, share lost, days of the lowest and of the same weight."""

    grams: Array
    lost: Array
    lowest: Array
    regained: Array
    rate: Array

    def at(self, child: Array, days: Array) -> Array:
        """Return the grams of these children so many days after birth."""
        grams, lowest, regained, rate = (x[child] for x in (self.grams, self.lowest, self.regained, self.rate))
        dip = np.minimum(days / lowest, (regained - days) / (regained - lowest)).clip(0, 1)
        growing = np.maximum(days - regained, 0)
        early = np.minimum(growing, self._to(STEADY)[child])
        return np.asarray(
            grams * (1 - self.lost[child] * dip) * np.exp(rate * early) + STEADY * rate * (growing - early)
        )

    def day_of(self, grams: Array) -> Array:
        """Return the day on which each child reaches so many grams (about 2 kg at most); 0 if it is born with them."""
        return np.where(self.grams >= grams, 0.0, self.regained + self._to(grams))

    def _to(self, grams: Array | float) -> Array:
        """Return the days of growth that each child needs until it has so many grams."""
        return np.asarray(np.maximum(np.log(grams / self.grams), 0) / self.rate)


def draw_growth(rng: np.random.Generator, grams: Array, length: Array) -> Growth:
    """Draw how children grow; ``length`` is that of the pregnancy in days.

    Early children lose about 8 % until day 4-6 and have it again on day 10-14, others 6 % until day 2-4; then
    13 (12-15) g/kg a day, near term 20-30 g a day (Patel, Clin Perinatol 2009; Fenton, J Pediatr 2018).
    """
    n, early = len(grams), length < EARLY
    return Growth(
        grams=grams,
        lost=rng.normal(np.where(early, 0.08, 0.06), 0.014, n).clip(0.03, 0.12),
        lowest=rng.uniform(np.where(early, 3.5, 2), np.where(early, 6, 3.5), n),
        regained=rng.normal(np.where(early, 12.0, 9.5), 1.2, n).clip(7.5, 15),
        rate=rng.normal(np.where(length < IMMATURE, 0.0125, 0.0132), 0.0013, n).clip(0.010, 0.018),
    )


def draw_unit(rng: np.random.Generator, grams: Array, length: Array) -> Array:
    """Draw who needs the neonatal unit for being early or small: all before 34 weeks or under 1.8 kg, then fewer."""
    weeks = length // WEEK
    share = (length < EARLY) + (grams < LIGHT) + sum(chance * (weeks == week) for week, chance in UNIT.items())
    return happens(rng, np.asarray(share, float), len(length))


def stay_in_unit(rng: np.random.Generator, growth: Growth, length: Array, least: Array) -> Array:
    """Return the days in the unit; ``least`` is the stay of those who came at term.

    A child that came early goes home when it breathes, drinks and keeps warm: at 36-38 weeks after the last period,
    about or after term when born before 28 weeks (Rawlings, Pediatrics 1993; AAP 2008), with 1.8 kg or more.
    """
    n, weeks = len(length), length / WEEK
    sooner, immature = np.clip(32 - weeks, -3, 8), np.clip(28 - weeks, 0, 4)
    ready = 36.3 + np.where(sooner > 0, 0.45, 0.3) * sooner + 0.3 * immature
    ready += rng.normal(-0.3, 0.6, n) + rng.exponential(0.6, n)
    days = WEEK * np.maximum(ready - weeks, 0.5 + rng.exponential(0.35, n))
    heavy = growth.day_of(rng.normal(1850, 90, n).clip(1650, 2000))
    return np.maximum(np.where(length < TERM, days, least), heavy).clip(None, LONGEST_STAY)
