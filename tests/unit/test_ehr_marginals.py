"""The marginals of the synthetic cohorts and their analysis tables, quickly: a few thousand patients.

``python benchmarks/cohorts.py --marginals --seeds 3`` holds them at full size.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.ehr.flat import TABLES, derive
from rounds.data.ehr.generate import PLANS, write_cohort
from rounds.data.ehr.marginals import Held, load_marginals, measure_marginals, measures_of, render_marginals
from rounds.errors import DataError

PERSONS = {"birthweight": 4000, "bsi": 1500, "heart_failure": 2500, "covid": 5000}
# Figures that need the full size: few events, or models of a subsample that is smaller here.
FULL_SIZE_ONLY = frozenset(
    {
        "birthweight.recurrence_4500",
        "birthweight.r2_forest_by_mother",
        "birthweight.r2_forest_by_row",
        "bsi.death_rate_ratio",
        "bsi.undersampled_mean",
        "covid.dexamethasone_ventilated",
        "covid.hidden_hypoxaemia_light",
        "covid.hidden_hypoxaemia_dark",
        "heart_failure.forest_by_patient",
        "heart_failure.forest_by_row",
        "heart_failure.back_recorded_last_30_days",
    }
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some thousand patients of each cohort."""
    root = tmp_path_factory.mktemp("marginals")
    for name, persons in PERSONS.items():
        write_cohort(name, persons, 3, root, root / "staff")
    return root


# A quick check of 140 figures: with ten groups (9 degrees of freedom) chance leaves this band once in 1,400 figures.
FAR = 5


@pytest.mark.parametrize("name", tuple(PLANS))
def test_marginals_hold(name: str, folder: Path) -> None:
    held = measure_marginals(open_dataset(folder / name), skip=FULL_SIZE_ONLY)
    print(render_marginals(held))
    assert len(held) >= 25
    far = [h for h in held if abs(h.measured - h.marginal.target) > max(h.marginal.tolerance, FAR * h.standard_error)]
    assert [h.marginal.id for h in far] == []
    assert sum(h.holds for h in held) >= len(held) - 3


@pytest.mark.parametrize("name", tuple(PLANS))
def test_every_marginal_has_one_measure_and_every_measure_one_marginal(name: str) -> None:
    rows = load_marginals(name)
    assert [row.id for row in rows] == [f"{name}.{measure}" for measure in measures_of(name)]


def test_every_marginal_says_population_source_and_status() -> None:
    for row in load_marginals():
        assert row.population, row.id
        assert len(row.source) > 3, row.id
        assert row.tolerance > 0, row.id
        assert row.status in {"literature", "frozen"}


def test_a_figure_outside_its_tolerance_does_not_hold() -> None:
    row = load_marginals("birthweight")[0]
    assert Held(row, row.target + 0.9 * row.tolerance, 0.0).holds
    assert not Held(row, row.target + 1.1 * row.tolerance, 0.0).holds
    assert Held(row, row.target + 1.1 * row.tolerance, row.tolerance).holds
    assert "DOES NOT HOLD" in render_marginals([Held(row, row.target * 2, 0.0)])


# ---- analysis tables


def described(table: str) -> dict[str, Any]:
    """Return the description of a synthetic flat table that learners use today."""
    text = files("rounds.data.synthetic").joinpath(f"{table}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize("table", ["birthweight", "bsi_days", "covid_labs"])
def test_analysis_tables_have_the_columns_that_learners_know(table: str, folder: Path) -> None:
    frame = derive(table, open_dataset(folder / TABLES[table]), persons=300)
    columns = described(table)["column"]
    assert list(frame) == [column["name"] for column in columns]
    for column in columns:
        assert set(frame[column["name"]].dropna()) <= set(column.get("levels") or frame[column["name"]].dropna())


def test_persons_limits_an_analysis_table_to_whole_persons(folder: Path) -> None:
    cohort = open_dataset(folder / "birthweight")
    few, more = derive("birthweight", cohort, persons=50), derive("birthweight", cohort, persons=200)
    assert few.mother_id.nunique() == 50
    assert more.mother_id.nunique() == 200
    own = more[more.mother_id.isin(few.mother_id)]
    pd.testing.assert_frame_equal(few, own.reset_index(drop=True))


def test_an_analysis_table_of_another_cohort_is_refused(folder: Path) -> None:
    cohort = open_dataset(folder / "covid")
    with pytest.raises(DataError, match='derived from "bsi"'):
        derive("bsi_days", cohort)
    with pytest.raises(DataError, match='Did you mean "covid_labs"'):
        derive("covid_lab", cohort)


def latent(cohort: Dataset) -> pd.DataFrame:
    """Return the hidden state of a cohort."""
    return pd.read_parquet(cohort.path.parent / "staff" / f"{cohort.name}.latent.parquet")


def test_births_agree_with_the_truth(folder: Path) -> None:
    cohort = open_dataset(folder / "birthweight")
    births = derive("birthweight", cohort).merge(latent(cohort), on="child_id", suffixes=("", "_true"))
    assert len(births) == len(cohort.frame("pregnancy"))
    grams = births.birthweight_g.where(births.birthweight_g > 10, births.birthweight_g * 1000)
    assert ((grams - births.birthweight_g_true).abs() <= 50).all()
    known = births.previous_birthweight_g.notna()
    assert ((births.previous_birthweight_g - births.previous_birthweight_g_true).abs()[known] <= 50).all()
    assert (births.birth_order.eq(1) == births.parity.eq(0)).mean() > 0.97  # a second twin has order 2


def test_days_at_risk_end_before_the_infection_of_the_truth(folder: Path) -> None:
    cohort = open_dataset(folder / "bsi")
    days = derive("bsi_days", cohort).merge(latent(cohort), on="person_id")
    ahead = days.infection_day_by_definition - days.day
    assert (ahead.isin([1, 2]) == days.bsi_next_48h).mean() > 0.999
    assert (ahead >= 1).mean() > 0.999
    assert days.day.between(-3, 30).all()


def test_known_deaths_of_covid_stays_are_true_and_site_b_misses_some(folder: Path) -> None:
    cohort = open_dataset(folder / "covid")
    stays = derive("covid_stays", cohort).merge(latent(cohort), on="person_id")
    assert stays.dies_within_28_days[stays.died_28].all()
    missed = stays[stays.dies_at_home].groupby("site").died_28.mean()
    assert missed["A"] > 0.7 > 0.3 > missed["B"]


def test_readmissions_leave_out_planned_stays_and_transfers(folder: Path) -> None:
    cohort = open_dataset(folder / "heart_failure")
    stays = derive("heart_failure_stays", cohort)
    encounters = cohort.frame("encounter")
    first = encounters[(encounters["class"] == "inpatient") & ~encounters.planned & encounters.transfer_from.isna()]
    assert set(stays.encounter_id) == set(first.encounter_id)
    assert (stays.days_to_next.dropna() > 0.9).all()
