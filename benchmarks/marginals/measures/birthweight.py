"""Measure the birthweight cohort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from rounds.data.dataset import Dataset

from .models import forest, linear, predict, r2, sample

BOOKING = ["age", "height_cm", "bmi", "smokes", "parity", "hypertension", "diabetes"]
CONSTANT = ["height_cm", "first_bmi", "smokes", "male", "first_age", "first_parity"]
FOREST_MOTHERS = 6000


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return all births, later births with predictions, and (slow, if wanted) those of a forest."""
    births = dataset.frame()
    births["grams"] = births.birthweight_g.where(births.birthweight_g >= 10, births.birthweight_g * 1000)
    births["height_cm"] = births.height_cm.where(births.height_cm > 3, births.height_cm * 100)
    births = births.assign(
        smokes=births.smoking.map({"yes": 1.0, "no": 0.0}),
        male=births.sex == "male",
        hypertension=births.chronic_hypertension,
        diabetes=births.pregestational_diabetes,
    ).sort_values(["mother_id", "birth_order"], ignore_index=True)
    single = births[births.plurality == 1].reset_index(drop=True)
    found = {"births": births, "single": single, "later": _later(births)}
    return found | ({"forest": _forest(single)} if "forest" in wanted else {})


def _later(births: pd.DataFrame) -> pd.DataFrame:
    d = births[(births.parity > 0) & (births.plurality == 1)].reset_index(drop=True)
    d = d[d.previous_birthweight_g.notna()].reset_index(drop=True)
    previous = [*BOOKING, "previous_birthweight_g"]
    features = {
        "by_booking": BOOKING,
        "by_previous": previous,
        "by_gestation": [*previous, "gestation_days"],
        "by_all_siblings": [*previous, "siblings_mean_birthweight_g"],
    }
    return d.assign(**{name: predict(linear(), d, columns, "grams", "mother_id") for name, columns in features.items()})


def _forest(single: pd.DataFrame) -> pd.DataFrame:
    several = single[single.groupby("mother_id").grams.transform("size") > 1]
    d = sample(several, "mother_id", FOREST_MOTHERS)
    for name in ("bmi", "age", "parity"):
        d[f"first_{name}"] = d.groupby("mother_id")[name].transform("first")
    by_mother = predict(forest("number"), d, CONSTANT, "grams", "mother_id")
    return d.assign(by_mother=by_mother, by_row=predict(forest("number"), d, CONSTANT, "grams", None))


def _sibling_correlation(lag: int) -> Callable[[pd.DataFrame], float]:
    def measure(d: pd.DataFrame) -> float:
        before = d.groupby("mother_id").grams.shift(lag)
        order = d.birth_order - d.groupby("mother_id").birth_order.shift(lag)
        return float(d.grams[order == lag].corr(before[order == lag]))

    return measure


def _gain_slope(d: pd.DataFrame, within: bool) -> float:
    both = d.dropna(subset=["weight_gain_kg"])
    pair = both[["weight_gain_kg", "grams"]]
    means = both.groupby("mother_id")[list(pair)].transform("mean") if within else pair.mean()
    x, y = (pair - means).to_numpy().T
    return float((x * y).sum() / (x * x).sum())


def _difference(column: str, high: Any, low: Any) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(d.grams[d[column] == high].mean() - d.grams[d[column] == low].mean())


def _pairs(d: pd.DataFrame) -> pd.DataFrame:
    before = d.groupby("mother_id").grams.shift(1)
    near = d.birth_order - d.groupby("mother_id").birth_order.shift(1) == 1
    return pd.DataFrame({"before": before[near], "now": d.grams[near]})


def _recurrence(d: pd.DataFrame) -> float:
    pair = _pairs(d)
    heavy = pair.now >= 4500
    again, others = heavy[pair.before >= 4500].mean(), heavy[pair.before < 4500].mean()
    return float(again / others) if others else np.nan


def _regression(d: pd.DataFrame) -> float:
    pair = _pairs(d[d.birth_order <= 2])
    return float(np.polyfit(pair.before, pair.now, 1)[0])


def _share(column: str, site: str | None = None) -> Callable[[pd.DataFrame], float]:
    return lambda d: float((d if site is None else d[d.site == site])[column].isna().mean())


def _screened(d: pd.DataFrame, late: bool) -> float:
    era = d.era.isin(["2019-2021", "2022-2024"])
    return float(d.gestational_diabetes[(d.site == "B") & (era == late)].mean())


def _error(score: str) -> Callable[[pd.DataFrame], float]:
    return lambda d: float((d.grams - (d.grams.mean() if not score else d[score])).abs().mean())


PERSON = "mother_id"
MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "mean": ("single", lambda d: float(d.grams.mean())),
    "sd": ("single", lambda d: float(d.grams.std())),
    "low": ("single", lambda d: float((d.grams < 2500).mean())),
    "high": ("single", lambda d: float((d.grams >= 4000).mean())),
    "preterm": ("single", lambda d: float((d.gestation_days < 259).mean())),
    "boy_minus_girl": ("single", _difference("sex", "male", "female")),
    "single_minus_multiple": ("births", _difference("plurality", 1, 2)),
    "multiples": ("births", lambda d: float((d.plurality == 2).mean())),
    "sibling_correlation_1": ("single", _sibling_correlation(1)),
    "sibling_correlation_2": ("single", _sibling_correlation(2)),
    "sibling_correlation_3": ("single", _sibling_correlation(3)),
    "recurrence_4500": ("single", _recurrence),
    "second_on_first": ("single", _regression),
    "gain_slope_between": ("single", lambda d: _gain_slope(d, within=False)),
    "gain_slope_within": ("single", lambda d: _gain_slope(d, within=True)),
    "height_missing_a": ("births", _share("height_cm", "A")),
    "height_missing_b": ("births", _share("height_cm", "B")),
    "gain_missing": ("births", _share("weight_gain_kg")),
    "smokers": ("births", lambda d: float(d.smokes.dropna().mean())),
    "diabetes_found_b_before_2019": ("births", lambda d: _screened(d, late=False)),
    "diabetes_found_b_since_2019": ("births", lambda d: _screened(d, late=True)),
    "kilograms_b": ("births", lambda d: float((d.birthweight_g < 10)[(d.site == "B") & (d.era == "2013-2015")].mean())),
    "mae_mean": ("later", _error("")),
    "mae_booking": ("later", _error("by_booking")),
    "mae_previous": ("later", _error("by_previous")),
    "r2_booking": ("later", r2("grams", "by_booking")),
    "r2_previous": ("later", r2("grams", "by_previous")),
    "r2_gestation": ("later", r2("grams", "by_gestation")),
    "r2_all_siblings": ("later", r2("grams", "by_all_siblings")),
    "r2_forest_by_mother": ("forest", r2("grams", "by_mother")),
    "r2_forest_by_row": ("forest", r2("grams", "by_row")),
}
