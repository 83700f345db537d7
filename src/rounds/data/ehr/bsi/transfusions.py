"""Blood products: they follow the morning's platelets and haemoglobin."""

from __future__ import annotations

import numpy as np

from rounds.data.ehr.block import Block
from rounds.data.ehr.codings import note_procedures
from rounds.data.ehr.draws import happens
from rounds.data.ehr.rows import HOUR, Rows, numbers, texts
from rounds.data.ehr.words import Array, Words

# AABB guidelines: platelets under 10 x10^9/L (2015); red cells under 7 g/dL, under 8 for some (2023).
PLATELETS, HAEMOGLOBIN = "777-3", "718-7"
PLATELETS_BELOW, HAEMOGLOBIN_BELOW, HAEMOGLOBIN_LOW = 10, 7.0, 8.0
GIVEN, GIVEN_LOW = 0.95, 0.3


def draw_transfusions(block: Block, labs: Rows, left: Array) -> Rows:
    """Return a transfusion for most results under the threshold, one to four hours after the result."""
    rng = block.rng(purpose=22)
    value = numbers(labs, "value_num")
    platelets, red = (_is(texts(labs, "loinc"), test) & (value > 0) for test in (PLATELETS, HAEMOGLOBIN))
    share = np.where(value < HAEMOGLOBIN_BELOW, GIVEN, np.where(value < HAEMOGLOBIN_LOW, GIVEN_LOW, 0.0))
    share = np.where(red, share, np.where(platelets & (value < PLATELETS_BELOW), GIVEN, 0.0))
    at = np.flatnonzero(happens(rng, share, len(value)))
    stay, n, red = texts(labs, "encounter_id").take(at), len(at), red[at]
    start = numbers(labs, "resulted_ts")[at] + rng.integers(HOUR, 4 * HOUR, n)
    length = np.where(red, rng.integers(90, 4 * HOUR, n), rng.integers(20, 60, n))
    stop = np.minimum(start + length, left[stay.codes])
    return note_procedures(
        stay, {"platelet_transfusion": (~red, start, stop), "red_cell_transfusion": (red, start, stop)}
    )


def _is(words: Words, word: str) -> Array:
    return np.array([level == word for level in words.levels])[words.codes]
