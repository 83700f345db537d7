"""Vital signs: one row for each sign that was charted."""

from __future__ import annotations

import numpy as np

from rounds.synthetic.ehr.rows import Rows, sort, stack
from rounds.synthetic.ehr.words import Array, Words, repeat

TEMPERATURE, HEART_RATE, BREATHS = "8310-5", "8867-4", "9279-1"
SYSTOLIC, DIASTOLIC, OXIMETRY = "8480-6", "8462-4", "59408-5"
WEIGHT, OXYGEN_FLOW, OXYGEN_SHARE, COMA = "29463-7", "3151-8", "3150-6", "9269-2"
FUNDAL_HEIGHT, FETAL_HEART = "11881-0", "55283-6"
UNITS = {
    TEMPERATURE: ("Cel", 1),
    HEART_RATE: ("/min", 0),
    BREATHS: ("/min", 0),
    SYSTOLIC: ("mm[Hg]", 0),
    DIASTOLIC: ("mm[Hg]", 0),
    OXIMETRY: ("%", 0),
    WEIGHT: ("kg", 1),
    OXYGEN_FLOW: ("L/min", 0),
    OXYGEN_SHARE: ("%", 0),
    COMA: ("1", 0),
    FUNDAL_HEIGHT: ("cm", 0),
    FETAL_HEART: ("/min", 0),
}


def chart(encounter: Words, charted: Array, values: dict[str, Array], fahrenheit: Array | None = None) -> Rows:
    """Return a row for each value that is a number, in the order of stay and time.

    ``fahrenheit`` names the moments at which a temperature was written in Fahrenheit under the unit Cel.
    """
    wrong = np.zeros(len(charted), bool) if fahrenheit is None else fahrenheit
    parts = [_sign(encounter, charted, code, value, wrong) for code, value in values.items()]
    return sort(stack(parts), "encounter_id", "charted_ts", "loinc")


def _sign(encounter: Words, charted: Array, code: str, value: Array, wrong: Array) -> Rows:
    unit, digits = UNITS[code]
    at = np.flatnonzero(np.isfinite(value))
    rows: Rows = {
        "encounter_id": encounter.take(at),
        "loinc": repeat(code, len(at)),
        "value_num": np.round(value[at], digits),
        "unit": repeat(unit, len(at)),
        "charted_ts": charted[at],
    }
    if code == TEMPERATURE:
        rows["value_num"] = np.where(wrong[at], np.round(value[at] * 1.8 + 32, 1), np.round(value[at], digits))
        rows["!fahrenheit"] = wrong[at]
    return rows
