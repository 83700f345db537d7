"""Drugs of the Covid-19 cohort: they follow the diseases, the calendar and the support."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.covid.course import Support
from rounds.data.ehr.covid.patients import DEXAMETHASONE_SINCE, Patients
from rounds.data.ehr.draws import happens
from rounds.data.ehr.medications import Order, prescribe
from rounds.data.ehr.rows import DAY, Rows, minutes
from rounds.data.ehr.words import Array, Words

TOCILIZUMAB_SINCE = minutes("2020-12-01")


def draw_orders(rng: np.random.Generator, stay: Words, p: Patients, care: Support) -> Rows:
    """Return the orders of all stays."""
    n = len(stay)
    door = p.admitted + rng.integers(30, 300, n)
    late = p.admitted >= DEXAMETHASONE_SINCE
    sick = p.oxygen & (p.severity > 0.5)
    acute = [
        Order("H02AB02", p.treated, door, 10),
        Order("B01AB05", happens(rng, 0.93, n), door, 60),
        Order("N02BE01", happens(rng, 0.8, n), door, 60),
        Order("J01DD04", happens(rng, np.where(p.severity > 0, 0.6, 0.3), n), door, 5),
        Order("J05AB16", late & p.oxygen & happens(rng, 0.35, n), door, 5),
        Order("L04AC07", sick & (p.admitted >= TOCILIZUMAB_SINCE) & happens(rng, 0.3, n), door + DAY, 1),
        Order("C01CA03", p.ventilated & happens(rng, 0.7, n), care.ventilated_from + 60, 4),
        Order("N02AA01", p.ventilated, care.ventilated_from, 8),
        Order("A10AB01", p.diseases["E11"] & (p.treated | happens(rng, 0.4, n)), door, 60),
    ]
    return prescribe(rng, stay, p.left, acute + _home(rng, p, door))


def _home(rng: np.random.Generator, p: Patients, door: Array) -> list[Order]:
    """Return the drugs that patients take at home for their diseases."""
    n = len(door)
    usual = {"C09AA05": "I10", "A10BA02": "E11", "R03BB04": "J44", "C03CA01": "I50.9", "C07AB07": "I50.9"}
    return [Order(atc, p.diseases[disease] & happens(rng, 0.65, n), door, 60) for atc, disease in usual.items()]
