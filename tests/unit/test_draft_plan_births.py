"""A birth beside an age: the draft keeps the age, also where the two stand in two tables of the same people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import ColumnStep
from rounds.data.dataset import Dataset

PEOPLE, ROWS = 300, 500


def write(folder: Path, birth: str = "birth_date", with_visits: float = 1.0) -> Dataset:
    """Write people with a birth, and visits of some of them with an age and a day."""
    rng = np.random.default_rng(9)
    born = pd.Timestamp("1935-01-01") + pd.to_timedelta(rng.integers(0, 20_000, PEOPLE), unit="D")
    many = round(PEOPLE * with_visits)
    who = np.concatenate([np.arange(many), rng.integers(0, many, ROWS - many)])
    day = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, ROWS), unit="D")
    return write_dataset(
        folder,
        {
            "person": pd.DataFrame(
                {
                    "patient_id": np.arange(PEOPLE) + 4000,
                    birth: born if birth == "birth_date" else born.year,
                    "sex": rng.choice(["f", "m"], PEOPLE),
                }
            ),
            "visit": pd.DataFrame(
                {"patient_id": who + 4000, "age": ((day - born[who]).days / 365.25).astype(int), "visit_ts": day}
            ),
        },
        "patient_id",
    )


def step(dataset: Dataset, table: str, column: str) -> ColumnStep:
    found = draft_plan(dataset, check_dataset(dataset, 11), "c", 11).step(table, column)
    assert found is not None
    return found


@pytest.mark.parametrize("birth", ["birth_date", "birth_year"])
def test_the_draft_drops_the_birth_of_people_whose_visits_have_an_age(tmp_path: Path, birth: str) -> None:
    dataset = write(tmp_path / "d", birth)
    dropped = step(dataset, "person", birth)
    assert (dropped.action, dropped.role) == ("drop", "")
    assert dropped.why.startswith("visit.age says the same, at the time of the row: keep one of the two")
    assert step(dataset, "visit", "age").role == "quasi-identifier"


def test_the_age_keeps_detail_that_both_together_would_cost(tmp_path: Path) -> None:
    dataset = write(tmp_path / "d")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)
    clean = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW).dataset
    assert clean.frame("visit").age.nunique() >= 3
    assert "birth_date" not in clean.frame("person").columns


def test_a_birth_stays_where_the_ages_are_of_other_people(tmp_path: Path) -> None:
    assert step(write(tmp_path / "d", with_visits=0.5), "person", "birth_date").action == "birth-year"
