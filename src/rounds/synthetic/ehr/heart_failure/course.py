"""How a stay goes: water leaves with the diuretics, and the fever of pneumonia with the antibiotic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr import vitals as sign
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.heart_failure.journey import Stays
from rounds.synthetic.ehr.heart_failure.patients import Patients
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, numbers, texts
from rounds.synthetic.ehr.words import Array

# Shares of the water that stays and of pneumonias with fever; assumed.
REMAINS, FEVERISH = 0.08, 0.85
EACH_DEGREE = {sign.HEART_RATE: 8.0, sign.BREATHS: 2.5}  # assumed
UNTREATED = 3.0  # days in which a fever goes without an antibiotic; assumed
TRUTH = {
    "water": "kilograms too much at the door: 3.7 + 1.9 (log NT-proBNP - 8.3) +- 1.1; 92 % leave, a third stays after"
    " 2-3 days; none in those who die in hospital",
    "fever": f"in {FEVERISH:.0%} of J18: 37.8-39.5 Cel at the door, over in 2-4 days of antibiotics;"
    " pulse +8 and breaths +2.5 for each degree",
}


@dataclass(frozen=True)
class Water:
    """For each stay the kilograms of water too much at the door, and in how many days two thirds of it leave."""

    kilograms: Array
    pace: Array


@dataclass(frozen=True)
class Fever:
    """For each stay the degrees above the usual (0: none), in how many days they go, and the minute of admission."""

    degrees: Array
    cools: Array
    admitted: Array


def draw_water(rng: np.random.Generator, s: Stays) -> Water:
    """Draw the water of each stay: congested patients lose 2-4 kg, others less or nothing.

    DOSE (NEJM 2011) saw 2.7-3.9 kg in 3 days, ASCEND-HF (Eur Heart J 2015) a median of 2.5 kg in the stay.
    """
    n = len(s.who)
    kilograms = (3.7 + 1.9 * (s.congestion - 8.3) + rng.normal(0, 1.1, n)).clip(0, 12)
    return Water(kilograms, rng.normal(2.4, 0.45, n).clip(1.2, 4))


def draw_fever(rng: np.random.Generator, s: Stays, pneumonia: Array) -> Fever:
    """Draw the fever of stays with pneumonia: 37.8-39.5 Cel in most; the old may have none (Metlay, JAMA 1997)."""
    n = len(s.who)
    hot = pneumonia & happens(rng, FEVERISH, n)
    degrees = np.where(hot, rng.normal(1.9, 0.4, n).clip(1.1, 2.9), 0.0)
    return Fever(degrees, rng.normal(1.8, 0.35, n).clip(1.0, 2.8), s.admitted)


def dry_weight(p: Patients, who: Array) -> Array:
    """Return the kilograms of these patients without water too much; the same from stay to stay.

    Assumed.
    """
    return np.asarray(p.levels["weight"][who] * 15 + 70 + 9 * p.male[who])


def weight_at(p: Patients, s: Stays, water: Water, owner: Array, when: Array) -> Array:
    """Return the kilograms in these stays at these minutes; after the stay, those of its end."""
    days = (np.minimum(when, s.left[owner]) - s.admitted[owner] - 4 * HOUR) / DAY
    left = REMAINS + (1 - REMAINS) * np.exp(-np.maximum(days, 0) / water.pace[owner])
    return np.asarray(dry_weight(p, s.who[owner]) + water.kilograms[owner] * np.where(s.died[owner], 1.0, left))


def warm(signs: Rows, owner: Array, fever: Fever, treated: Array) -> Rows:
    """Return the signs with the fever of pneumonia in them: it falls from the antibiotic's first minute on.

    ``owner`` is the stay of each row; ``treated`` is when each stay's antibiotic starts (never: below all times).
    """
    code, when, value = texts(signs, "loinc"), numbers(signs, "charted_ts"), numbers(signs, "value_num").copy()
    cools = np.where(treated < fever.admitted, UNTREATED, fever.cools)
    days = np.maximum(when - np.maximum(treated, fever.admitted)[owner], 0) / DAY
    degrees = fever.degrees[owner] * np.exp(-((days / cools[owner]) ** 1.5))
    at = (degrees > 0) & (code.codes == code.levels.index(sign.TEMPERATURE))
    scale = np.where(value[at] > 50, 1.8, 1.0)  # some are written in Fahrenheit
    value[at] = np.round(np.minimum(value[at] + degrees[at] * scale, np.where(scale > 1, 105.4, 40.8)), 1)
    for loinc, each in EACH_DEGREE.items():
        at = (degrees > 0) & (code.codes == code.levels.index(loinc))
        value[at] = np.round(value[at] + each * degrees[at])
    return {**signs, "value_num": value}
