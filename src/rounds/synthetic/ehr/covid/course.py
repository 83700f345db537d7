"""The course of an illness: severity over time, and the values that follow from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.covid.marrow import neutropenic_count
from rounds.synthetic.ehr.covid.patients import Patients, saturation
from rounds.synthetic.ehr.decline import Decline, draw_decline
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import DAY, HOUR, NEVER
from rounds.synthetic.ehr.words import Array

# Assumed: the share that gets oxygen before death, and the saturation at which it starts.
LATE_OXYGEN, OXYGEN_BELOW = 0.96, 91.5
CRP_STEADY = 100.0  # mg/L up to which a CRP stands as drawn; assumed


@dataclass(frozen=True)
class Support:
    """From when until when each patient is in intensive care and on the ventilator, and what the last day brings.

    ``oxygen_from`` is when oxygen starts for those who come without need of it and die (never: nobody else).
    """

    care: Array
    care_from: Array
    care_until: Array
    ventilated_from: Array
    ventilated_until: Array
    oxygen_from: Array
    decline: Decline

    def ventilates(self, p: Patients, owner: Array, when: Array) -> Array:
        """Tell which of these patients are on the ventilator at these minutes."""
        inside = (when >= self.ventilated_from[owner]) & (when < self.ventilated_until[owner])
        return np.asarray(p.ventilated[owner] & inside)

    def late_oxygen(self, owner: Array, when: Array) -> Array:
        """Tell which of these patients have oxygen that they did not need at the door."""
        start = self.oxygen_from[owner]
        return np.asarray((start != NEVER) & (when >= start))


def draw_care(rng: np.random.Generator, p: Patients, own: np.random.Generator) -> Support:
    """Draw the time in intensive care: all who are ventilated, and some of the very ill.

    ``own`` is a stream of its own for late oxygen and the last hours.
    """
    n, stay = len(p.age), p.left - p.admitted
    # Shares and times are assumed: held by `covid.intensive_care` (textbook: 10-20 %).
    care = p.ventilated | (rng.random(n) < 0.22 * (p.severity > 0.8))
    start = p.admitted + (stay * rng.uniform(0.05, 0.35, n)).astype(np.int64) + HOUR
    whole = np.where(p.in_hospital, p.left, start + (0.55 * (p.left - start)).astype(np.int64))
    until, tube = np.minimum(whole, p.left), start + 2 * HOUR
    free = tube + (0.8 * (until - tube)).astype(np.int64)
    decline = draw_decline(own, p.in_hospital, p.admitted, p.left)
    return Support(care, start, until, tube, np.where(p.in_hospital, p.left, free), _late_oxygen(own, p), decline)


def _late_oxygen(rng: np.random.Generator, p: Patients) -> Array:
    """Return when oxygen starts for those who come without need of it and die: as the saturation falls.

    Not before hour 25, so that "on oxygen in 24 hours" keeps its meaning, but at least some hours before death.
    A few want comfort only and get none.
    """
    found = np.full(len(p.age), NEVER)
    who = np.flatnonzero(p.in_hospital & ~p.oxygen & happens(rng, LATE_OXYGEN, len(p.age)))
    length, parts = (p.left - p.admitted)[who], np.linspace(0.02, 0.98, 49)
    when = p.admitted[who, None] + (length[:, None] * parts).astype(np.int64)
    owner = np.repeat(who, len(parts))
    low = (room_air_at(p, owner, when.ravel()) < OXYGEN_BELOW).reshape(when.shape)
    first = np.where(low.any(axis=1), when[np.arange(len(who)), low.argmax(axis=1)], p.left[who])
    latest = p.left[who] - np.minimum(rng.integers(14 * HOUR, 30 * HOUR, len(who)), length // 2)
    earliest = p.admitted[who] + np.minimum(25 * HOUR, (0.8 * length).astype(np.int64))
    found[who] = np.maximum(np.minimum(first, latest), earliest)
    return found


def room_air_at(p: Patients, owner: Array, when: Array) -> Array:
    """Return the arterial saturation that these patients would have without oxygen at these minutes."""
    own = p.room_air - saturation(p.severity)
    return np.asarray(saturation(severity_at(p, owner, when)) + own[owner])


def severity_at(p: Patients, owner: Array, when: Array) -> Array:
    """Return the severity of these patients at these minutes: worse for three days, then better, or never better.

    The pace is assumed.
    """
    days = (when - p.admitted[owner]) / DAY
    stay = np.maximum((p.left - p.admitted)[owner] / DAY, 0.5)
    better = 0.25 * np.minimum(days, 3) / 3 - 0.20 * np.maximum(days - 3, 0)
    worse = 1.5 * days / stay
    course = np.where(p.in_hospital[owner], worse, np.maximum(better, -2.2))
    return np.asarray(p.severity[owner] + course * np.minimum(1.0, days / 0.5 + 0.0))


def soften(crp: Array) -> Array:
    """Return CRP in mg/L with a slow rise above ``CRP_STEADY``: the liver makes no more, so over 400 gets rare."""
    return np.asarray(np.where(crp > CRP_STEADY, CRP_STEADY * (1 + np.log(np.maximum(crp / CRP_STEADY, 1))), crp))


def blood(rng: np.random.Generator, p: Patients, owner: Array, s: Array, first: Array) -> dict[str, Array]:
    """Return the tests of each sample in site A's units; a patient's own level makes days alike."""
    n = len(owner)

    def level(sd: float) -> Array:
        return np.asarray(rng.normal(0, sd, len(p.age)))[owner]

    def noise(sd: float) -> Array:
        return np.asarray(rng.normal(0, sd, n))

    age, kidney = p.age[owner], p.diseases["N18"][owner]
    # CRP, D-dimer, LDH and lymphocytes are near the prototype's, their noise split into that of a patient and of a
    # sample: held by `covid.crp_median` (textbook: 60-80), `dimer_median` (0.8-1.0), `ldh_median` (330-360) and
    # `lymphocytes_median` (0.9).  All other levels are assumed.
    urea = np.log(p.urea)[owner] + 0.14 * (s - p.severity[owner])
    creatinine = np.exp(-0.30 + 0.2 * p.male[owner] + 0.8 * kidney + 0.08 * s + level(0.2) + noise(0.06))
    lymphocytes = np.exp(-0.12 - 0.22 * s - 0.008 * (age - 65) + level(0.36) + noise(0.2))
    few, depth = p.neutropenic[owner], rng.random(len(p.age))[owner]
    neutrophils = np.exp(1.50 + 0.24 * s + level(0.32) + noise(0.14))
    neutrophils = np.where(few, neutropenic_count(depth, noise(0.2)), neutrophils)
    return {
        "crp": soften(np.exp(4.10 + 0.75 * s + 0.62 * p.inflamed[owner] + noise(0.40))).clip(0.2),
        "dimer": np.exp(-0.17 + 0.42 * s + 0.015 * (age - 65) + level(0.72) + noise(0.3)),
        "ldh": np.exp(5.80 + 0.26 * s + 0.20 * p.injured[owner] + noise(0.12)),
        "lymphocytes": lymphocytes,
        "neutrophils": neutrophils,
        "leukocytes": (lymphocytes + neutrophils) * 1.12,
        "urea": np.exp(urea + noise(0.08) * ~first),
        "creatinine": creatinine,
        "platelets": np.exp(5.32 - 0.03 * s - 1.1 * few + level(0.3) + noise(0.08)),
        "haemoglobin": 12.4 + 1.1 * p.male[owner] - 0.15 * s - 2.6 * few + level(1.4) + noise(0.35),
        "sodium": 137.3 - 0.5 * s + level(2.8) + noise(1.4),
        "potassium": 4.05 + 0.28 * kidney + 0.05 * s + level(0.3) + noise(0.25),
        "glucose": np.exp(4.72 + 0.35 * p.diseases["E11"][owner] + 0.05 * s + level(0.13) + noise(0.16)),
        "albumin": (3.6 - 0.16 * s + level(0.3) + noise(0.12)).clip(1.4, 5.2),
        "alt": np.exp(3.4 + 0.12 * s + level(0.5) + noise(0.15)),
        "ferritin": np.exp(6.2 + 0.35 * s + 0.3 * p.male[owner] + level(0.7) + noise(0.15)),
        "procalcitonin": np.exp(-2.0 + 0.6 * s + level(0.7) + noise(0.35)),
        "troponin": np.exp(2.4 + 0.03 * (age - 65) + 0.25 * s + level(0.5) + noise(0.2)),
    }


def ordering(rng: np.random.Generator, p: Patients, owner: Array, first: Array) -> dict[str, Array]:
    """Return which tests are ordered: D-dimer, LDH and CRP more for the sick, less at site B."""
    n, site, wave = len(p.age), p.site, p.wave

    def once(line: Array, share: float) -> Array:
        never = rng.random(n) < 1 / (1 + np.exp(-line))
        return np.asarray(~never[owner] & (first | (rng.random(len(owner)) < share)))

    # D-dimer, LDH, CRP and lymphocytes are near the prototype's on the first day: held by `covid.dimer_missing`, its
    # sites and `covid.death_dimer_missing`.  The shares of later days and all other tests are assumed.
    s, every = p.severity, np.zeros(n)
    rare = {"ferritin": (0.2 - 0.8 * s, 0.25), "procalcitonin": (0.6 - 0.8 * s, 0.3), "troponin": (0.3 - 0.6 * s, 0.2)}
    return {
        "dimer": once(-0.42 - 1.0 * s + 0.85 * site - 0.5 * (wave > 0), 0.4),
        "ldh": once(-1.1 - 0.8 * s + 0.8 * site, 0.6),
        "crp": once(-2.2 - 0.5 * s, 0.75),
        "lymphocytes": once(every - 3.0, 0.9),
        **{test: once(line, share) for test, (line, share) in rare.items()},
        "albumin": once(every - 1.0, 0.35),
        "alt": once(every - 1.5, 0.4),
    }
