"""The hold-outs of the cohorts with records: every table is given, and none tells of what came later."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.ehr.generate import write_cohort
from rounds.data.scoring.fresh import Places, make_hold_out
from rounds.data.scoring.held import draw_answers, find_linkage, hold, time_zeros
from rounds.data.scoring.hold_out import HoldOut, open_hold_out
from rounds.data.scoring.task import Task

TASKS = {
    "birthweight": Task(
        "mae", "birthweight_g", ("child_id",), "booking", "pregnancy.booking_ts", outcome_range=(300, 6500)
    ),
    "bsi": Task("alerts", "bsi_next_48h", ("person_id", "day"), "morning_round"),
    "heart_failure": Task("auroc", "readmitted_30d", ("encounter_id",), "discharge", "disch_ts"),
    "covid": Task("auroc", "died_28", ("encounter_id",), "first_day", "encounter.admit_ts", 24),
}
TIMED = [name for name, task in TASKS.items() if task.time_zero]
Made = tuple[Dataset, Dataset, HoldOut]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Return each cohort, the features of its hold-out, and the outcomes, made on first use."""
    folder = tmp_path_factory.mktemp("cohorts")

    class Makes(dict[str, Made]):
        def __missing__(self, name: str) -> Made:
            dataset = write_cohort(name, 100, 5, folder / "data", folder / "truth")
            places = Places(folder / "custodian", folder / "data")
            done = make_hold_out(dataset, name, TASKS[name], places, 400, lambda *_: None)
            features = open_dataset(folder / "data" / done.features)
            self[name] = dataset, features, open_hold_out(Path(done.folder), done.hash)
            return self[name]

    return Makes()


@pytest.mark.parametrize("name", TASKS)
def test_no_outcome_and_no_column_known_later_is_in_the_first_table(made: dict[str, Made], name: str) -> None:
    dataset, features, hold_out = made[name]
    package = dataset.package
    when = package.position(TASKS[name].predict_at)
    for column in features.table().columns:
        whole = package.table.column(column.name)
        assert whole.role != "outcome"
        assert whole.role == "identifier" or package.position(whole.available) <= when
    assert len(features.frame()) == len(hold_out.answers)
    assert set(features.frame()) == set(features.table().names())


@pytest.mark.parametrize("name", TIMED)
def test_no_time_of_any_table_is_after_the_last_moment_of_a_prediction(made: dict[str, Made], name: str) -> None:
    _, features, _ = made[name]
    assert len(features.package.tables) >= 10
    zero = zeros_of(features, name)
    stays = features.frame("encounter").set_index("encounter_id")["person_id"]
    seen = 0
    for table in features.package.tables[1:]:
        frame = features.frame(table.name)
        person = frame[table.person] if table.person else frame["encounter_id"].map(stays)
        limit = person.map(zero)
        for column in frame.select_dtypes("datetime").columns:
            late = frame[column] > limit
            assert not late.any(), (table.name, column)
            seen += int(frame[column].notna().sum())
    assert seen > 1000


def zeros_of(features: Dataset, name: str) -> pd.Series:
    """Return the time zero of each scored person, read from the features alone."""
    first, task = features.frame(), TASKS[name]
    if name == "heart_failure":
        return first.set_index("person_id")["disch_ts"]
    table = {"birthweight": "pregnancy", "covid": "encounter"}[name]
    other = features.frame(table)
    if name == "covid":
        times = first["encounter_id"].map(other.set_index("encounter_id")["admit_ts"])
        return pd.Series((times + pd.Timedelta(hours=task.time_zero_plus_h)).to_numpy(), index=first["person_id"])
    latest = other.groupby("mother_id")["booking_ts"].max()
    return first.set_index("mother_id").index.to_series().map(latest)


def test_a_stay_after_the_discharge_that_is_scored_is_not_there(made: dict[str, Made]) -> None:
    _, features, hold_out = made["heart_failure"]
    zero = features.frame().set_index("person_id")["disch_ts"]
    stays = features.frame("encounter")
    assert (stays["admit_ts"] <= stays["person_id"].map(zero)).all()
    assert 0.05 < hold_out.answers["outcome"].mean() < 0.5
    assert (features.frame("death")["person_id"].map(zero).notna()).all()
    assert (features.frame("death")["death_date"] < features.frame("death")["person_id"].map(zero)).all()


def test_a_current_pregnancy_tells_neither_its_end_nor_its_child(made: dict[str, Made]) -> None:
    _, features, hold_out = made["birthweight"]
    pregnancies = features.frame("pregnancy")
    open_ = pregnancies[pregnancies["delivery_ts"].isna()]
    assert len(open_) == len(hold_out.answers)  # one for each scored birth, and twins are not two rows
    assert open_[["child_id", "ga_delivery_days", "plurality"]].isna().all(axis=None)
    unborn = set(hold_out.answers["child_id"])
    assert not unborn & set(features.frame("person")["person_id"])


def test_mothers_and_children_are_one_group_and_the_task_finds_each_booking(made: dict[str, Made]) -> None:
    dataset, _, _ = made["birthweight"]
    frames = {table.name: dataset.frame(table.name) for table in dataset.package.tables}
    linkage = find_linkage(dataset.package, frames)
    assert "pregnancy.child_id" in linkage
    held = hold(dataset.package, frames, linkage)
    times = time_zeros(held, TASKS["birthweight"])
    assert times.notna().all()
    answers = draw_answers(held, TASKS["birthweight"], 0, least=5)
    assert answers["group"].is_unique


def test_without_a_time_zero_the_first_table_alone_is_given(made: dict[str, Made]) -> None:
    _, features, _ = made["bsi"]
    assert [table.name for table in features.package.tables] == ["days"]
    assert sorted(p.name for p in features.path.iterdir()) == ["datapackage.json", "days.parquet"]
    assert not {"bsi_next_48h", "bsi_next_48h_status", "culture_taken"} & set(features.frame())
