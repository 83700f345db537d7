"""The last hours before a death in hospital, and the pressure that a drug holds: signs bend after they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr import vitals as sign
from rounds.synthetic.ehr.draws import happens
from rounds.synthetic.ehr.rows import HOUR, NEVER, Rows, numbers, texts
from rounds.synthetic.ehr.words import Array

# What changes by the last minute, and the limit that is not passed: shock, a fast heart, air hunger, clouding.
# Vital signs of deaths on the ward turn 8 to 24 hours before the end (Churpek, Chest 2012; Hillman, Intern Med J 2001).
CHANGES = {
    sign.SYSTOLIC: (-42, 48),
    sign.DIASTOLIC: (-19, 24),
    sign.HEART_RATE: (30, 175),
    sign.BREATHS: (9, 50),
    sign.COMA: (-7, 3),
}
# How far each sign changes is assumed, and so are the sudden deaths and what norepinephrine holds.
DESATURATION = 8.0  # percentage points
SUDDEN = 0.12
NOREPINEPHRINE = "C01CA03"
HELD = {sign.SYSTOLIC: (127, 100), sign.DIASTOLIC: (74, 60)}  # the mean without the drug, and with it, mm[Hg]
HELD_SPREAD, HELD_FALL = 0.5, 0.3

TRUTH = (
    f"in the last 12-24 hours before death in hospital pressure, saturation and clarity fall, pulse and breaths rise; "
    f"{SUDDEN:.0%} die without a warning; norepinephrine holds the systolic pressure mostly at 85-115 mm[Hg]"
)


@dataclass(frozen=True)
class Decline:
    """From when each stay's signs worsen, when they end, and how deep they fall (0: not at all)."""

    begin: Array
    end: Array
    depth: Array

    def at(self, owner: Array, when: Array) -> Array:
        """Return how far the decline of these stays has come at these minutes: 0 before it, about 1 at death."""
        part = (when - self.begin[owner]) / np.maximum(self.end - self.begin, 1)[owner]
        return np.asarray(self.depth[owner] * np.clip(part, 0, 1))


def draw_decline(rng: np.random.Generator, died: Array, admitted: Array, left: Array) -> Decline:
    """Draw the last 12 to 24 hours of those who die in hospital; some die suddenly, without a warning.

    The depth, 0.75 to 1.3 of the change, is assumed.
    """
    n = len(died)
    begin = np.maximum(left - rng.integers(12 * HOUR, 24 * HOUR, n), admitted)
    depth = rng.uniform(0.75, 1.3, n) * (died & ~happens(rng, SUDDEN, n))
    return Decline(begin, left, depth)


def bend_signs(signs: Rows, owner: Array, decline: Decline, held: tuple[Array, Array], desaturation: float = 0) -> Rows:
    """Return the signs with the decline in them, and the pressure as norepinephrine holds it: mostly 85-115 mm[Hg].

    ``owner`` is the stay of each row; ``held`` gives for each stay from when until when the drug runs;
    ``desaturation`` is the fall of the oximetry (0 where it is in the values already).
    """
    code, when, value = texts(signs, "loinc"), numbers(signs, "charted_ts"), numbers(signs, "value_num").copy()
    fallen = decline.at(owner, when)
    treated = (when >= held[0][owner]) & (when < held[1][owner])
    for loinc, (middle, kept) in HELD.items():
        at = treated & (code.codes == code.levels.index(loinc))
        value[at] = np.round(kept + HELD_SPREAD * (value[at] - middle))
        fallen[at] *= HELD_FALL  # the dose is raised as the pressure falls
    for loinc, (change, limit) in {**CHANGES, sign.OXIMETRY: (-desaturation, 50)}.items():
        if change and loinc in code.levels:
            at = (fallen > 0) & (code.codes == code.levels.index(loinc))
            stop = np.maximum if change < 0 else np.minimum
            value[at] = np.round(stop(value[at] + change * fallen[at], limit))
    return {**signs, "value_num": value}


def drug_times(orders: Rows, atc: str, owner: Array, stays: int) -> tuple[Array, Array]:
    """Return for each stay from when until when a drug runs that is ordered at most once; never: an empty time."""
    drug = texts(orders, "atc")
    at = np.flatnonzero(drug.codes == drug.levels.index(atc))
    start, stop = np.full(stays, NEVER), np.full(stays, NEVER)
    start[owner[at]], stop[owner[at]] = numbers(orders, "started_ts")[at], numbers(orders, "stopped_ts")[at]
    return start, stop
