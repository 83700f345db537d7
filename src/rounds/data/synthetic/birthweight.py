"""Births of about 2,000 mothers: the recipe, its planted errors, its truth.

Effects in grams and their sources: docs/reference and ``marginals.toml``.  Pregnancies are a
matrix of mothers x pregnancies; only those inside the register's years and hospitals become rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rounds.data.synthetic.cohort import SyntheticCohort

MOTHERS = 2000
LONGEST = 6
FIRST_YEAR, LAST_YEAR = 2013, 2024
VARIANCE_MOTHER, VARIANCE_NEAR, VARIANCE_CHILD, DECAY = 0.33, 0.50, 0.17, 0.55
EFFECTS = {
    "base": 3337.0,
    "gestation_per_week": 150.0,
    "male": 130.0,
    "first_pregnancy": -110.0,
    "smoking": -130.0,
    "bmi_per_unit": 14.0,
    "height_per_cm": 9.0,
    "any_diabetes": 85.0,
    "pre_eclampsia": -140.0,
    "chronic_hypertension": -80.0,
    "weight_gain_per_kg": 7.35,
    "mother_tendency_to_gain_per_kg": 20.0,
    "twin": -545.0,
    "residual_sd": 400.0,
}

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Mothers:
    site: Array
    height: Array
    bmi: Array
    smokes: Array
    diabetes: Array
    hypertension: Array
    gestation: Array
    gain: Array
    constant: Array
    near: Array
    year: Array
    age: Array
    family: Array


def make_birthweight(seed: int) -> SyntheticCohort:
    """Draw the births, plant the errors, keep the truth."""
    rng = np.random.default_rng(seed)
    mothers = _draw_mothers(rng, MOTHERS * 2)
    births = _choose_mothers(_draw_births(rng, mothers))
    births = _add_history(rng, births)
    return _record(rng, births)


def _logistic(value: Array | pd.Series[float]) -> Array:
    return np.asarray(1 / (1 + np.exp(-value)))


def _draw_mothers(rng: np.random.Generator, n: int) -> _Mothers:
    first_year = rng.uniform(2007, 2025, n)
    gaps = np.maximum(1.1, rng.normal(2.6, 1.0, (n, LONGEST)))
    gaps[:, 0] = 0
    since = gaps.cumsum(axis=1)
    age = np.clip(rng.normal(26.5, 4.6, n), 16, 45)
    return _Mothers(
        site=rng.random(n) < 0.4,
        height=rng.normal(162, 6.3, n),
        bmi=np.exp(rng.normal(np.log(23.4), 0.17, n)),
        smokes=rng.random(n) < 0.115 - 0.004 * (first_year - 2007),
        diabetes=rng.random(n) < 0.02,
        hypertension=rng.random(n) < 0.022,
        gestation=rng.normal(0, 0.6, n),
        gain=rng.normal(12.5, 4.0, n),
        constant=rng.normal(0, VARIANCE_MOTHER**0.5, n),
        near=_decaying(rng, n),
        year=first_year[:, None] + since,
        age=age[:, None] + since,
        family=np.minimum(1 + rng.poisson(1.9, n), LONGEST),
    )


def _decaying(rng: np.random.Generator, n: int) -> Array:
    steps = rng.normal(0, VARIANCE_NEAR**0.5, (n, LONGEST))
    for j in range(1, LONGEST):
        steps[:, j] = DECAY * steps[:, j - 1] + steps[:, j] * (1 - DECAY**2) ** 0.5
    return steps


def _draw_births(rng: np.random.Generator, m: _Mothers) -> pd.DataFrame:
    n = len(m.family)
    mother, parity = np.divmod(np.arange(n * LONGEST), LONGEST)
    wanted = (parity < m.family[mother]) & (m.age.ravel() < 50)
    twins = wanted & (rng.random(n * LONGEST) < 0.0215)
    pregnancy = np.repeat(np.flatnonzero(wanted), 1 + twins[wanted])
    draws = _draw_pregnancies(rng, m, mother, parity, twins)
    births = draws.iloc[pregnancy].reset_index(drop=True)
    births["second_twin"] = np.r_[False, pregnancy[1:] == pregnancy[:-1]]
    return _weigh(rng, births)


def _draw_pregnancies(
    rng: np.random.Generator, m: _Mothers, mother: Array, parity: Array, twins: Array
) -> pd.DataFrame:
    n = len(mother)
    age, year = m.age.ravel(), m.year.ravel()
    bmi = m.bmi[mother] + 0.4 * parity + rng.normal(0, 0.6, n)
    screened = m.site[mother] & (year >= 2019)
    risk = _logistic(-3.3 + 0.12 * (bmi - 24) + 0.05 * (age - 30) + 0.45 * screened)
    diabetes = m.diabetes[mother]
    pressed = _logistic(-3.75 + 0.10 * (bmi - 24) + 0.7 * (parity == 0) + 1.6 * m.hypertension[mother])
    pre_eclampsia = rng.random(n) < pressed
    weeks = 39.33 + m.gestation[mother] + rng.normal(0, 1.05, n)
    weeks -= rng.exponential(3.2, n) * (rng.random(n) < 0.083)
    weeks -= 1.3 * (pre_eclampsia & (rng.random(n) < 0.5)) + 2.7 * twins
    weeks = np.clip(weeks, 24, 42.3)
    gain = m.gain[mother] + rng.normal(0, 3.2, n) + 0.05 * (weeks - 39) - 0.25 * (bmi - 24)
    return pd.DataFrame(
        {
            "mother": mother,
            "parity": parity,
            "twins": twins,
            "site": m.site[mother],
            "year": year,
            "age": age,
            "height": m.height[mother],
            "bmi": bmi,
            "smokes": m.smokes[mother],
            "pregestational_diabetes": diabetes,
            "chronic_hypertension": m.hypertension[mother],
            "gestational_diabetes": ~diabetes & (rng.random(n) < risk),
            "pre_eclampsia": pre_eclampsia,
            "weeks": weeks,
            "gain": gain,
            "tendency": m.gain[mother],
            "kin": m.constant[mother] + m.near.ravel(),
        }
    )


def _weigh(rng: np.random.Generator, d: pd.DataFrame) -> pd.DataFrame:
    e, n = EFFECTS, len(d)
    male = rng.random(n) < 0.513
    kin = d.kin + rng.normal(0, VARIANCE_CHILD**0.5, n)
    grams = (
        e["base"]
        + e["gestation_per_week"] * (d.weeks - 39.3)
        + e["male"] * (male - 0.5)
        + e["first_pregnancy"] * (d.parity == 0)
        + e["smoking"] * d.smokes
        + e["bmi_per_unit"] * (d.bmi - 24)
        + e["height_per_cm"] * (d.height - 162)
        + e["any_diabetes"] * (d.gestational_diabetes | d.pregestational_diabetes)
        + e["pre_eclampsia"] * d.pre_eclampsia
        + e["chronic_hypertension"] * d.chronic_hypertension
        + e["weight_gain_per_kg"] * (d.gain - 12.5)
        + e["mother_tendency_to_gain_per_kg"] * (d.tendency - 12.5)
        + e["twin"] * d.twins
        + e["residual_sd"] * kin
    )
    return d.assign(male=male, grams=grams.clip(400, 5600).round(-1))


def _choose_mothers(births: pd.DataFrame) -> pd.DataFrame:
    inside = births.year.between(FIRST_YEAR, LAST_YEAR + 1, inclusive="left")
    chosen = births.mother[inside].drop_duplicates().iloc[:MOTHERS]
    kept = births[births.mother.isin(chosen)].reset_index(drop=True)
    order = kept.groupby("mother").cumcount() + 1
    return kept.assign(inside=inside[births.mother.isin(chosen)].to_numpy(), birth_order=order)


def _add_history(rng: np.random.Generator, d: pd.DataFrame) -> pd.DataFrame:
    """Add the previous child's weight, and take out births before the register or elsewhere."""
    first_twin = d[~d.second_twin]
    before = first_twin.groupby("mother").grams.shift(1)
    d["previous"] = before.reindex(d.index).ffill().where(d.parity > 0)
    left = 0.05 + 0.06 * (d.previous < 2500)
    pregnancy = d.groupby(["mother", "parity"]).ngroup()
    drawn = rng.random(int(pregnancy.max()) + 1)[pregnancy]
    d["kept"] = d.inside & ((drawn > left) | (d.parity == 0))
    came = d.kept[~d.second_twin].groupby(d.mother).shift(1, fill_value=False)
    known = came.reindex(d.index).ffill().astype(bool)
    told = rng.random(int(pregnancy.max()) + 1)[pregnancy] < 0.55
    recalled = d.previous.round(-2).where(told)
    d["recalled"] = ~known & told & d.previous.notna()
    d["previous"] = d.previous.where(known, recalled)
    return d[d.kept].reset_index(drop=True)


def _record(rng: np.random.Generator, d: pd.DataFrame) -> SyntheticCohort:
    """Write down the births as two hospitals would: with gaps and errors."""
    n = len(d)
    unseen = rng.random(n) < np.where(d.site, 0.20, 0.10)
    no_scan = rng.random(n) < 0.12
    silent = d.smokes & (rng.random(n) < 0.20)
    no_answer = rng.random(n) < np.where(d.smokes, 0.15, 0.05)
    in_metres = rng.random(n) < 0.004
    in_kilograms = d.site & (d.year < 2016) & (rng.random(n) < 0.06)
    heaped = ((d.weeks + rng.normal(0, 0.6, n)).round() * 7).clip(upper=301)
    height = d.height.round(0).where(~in_metres, (d.height / 100).round(2))
    frame = pd.DataFrame(
        {
            "mother_id": _names(rng, "M", d.mother),
            "child_id": _names(rng, "C", pd.Series(d.index)),
            "birth_order": d.birth_order,
            "site": np.where(d.site, "B", "A"),
            "era": _eras(d.year),
            "age": np.floor(d.age).astype("int64"),
            "height_cm": height.where(~unseen),
            "bmi": d.bmi.round(1).where(~unseen),
            "smoking": pd.Series(np.where(d.smokes & ~silent, "yes", "no")).mask(no_answer),
            "parity": d.parity,
            "chronic_hypertension": d.chronic_hypertension,
            "pregestational_diabetes": d.pregestational_diabetes,
            "previous_birthweight_g": d.previous,
            "plurality": 1 + d.twins.astype("int64"),
            "sex": np.where(d.male, "male", "female"),
            "gestational_diabetes": d.gestational_diabetes,
            "pre_eclampsia": d.pre_eclampsia,
            "weight_gain_kg": d.gain.round(1).mask(rng.random(n) < np.where(no_scan, 0.5, 0.27)),
            "gestation_days": (d.weeks * 7).round().where(~no_scan, heaped).astype("int64"),
            "apgar_5": _draw_apgar(rng, d),
            "neonatal_unit": rng.random(n) < _logistic(-3.2 - (d.grams - 2600) / 280),
            "siblings_mean_birthweight_g": _siblings_mean(d),
            "birthweight_g": d.grams.where(~in_kilograms, (d.grams / 1000).round(1)),
        }
    )
    child = frame.child_id
    truth = {
        "effects": EFFECTS,
        "variance": {"mother": 0.33, "near": 0.50, "child": 0.17, "decay_per_birth": DECAY},
        "policy": "site B tests everybody for gestational diabetes since 2019",
        "missing": {
            "height_cm": "site B 20 %, site A 10 %, at random within a site",
            "weight_gain_kg": "27 %, and 50 % of late bookers (no early scan)",
            "smoking": "not at random: 15 % of smokers and 5 % of others give no answer",
            "previous_birthweight_g": "first child; or an earlier birth elsewhere that nobody recalls",
        },
        "rows": {
            "birthweight_in_kilograms": list(child[in_kilograms]),
            "height_in_metres": list(child[in_metres & ~unseen]),
            "smoker_recorded_as_no": list(child[silent & ~no_answer]),
            "gestation_in_whole_weeks": list(child[no_scan]),
            "previous_birthweight_recalled": list(child[d.recalled]),
            "twins": list(child[d.twins]),
        },
        "misconceptions": {
            "gestation_days": "a strong feature is a good feature: it is known at delivery only",
            "siblings_mean_birthweight_g": "an aggregate is harmless: it holds later births",
            "rows of one mother": "rows are independent: siblings end up on both sides of a split",
            "weight_gain_kg": "a slope is an effect: mothers who gain more differ",
            "birthweight_in_kilograms": "outliers are errors to delete: these are units to convert",
        },
    }
    return SyntheticCohort(frame, truth)


def _names(rng: np.random.Generator, letter: str, keys: pd.Series) -> list[str]:
    codes, _ = pd.factorize(keys)
    numbers = rng.permutation(90_000)[: codes.max() + 1] + 10_000
    return [f"{letter}{number}" for number in numbers[codes]]


def _eras(year: pd.Series) -> list[str]:
    start = FIRST_YEAR + (np.floor(year).astype("int64") - FIRST_YEAR) // 3 * 3
    return [f"{first}-{first + 2}" for first in start]


def _siblings_mean(d: pd.DataFrame) -> pd.Series:
    group = d.groupby("mother").grams
    others = group.transform("count") - 1
    return ((group.transform("sum") - d.grams) / others.where(others > 0)).round(0)


def _draw_apgar(rng: np.random.Generator, d: pd.DataFrame) -> Array:
    low = rng.poisson(0.35 + 1.8 * np.clip((2600 - d.grams) / 1500, 0, 1))
    return np.asarray(np.clip(10 - low, 0, 10)).astype("int64")
