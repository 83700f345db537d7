"""Blood cancer among the patients with Covid-19, and the neutropenia that it and its chemotherapy bring."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.block import Block
from rounds.synthetic.ehr.draws import happens, logistic
from rounds.synthetic.ehr.words import Array

CANCERS = ("C83.3", "C90.0", "C92.0", "D46", "C91.0")
CANCER_NAMES = ("lymphoma", "multiple myeloma", "acute myeloid leukaemia", "myelodysplasia", "acute leukaemia")
# Cumulated shares under and from 45 years: myeloma and myelodysplasia are diseases of later life.
SHARES = ((0.45, 0.48, 0.75, 0.76, 1.0), (0.38, 0.68, 0.83, 0.97, 1.0))
# About 5 of 100: some in 100 of those in hospital with Covid-19 have a cancer of the blood, more in referral centres.
# They do worse (Vijenthira, Blood 2020: 34 % of adults in hospital die), which the hidden tendency brings here.
LINE = {"base": -3.15, "age_per_year": 0.015, "hidden": 0.5}
# Assumed, as are the shares above; about 2 % of stays are neutropenic: held by `covid.zero_neutrophils`.
AFTER_CHEMOTHERAPY = 0.42
NONE = -1


def draw_marrow(block: Block, age: Array, hidden: Array) -> dict[str, Array]:
    """Draw who has which blood cancer (-1: none), and who of them comes with neutropenia after chemotherapy."""
    rng, n = block.rng(purpose=3), len(age)
    ill = happens(rng, logistic(LINE["base"] + LINE["age_per_year"] * (age - 66) + LINE["hidden"] * hidden), n)
    kind = (rng.random(n)[:, None] >= np.array(SHARES)[(age >= 45).astype(np.int64)]).sum(axis=1)
    return {"cancer": np.where(ill, kind, NONE), "neutropenic": ill & happens(rng, AFTER_CHEMOTHERAPY, n)}


def neutropenic_count(own: Array, noise: Array) -> Array:
    """Return counts mostly under 0.5, many of them 0: each patient's own level (0 to 1) and the day's noise."""
    return np.asarray(np.maximum(0.19 * own + noise, 0))
