"""Who has heart failure: the traits that stay the same from one stay to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.rows import DAY, minutes
from rounds.synthetic.ehr.words import Array

START, END = minutes("2018-01-01"), minutes("2023-01-01")  # design: five years, as in the prototype
SGLT2_SINCE = minutes("2021-01-01")  # design: the policy that changes
# Averbuch 2025 has 43 % (SD 11.6); textbook: a mixture at 30, 45 and 58.  Moved to 33, 45 and 56, with assumed shares
# and spreads, so that the mean and SD come out: held by `heart_failure.ef_mean` and `ef_sd`.
EJECTION = ((33.0, 5.5), (45.0, 3.5), (56.0, 5.0))
EJECTION_SHARES = (0.45, 0.22, 0.33)
# I25, N18 and J44 are the prototype's; the others are assumed.
DISEASES = {"I25": 0.60, "N18": 0.38, "J44": 0.25, "I48": 0.42, "E11": 0.40, "I10": 0.75}
FRAILTY_SD = 0.72  # prototype
# Assumed: above 90 an age is drawn towards 97.
OLD, OLDEST = 90.0, 97.0


@dataclass(frozen=True)
class Patients:
    """One entry for each patient."""

    site: Array
    male: Array
    age: Array
    frailty: Array
    ejection: Array
    diseases: dict[str, Array]
    smokes: Array
    levels: dict[str, Array]
    first: Array


def _soften(age: Array) -> Array:
    """Return ages whose excess above 90 fades: at the first stay hardly anyone is older than 96.

    Few patients with heart failure reach 98; a hard limit would heap them at one age.
    """
    room = OLDEST - OLD
    return np.asarray(np.where(age > OLD, OLDEST - room * np.exp(-np.maximum(age - OLD, 0) / room), age))


def draw_patients(block: Block) -> Patients:
    """Draw the patients of a block; ``age`` is that at the first stay, ``first`` its minute.

    After softening the ages give 76.6 (SD 11.7), and 45 % are women: Averbuch 2025, held by `heart_failure.age_mean`,
    `age_sd` and `women`.  Site and first stay are the prototype's; smoking and the age of a disease are assumed.
    """
    rng, n = block.rng(), block.persons
    kind = np.searchsorted(np.cumsum(EJECTION_SHARES[:-1]), rng.random(n))
    middle, spread = (np.array([e[i] for e in EJECTION])[kind] for i in (0, 1))
    age = _soften(np.maximum(rng.normal(77.7, 12.5, n), 30))
    diseases = {
        code: happens(rng, logistic(np.log(share / (1 - share)) + 0.01 * (age - 76)), n)
        for code, share in DISEASES.items()
    }
    return Patients(
        site=happens(rng, 0.30, n),
        male=happens(rng, 0.545, n),
        age=age,
        frailty=rng.normal(0, FRAILTY_SD, n),
        ejection=np.clip(rng.normal(middle, spread), 10, 72),
        diseases=diseases,
        smokes=happens(rng, 0.14, n),
        levels={name: rng.normal(0, 1, n) for name in ("sodium", "creatinine", "haemoglobin", "systolic", "weight")},
        first=START + (rng.uniform(0, 1700, n) * DAY).astype(np.int64),
    )
