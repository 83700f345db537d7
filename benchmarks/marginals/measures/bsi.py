"""Measure the transplant cohort."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from rounds.data.dataset import Dataset

from .models import auroc, logistic, precision, predict, sample

MORNING = ["day", "allogeneic", "age", "anc", "log_crp", "temperature", "heart_rate", "mucositis", "mismatch", "tbi"]
MODEL_PATIENTS = 8000
NEGATED = r"(?:\bno|\bdenies|\bwithout) (?:\w+ )?fever"


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return transplants, days at risk with predictions, all days up to the infection, and notes."""
    patients = _patients(dataset)
    days = dataset.frame().merge(patients, on="person_id", suffixes=("", "_p"))
    days["log_crp"] = np.log(days.crp)
    days["allogeneic"] = days.transplant_type == "allogeneic"
    some = sample(days, "person_id", MODEL_PATIENTS)
    some["honest"] = predict(logistic(), some, MORNING, "bsi_next_48h", "person_id")
    some["undersampled"] = _undersampled(some)
    found = {"patients": patients, "days": days, "risk": some, "late": _late(some)}
    found |= {"same": _same_day(dataset, patients)} if "same" in wanted else {}
    return found | ({"notes": _notes(dataset)} if "notes" in wanted else {})


def _query(dataset: Dataset, name: str) -> pd.DataFrame:
    """Run a query that stands on the definitions of ``bsi_head.sql``."""
    return dataset.connect().execute(_read_sql("bsi_head") + _read_sql(name)).df()


def _read_sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _patients(dataset: Dataset) -> pd.DataFrame:
    return _query(dataset, "bsi_patients")


def _same_day(dataset: Dataset, patients: pd.DataFrame) -> pd.DataFrame:
    d = _query(dataset, "bsi_same_day").merge(patients, on="person_id", suffixes=("", "_p"))
    d["log_crp"], d["allogeneic"] = np.log(d.crp), d.donor != "autologous"
    d = sample(d, "person_id", MODEL_PATIENTS)
    d["plain"] = predict(logistic(), d, MORNING, "infected_today", "person_id")
    d["with_antibiotic"] = predict(logistic(), d, [*MORNING, "antibiotic_starts"], "infected_today", "person_id")
    d["at_result"] = predict(logistic(), d, MORNING, "resulted_soon", "person_id")
    return d


def _late(some: pd.DataFrame) -> pd.DataFrame:
    """Return the days of infections to come, and whether the top tenth of all days warned."""
    return some.assign(alert=some.honest >= some.honest.quantile(0.9))


def _undersampled(d: pd.DataFrame) -> pd.Series:
    """Return the predictions of a model that saw as many days without as with an infection."""
    sick, well = d[d.bsi_next_48h], d[~d.bsi_next_48h]
    few = pd.concat([sick, well.iloc[:: max(len(well) // max(len(sick), 1), 1)].head(len(sick))])
    model = logistic().fit(few[MORNING].astype(float).to_numpy(), few.bsi_next_48h)
    return pd.Series(model.predict_proba(d[MORNING].astype(float).to_numpy())[:, 1], index=d.index)


def _notes(dataset: Dataset) -> pd.DataFrame:
    """Return progress and nursing notes in the stay: the word fever, its negation, and whether the morning was warm."""
    d = _query(dataset, "bsi_notes")
    text = d.text.str.lower()
    named = text.str.contains("fever", regex=False)
    return d.assign(named=named, affirmed=named & ~text.str.contains(NEGATED))


def _infected(d: pd.DataFrame, rows: pd.Series | None = None) -> float:
    return float((d if rows is None else d[rows]).infected.mean())


def _alerts(d: pd.DataFrame, what: str) -> float:
    caught = d[d.alert & d.bsi_next_48h]
    if what == "sensitivity":
        return len(caught) / int(d.bsi_next_48h.sum())
    if what == "precision":
        return len(caught) / int(d.alert.sum())
    people = d[d.bsi_next_48h].groupby("person_id").alert.max()
    return float(people.mean()) if what == "infections" else int(d.alert.sum()) / int(people.sum())


def _death_ratio(d: pd.DataFrame) -> float:
    """Return deaths per person-day after an infection over deaths without, within the kinds of transplant."""
    above = below = 0.0
    for _, rows in d.groupby("allogeneic"):
        sick, well = rows[rows.infected], rows[~rows.infected]
        total = rows.follow_up.sum()
        above += sick.died.sum() * well.follow_up.sum() / total
        below += well.died.sum() * sick.follow_up.sum() / total
    return float(above / below)


PERSON = "person_id"
MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "infected": ("patients", _infected),
    "infected_autologous": ("patients", lambda d: _infected(d, ~d.allogeneic)),
    "infected_allogeneic": ("patients", lambda d: _infected(d, d.allogeneic)),
    "infected_a_before_2019": ("patients", lambda d: _infected(d, (d.site == "A") & (d.year < 2019))),
    "infected_a_since_2019": ("patients", lambda d: _infected(d, (d.site == "A") & (d.year >= 2019))),
    "infected_b": ("patients", lambda d: _infected(d, d.site == "B")),
    "allogeneic": ("patients", lambda d: float(d.allogeneic.mean())),
    "first_day_median": ("patients", lambda d: float(d.infected_day.median())),
    "engraftment_autologous": ("patients", lambda d: float(d.engraftment[~d.allogeneic].median())),
    "engraftment_allogeneic": ("patients", lambda d: float(d.engraftment[d.allogeneic].median())),
    "febrile_neutropenia": ("patients", lambda d: float(d.febrile_neutropenia.mean())),
    "single_bottle_adds": ("patients", lambda d: float((d.any_growth & ~d.infected).mean())),
    "died_day_180": ("patients", lambda d: float(d.died.mean())),
    "death_rate_ratio": ("patients", _death_ratio),
    "days_positive": ("days", lambda d: float(d.bsi_next_48h.mean())),
    "days_cultured": ("days", lambda d: float(d.culture_taken.mean())),
    "crp_measured_a": ("days", lambda d: float(d.crp[d.site == "A"].notna().mean())),
    "crp_measured_b": ("days", lambda d: float(d.crp[d.site == "B"].notna().mean())),
    "score_auroc": ("days", auroc("bsi_next_48h", "warning_score")),
    "score_mean": ("days", lambda d: float(d.warning_score.mean())),
    "auroc_48h": ("risk", auroc("bsi_next_48h", "honest")),
    "average_precision_48h": ("risk", precision("bsi_next_48h", "honest")),
    "undersampled_mean": ("risk", lambda d: float(d.undersampled.mean())),
    "alert_sensitivity_days": ("late", lambda d: _alerts(d, "sensitivity")),
    "alert_sensitivity_infections": ("late", lambda d: _alerts(d, "infections")),
    "alert_precision": ("late", lambda d: _alerts(d, "precision")),
    "alerts_per_infection": ("late", lambda d: _alerts(d, "burden")),
    "auroc_same_day": ("same", auroc("infected_today", "plain")),
    "auroc_same_day_antibiotic": ("same", auroc("infected_today", "with_antibiotic")),
    "auroc_at_result": ("same", auroc("resulted_soon", "at_result")),
    "cultured_days_positive": ("same", lambda d: float(d.infected_today[d.culture_taken].mean())),
    "infection_days_cultured": ("same", lambda d: float(d.culture_taken[d.infected_today].mean())),
    "fever_word_precision": ("notes", lambda d: float(d.warm[d.named].mean())),
    "fever_negated_precision": ("notes", lambda d: float(d.warm[d.affirmed].mean())),
}
