"""Measure the heart failure cohort."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from rounds.data.dataset import Dataset

from .models import auroc, forest, logistic, odds_ratio, precision, predict, sample

HONEST = [
    "age",
    "ef",
    "ischaemic",
    "ckd",
    "copd",
    "stay",
    "sodium",
    "log_creatinine",
    "log_bnp",
    "stays_last_year",
    "at_b",
]
FIXED = ["first_age", "first_ef", "ischaemic_first", "ckd_first", "copd_first"]
FOREST_PATIENTS = 5000
WEIGHED = """
SELECT e.person_id, dayofweek(e.disch_ts) IN (0, 6) AS weekend, o.value IS NULL AS missing
FROM encounter e LEFT JOIN observation o ON o.encounter_id = e.encounter_id AND o.code = 'weight_at_discharge_kg'
WHERE e.class = 'inpatient' AND NOT e.planned AND e.disch_to IN ('home', 'care home', 'against advice')
  AND e.encounter_id NOT IN (SELECT transfer_from FROM encounter WHERE transfer_from IS NOT NULL)
"""


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return all stays, those with 30 observed days and predictions, first stays, and weights at discharge."""
    stays = dataset.frame()
    stays = stays.assign(
        back=(stays.days_to_next < 30),
        dead=(stays.days_to_death < 30) & ~(stays.days_to_next < 30),
        stay=np.log(stays.length_of_stay),
        log_creatinine=np.log(stays.creatinine),
        log_bnp=np.log(stays.ntprobnp),
        at_b=stays.site == "B",
    )
    alive = stays[(stays.disch_to != "died") & stays.disch_ts.notna()].reset_index(drop=True)
    seen = alive[alive.days_observed >= 30].reset_index(drop=True)
    seen["honest"] = predict(logistic(), seen, HONEST, "back", "person_id")
    seen["with_total"] = predict(logistic(), seen, [*HONEST, "stays_total"], "back", "person_id")
    found = {
        "stays": stays,
        "seen": seen,
        "last": alive[alive.days_observed < 30],
        "first": stays[stays.number == 1],
        "weighed": dataset.connect().execute(WEIGHED).df(),
    }
    return found | ({"forest": _forest(seen)} if "forest" in wanted else {})


def _forest(seen: pd.DataFrame) -> pd.DataFrame:
    d = sample(seen, "person_id", FOREST_PATIENTS)
    by = d.groupby("person_id")
    d = d.assign(
        first_age=by.age.transform("first"),
        first_ef=by.ef.transform(lambda column: column.iloc[0]),
        **{f"{name}_first": by[name].transform("first") for name in ("ischaemic", "ckd", "copd")},
    )
    by_patient = predict(forest("class"), d, FIXED, "back", "person_id")
    return d.assign(by_patient=by_patient, by_row=predict(forest("class"), d, FIXED, "back", None))


def _year(d: pd.DataFrame, column: str) -> float:
    """Return the share with the event within a year of the first discharge, of those observed a year."""
    rows = d[(d.days_observed >= 365) & (d.disch_to != "died")]
    return float((rows[column] < 365).mean())


def _year_death(d: pd.DataFrame) -> float:
    rows = d[d.days_observed >= 365]
    return float(((rows.days_to_death < 365) | (rows.disch_to == "died")).mean())


def _landmark(d: pd.DataFrame) -> float:
    """Return the odds ratio of the clinic among those still out and alive on day 25, for the days after it."""
    rows = d[~(d.days_to_next < 25) & ~(d.days_to_death < 25)]
    return odds_ratio(rows, "clinic", "back")


def _site(d: pd.DataFrame) -> float:
    return odds_ratio(d, "at_b", "back", [name for name in HONEST if name != "at_b"])


def _mean(column: str) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(d[column].mean())


def _median(column: str) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(d[column].median())


PERSON = "person_id"
MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "age_mean": ("first", _mean("age")),
    "age_sd": ("first", lambda d: float(d.age.std())),
    "women": ("first", lambda d: float((d.sex == "female").mean())),
    "ef_mean": ("first", _mean("ef")),
    "ef_sd": ("first", lambda d: float(d.ef.std())),
    "stays_per_patient": ("stays", lambda d: float(len(d) / d.person_id.nunique())),
    "back_30": ("seen", _mean("back")),
    "back_30_a": ("seen", lambda d: float(d.back[d.site == "A"].mean())),
    "back_30_b": ("seen", lambda d: float(d.back[d.site == "B"].mean())),
    "site_odds_ratio": ("seen", _site),
    "back_year": ("first", lambda d: _year(d, "days_to_next")),
    "dead_30": ("seen", _mean("dead")),
    "dead_year": ("first", _year_death),
    "died_in_hospital": ("stays", lambda d: float((d.disch_to == "died").mean())),
    "stay_median": ("stays", _median("length_of_stay")),
    "ntprobnp_median": ("stays", _median("ntprobnp")),
    "sodium_mean": ("stays", _mean("sodium")),
    "sodium_sd": ("stays", lambda d: float(d.sodium.std())),
    "creatinine_median": ("stays", _median("creatinine")),
    "haemoglobin_mean": ("stays", _mean("haemoglobin")),
    "systolic_mean": ("stays", _mean("systolic")),
    "systolic_sd": ("stays", lambda d: float(d.systolic.std())),
    "heart_rate_mean": ("stays", _mean("heart_rate")),
    "heart_rate_sd": ("stays", lambda d: float(d.heart_rate.std())),
    "ntprobnp_missing": ("stays", lambda d: float(d.ntprobnp.isna().mean())),
    "ef_not_this_stay": ("stays", lambda d: float((~d.ef_this_stay).mean())),
    "weight_missing_weekend": ("weighed", lambda d: float(d.missing[d.weekend].mean())),
    "weight_missing_weekday": ("weighed", lambda d: float(d.missing[~d.weekend].mean())),
    "auroc": ("seen", auroc("back", "honest")),
    "average_precision": ("seen", precision("back", "honest")),
    "auroc_total_stays": ("seen", auroc("back", "with_total")),
    "forest_by_patient": ("forest", auroc("back", "by_patient")),
    "forest_by_row": ("forest", auroc("back", "by_row")),
    "clinic_odds_ratio": ("seen", lambda d: odds_ratio(d, "clinic", "back")),
    "clinic_landmark_odds_ratio": ("seen", _landmark),
    "dead_among_not_back": ("seen", lambda d: float(d.dead[~d.back].mean())),
    "back_recorded_last_30_days": ("last", _mean("back")),
}
