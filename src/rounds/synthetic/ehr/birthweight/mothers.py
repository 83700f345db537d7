"""Mothers and their pregnancies as a matrix of mothers x pregnancies, before anybody records them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.words import Array

LONGEST = 6  # pregnancies of a mother; prototype
# The bend of `_bend_early`: before 33 weeks, by up to 22 %, over 2.2 weeks; twins are alike 3 weeks before it (Rubin:
# they part at 30-31 weeks).  The shape is assumed, the weights at 24 and 28 weeks are those of its docstring.
EARLY, LIGHTER, LIGHTER_OVER, TWINS_ALIKE_OVER = 33.0, 0.22, 2.2, 3.0
FIRST_YEAR, LAST_YEAR = 2013, 2024  # design
SCREENING_SINCE = 2019  # design: every cohort has a policy that changes
# Prototype, after Morton 1955: full siblings correlate by 0.523, 0.425 and 0.363 at one, two and three births apart, so
# a part fades with distance.  Here 0.49, 0.41 and 0.37: held by `birthweight.sibling_correlation_1` to `_3`.
VARIANCE_MOTHER, VARIANCE_NEAR, VARIANCE_CHILD, DECAY = 0.33, 0.50, 0.17, 0.55
# Grams.  PMC4919482 is a Japanese cohort (its table 2: boys / girls).
EFFECTS = {
    "base": 3342.0,  # prototype 3,335; held by `birthweight.mean`: 3,251 g (Rubin, Israel 2010-2019)
    "gestation_per_week": 150.0,  # PMC4919482: 21 g a day
    "male": 130.0,  # Leiberman 1993: 127-130 g after week 36; held by `birthweight.boy_minus_girl`
    "first_pregnancy": -110.0,  # PMC4919482: -107 / -118
    "smoking": -130.0,  # PMC4919482: -136 / -125
    "bmi_per_unit": 14.0,  # prototype; PMC4919482: -93 / -86 under 18.5, +157 / +173 from 25 on
    "height_per_cm": 9.0,  # textbook: 8 to 12
    "any_diabetes": 85.0,  # PMC4919482: +83 / +86
    "pre_eclampsia": -140.0,  # prototype; PMC4919482: high pressure in pregnancy -221 / -82
    "chronic_hypertension": -80.0,  # assumed
    "weight_gain_per_kg": 7.35,  # Ludwig & Currie 2010: within a mother
    "mother_tendency_to_gain_per_kg": 20.0,  # prototype; held by `birthweight.gain_slope_between` (PMC4919482: 21 / 19)
    "twin": -550.0,  # assumed; held by `birthweight.single_minus_multiple`: 947 g (Rubin)
    "residual_sd": 400.0,  # prototype; held by `birthweight.sd`: 504 g (Leiberman 1993: 529 / 504)
}


@dataclass(frozen=True)
class Mothers:
    """Traits of each mother (n), and year and age at each booking (n x pregnancies)."""

    site: Array
    height: Array
    bmi: Array
    smokes: Array
    diabetes: Array
    hypertension: Array
    gestation: Array
    gain: Array
    constant: Array
    near: Array
    year: Array
    age: Array
    family: Array


@dataclass(frozen=True)
class Pregnancies:
    """The course of each pregnancy (n x pregnancies) and the weight of each child (n x pregnancies x 2).

    ``straight`` is the weight on the straight line of ``EFFECTS``; before 33 weeks children are lighter than that.
    """

    wanted: Array
    twins: Array
    bmi: Array
    gestational_diabetes: Array
    pre_eclampsia: Array
    weeks: Array
    gain: Array
    male: Array
    straight: Array
    grams: Array


def draw_mothers(rng: np.random.Generator, n: int) -> Mothers:
    """Draw n mothers with their bookings.

    Height, body mass index, diabetes and the tendencies to gestation and gain are the prototype's (its median index was
    23.6); ages, gaps and families are near it.  Sites and chronic hypertension are assumed; smoking falls from 11.5 %
    by 0.4 points a year, 8 % on average: held by `birthweight.smokers`.
    """
    first_year = rng.uniform(2007, 2025, n)
    gaps = np.maximum(1.1, rng.normal(2.6, 1.0, (n, LONGEST)))
    gaps[:, 0] = 0
    since = np.cumsum(gaps, axis=1)
    return Mothers(
        site=happens(rng, 0.4, n),
        height=rng.normal(162, 6.3, n),
        bmi=np.exp(rng.normal(np.log(23.4), 0.17, n)),
        smokes=happens(rng, 0.115 - 0.004 * (first_year - 2007), n),
        diabetes=happens(rng, 0.02, n),
        hypertension=happens(rng, 0.022, n),
        gestation=rng.normal(0, 0.6, n),
        gain=rng.normal(12.5, 4.0, n),
        constant=rng.normal(0, VARIANCE_MOTHER**0.5, n),
        near=_decaying(rng, n),
        year=first_year[:, None] + since,
        age=np.clip(rng.normal(26.5, 4.6, n), 16, 45)[:, None] + since,
        family=np.minimum(1 + rng.poisson(1.9, n), LONGEST),
    )


def _decaying(rng: np.random.Generator, n: int) -> Array:
    """Draw a part of the weight that near siblings share more than far ones."""
    steps = rng.normal(0, VARIANCE_NEAR**0.5, (n, LONGEST))
    for j in range(1, LONGEST):
        steps[:, j] = DECAY * steps[:, j - 1] + steps[:, j] * (1 - DECAY**2) ** 0.5
    return steps


def draw_pregnancies(rng: np.random.Generator, m: Mothers) -> Pregnancies:
    """Draw the course of all pregnancies and weigh the children.

    Diabetes is the prototype's, and screening adds 0.45 by design (`birthweight.diabetes_found_b_since_2019`);
    pre-eclampsia starts lower (-3.75, there -3.6), and 1.6 for hypertension before is assumed.  Twins make 4.2 % of the
    children (Rubin: 4.4 %, held by `birthweight.multiples`) and come 2.7 weeks earlier, which is assumed.  Weeks and
    gain are the prototype's, with 8.3 % early births in place of 7.5 %: held by `birthweight.preterm`, in the
    textbook's 6 to 8 %.
    """
    shape = m.year.shape
    place = np.arange(LONGEST)[None, :]
    wanted = (place < m.family[:, None]) & (m.age < 49)
    bmi = m.bmi[:, None] + 0.4 * place + rng.normal(0, 0.6, shape)
    screened = m.site[:, None] & (m.year >= SCREENING_SINCE)
    risk = -3.3 + 0.12 * (bmi - 24) + 0.05 * (m.age - 30) + 0.45 * screened
    pressed = -3.75 + 0.10 * (bmi - 24) + 0.7 * (place == 0) + 1.6 * m.hypertension[:, None]
    pre_eclampsia = happens(rng, logistic(pressed), shape)
    twins = wanted & happens(rng, 0.0215, shape)
    weeks = 39.33 + m.gestation[:, None] + rng.normal(0, 1.05, shape)
    weeks -= rng.exponential(3.2, shape) * happens(rng, 0.083, shape)
    weeks -= 1.3 * (pre_eclampsia & happens(rng, 0.5, shape)) + 2.7 * twins
    weeks = np.clip(weeks, 24, 42.3)
    course = {
        "wanted": wanted,
        "twins": twins,
        "bmi": bmi,
        "gestational_diabetes": ~m.diabetes[:, None] & happens(rng, logistic(risk), shape),
        "pre_eclampsia": pre_eclampsia,
        "weeks": weeks,
        "gain": m.gain[:, None] + rng.normal(0, 3.2, shape) + 0.05 * (weeks - 39) - 0.25 * (bmi - 24),
    }
    male = happens(rng, 0.513, (*shape, 2))
    own = rng.normal(0, VARIANCE_CHILD**0.5, (*shape, 2))
    straight = _weigh(m, course, male, own)
    grams = _bend_early(straight, weeks[:, :, None], twins[:, :, None])
    return Pregnancies(male=male, straight=_weighed(straight), grams=_weighed(grams), **course)


def _weigh(m: Mothers, c: dict[str, Array], male: Array, own: Array) -> Array:
    """Return the weight of every child in grams on the straight line."""
    e, first = EFFECTS, np.arange(LONGEST)[None, :] == 0
    mother = (
        e["smoking"] * m.smokes
        + e["height_per_cm"] * (m.height - 162)
        + e["chronic_hypertension"] * m.hypertension
        + e["mother_tendency_to_gain_per_kg"] * (m.gain - 12.5)
    )
    pregnancy = (
        e["base"]
        + mother[:, None]
        + e["gestation_per_week"] * (c["weeks"] - 39.3)
        + e["first_pregnancy"] * first
        + e["bmi_per_unit"] * (c["bmi"] - 24)
        + e["any_diabetes"] * (c["gestational_diabetes"] | m.diabetes[:, None])
        + e["pre_eclampsia"] * c["pre_eclampsia"]
        + e["weight_gain_per_kg"] * (c["gain"] - 12.5)
        + e["twin"] * c["twins"]
        + e["residual_sd"] * (m.constant[:, None] + m.near)
    )
    return np.asarray(pregnancy[:, :, None] + e["male"] * (male - 0.5) + e["residual_sd"] * own)


def _bend_early(straight: Array, weeks: Array, twins: Array) -> Array:
    """Return the weights with those of children before 33 weeks bent down, and their spread with them.

    150 g a week is right near term only: it gives 1.05 and 1.65 kg at 24 and 28 weeks, where the middle child weighs
    0.65 and 1.1 kg (Fenton, BMC Pediatr 2013).  Bent to 0.8 and 1.3 kg, heavier than half of the children of their
    week and no wonder: all the way would break the correlation of siblings.  Twins weigh less from 30-31 weeks on.
    """
    before = np.maximum(EARLY - weeks, 0)
    share = 1 - LIGHTER * (1 - np.exp(-before / LIGHTER_OVER))
    typical = EFFECTS["base"] + EFFECTS["gestation_per_week"] * (weeks - 39.3)
    alone = straight - EFFECTS["twin"] * twins * np.minimum(before / TWINS_ALIKE_OVER, 1)
    return np.asarray(np.where(before > 0, typical * share + (alone - typical) * share**2, straight))


def _weighed(grams: Array) -> Array:
    """Return weights as the scales show them, to 10 g.

    Weights stay inside 400 to 5,600 g; the prototype's lower limit was 500.
    """
    return np.asarray(np.rint(grams.clip(400, 5600) / 10) * 10)
