"""What one model scores on other questions about the same transplant ward: the table behind the widget of lesson J3.

A question is a window of days, a look-back, the columns that the model sees, and the moment at which the label is set.
Each AUROC is of a logistic regression on people it has not seen.  Some columns are not known at the morning round, on
purpose.  Nothing here is random but the parts of the people, which follow from ``SEED``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from ibis import _

from rounds.evaluation.metrics import Levels, auroc
from rounds.query.clock import later
from rounds.query.events import culture, given, lab, vital
from rounds.synthetic.ehr.analysis.bsi import ROUND_HOUR, mornings

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

SEED, PARTS = 3, 4
LOOK_BACKS_H = (12, 24, 48)
WINDOWS = {"today": (0, 0), "tomorrow": (1, 1), "next 48 h": (1, 2)}  # calendar days after the morning
LEAKS = ("antibiotic_today", "cultures_of_stay", "code_at_discharge")
LABELS = ("drawn", "resulted")
SEPSIS = ("A41.9", "A49.9", "T80.2")


def build_tasks(
    dataset: Dataset,
    look_backs: Sequence[int] = LOOK_BACKS_H,
    windows: Iterable[str] = tuple(WINDOWS),
    leaks: Iterable[tuple[str, ...]] | None = None,
) -> list[dict[str, Any]]:
    """Return one entry for each question: what it asks, the AUROC, its mornings and the infected ones."""
    choices = list(product(LABELS, windows, _subsets() if leaks is None else leaks))
    rows = [(hours, build_mornings(dataset, hours)) for hours in look_backs]
    return [_score(hours, frame, *choice) for hours, frame in rows for choice in choices]


def build_mornings(dataset: Dataset, look_back_h: int) -> pd.DataFrame:
    """Return the mornings until the infection is known to the laboratory: what is known, what is not, days ahead."""
    days = (
        mornings(dataset)
        .include("Still in at the morning round", _.disch_ts > later(_.today, ROUND_HOUR * 60))
        .index("the morning round at 9 h", "today", hours=ROUND_HOUR)
        .columns("encounter_id", "person_id", "site", "day", "today_number", "infected_number", "donor")
        .feature("temperature", vital("temperature").highest(hours=look_back_h))
        .feature("heart_rate", vital("heart_rate").last(hours=look_back_h))
        .feature("anc", lab("neutrophils").last(hours=look_back_h))
        .feature("crp", lab("crp").last(hours=look_back_h))
        .later("antibiotic_today", given("J01", route="intravenous").ever().any(since="today", until="tomorrow"))
        .later("culture_today", culture().ever().any(since="today", until="tomorrow"))
        .frame()
    )
    stays = dataset.connect().execute(_STAYS).df()
    frame = days.merge(stays, how="left", on="encounter_id")
    frame["drawn"] = frame["infected_number"].astype("float64") - frame["today_number"]
    frame["resulted"] = frame["result_number"].astype("float64") - frame["today_number"]
    return frame.fillna({"cultures_of_stay": 0, "code_at_discharge": False})


_STAYS = f"""
WITH grown AS (
    SELECT encounter_id, collected_ts, resulted_ts FROM micro WHERE organism IS NOT NULL
), first AS (
    SELECT encounter_id, min(resulted_ts) AS resulted_ts FROM grown GROUP BY encounter_id
), cultures AS (
    SELECT encounter_id, count(DISTINCT set_id) AS cultures_of_stay FROM micro GROUP BY encounter_id
), codes AS (
    SELECT encounter_id, bool_or(icd10 IN {SEPSIS}) AS code_at_discharge FROM diagnosis GROUP BY encounter_id
)
SELECT e.encounter_id, cultures_of_stay, code_at_discharge,
       datediff('day', DATE '1970-01-01', CAST(first.resulted_ts AS DATE)) AS result_number
FROM encounter e LEFT JOIN first USING (encounter_id) LEFT JOIN cultures USING (encounter_id)
LEFT JOIN codes USING (encounter_id)
"""  # noqa: S608 - constants of this module


def _subsets() -> list[tuple[str, ...]]:
    return [tuple(name for name, on in zip(LEAKS, chosen, strict=True) if on) for chosen in product((0, 1), repeat=3)]


def _score(look_back_h: int, frame: pd.DataFrame, label: str, window: str, leaks: tuple[str, ...]) -> dict[str, Any]:
    first, last = WINDOWS[window]
    infected = frame["infected_number"].notna()
    ahead = frame[label].where(infected)
    asked = frame[~(ahead < first)]
    sick = ahead[asked.index].between(first, last).to_numpy()
    risk = _predict(_design(asked, leaks), sick, asked["person_id"].to_numpy())
    value = float(auroc(Levels.of(sick.astype(float), risk, np.ones((1, len(sick)))))[0])
    question = {"look_back_h": look_back_h, "label": label, "window": window, "leaks": list(leaks)}
    return {**question, "auroc": round(value, 3), "mornings": len(sick), "infected": int(sick.sum())}


def _design(frame: pd.DataFrame, leaks: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """Return the columns of the model; a value that nobody measured counts as a usual one."""
    day = frame["day"].to_numpy(dtype=float)
    columns = [
        frame["temperature"].fillna(36.9),
        frame["heart_rate"].fillna(84),
        np.log(frame["crp"].clip(0.3).fillna(12)),
        frame["crp"].isna(),
        np.log(frame["anc"].fillna(1.0) + 0.05),
        frame["anc"].fillna(1.0) < 0.5,
        day,
        day**2,
        frame["donor"] != "autologous",
        frame["site"] == "B",
        *(frame[name] for name in leaks),
    ]
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def _predict(
    features: np.ndarray[Any, Any], sick: np.ndarray[Any, Any], person: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return the risk of each row, from a model that has not seen its person."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    _people, codes = np.unique(person, return_inverse=True)
    part = np.random.default_rng(SEED).integers(0, PARTS, codes.max() + 1)[codes]
    risk = np.zeros(len(sick))
    for number in range(PARTS):
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
        model.fit(features[part != number], sick[part != number])
        risk[part == number] = model.predict_proba(features[part == number])[:, 1]
    return risk


def main(folder: str, target: str) -> None:
    """Write the table of a cohort at lesson size: ``python -m ...bsi_tasks DATA/bsi time_line.json``."""
    from rounds.data.dataset import open_dataset

    dataset = open_dataset(Path(folder))
    whole = {"dataset": f"{dataset.name} {dataset.package.version}", "tasks": build_tasks(dataset)}
    Path(target).write_text(json.dumps(whole, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
