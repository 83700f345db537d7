"""What each challenge asks of its analysis table: outcome, rows, honest features, a shift to test, and its limits.

A team's own table may take the place of the cohort; columns that it does not have are left out and named as limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rounds.challenges.births import choose_births, find_limits, honest_features
from rounds.data.dataset import Dataset
from rounds.errors import DataError, suggest
from rounds.explore.cohort import Box, Cohort

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Shift:
    """A model of one part of the table, tested on another: a later time, or another hospital; conditions of pandas."""

    train: tuple[str, ...]
    test: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Brief:
    """One challenge's question to its analysis table; a row is a patient's stay where nothing else is said."""

    outcome: str
    event: str
    rows: str = "stays"
    people: str = "patients"
    unit: tuple[str, ...] = ("encounter_id",)
    steps: tuple[tuple[str, str], ...] = ()
    alone: str = ""
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    shift: Shift | None = None
    limits: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """The column that says what came first: the outcome, a competing event, or nothing."""
        return f"{self.outcome}_status"


BRIEFS = {
    "birthweight": Brief("birthweight_g", "birthweight", "births", "mothers", ("child_id",)),
    "bsi": Brief(
        outcome="bsi_next_48h",
        event="infection within 48 h",
        rows="patient-days",
        unit=("person_id", "day"),
        alone="warning_score",
        also=("day",),
        without=("ward",),
        logs=("crp",),
        shift=Shift(
            ('site == "A"', "calendar_day < 2223"),
            ('site == "A"', "calendar_day >= 2223"),
            "Learned at site A before 2019, tested at site A since 2019, when preventive antibiotics were stopped.",
        ),
        limits={
            "calendar_day": "No calendar: you cannot test a model after a change of policy.",
            "warning_score": "No warning score: there is nothing simple to beat.",
            "bsi_next_48h_status": "No status: death and discharge cannot be told from a day without infection.",
        },
    ),
    "heart_failure": Brief(
        outcome="readmitted_30d",
        event="a stay within 30 days",
        steps=(("readmitted_30d is known", "Left alive, and 30 days are on record"),),
        alone="stays_last_year",
        without=("number",),
        logs=("ntprobnp", "creatinine", "length_of_stay"),
        shift=Shift(('site == "A"',), ('site == "B"',), "Learned at site A, tested at site B."),
        limits={
            "stays_last_year": "No count of earlier stays: the strongest known predictor is missing.",
            "readmitted_30d_status": "No status: deaths cannot be told from patients who stayed well at home.",
            "site": "No site: you cannot test a model in another hospital.",
        },
    ),
    "covid": Brief(
        outcome="died_28",
        event="death by day 28",
        alone="age",
        without=("wave", "skin_tone"),
        logs=("crp", "ldh", "dimer", "urea", "creatinine", "lymphocytes"),
        shift=Shift(("wave == 1",), ("wave == 4",), "Learned in wave 1, tested in wave 4."),
        limits={
            "wave": "No wave: you cannot train on one part of the epidemic and test on another.",
            "spo2_room_air": "No saturation without oxygen: a treated value hides how ill a patient is.",
            "died_28_status": "No status: who left alive cannot be told from who was watched until day 28.",
        },
    ),
}


def brief_of(challenge: str) -> Brief:
    """Return what a challenge asks of its analysis table."""
    if challenge not in BRIEFS:
        raise DataError(f'There is no brief for "{challenge}".{suggest(challenge, BRIEFS)}')
    return BRIEFS[challenge]


def choose_rows(dataset: Dataset, brief: Brief) -> Cohort:
    """Return the rows of the analysis table that the question is about."""
    if brief is BRIEFS["birthweight"]:
        return choose_births(dataset)
    if brief.outcome not in dataset.table().names():
        raise DataError(f'Dataset "{dataset.name}" has no column "{brief.outcome}": it is the outcome to predict.')
    rows = Cohort.of(dataset)
    for condition, label in brief.steps:
        rows = rows.where(condition, label)
    return rows


def count_rows(dataset: Dataset, brief: Brief) -> pd.DataFrame:
    """Return the cohort's flow as a table: from the records where they are there, then the steps of the question."""
    import pandas as pd

    boxes = choose_rows(dataset, brief).flow()
    if len(dataset.package.tables) > 1 and dataset.name in BRIEFS:
        boxes = [*_from_records(dataset), *boxes[1:]]
    shown = [(box.label, box.n_rows, box.n_persons, box.excluded) for box in boxes]
    return pd.DataFrame(shown, columns=["step", brief.rows, brief.people, "left out"]).convert_dtypes().fillna(0)


def limits_of(dataset: Dataset, brief: Brief) -> list[str]:
    """Return what this table cannot support because a column is missing, one sentence each."""
    if brief is BRIEFS["birthweight"]:
        return find_limits(dataset)
    names = dataset.table().names()
    limits = [text for name, text in brief.limits.items() if name not in names]
    if dataset.table().person is None:
        limits.insert(0, "No person: rows of one patient cannot be kept on one side of a split.")
    return limits


def features_of(dataset: Dataset, brief: Brief) -> list[str]:
    """Return the columns that are known when the prediction is made, and that a model may use."""
    names = [*honest_features(dataset), *(name for name in brief.also if name in dataset.table().names())]
    return [name for name in names if name not in brief.without]


def _from_records(dataset: Dataset) -> list[Box]:
    from rounds.synthetic.ehr.analysis import build_study

    return build_study(dataset.name, dataset).flow()
