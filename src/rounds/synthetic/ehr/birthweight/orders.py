"""Diagnoses and drugs of pregnancies: they follow what the visits find."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.birthweight.births import Births
from rounds.synthetic.ehr.birthweight.contacts import Contacts
from rounds.synthetic.ehr.codings import code_diagnoses
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.medications import Prescription, prescribe
from rounds.synthetic.ehr.rows import DAY, Rows, sort, stack


def draw_diagnoses(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    """Return the codes of bookings, births and newborns."""
    n, m = len(b.mother), len(c.child_of)
    every = np.ones(n, bool)
    booking = {"Z34": every, "O10": b.hypertension, "O24.0": b.diabetes}
    birth = {
        "O82": b.caesarean,
        "O80": ~b.caesarean,
        "O14": b.pre_eclampsia,
        "O24.4": b.gestational_diabetes,
        "O24.0": b.diabetes,
        "O10": b.hypertension,
        "O30": b.twins,
        "O60": b.days < 259,
    }
    grams, days = b.grams[c.child_of, c.child_twin], b.days[c.child_of]
    child = {
        "Z38": np.ones(m, bool),
        "P07.0": grams < 1000,
        "P07.1": (grams >= 1000) & (grams < 2500),
        "P07.2": days < 196,
        "P07.3": (days >= 196) & (days < 259),
    }
    parts = [
        code_diagnoses(rng, c.booking, b.booked, booking),
        code_diagnoses(rng, c.deliveries(np.arange(n)), b.left, birth),
        code_diagnoses(rng, c.newborns(np.arange(m)), c.child_left, child),
    ]
    return sort(stack(parts), "encounter_id", "rank")


def draw_orders(rng: np.random.Generator, b: Births, c: Contacts) -> Rows:
    """Return the drugs ordered at visits (until the birth) and in the stay of the birth.

    Who gets which drug is assumed, as are the weeks (13, 26, 32; betamethasone before 34).
    """
    n, every = len(b.mother), np.ones(len(b.mother), bool)
    week = {w: b.booked + (w * 7 - b.booked_days) * DAY for w in (13, 26, 32)}
    later = {w: np.maximum(when, b.booked + 20) for w, when in week.items()}
    risk = (b.bmi > 32) | b.hypertension | (b.age > 40)
    outside = [
        Prescription("B03BB01", happens(rng, 0.85, n), b.booked + 15, 150),
        Prescription("B03AA07", happens(rng, 0.45, n), later[26], 120),
        Prescription("A10AB01", b.diabetes | (b.gestational_diabetes & happens(rng, 0.3, n)), later[26], 120),
        Prescription("C02AB01", b.hypertension, b.booked + 15, 300),
        Prescription("C02AB01", b.pre_eclampsia & ~b.hypertension, later[32], 120),
        Prescription("B01AC06", risk & (b.year >= 2017) & happens(rng, 0.6, n), later[13], 160),
    ]
    early = b.days < 238
    inside = [
        Prescription("H02AB01", early & happens(rng, 0.85, n), b.admitted + 30, 1),
        Prescription("H01BB02", every & happens(rng, 0.9, n), b.delivered - 20, 0.2),
        Prescription("N02BE01", every & happens(rng, 0.75, n), b.delivered + 60, 4),
        Prescription("B01AB05", b.caesarean & happens(rng, 0.8, n), b.delivered + 400, 4),
    ]
    parts = [
        prescribe(rng, c.booking, b.admitted, outside),
        prescribe(rng, c.deliveries(np.arange(n)), b.left, inside),
    ]
    return sort(stack(parts), "encounter_id", "ordered_ts", "atc")
