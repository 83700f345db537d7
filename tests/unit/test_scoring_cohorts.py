"""The hold-outs of the cohorts with records: every table is given, and none tells of what came later."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tests.made import sample, ward

from rounds.custody.scoring.features import build_features
from rounds.custody.scoring.fresh import Places, make_hold_out
from rounds.custody.scoring.held import draw_answers, find_linkage, hold, time_zeros
from rounds.custody.scoring.hold_out import HoldOut, open_hold_out
from rounds.custody.scoring.task import Task, check_task
from rounds.data.dataset import Dataset, open_dataset
from rounds.errors import DataError
from rounds.store.staging import stage
from rounds.synthetic.ehr.analysis.bsi import infections

TASKS = {
    "birthweight": Task(
        "mae", "birthweight_g", ("child_id",), "booking", "pregnancy.booking_ts", outcome_range=(300, 6500)
    ),
    "bsi": Task(
        *("alerts", "bsi_next_48h", ("person_id", "day"), "morning_round", "transplant.day0", 9),
        time_zero_plus_days="day",
    ),
    "heart_failure": Task("auroc", "readmitted_30d", ("encounter_id",), "discharge", "disch_ts"),
    "covid": Task("auroc", "died_28", ("encounter_id",), "first_day", "encounter.admit_ts", 24),
}
KNOWN_AHEAD = ["day0"]  # who is told "day -3" knows the day of the transplant
Made = tuple[Dataset, Dataset, HoldOut]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Return each cohort, the features of its hold-out, and the outcomes, made on first use."""
    folder = tmp_path_factory.mktemp("cohorts")

    class Makes(dict[str, Made]):
        def __missing__(self, name: str) -> Made:
            dataset = sample(name)
            places = Places(folder / "custodian", folder / "data", lambda _, target: stage(target))
            done = make_hold_out(dataset, name, TASKS[name], places, 400, lambda *_: None)
            features = open_dataset(folder / "data" / done.dataset)
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


@pytest.mark.parametrize("name", TASKS)
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
        for column in frame.select_dtypes("datetime").columns.difference(KNOWN_AHEAD):
            late = frame[column] > limit
            assert not late.any(), (table.name, column)
            seen += int(frame[column].notna().sum())
    assert seen > 1000


def zeros_of(features: Dataset, name: str) -> pd.Series:
    """Return the time zero of each scored person, read from the features alone."""
    first, task = features.frame(), TASKS[name]
    if name == "heart_failure":
        return first.set_index("person_id")["disch_ts"]
    if name == "bsi":
        return rounds_of(features)
    table = {"birthweight": "pregnancy", "covid": "encounter"}[name]
    other = features.frame(table)
    if name == "covid":
        times = first["encounter_id"].map(other.set_index("encounter_id")["admit_ts"])
        return pd.Series((times + pd.Timedelta(hours=task.time_zero_plus_h)).to_numpy(), index=first["person_id"])
    latest = other.groupby("mother_id")["booking_ts"].max()
    return first.set_index("mother_id").index.to_series().map(latest)


def rounds_of(features: Dataset) -> pd.Series:
    """Return the morning round of each scored patient-day: 9 h of day 0 and the days that were counted."""
    days = features.frame().set_index("person_id")["day"]
    day0 = features.frame("transplant").set_index("person_id")["day0"].dt.normalize()
    return day0.reindex(days.index) + pd.to_timedelta(days, "D") + pd.Timedelta(hours=9)


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


@pytest.fixture(scope="module")
def bsi(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return some hundred transplants, the features of a hold-out of others, and its outcomes."""
    folder = tmp_path_factory.mktemp("bsi")
    dataset = ward("bsi")
    places = Places(folder / "custodian", folder / "data", lambda _, target: stage(target))
    done = make_hold_out(dataset, "bsi", TASKS["bsi"], places, 600, lambda *_: None)
    return dataset, open_dataset(folder / "data" / done.dataset), open_hold_out(Path(done.folder), done.hash)


def test_every_patient_day_comes_with_all_that_was_known_at_its_round(bsi: Made) -> None:
    dataset, features, hold_out = bsi
    assert [t.name for t in features.package.tables] == [t.name for t in dataset.package.tables]
    zero = rounds_of(features)
    assert len(zero) == len(hold_out.answers)
    assert zero.notna().all()  # the transplant of every patient is told, of those before day 0 too
    assert (features.frame()["day"] <= 0).any()
    assert (features.frame()["day"] > 0).any()
    stays = features.frame("encounter").set_index("encounter_id")["person_id"]
    charted = features.frame("vital")
    latest = charted["charted_ts"].groupby(charted["encounter_id"].map(stays)).max()
    assert (zero - latest.reindex(zero.index) < pd.Timedelta(days=1)).mean() > 0.9  # up to the round itself


def test_no_infection_that_is_to_be_predicted_is_in_the_features(bsi: Made) -> None:
    _, features, hold_out = bsi
    assert hold_out.answers["outcome"].sum() >= 10
    found = set(infections(features.tables).to_pyarrow()["encounter_id"].to_pylist())
    ids = set(features.frame("encounter").merge(features.frame()["person_id"])["encounter_id"])
    now = features.frame("encounter").query("disch_ts.isna()")["encounter_id"]
    assert ids >= set(now)
    assert not found & set(now)
    micro = features.frame("micro")
    assert micro["organism"].notna().any()
    assert micro.loc[micro["resulted_ts"].isna(), "organism"].isna().all()
    assert not {"bsi_next_48h", "bsi_next_48h_status", "culture_taken", "antibiotic_on"} & set(features.frame())


def test_the_rounds_of_a_cohort_are_counted_from_midnight_of_day_0_and_cut_every_table(bsi: Made) -> None:
    dataset, task = bsi[0], TASKS["bsi"]
    held = hold(dataset.package, {table.name: dataset.frame(table.name) for table in dataset.package.tables})
    times = time_zeros(held, task)
    counted = pd.Timestamp("2012-12-01 09:00") + pd.to_timedelta(held.units["calendar_day"] - 1, "D")
    assert times.tolist() == counted.tolist()
    answers = draw_answers(held, task, seed=1)
    _, frames = build_features(held, task, answers)
    zero = pd.Series(times.iloc[answers["place"]].to_numpy(), index=answers["person_id"].to_numpy())
    stays = frames["encounter"].dropna(subset="encounter_id").set_index("encounter_id")["person_id"]
    for name in ("lab", "vital", "micro", "medication", "note"):
        limit = frames[name]["encounter_id"].map(stays).map(zero)
        latest = frames[name].select_dtypes("datetime").max(axis=1)
        assert len(latest) > 1000, name
        assert (latest <= limit).all(), name


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"time_zero": ""}, 'time_zero_plus_days of the challenge: "day" is added to a time'),
        ({"time_zero_plus_days": "dya"}, 'no column of whole numbers "dya". Did you mean "day"'),
        ({"time_zero_plus_days": "crp"}, 'no column of whole numbers "crp"'),
        ({"time_zero_plus_days": "bsi_next_48h"}, 'no column of whole numbers "bsi_next_48h"'),
    ],
)
def test_days_that_cannot_be_added_are_refused(bsi: Made, change: dict[str, str], sentence: str) -> None:
    with pytest.raises(DataError, match=re.escape(sentence)):
        check_task(replace(TASKS["bsi"], **change), bsi[0].package)


def test_without_a_time_zero_the_first_table_alone_is_given(tmp_path: Path) -> None:
    dataset = sample("bsi")
    task = replace(TASKS["bsi"], time_zero="", time_zero_plus_days="")
    places = Places(tmp_path / "custodian", tmp_path / "data", lambda _, target: stage(target))
    done = make_hold_out(dataset, "bsi", task, places, 400, lambda *_: None)
    features = open_dataset(tmp_path / "data" / done.dataset)
    assert [table.name for table in features.package.tables] == ["days"]
    assert sorted(p.name for p in features.path.iterdir()) == ["datapackage.json", "days.parquet"]
    assert not {"bsi_next_48h", "bsi_next_48h_status", "culture_taken"} & set(features.frame())
