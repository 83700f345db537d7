"""The synthetic tables: their marginals, their seeds, their planted errors."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from benchmarks.marginals.marginals import measure_marginals, render_marginals

from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds.synthetic.make import SEEDS, TABLE_SEEDS, make_cohort, make_dataset

NAMES = sorted(TABLE_SEEDS)


@pytest.mark.parametrize("name", NAMES)
def test_marginals_hold(name: str, tmp_path: Path) -> None:
    held = measure_marginals(make_dataset(name, tmp_path))
    print(render_marginals(held))
    assert len(held) >= 5
    assert [h.marginal.id for h in held if not h.holds] == []


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(name: str, tmp_path: Path) -> None:
    first = make_dataset(name, tmp_path / "a").file().read_bytes()
    assert make_dataset(name, tmp_path / "b").file().read_bytes() == first
    assert make_dataset(name, tmp_path / "c", seed=1).file().read_bytes() != first


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_tables_stay_small_and_their_columns_keep_their_word(name: str, seed: int | None) -> None:
    frame = make_cohort(name, seed).frame
    assert 3000 <= len(frame) <= 5000


@pytest.mark.parametrize("name", NAMES)
def test_each_value_is_of_its_columns_type_and_levels(name: str, tmp_path: Path) -> None:
    dataset = make_dataset(name, tmp_path)
    frame = dataset.frame()
    checks = {
        "integer": pd.api.types.is_integer_dtype,
        "number": pd.api.types.is_numeric_dtype,
        "string": pd.api.types.is_string_dtype,
        "boolean": pd.api.types.is_bool_dtype,
        "datetime": pd.api.types.is_datetime64_dtype,
    }
    for column in dataset.package.table.columns:
        values = frame[column.name]
        assert checks[column.type](values), column.name
        if column.levels:
            assert set(values.dropna()) == set(column.levels), column.name


def test_truth_is_for_its_owner_only_and_names_the_planted_infections(tmp_path: Path) -> None:
    dataset = make_dataset("bsi_days", tmp_path / "data", truth_folder=tmp_path / "staff")
    path = tmp_path / "staff" / "bsi_days.truth.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    infected = {infection["person_id"] for infection in json.loads(path.read_text())["infections"]}
    assert set(dataset.frame().query("bsi_next_48h").person_id) <= infected
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["bsi_days"]


def test_the_challenges_cohorts_are_made_at_lesson_size_with_their_own_seed(lesson: Callable[[str], Dataset]) -> None:
    births = lesson("birthweight")
    assert births.package.seed == SEEDS["birthweight"]
    frame = births.frame()
    assert frame.mother_id.nunique() == 5000
    assert set(frame[frame.plurality == 2].groupby(["mother_id", "parity"]).size()) == {2}
    truth = json.loads((births.path.parent / "staff" / "birthweight.truth.json").read_text())
    assert (truth["persons"], truth["seed"]) == (5000, SEEDS["birthweight"])
    planted = [entry["count"] for name, entry in truth["planted"].items() if "kilogram" in name]
    assert sum(planted) == int((frame.birthweight_g < 10).sum()) > 0


def test_days_at_risk_end_before_the_infection_that_the_outcome_announces() -> None:
    cohort = make_cohort("bsi_days")
    infected = {i["person_id"]: i["calendar_day"] for i in cohort.truth["infections"]}
    days = cohort.frame
    ahead = days.person_id.map(infected) - days.calendar_day
    assert (ahead.dropna() >= 1).all()
    assert (ahead.isin([1, 2]) == days.bsi_next_48h).all()


def test_a_ward_never_holds_more_patients_than_rooms() -> None:
    days = make_cohort("bsi_days").frame
    assert days.groupby(["ward", "calendar_day"]).person_id.nunique().max() <= 20


def test_laboratories_write_sentinels_and_words_that_are_no_number() -> None:
    labs = make_cohort("covid_labs").frame
    words = {"not done", "NA", "hemolysed", "<0.1", "-1", "999"}
    assert words <= set(labs.value_text)
    assert {-1.0, 999.0} <= set(labs.value_num.dropna())
    assert (labs.resulted_ts > labs.collected_ts).all()


def test_an_unknown_recipe_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError, match='Did you mean "bsi_days"'):
        make_dataset("bsi_day", tmp_path)
