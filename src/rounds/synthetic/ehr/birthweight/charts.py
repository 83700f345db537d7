"""Laboratory results and vital signs of visits, births and newborns."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr import vitals as sign
from rounds.synthetic.ehr.birthweight.births import Births
from rounds.synthetic.ehr.birthweight.contacts import LATE, SUGAR, Contacts
from rounds.synthetic.ehr.birthweight.mothers import SCREENING_SINCE
from rounds.synthetic.ehr.draws import happens, visits
from rounds.synthetic.ehr.labs import Samples, report
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER, Rows, sort, stack
from rounds.synthetic.ehr.vitals import chart
from rounds.synthetic.ehr.words import Array, repeat

# Names of the two samples of a birth, beyond the numbers of the visits.
ADMISSION, AFTER = 100, 101
# Minutes from the last weighing to home, and the age from which signs are charted once a day; assumed.
BEFORE_HOME, FEEDS_AND_GROWS = 40, 14 * DAY


def draw_labs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    """Return the results of mothers and newborns."""
    return sort(stack([_mothers_labs(rng, b, c), _newborn_labs(rng, b, c)]), "encounter_id", "collected_ts", "loinc")


def _mothers_labs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    sampled = np.flatnonzero(np.isin(c.visit_week, (0, SUGAR, LATE)))
    births = np.arange(len(b.mother))
    owner = np.concatenate([c.visit_of[sampled], births, births])
    phase = np.concatenate([c.visit_week[sampled], np.full(len(births), ADMISSION), np.full(len(births), AFTER)])
    after = np.minimum(b.delivered + rng.integers(14, 26, len(births)) * HOUR, b.left - 60)
    when = np.concatenate([c.visit_at[sampled] + 10, b.admitted + 20, after])
    names = np.concatenate([c.visits(sampled).codes, c.deliveries(births).codes, c.deliveries(births).codes])
    encounter = c.visits(names)
    n = len(owner)
    samples = Samples(encounter, b.site[owner], np.zeros(n, bool), when, happens(rng, 0.03, n))
    values = _mothers_values(rng, b, owner, phase)
    return report(rng, samples, values, _mothers_orders(rng, b, owner, phase, values))


def _mothers_values(rng: np.random.Generator, b: Births, owner: Array, phase: Array) -> dict[str, Array]:
    n = len(owner)
    # Levels and their changes are assumed.  The sugar test is cut at 140 mg/dL, so that it tells who has diabetes.
    late, labour, after = phase >= SUGAR, phase == ADMISSION, phase == AFTER
    ill = b.pre_eclampsia[owner] & (phase >= LATE)
    iron = np.asarray(rng.normal(0, 0.8, len(b.mother)))[owner]
    sugar = b.diabetes[owner]
    found = b.gestational_diabetes[owner] | sugar
    challenge = np.where(found, rng.normal(168, 15, n).clip(141, 280), rng.normal(110, 17, n).clip(55, 139))
    return {
        "haemoglobin": 12.7 - 0.9 * late + 0.3 * labour - 1.3 * after + iron + rng.normal(0, 0.35, n),
        "leukocytes": np.exp(2.1 + 0.15 * late + 0.35 * labour + 0.4 * after + rng.normal(0, 0.22, n)),
        "platelets": np.exp(5.5 - 0.12 * late - 0.35 * ill + rng.normal(0, 0.22, n)),
        "glucose": np.exp(4.42 + 0.28 * sugar + rng.normal(0, 0.1, n)),
        "creatinine": np.exp(-0.60 - 0.08 * late + 0.3 * ill + rng.normal(0, 0.15, n)),
        "alt": np.exp(2.7 + 0.7 * ill + rng.normal(0, 0.4, n)),
        "tsh": np.exp(0.4 + rng.normal(0, 0.55, n)),
        "challenge": challenge,
        "crp": np.exp(1.4 + 1.6 * after + 0.2 * labour + rng.normal(0, 0.8, n)).clip(0.2, 300),
        "potassium": 4.0 + rng.normal(0, 0.3, n),
        "sodium": 137.5 + rng.normal(0, 2.0, n),
    }


def _mothers_orders(
    rng: np.random.Generator, b: Births, owner: Array, phase: Array, values: dict[str, Array]
) -> dict[str, Array]:
    """Return what is ordered: the sugar test for all at site B since 2019, before that for most.

    The shares are assumed: 70 % are tested where not all are.
    """
    n, ill = len(owner), b.pre_eclampsia[owner]
    screened = b.site[owner] & (b.year[owner] >= SCREENING_SINCE)
    tested = (screened | b.gestational_diabetes[owner] | happens(rng, 0.7, n)) & ~b.diabetes[owner]
    booking, late = phase == 0, phase >= LATE
    ordered = {test: np.zeros(n, bool) for test in values}
    ordered |= {test: np.ones(n, bool) for test in ("haemoglobin", "leukocytes", "platelets")}
    ordered["tsh"], ordered["challenge"] = booking & happens(rng, 0.8, n), (phase == SUGAR) & tested
    ordered["glucose"] = booking | b.diabetic[owner]
    for test in ("creatinine", "alt", "potassium", "sodium"):
        ordered[test] = booking | (late & (ill | happens(rng, 0.3, n)))
    ordered["crp"] = (phase == AFTER) & (b.caesarean[owner] | happens(rng, 0.15, n))
    return ordered


# Samples at about 3, 30 and 54 hours; times, levels and orders are assumed.
def _newborn_labs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    grams = b.grams[c.child_of, c.child_twin]
    born = b.delivered[c.child_of]
    times = np.stack([born + 3 * HOUR, born + 30 * HOUR, born + 54 * HOUR])
    times = times + rng.integers(0, 200, times.shape)
    draw, child = np.nonzero(times < c.child_left)
    n, when = len(child), times[draw, child]
    weight, early = grams[child], b.days[c.child_of[child]] < 259
    male = b.male[c.child_of, c.child_twin][child]
    samples = Samples(c.newborns(child), b.site[c.child_of[child]], male, when, happens(rng, 0.08, n))
    risk = (weight < 2500) | (weight > 4000) | b.diabetic[c.child_of[child]]
    values = {
        "bilirubin": np.exp(1.0 + 0.55 * draw + 0.25 * early + rng.normal(0, 0.35, n)).clip(0.4, 28),
        "glucose": np.exp(4.05 + 0.12 * draw - 0.18 * risk + rng.normal(0, 0.2, n)),
        "haemoglobin": 17.2 + rng.normal(0, 1.8, n),
        "leukocytes": np.exp(2.75 + rng.normal(0, 0.3, n)),
        "platelets": np.exp(5.5 - 0.15 * early + rng.normal(0, 0.25, n)),
        "crp": np.exp(0.9 + 0.6 * c.neonatal[child] + rng.normal(0, 0.9, n)).clip(0.2, 200),
    }
    sick = c.neonatal[child]
    ordered = {test: sick | (happens(rng, 0.06, n) & (draw == 1)) for test in values}
    ordered["bilirubin"] = (draw >= 1) | sick
    ordered["glucose"] = (risk | sick) & (draw <= 1)
    return report(rng, samples, values, ordered)


def draw_vitals(streams: tuple[np.random.Generator, np.random.Generator], b: Births, c: Contacts) -> Rows:
    """Return the signs of visits, mothers in labour and newborns, whose weights have a stream of their own."""
    rng, own = streams
    parts = [_visit_signs(rng, b, c), _labour_signs(rng, b, c), _newborn_signs(rng, b, c), _newborn_weights(own, b, c)]
    return sort(stack(parts), "encounter_id", "charted_ts", "loinc")


# Assumed: 16 mm[Hg] more with chronic hypertension, 26 with pre-eclampsia.
def _pressure(rng: np.random.Generator, b: Births, owner: Array, late: Array) -> tuple[Array, Array]:
    high = 16 * b.hypertension[owner] + 26 * b.pre_eclampsia[owner] * late
    systolic = 112 + 0.7 * (b.bmi[owner] - 24) + high + rng.normal(0, 9, len(owner))
    return systolic.clip(78, 210), (0.55 * systolic + 8 + rng.normal(0, 6, len(owner))).clip(40, 130)


# Assumed, as are the levels of the signs below.
def _visit_signs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    owner, n = c.visit_of, len(c.visit_of)
    systolic, diastolic = _pressure(rng, b, owner, c.visit_days > 220)
    share = np.clip((c.visit_days - 70) / np.maximum(b.days[owner] - 70, 60), 0, 1)
    weight = b.bmi[owner] * (b.height[owner] / 100) ** 2 + b.gain[owner] * share + rng.normal(0, 0.6, n)
    seen = c.visit_days >= 140
    values = {
        sign.SYSTOLIC: systolic,
        sign.DIASTOLIC: diastolic,
        sign.HEART_RATE: 80 + 6 * share + rng.normal(0, 8, n),
        sign.WEIGHT: np.where(happens(rng, 0.85, n), weight.clip(35, 180), np.nan),
        sign.FUNDAL_HEIGHT: np.where(seen, c.visit_days / 7 + rng.normal(0, 1.8, n), np.nan),
        sign.FETAL_HEART: np.where(seen, 142 + rng.normal(0, 8, n), np.nan),
    }
    return chart(c.visits(np.arange(n)), c.visit_at + 5, values)


# Site B writes 4 of 1,000 temperatures in Fahrenheit, in the other cohorts too: design.
def _labour_signs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    labour = visits(rng, b.admitted + 5, b.delivered, HOUR, 20)
    after = visits(rng, b.delivered + 20, b.left, 8 * HOUR, 40)
    owner, when = (np.concatenate([x, y]) for x, y in zip(labour, after, strict=True))
    n, before = len(owner), np.arange(len(owner)) < len(labour[0])
    systolic, diastolic = _pressure(rng, b, owner, np.ones(n, bool))
    values = {
        sign.SYSTOLIC: systolic + 6 * before,
        sign.DIASTOLIC: diastolic + 3 * before,
        sign.HEART_RATE: (82 + 9 * before + rng.normal(0, 9, n)).clip(45, 160),
        sign.TEMPERATURE: 36.8 + 0.1 * before + rng.normal(0, 0.3, n),
        sign.FETAL_HEART: np.where(before, 140 + rng.normal(0, 10, n), np.nan),
    }
    return chart(c.deliveries(owner), when, values, b.site[owner] & happens(rng, 0.004, n))


# Assumed; the smaller the child, the faster heart and breath.
def _newborn_signs(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    born = b.delivered[c.child_of]
    close, ward = np.where(c.neonatal, np.minimum(c.child_left, born + 7 * DAY), born), born + FEEDS_AND_GROWS
    rounds = (
        visits(rng, born + 10, np.minimum(c.child_left, ward), 12 * HOUR, 60),
        visits(rng, born + 30, close, 6 * HOUR, 40),
        visits(rng, ward, c.child_left, DAY, 60),
    )
    owner, when = (np.concatenate(part) for part in zip(*rounds, strict=True))
    n, small = len(owner), np.clip((2500 - b.grams[c.child_of, c.child_twin]) / 1000, 0, 2)[owner]
    values = {
        sign.HEART_RATE: (138 + 6 * small + rng.normal(0, 12, n)).clip(75, 215),
        sign.BREATHS: (44 + 8 * small + rng.normal(0, 6, n)).clip(20, 95),
        sign.TEMPERATURE: 36.8 - 0.15 * small + rng.normal(0, 0.25, n),
        sign.OXIMETRY: (97.2 - 1.8 * small + rng.normal(0, 1.5, n)).clip(70, 100),
    }
    return chart(c.newborns(owner), when, values)


def _newborn_weights(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    """Return a weight for each day in the nursery or the unit, and the one before the child goes home."""
    born = b.delivered[c.child_of]
    child, when = visits(rng, born + DAY, c.child_left - 4 * HOUR, DAY, 2 * HOUR)
    home = np.flatnonzero(c.child_death == NEVER)
    child, when = np.append(child, home), np.append(when, c.child_left[home] - BEFORE_HOME)
    kilograms = c.weight(child, (when - born[child]) / DAY) / 1000
    n = len(child)
    return {
        "encounter_id": c.newborns(child),
        "loinc": repeat(sign.WEIGHT, n),
        "value_num": np.round(kilograms, 2),  # a child is weighed to 10 g, an adult to 100 g
        "unit": repeat(sign.UNITS[sign.WEIGHT][0], n),
        "charted_ts": when,
        "!fahrenheit": np.zeros(n, bool),
    }
