"""Drugs of the Covid-19 cohort: they follow the diseases, the calendar and the support."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.covid.course import Support
from rounds.synthetic.ehr.covid.patients import DEXAMETHASONE_SINCE, Patients
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.medications import Prescription, prescribe
from rounds.synthetic.ehr.rows import DAY, HOUR, Rows, minutes, sort, stack
from rounds.synthetic.ehr.words import Array, Words

TOCILIZUMAB_SINCE = minutes("2020-12-01")  # assumed, as are the shares of all drugs


def draw_orders(rng: np.random.Generator, own: np.random.Generator, stay: Words, p: Patients, care: Support) -> Rows:
    """Return the orders of all stays; ``own`` is a stream of its own for the neutropenic."""
    n = len(stay)
    door = p.admitted + rng.integers(30, 300, n)
    late = p.admitted >= DEXAMETHASONE_SINCE
    sick = p.oxygen & (p.severity > 0.5) & ~p.neutropenic
    acute = [
        Prescription("H02AB02", p.treated, door, 10),
        Prescription("B01AB05", happens(rng, 0.93, n), door, 60),
        Prescription("N02BE01", happens(rng, 0.8, n), door, 60),
        Prescription("J01DD04", happens(rng, np.where(p.severity > 0, 0.6, 0.3), n) & ~p.neutropenic, door, 5),
        Prescription("J05AB16", late & p.oxygen & happens(rng, 0.35, n), door, 5),
        Prescription("L04AC07", sick & (p.admitted >= TOCILIZUMAB_SINCE) & happens(rng, 0.3, n), door + DAY, 1),
        Prescription("C01CA03", p.ventilated & happens(rng, 0.7, n), care.ventilated_from + 60, 4),
        Prescription("N02AA01", p.ventilated, care.ventilated_from, 8),
        Prescription("A10AB01", p.diseases["E11"] & (p.treated | happens(rng, 0.4, n)), door, 60),
    ]
    rows = prescribe(rng, stay, p.left, acute + _home(rng, p, care, door))
    few = prescribe(own, stay, p.left, _against_neutropenia(own, p, door))
    return sort(stack([rows, few]), "encounter_id", "ordered_ts", "atc")


def _against_neutropenia(own: np.random.Generator, p: Patients, door: Array) -> list[Prescription]:
    """Return growth factor and an antibiotic against Pseudomonas in place of ceftriaxone (IDSA, Freifeld 2011)."""
    n = len(door)
    return [
        Prescription("L03AA02", p.neutropenic & happens(own, 0.7, n), door + HOUR, 6),
        Prescription("J01CR05", p.neutropenic & happens(own, 0.85, n), door, 7),
    ]


def _home(rng: np.random.Generator, p: Patients, care: Support, door: Array) -> list[Prescription]:
    """Return the drugs that patients take at home for their diseases; they end with the ventilator."""
    n, days = len(door), np.where(p.ventilated, np.maximum(care.ventilated_from - door, 0) / DAY, 60)
    usual = {"C09AA05": "I10", "A10BA02": "E11", "R03BB04": "J44", "C03CA01": "I50.9", "C07AB07": "I50.9"}
    return [
        Prescription(atc, p.diseases[disease] & happens(rng, 0.65, n), door, days) for atc, disease in usual.items()
    ]
