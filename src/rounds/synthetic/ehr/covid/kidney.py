"""Acute kidney injury with Covid-19: who has it, and how creatinine, urea and potassium show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.covid.patients import Patients
from rounds.synthetic.ehr.rows import DAY
from rounds.synthetic.ehr.words import Array

# KDIGO 2012: injury is a creatinine of 1.5 times the patient's own or more, stage 3 of 3 times or more.  Here 1.7 to
# 3.7 times at the peak on day 3, and 2.8 to 6 times on the ventilator, where most who need dialysis are.
DEPTH, WORSE_VENTILATED, CHRONIC, PEAK_DAY, HEALS_DAYS = (0.55, 1.3), 0.5, 0.55, 3.0, 5.0
# Assumed: how far it is at the door, whose urea (mmol/L) is high, how much creatinine goes with urea.  The factor for a
# kidney ill before, the days of the peak and of healing above are assumed too.
AT_THE_DOOR = {"urea_high": 0.6, "urea_normal": 0.1}
HIGH_UREA, WITH_UREA = 12.0, 0.35


@dataclass(frozen=True)
class Kidney:
    """Who is injured, and by how much the logarithm of creatinine rises at the peak (0 for the others)."""

    injured: Array
    depth: Array

    def rise(self, p: Patients, owner: Array, when: Array) -> Array:
        """Return the logarithm of the rise at these minutes; who goes home recovers, who dies does not."""
        days = (when - p.admitted[owner]) / DAY
        first = np.where(p.urea > HIGH_UREA, AT_THE_DOOR["urea_high"], AT_THE_DOOR["urea_normal"])[owner]
        climbed = first + (1 - first) * np.clip(days / PEAK_DAY, 0, 1)
        healed = np.exp(-np.maximum(days - PEAK_DAY - 1, 0) / HEALS_DAYS)
        return np.asarray(self.depth[owner] * climbed * np.where(p.in_hospital[owner], 1.0, healed))


def draw_kidney(rng: np.random.Generator, p: Patients, injured: Array) -> Kidney:
    """Draw how deep each injury is; a kidney that was ill before rises from a high level, by a smaller factor."""
    depth = rng.uniform(*DEPTH, len(injured)) + WORSE_VENTILATED * p.ventilated
    depth = depth * np.where(p.diseases["N18"], CHRONIC, 1.0)
    return Kidney(injured, depth * injured)


def show_injury(values: dict[str, Array], p: Patients, rise: Array, owner: Array, first: Array) -> dict[str, Array]:
    """Return the tests with the injury in them; creatinine also goes with the urea at the door."""
    thirst = np.log(p.urea) - 1.85 - 0.017 * (p.age - 65)
    return {
        **values,
        "creatinine": (values["creatinine"] * np.exp(rise + WITH_UREA * thirst[owner])).clip(0.3, 20),
        "urea": values["urea"] * np.exp(0.5 * rise * ~first),
        "potassium": values["potassium"] + 0.4 * rise,
    }
