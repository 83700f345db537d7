"""Laboratory results of two hospitals: the recipe, its planted errors, its truth.

A severity for each stay moves every test; each laboratory then writes the result in its own unit,
code and words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rounds.synthetic.tables.cohort import SyntheticCohort

STAYS, DRAWS = 310, 3
START = np.datetime64("2031-01-01T00:00")
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Assay:
    """How one site's laboratory reports one test."""

    loinc: str
    name: str
    unit: str
    factor: float
    digits: int
    low: tuple[float, float]
    high: tuple[float, float]
    limit: float


NAN = float("nan")
# Reference ranges are textbook; the lowest numbers that are reported are assumed. 1 ug/mL FEU is 500 ng/mL DDU.
ASSAYS: dict[str, tuple[_Assay, _Assay]] = {
    "crp": (
        _Assay("1988-5", "CRP", "mg/L", 1, 1, (NAN, NAN), (5.0, 5.0), 0.6),
        _Assay("1988-5", "C-Reactive Prot.", "mg/dL", 0.1, 2, (NAN, NAN), (0.5, 0.5), 0.1),
    ),
    "dimer": (
        _Assay("48065-7", "D-DIMER FEU", "ug/mL", 1, 2, (NAN, NAN), (0.5, 0.5), 0.1),
        _Assay("48066-5", "D dimer (DDU)", "ng/mL", 500, 0, (NAN, NAN), (250, 250), 50),
    ),
    "creatinine": (
        _Assay("2160-0", "CREATININE", "mg/dL", 1, 2, (0.5, 0.7), (0.95, 1.2), 0.1),
        _Assay("2160-0", "Creat (S)", "mg/dL", 1, 2, (0.5, 0.7), (0.95, 1.2), 0.1),
    ),
    "potassium": (
        _Assay("2823-3", "K", "mmol/L", 1, 1, (3.5, 3.5), (5.0, 5.0), 0.5),
        _Assay("2823-3", "Potassium", "mmol/L", 1, 1, (3.5, 3.5), (5.0, 5.0), 0.5),
    ),
    "anc": (
        _Assay("751-8", "NEUT ABS", "10*9/L", 1, 1, (1.8, 1.8), (7.5, 7.5), 0.0),
        _Assay("751-8", "ANC", "10*9/L", 1, 1, (1.8, 1.8), (7.5, 7.5), 0.0),
    ),
}


def make_covid_labs(seed: int) -> SyntheticCohort:
    """Draw the stays and their results, write them as each laboratory does, keep the truth."""
    rng = np.random.default_rng(seed)
    stays = _draw_stays(rng)
    draws = _draw_values(rng, stays)
    results = pd.concat([_report(draws, test) for test in ASSAYS], ignore_index=True)
    results = results[rng.random(len(results)) >= _skipped(results)].reset_index(drop=True)
    return _record(rng, results)


def _draw_stays(rng: np.random.Generator) -> pd.DataFrame:
    # Near the prototype's patients; 18 come twice, 15 % with ill kidneys and 5 % with neutropenia, by design
    # (`covid_labs.zero_anc`).
    n = STAYS
    person = np.arange(n)
    person[-18:] = rng.permutation(n - 18)[:18]
    site = (rng.random(n) < 0.45)[person]
    male = (rng.random(n) < 0.57)[person]
    age = np.clip(rng.normal(66, 16, n), 18, 100)[person].astype("int64")
    start = np.sort(rng.uniform(0, 300, n))
    return pd.DataFrame(
        {
            "stay": np.arange(n),
            "person": person,
            "site": site,
            "male": male,
            "age": age,
            "start": start,
            "severity": rng.normal(0, 1, n),
            "kidney": rng.random(n) < 0.15,
            "neutropenic": rng.random(n) < 0.05,
        }
    )


def _draw_values(rng: np.random.Generator, stays: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each blood sample, every test in site A's unit.

    CRP and D-dimer are near the prototype's: `covid_labs.crp_median` (textbook: 60-80).  The other tests are assumed;
    4.5 % of samples are haemolysed by design.
    """
    d = stays.loc[stays.index.repeat(DRAWS)].reset_index(drop=True)
    n = len(d)
    draw = np.tile(np.arange(DRAWS), len(stays))
    course = d.severity + rng.normal(0, 0.25, n) - 0.12 * draw
    haemolysed = rng.random(n) < 0.045
    creatinine = np.exp(rng.normal(-0.25, 0.22, n) + 0.2 * d.male + 0.9 * d.kidney + 0.1 * course)
    potassium = rng.normal(4.1, 0.42, n) + 0.45 * d.kidney + rng.uniform(1.2, 3.0, n) * haemolysed
    low = np.maximum(0, rng.normal(0.15, 0.2, n))
    anc = np.where(d.neutropenic, low, np.exp(rng.normal(1.55 + 0.22 * course, 0.38, n)))
    return d.assign(
        hours=d.start * 24 + 24.0 * draw * 1.5 + rng.uniform(0, 9, n),
        haemolysed=haemolysed,
        crp=np.exp(4.15 + 0.75 * course + rng.normal(0, 0.65, n)).clip(0.2, 520),
        dimer=np.exp(-0.2 + 0.42 * course + 0.015 * (d.age - 65) + rng.normal(0, 0.75, n)),
        creatinine=creatinine.clip(0.2, 14),
        potassium=potassium.clip(2.3, 8.9),
        anc=anc,
    )


def _report(draws: pd.DataFrame, test: str) -> pd.DataFrame:
    """Write one test as each site's laboratory does."""
    parts = []
    for assay, rows in zip(ASSAYS[test], (draws[~draws.site], draws[draws.site]), strict=True):
        value = (rows[test] * assay.factor).round(assay.digits)
        sex = rows.male.astype("int64").to_numpy()
        parts.append(
            rows.assign(
                test=test,
                loinc=assay.loinc,
                local_name=assay.name,
                unit=assay.unit,
                ref_low=np.array(assay.low)[sex],
                ref_high=np.array(assay.high)[sex],
                limit=assay.limit,
                digits=assay.digits,
                true_value=rows[test],
                value_num=value,
            )
        )
    return pd.concat(parts, ignore_index=True)


def _skipped(d: pd.DataFrame) -> Array:
    """D-dimer is ordered for the sick, and less at site B.

    As in the prototype; 5 % of the other tests are missing, which is assumed.
    """
    dimer = 1 / (1 + np.exp(0.4 + 1.0 * d.severity - 0.9 * d.site))
    return np.where(d.test == "dimer", np.clip(dimer, 0, 0.9), 0.05)


def _write_values(rng: np.random.Generator, d: pd.DataFrame) -> tuple[pd.Series, pd.Series, dict[str, Any]]:
    """Return each value as the laboratory's text and as a number, with the rows where the two part ways."""
    n = len(d)
    texts = [f"{v:.{k}f}" for v, k in zip(d.value_num, d.digits.to_numpy(), strict=True)]
    below = d.value_num < d.limit
    text = pd.Series(np.where(below, [f"<{limit:g}" for limit in d.limit], texts), dtype="str")
    # 55 % of the haemolysed are noted: `covid_labs.potassium_hemolysed_noted`.  The other shares are design.
    spoiled = (d.test == "potassium") & d.haemolysed
    noted = spoiled & (rng.random(n) < 0.55)
    words = np.where(d.site, "HEMOLYZED", "hemolysed")
    text = pd.Series(np.where(noted, words, text), dtype="str")
    draw = rng.random(n)
    not_done, blank = draw < 0.008, (draw >= 0.008) & (draw < 0.014)
    sentinel = ~d.site & (draw > 0.99)
    code = pd.Series(np.where(rng.random(n) < 0.5, -1.0, 999.0), index=d.index)
    text = text.mask(not_done, "not done").mask(blank, "NA")
    text = text.mask(sentinel, pd.Series([f"{value:g}" for value in code], dtype="str"))
    number = d.value_num.mask(below | noted | not_done | blank).mask(sentinel, code)
    planted = {"not_done": not_done, "na": blank, "sentinel": sentinel, "below_limit": below}
    return text, number, {**planted, "spoiled": spoiled, "noted": noted}


def _record(rng: np.random.Generator, d: pd.DataFrame) -> SyntheticCohort:
    """Write the texts, the sentinels and the blank units; shuffle like an export."""
    n = len(d)
    text, number, planted = _write_values(rng, d)
    # Design: 6 % of units are lost.  Minutes to the result are assumed, with a median of 75.
    no_unit = d.site & (rng.random(n) < 0.06)
    delay = np.exp(rng.normal(np.log(75), 0.5, n)).clip(20, 900)
    collected = START + (d.hours * 60).astype("int64").to_numpy().astype("timedelta64[m]")
    names = rng.permutation(9000)[:STAYS] + 1000
    frame = pd.DataFrame(
        {
            "person_id": [f"P{names[k]}" for k in d.person],
            "encounter_id": [f"E{names[k] + 20000}" for k in d.stay],
            "site": np.where(d.site, "B", "A"),
            "age": d.age,
            "sex": np.where(d.male, "male", "female"),
            "loinc": d.loinc,
            "local_name": d.local_name,
            "value_text": text,
            "value_num": number,
            "unit": d.unit.mask(no_unit),
            "ref_low": d.ref_low,
            "ref_high": d.ref_high,
            "collected_ts": collected.astype("datetime64[s]"),
            "resulted_ts": (collected + delay.astype("timedelta64[m]")).astype("datetime64[s]"),
        }
    )
    flags = pd.DataFrame({**planted, "no_unit": no_unit})
    order = np.lexsort((d.test, frame.encounter_id, frame.collected_ts))
    frame, flags = frame.iloc[order].reset_index(drop=True), flags.iloc[order].reset_index(drop=True)
    return SyntheticCohort(frame, _truth(flags))


def _truth(flags: pd.DataFrame) -> dict[str, Any]:
    shown = {name: [int(i) for i in np.flatnonzero(flags[name])] for name in flags}
    silent = flags.spoiled & ~flags.noted
    return {
        "row_numbers": {**shown, "haemolysed_not_noted": np.flatnonzero(silent).tolist()},
        "factors_site_b_over_a": {"crp": 0.1, "dimer": 500},
        "missing": "D-dimer is ordered more for the sick, and less at site B",
        "misconceptions": {
            "unit": "normalising repairs units: it hides two humps",
            "anc": "zero is missing: in neutropenia it is the finding",
            "potassium": "every high value is sick: haemolysis raises it in the tube",
            "below_limit": "a text that is no number can be dropped: <0.1 is a low result",
        },
    }
