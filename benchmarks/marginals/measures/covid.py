"""Measure the Covid-19 cohort."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from rounds.data.dataset import Dataset

from .models import auroc, logistic, odds_ratio, precision, predict

LOGS = ["crp", "ldh", "dimer", "urea"]
FEATURES = ["age", "male", "diseases", "rr", "spo2_room_air", "confused", "lymphocytes", *LOGS]
ADJUST = [*FEATURES, "wave"]
PAIRS = """
SELECT e.person_id, p.skin_tone, v.value_num AS spo2, l.value_num AS sao2
FROM lab l JOIN encounter e USING (encounter_id) JOIN person p USING (person_id)
JOIN vital v ON v.encounter_id = l.encounter_id AND v.loinc = '59408-5'
  AND abs(date_diff('minute', v.charted_ts, l.collected_ts)) <= 30
WHERE l.loinc = '2708-6' AND l.value_num BETWEEN 40 AND 100
"""
UNITS = """
SELECT e.person_id, e.site, l.loinc, l.value_num, l.value_text
FROM lab l JOIN encounter e USING (encounter_id)
WHERE l.loinc IN ('1988-5', '48065-7', '48066-5', '2823-3', '751-8')
"""


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return the stays with predictions, the last wave as a model of the first sees it, and pairs of saturations."""
    stays = dataset.frame()
    stays["male"] = stays.sex == "male"
    raw = stays.crp.where(stays.site == "A", stays.crp / 10)  # as site B writes it, in mg/dL
    for name in LOGS:
        stays[name] = np.log(stays[name])
    stays["honest"] = predict(logistic(), stays, FEATURES, "died_28", None)
    stays["with_ventilation"] = predict(logistic(), stays, [*FEATURES, "ventilated"], "died_28", None)
    found = {"stays": stays, "shift": _shift(stays, np.log(raw)), "results": _query(dataset, UNITS)}
    return found | ({"pairs": _query(dataset, PAIRS)} if "pairs" in wanted else {})


def _query(dataset: Dataset, sql: str) -> pd.DataFrame:
    return dataset.connect().execute(sql).df()


def _shift(stays: pd.DataFrame, raw: pd.Series) -> pd.DataFrame:
    """Return wave 4 with the predictions of a model of wave 1, right and with site B's CRP in its own unit."""
    first, last = stays[stays.wave == 1], stays[stays.wave == 4]
    model = logistic().fit(first[FEATURES].astype(float).to_numpy(), first.died_28)
    wrong = last.assign(crp=raw[last.index])
    right_made, wrong_made = (model.predict_proba(d[FEATURES].astype(float).to_numpy())[:, 1] for d in (last, wrong))
    return last.assign(shifted=right_made, shifted_wrong_unit=wrong_made)


def _missing(column: str, site: str | None = None) -> Callable[[pd.DataFrame], float]:
    return lambda d: float((d if site is None else d[d.site == site])[column].isna().mean())


def _drug(group: str) -> Callable[[pd.DataFrame], float]:
    def measure(d: pd.DataFrame) -> float:
        rows = d[d.wave > 1]
        if group == "crude":
            return odds_ratio(rows, "dexamethasone", "died_28")
        kinds = {
            "ventilated": rows.ventilated,
            "oxygen": rows.oxygen & ~rows.ventilated,
            "neither": ~rows.oxygen & ~rows.ventilated,
        }
        return odds_ratio(rows[kinds[group]], "dexamethasone", "died_28", ADJUST)

    return measure


def _hidden(d: pd.DataFrame, tone: str) -> float:
    shown = d[(d.spo2 >= 92) & (d.spo2 <= 96) & (d.skin_tone == tone)]
    return float((shown.sao2 < 88).mean())


def _median(column: str) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(np.exp(d[column].median()))


def _result_median(d: pd.DataFrame, site: str, loinc: str) -> float:
    rows = d[(d.site == site) & (d.loinc == loinc) & (d.value_num > 0) & (d.value_num != 999)]
    return float(rows.value_num.median())


def _unit_harm(d: pd.DataFrame) -> float:
    right, wrong = auroc("died_28", "shifted")(d), auroc("died_28", "shifted_wrong_unit")(d)
    return float(right - wrong)


def _alone(column: str) -> Callable[[pd.DataFrame], float]:
    return lambda d: auroc("died_28", "low")(d.assign(low=-d[column]))


def _wave(wave: int) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(d.died_28[d.wave == wave].mean())


PERSON = "person_id"
MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "death": ("stays", lambda d: float(d.died_28.mean())),
    **{f"death_wave_{wave}": ("stays", _wave(wave)) for wave in (1, 2, 3, 4)},
    "age_median": ("stays", lambda d: float(d.age.median())),
    "men": ("stays", lambda d: float(d.male.mean())),
    "spo2_below_92": ("stays", lambda d: float((d.spo2_first < 92).mean())),
    "spo2_median": ("stays", lambda d: float(d.spo2_first.median())),
    "crp_median": ("stays", _median("crp")),
    "ldh_median": ("stays", _median("ldh")),
    "lymphocytes_median": ("stays", lambda d: float(d.lymphocytes.median())),
    "dimer_median": ("stays", _median("dimer")),
    "urea_median": ("stays", _median("urea")),
    "stay_median": ("stays", lambda d: float(d.length_of_stay.median())),
    "intensive_care": ("stays", lambda d: float(d.intensive_care.mean())),
    "ventilated": ("stays", lambda d: float(d.ventilated.mean())),
    "auroc": ("stays", auroc("died_28", "honest")),
    "average_precision": ("stays", precision("died_28", "honest")),
    "auroc_ventilation": ("stays", auroc("died_28", "with_ventilation")),
    "auroc_spo2_room_air": ("stays", _alone("spo2_room_air")),
    "auroc_spo2_any": ("stays", _alone("spo2_last")),
    "shift_auroc": ("shift", auroc("died_28", "shifted")),
    "shift_predicted": ("shift", lambda d: float(d.shifted.mean())),
    "shift_observed_over_expected": ("shift", lambda d: float(d.died_28.mean() / d.shifted.mean())),
    "unit_auroc_loss": ("shift", _unit_harm),
    "unit_mean_right_b": ("shift", lambda d: float(d.shifted[d.site == "B"].mean())),
    "unit_mean_wrong_b": ("shift", lambda d: float(d.shifted_wrong_unit[d.site == "B"].mean())),
    "dimer_missing": ("stays", _missing("dimer")),
    "dimer_missing_a": ("stays", _missing("dimer", "A")),
    "dimer_missing_b": ("stays", _missing("dimer", "B")),
    "death_dimer_missing": ("stays", lambda d: float(d.died_28[d.dimer.isna()].mean())),
    "death_dimer_present": ("stays", lambda d: float(d.died_28[d.dimer.notna()].mean())),
    "dexamethasone_crude": ("stays", _drug("crude")),
    "dexamethasone_oxygen": ("stays", _drug("oxygen")),
    "dexamethasone_neither": ("stays", _drug("neither")),
    "dexamethasone_ventilated": ("stays", _drug("ventilated")),
    "hidden_hypoxaemia_light": ("pairs", lambda d: _hidden(d, "light")),
    "hidden_hypoxaemia_dark": ("pairs", lambda d: _hidden(d, "dark")),
    "crp_ratio": ("results", lambda d: _result_median(d, "A", "1988-5") / _result_median(d, "B", "1988-5")),
    "dimer_ratio": ("results", lambda d: _result_median(d, "B", "48066-5") / _result_median(d, "A", "48065-7")),
    "potassium_hemolysed": (
        "results",
        lambda d: float(d.value_text[d.loinc == "2823-3"].str.lower().isin(["hemolysed", "hemolyzed"]).mean()),
    ),
    "zero_neutrophils": ("results", lambda d: float((d.value_num[d.loinc == "751-8"] == 0).mean())),
}
