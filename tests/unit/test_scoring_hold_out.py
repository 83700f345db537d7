"""What a team gets of a hold-out: no outcome, nothing known after the prediction; and what it may hand in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.made import lesson, sample

from rounds.custody.scoring.features import build_features
from rounds.custody.scoring.fresh import Places, make_hold_out
from rounds.custody.scoring.held import Held, draw_answers, hold
from rounds.custody.scoring.hold_out import HoldOut, hash_hold_out, open_hold_out
from rounds.custody.scoring.predictions import read_predictions
from rounds.custody.scoring.score import score_file, score_predictions
from rounds.custody.scoring.task import Task, check_task
from rounds.data.dataset import Dataset, open_dataset, write_parquet
from rounds.data.known import Known, when_known
from rounds.data.package import Column, DataPackage, Table
from rounds.errors import DataError
from rounds.store.staging import stage

ZERO = pd.Timestamp("2031-03-10 08:00")
TASK = Task("auroc", "died", ("stay_id",), "morning", "morning_ts")


def column(name: str, type_: str = "string", role: str = "feature", available: str = "admission") -> Column:
    return Column(name, type_, role=role, available=available)


def time(name: str, available: str) -> Column:
    return column(name, "datetime", "time", available)


def key(name: str, available: str = "admission") -> Column:
    return column(name, role="identifier", available=available)


STAYS = Table(
    "stays",
    "stays.parquet",
    (
        key("stay_id"),
        key("person_id"),
        time("morning_ts", "morning"),
        column("age", "integer"),
        column("length_of_stay", "number", available="discharge"),
        column("unconfirmed", available=""),
        column("died", "boolean", "outcome", "discharge"),
    ),
    person="person_id",
)
LABS = Table(
    "lab",
    "lab.parquet",
    (
        key("encounter_id"),
        column("name", available="collected"),
        column("value", "number", available="resulted"),
        time("collected_ts", "collected"),
        time("resulted_ts", "resulted"),
    ),
)
ENCOUNTER = Table(
    "encounter",
    "encounter.parquet",
    (
        key("encounter_id"),
        key("person_id"),
        column("ward"),
        time("admit_ts", "admission"),
        time("disch_ts", "discharge"),
        column("disch_to", available="discharge"),
    ),
    person="person_id",
)
PERSON = Table(
    "person",
    "person.parquet",
    (key("person_id"), column("sex"), column("died_ever", available="discharge")),
    person="person_id",
)
DEATH = Table("death", "death.parquet", (key("person_id"), time("death_date", "discharge")), person="person_id")
TIMELINE = ("admission", "collected", "resulted", "morning", "discharge")
PACKAGE = DataPackage(
    "stays", "Stays", "synthetic", (STAYS, ENCOUNTER, LABS, PERSON, DEATH), timeline=TIMELINE, prediction_time="morning"
)


def at(hours: float) -> pd.Timestamp:
    return ZERO + pd.Timedelta(hours=hours)


def build(people: int = 60, seed: int = 0, stays: int = 2) -> Held:
    """Return people with several stays each; what the tests look at happens around each stay's time zero."""
    rng = np.random.default_rng(seed)
    stay = [f"s{p}-{s}" for p in range(people) for s in range(stays)]
    person = [f"p{p}" for p in range(people) for _ in range(stays)]
    shift = [pd.Timedelta(days=200 * s) for _ in range(people) for s in range(stays)]
    zero = [ZERO + d for d in shift]
    died = rng.random(len(stay)) < 0.4
    frames = {
        "stays": pd.DataFrame(
            {
                "stay_id": stay,
                "person_id": person,
                "morning_ts": zero,
                "age": 60,
                "length_of_stay": 5.5,
                "unconfirmed": "x",
                "died": died,
            }
        ),
        "encounter": pd.DataFrame(
            {
                "encounter_id": stay,
                "person_id": person,
                "ward": "W",
                "admit_ts": [z - pd.Timedelta(hours=20) for z in zero],
                "disch_ts": [z + pd.Timedelta(hours=100) for z in zero],
                "disch_to": np.where(died, "died", "home"),
            }
        ),
        "lab": pd.DataFrame(
            [
                (e, name, value, z + pd.Timedelta(hours=taken), z + pd.Timedelta(hours=known))
                for e, z in zip(stay, zero, strict=True)
                for name, value, taken, known in [
                    ("early", 1.0, -10, -9),
                    ("pending", 2.0, -1, 3),
                    ("late", 3.0, 5, 6),
                ]
            ],
            columns=["encounter_id", "name", "value", "collected_ts", "resulted_ts"],
        ),
        "person": pd.DataFrame({"person_id": [f"p{p}" for p in range(people)], "sex": "f", "died_ever": "yes"}),
        "death": pd.DataFrame(
            {
                "person_id": [f"p{p}" for p in range(people)],
                "death_date": [(ZERO + pd.Timedelta(days=200 * (stays - 1))).normalize()] * people,
            }
        ),
    }
    return hold(PACKAGE, frames)


def test_one_unit_of_each_person_is_scored_and_stands_for_all() -> None:
    held = build(stays=3)
    answers = draw_answers(held, TASK, seed=1)
    assert len(answers) == answers["group"].nunique() == 60
    assert (answers["weight"] == 3).all()
    assert len({i.split("-")[1] for i in answers["stay_id"]}) == 3  # not always the first one
    assert draw_answers(held, TASK, seed=1).equals(answers)
    assert not draw_answers(held, TASK, seed=2)["stay_id"].equals(answers["stay_id"])


def test_the_features_hold_no_outcome_and_nothing_known_later() -> None:
    held = build()
    package, frames = build_features(held, TASK, draw_answers(held, TASK, seed=1))
    assert list(frames["stays"].columns) == ["stay_id", "person_id", "morning_ts", "age"]
    assert list(frames["person"].columns) == ["person_id", "sex"]
    assert package.name == "stays_hold_out"
    assert {t.name: list(t.names()) for t in package.tables} == {n: list(f.columns) for n, f in frames.items()}
    assert not any(c.role == "outcome" for t in package.tables for c in t.columns)


def test_rows_and_cells_are_cut_at_each_persons_time_zero() -> None:
    held = build()
    answers = draw_answers(held, TASK, seed=1)
    _, frames = build_features(held, TASK, answers)
    first = [s for s in answers["stay_id"] if s.endswith("-0")]
    labs = frames["lab"][frames["lab"]["encounter_id"].isin(first)]
    assert set(labs["name"]) == {"early", "pending"}
    assert labs.loc[labs["name"] == "pending", ["value", "resulted_ts"]].isna().all(axis=None)
    stays = frames["encounter"][frames["encounter"]["encounter_id"].isin(first)]
    assert stays["ward"].eq("W").all()
    assert stays[["disch_ts", "disch_to"]].isna().all(axis=None)


def test_whole_numbers_stay_whole_where_a_cell_is_not_known_yet(tmp_path: Path) -> None:
    """A code 12 that became 12.0 in the hold-out alone would be another category to a model."""
    held = build()
    encounter = replace(
        ENCOUNTER,
        columns=(
            *ENCOUNTER.columns,
            column("drg_code", "integer", available="discharge"),
            column("escorted", "boolean", available="discharge"),
        ),
    )
    package = replace(PACKAGE, tables=(STAYS, encounter, LABS, PERSON, DEATH))
    rows = held.frames["encounter"].assign(drg_code=12, escorted=True)
    more = hold(package, {**held.frames, "encounter": rows})
    _, frames = build_features(more, TASK, draw_answers(more, TASK, seed=1))
    write_parquet(frames["encounter"], tmp_path / "e.parquet")
    read = pd.read_parquet(tmp_path / "e.parquet")
    assert read["drg_code"].isna().any()
    assert set(read["drg_code"].dropna().astype("str")) == {"12"}
    assert set(read["escorted"].dropna().astype("str")) == {"True"}
    types = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "e.parquet")}
    assert (types["drg_code"], types["escorted"]) == ("int64", "bool")


def test_history_before_the_time_zero_stays_whole() -> None:
    held = build()
    answers = draw_answers(held, TASK, seed=1)
    _, frames = build_features(held, TASK, answers)
    second = answers[answers["stay_id"].str.endswith("-1")]["stay_id"]
    before = [s.replace("-1", "-0") for s in second]
    past = frames["encounter"][frames["encounter"]["encounter_id"].isin(before)]
    assert len(past) == len(second)
    assert past["disch_to"].notna().all()
    labs = frames["lab"]
    assert set(labs[labs["encounter_id"].isin(before)]["name"]) == {"early", "pending", "late"}


def test_a_later_stay_of_the_same_person_is_not_there() -> None:
    held = build()
    answers = draw_answers(held, TASK, seed=1)
    _, frames = build_features(held, TASK, answers)
    later = [s.replace("-0", "-1") for s in answers["stay_id"] if s.endswith("-0")]
    assert later
    assert not frames["encounter"]["encounter_id"].isin(later).any()
    assert not frames["lab"]["encounter_id"].isin(later).any()


def test_rows_without_times_are_kept_with_the_stay_they_belong_to_and_else_not_at_all() -> None:
    held = build()
    stays = held.frames["encounter"][["encounter_id", "person_id"]]
    diagnosis = Table("diagnosis", "d", (key("encounter_id"), column("icd10")))
    habit = Table("habit", "h", (key("person_id"), column("habit")), person="person_id")
    package = replace(PACKAGE, tables=(*PACKAGE.tables, diagnosis, habit))
    frames = {
        **held.frames,
        "diagnosis": stays[["encounter_id"]].assign(icd10="I50"),
        "habit": stays[["person_id"]].assign(habit="smokes"),  # two rows a person, and no word of when
    }
    more = hold(package, frames)
    answers = draw_answers(more, TASK, seed=1)
    _, found = build_features(more, TASK, answers)
    assert set(found["diagnosis"]["encounter_id"]) == set(found["encounter"]["encounter_id"])
    later = {s.replace("-0", "-1") for s in answers["stay_id"] if s.endswith("-0")}
    assert not later & set(found["diagnosis"]["encounter_id"])
    assert found["habit"].empty


def test_a_death_on_the_day_of_the_prediction_is_not_known_yet() -> None:
    held = build()
    _, frames = build_features(held, TASK, draw_answers(held, TASK, seed=1))
    assert frames["death"].empty  # the day of the death is the time zero's own day


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_no_time_in_the_features_is_later_than_the_persons_time_zero(seed: int) -> None:
    rng = np.random.default_rng(seed)
    held = build(seed=seed)
    frames = dict(held.frames)
    for name, times in (("lab", ["collected_ts", "resulted_ts"]), ("encounter", ["admit_ts", "disch_ts"])):
        spread = {c: frames[name][c] + pd.to_timedelta(rng.integers(-300, 300, len(frames[name])), "h") for c in times}
        frames[name] = frames[name].assign(**spread)
    held = Held(held.package, frames, held.groups)
    answers = draw_answers(held, TASK, seed)
    _, found = build_features(held, TASK, answers)
    zeros = held.units["morning_ts"].iloc[answers["place"]]
    zero = dict(zip(answers["stay_id"].str.split("-").str[0], zeros, strict=True))
    for name in ("lab", "encounter"):
        rows = found[name].dropna(subset="encounter_id")  # a stay that ends before it begins has lost its id
        assert len(rows) > 20
        limit = rows["encounter_id"].str.split("-").str[0].map(zero)
        for c in rows.select_dtypes("datetime").columns:
            assert (rows[c].isna() | (rows[c] <= limit)).all()


def test_a_child_that_is_not_born_yet_is_nobody_that_the_features_name() -> None:
    person = Table("person", "p", (key("person_id"), column("sex")), person="person_id")
    births = Table(
        "births",
        "b",
        (
            key("child_id", "delivery"),
            key("mother_id"),
            time("booking_ts", "admission"),
            column("g", "number", "outcome", "delivery"),
        ),
        person="mother_id",
    )
    pregnancy = Table(
        "pregnancy",
        "g",
        (
            key("mother_id"),
            key("child_id", "delivery"),
            time("booking_ts", "admission"),
            time("delivery_ts", "delivery"),
        ),
        person="mother_id",
    )
    package = DataPackage(
        "births",
        "B",
        "synthetic",
        (births, pregnancy, person),
        timeline=("admission", "delivery"),
        prediction_time="admission",
    )
    mothers = [f"m{i}" for i in range(120)]
    rows = [(m, f"c{m}{twin}", at(0), at(4000)) for m in mothers for twin in range(2)]
    known = pd.DataFrame(rows, columns=["mother_id", "child_id", "booking_ts", "delivery_ts"])
    frames = {
        "births": known.drop(columns="delivery_ts").assign(g=np.arange(240.0)),
        "pregnancy": known,
        "person": pd.DataFrame({"person_id": [*mothers, *known["child_id"]], "sex": "f"}),
    }
    task = Task("mae", "g", ("child_id",), time_zero="booking_ts", outcome_range=(0, 500))
    held = hold(package, frames, ("pregnancy.mother_id", "pregnancy.child_id"))
    _, found = build_features(held, task, draw_answers(held, task, 0))
    assert set(found["person"]["person_id"]) == set(mothers)
    assert len(found["pregnancy"]) == 120  # two twins, one row: that they are two is known later
    assert found["pregnancy"][["child_id", "delivery_ts"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (Task("auroc", "dies", ("stay_id",), "morning", "morning_ts"), 'no column "dies". Did you mean "died"'),
        (Task("auroc", "died", ("stay",), "morning", "morning_ts"), 'no column "stay". Did you mean "stay_id"'),
        (Task("auroc", "died", ("stay_id",), "morning", "morning"), 'Did you mean "morning_ts"'),
        (Task("auroc", "died", ("stay_id",), "morning", "age"), '"age" is no column of times'),
        (Task("auroc", "died", ("stay_id",), "morning", "lab.collected"), 'Did you mean "lab.collected_ts"'),
        (Task("auroc", "died", ("stay_id",), "mornin", "morning_ts"), 'Did you mean "morning"'),
    ],
)
def test_a_task_that_does_not_fit_the_dataset_says_where(task: Task, said: str) -> None:
    with pytest.raises(DataError, match=said):
        check_task(task, PACKAGE)


def test_a_hold_out_that_would_tell_on_single_people_is_refused() -> None:
    with pytest.raises(DataError, match="too small to be scored"):
        draw_answers(build(people=12), TASK, 0)
    few = build(people=200)
    frames = {**few.frames, "stays": few.units.assign(died=few.units["stay_id"].isin(["s1-0", "s1-1"]))}
    with pytest.raises(DataError, match="too small to be scored"):
        draw_answers(Held(few.package, frames, few.groups), TASK, 0)


def test_known_says_what_each_column_is_to_the_prediction() -> None:
    assert when_known(STAYS.column("age"), STAYS, PACKAGE) is Known.BY_THEN
    assert when_known(STAYS.column("length_of_stay"), STAYS, PACKAGE) is Known.AFTER
    assert when_known(STAYS.column("length_of_stay"), STAYS, PACKAGE, "discharge") is Known.BY_THEN
    assert when_known(STAYS.column("died"), STAYS, PACKAGE) is Known.OUTCOME
    assert when_known(STAYS.column("unconfirmed"), STAYS, PACKAGE) is Known.UNCONFIRMED
    assert when_known(LABS.column("value"), LABS, PACKAGE) is Known.ROW
    assert when_known(PERSON.column("died_ever"), PERSON, PACKAGE) is Known.AFTER


# a synthetic challenge, from the event file to a score


SCORED = {
    "birthweight": Task(
        "mae", "birthweight_g", ("child_id",), "booking", "pregnancy.booking_ts", outcome_range=(300, 6500)
    ),
    "bsi": Task("alerts", "bsi_next_48h", ("person_id", "day"), "morning_round"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[HoldOut, Dataset]]:
    """Return two hold-outs and their features: of a cohort with records, and of a single table."""
    folder, found = tmp_path_factory.mktemp("made"), {}
    datasets = {
        "birthweight": sample("birthweight"),
        "bsi": lesson("bsi_days"),
    }
    places = Places(folder / "custodian", folder / "data", lambda _, target: stage(target))
    for name, people in (("birthweight", 700), ("bsi", 1500)):
        done = make_hold_out(datasets[name], name, SCORED[name], places, people, lambda *_: None)
        hold_out = open_hold_out(Path(done.folder), done.hash)
        assert done.rows == len(hold_out.answers)
        found[name] = hold_out, open_dataset(folder / "data" / done.dataset)
    return found


def test_a_synthetic_hold_out_is_new_people_and_its_outcomes_are_the_owners_alone(made, tmp_path: Path) -> None:
    hold_out, features = made["birthweight"]
    first = sample("birthweight").frame()
    rows = features.frame()
    assert len(rows) >= 600
    assert not set(rows["mother_id"]) & set(first["mother_id"])
    assert "birthweight_g" not in rows.columns
    assert "siblings_mean_birthweight_g" not in rows.columns
    assert hold_out.folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in hold_out.folder.iterdir())
    assert not hold_out.folder.is_relative_to(features.path.parent)


def test_a_hold_out_may_not_lie_where_rooms_look(tmp_path: Path) -> None:
    dataset = lesson("bsi_days")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bsi_days").symlink_to(dataset.path)
    places = Places(tmp_path / "data" / "custodian", tmp_path / "data", lambda _, target: stage(target))
    with pytest.raises(DataError, match="where rooms look for data"):
        make_hold_out(dataset, "bsi", SCORED["bsi"], places, 500, lambda *_: None)
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["bsi_days"]


def write(made, challenge: str, folder: Path, suffix: str = ".csv", seed: int = 0) -> Path:
    """Write predictions of a model that knows a little; the columns in another order than the challenge's."""
    hold_out, features = made[challenge]
    rows, rng = features.frame(), np.random.default_rng(seed)
    if challenge == "birthweight":
        predicted = rows["previous_birthweight_g"].fillna(3250).clip(2000, 4500) + rng.normal(0, 10, len(rows))
    else:
        predicted = (rows["warning_score"] / 4).clip(0, 1)
    frame = rows[list(hold_out.task.unit)].assign(prediction=predicted).sample(frac=1, random_state=seed)
    path = folder / f"predictions{seed}{suffix}"
    if suffix == ".csv":
        frame[frame.columns[::-1]].to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("challenge", ["birthweight", "bsi"])
def test_csv_and_parquet_give_the_same_score(made, challenge: str, tmp_path: Path) -> None:
    hold_out = made[challenge][0]
    scores = [
        score_file(hold_out, write(made, challenge, tmp_path, suffix), f"team{suffix}", {}, 10)
        for suffix in (".csv", ".parquet")
    ]
    assert scores[0] == scores[1]
    assert all(f.low <= f.value <= f.high for f in scores[0].figures)


def test_the_scores_are_in_the_honest_band_of_each_challenge(made, tmp_path: Path) -> None:
    by_name = {
        challenge: {
            f.name: f for f in score_file(made[challenge][0], write(made, challenge, tmp_path), "t", {}, 10).figures
        }
        for challenge in ("birthweight", "bsi")
    }
    mae = by_name["birthweight"]["mae"]
    assert mae.low < 450  # the people are drawn anew each time, so the interval is held and not the value
    assert mae.high > 300
    assert mae.step in (10, 20)  # grams: one birth among seven hundred moves the mean no further
    assert mae.value % mae.step == 0
    bsi = by_name["bsi"]
    assert set(bsi) >= {"auroc", "average_precision", "calibration_slope", "sensitivity", "ppv"}
    assert bsi["auroc"].low < 0.9
    assert bsi["auroc"].high > 0.55
    assert 0.015 < bsi["rate"].value < 0.035  # of patient-days, as in the table: one day stands for all of a patient's
    assert bsi["auroc"].high - bsi["auroc"].low > 0.02
    assert bsi["auroc"].step in (0.01, 0.02, 0.05)
    assert bsi["rate"].step <= 0.001


def test_knowing_the_outcome_scores_perfectly_and_its_reverse_worst(made) -> None:
    hold_out = made["bsi"][0]
    outcome = hold_out.answers["outcome"].to_numpy()
    best = {f.name: f.value for f in score_predictions(hold_out, outcome * 0.9 + 0.05).figures}
    worst = {f.name: f.value for f in score_predictions(hold_out, 0.95 - outcome * 0.9).figures}
    assert (best["auroc"], best["average_precision"], best["sensitivity"]) == (1, 1, 1)
    assert worst["auroc"] == 0
    mae = score_predictions(made["birthweight"][0], made["birthweight"][0].answers["outcome"].to_numpy())
    assert mae.figures[0].value == 0


def test_a_changed_hold_out_is_noticed(made, tmp_path: Path) -> None:
    hold_out = made["bsi"][0]
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in hold_out.folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    assert hash_hold_out(copy) == hold_out.hash
    about = json.loads((copy / "scoring.json").read_text())
    (copy / "scoring.json").write_text(json.dumps({**about, "rows": 1}))
    with pytest.raises(DataError, match="the hold-out changed since it was registered"):
        open_hold_out(copy, hold_out.hash)


def spoil(frame: pd.DataFrame, how: str) -> pd.DataFrame:
    """Return a predictions table with one thing wrong."""
    cell = frame.columns.get_loc("prediction")
    if how in ("nan", "inf", "word", "low", "high"):
        changed = frame.astype({"prediction": object})
        changed.iloc[3, cell] = {"nan": None, "inf": np.inf, "word": "high", "low": -0.1, "high": 1.5}[how]
        return changed
    return {
        "row missing": lambda: frame.iloc[1:],
        "row twice": lambda: pd.concat([frame, frame.iloc[:1]]),
        "unknown id": lambda: frame.assign(person_id=["nobody", *frame["person_id"][1:]]),
        "wrong type": lambda: frame.assign(day=["first", *frame["day"][1:].astype(str)]),
        "half a day": lambda: frame.assign(day=frame["day"] + 0.5),
        "no prediction": lambda: frame.rename(columns={"prediction": "predictions"}),
        "no id": lambda: frame.drop(columns="day"),
        "too many columns": lambda: frame.assign(name="x"),
    }[how]()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("nan", "1 of .* predictions are missing or are no number"),
        ("inf", "predictions are missing or are no number"),
        ("word", "predictions are missing or are no number"),
        ("low", "out of range: a risk lies between 0 and 1"),
        ("high", "out of range"),
        ("row missing", "1 row of the hold-out is missing"),
        ("row twice", "1 row stands more than once"),
        ("unknown id", "1 row of the hold-out is missing and 1 row is not of the hold-out"),
        ("wrong type", 'The column "day" holds values that are no ids'),
        ("half a day", 'The column "day" holds values that are no ids'),
        ("no prediction", 'The column "prediction" is missing.*Did you mean "predictions"'),
        ("no id", 'The column "day" is missing'),
        ("too many columns", 'a column too many: "name"'),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(made, how: str, said: str, suffix: str, tmp_path) -> None:
    hold_out = made["bsi"][0]
    frame = spoil(pd.read_csv(write(made, "bsi", tmp_path)), how)
    path = tmp_path / f"spoilt{suffix}"
    if suffix == ".csv":
        frame.to_csv(path, index=False)
    elif how == "word":
        frame.astype({"prediction": str}).to_parquet(path, index=False)
    else:
        frame.astype({"prediction": float} if "prediction" in frame else {}).to_parquet(path, index=False)
    with pytest.raises(DataError, match=said) as error:
        score_file(hold_out, path, "team", {}, 10)
    ids = set(frame["person_id"])
    assert not any(name in str(error.value) for name in ids)
    assert not hold_out.kept("team", "x").parent.exists()


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"\xff\xfe\x00", b"a\x00b,c\n1,2\n", b"{}", b'"' * 1000])
def test_bytes_that_are_no_table_are_refused(made, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    path.write_bytes(content)
    hold_out = made["bsi"][0]
    with pytest.raises(DataError):
        read_predictions(path, hold_out.answers, hold_out.task)


def test_a_small_file_that_unfolds_to_a_large_table_is_refused(made, tmp_path: Path) -> None:
    hold_out = made["bsi"][0]
    n = 3_000_000
    pd.DataFrame({"person_id": "x", "day": np.zeros(n, int), "prediction": np.zeros(n)}).to_parquet(tmp_path / "p")
    assert (tmp_path / "p").stat().st_size < 1_000_000
    with pytest.raises(DataError, match="The file holds 3,000,000 rows"):
        read_predictions(tmp_path / "p", hold_out.answers, hold_out.task)


@pytest.mark.parametrize(("separator", "decimal"), [(";", ","), (";", "."), ("\t", ","), (",", ".")])
def test_a_spreadsheets_csv_of_another_country_is_read_as_the_same_numbers(
    made, separator: str, decimal: str, tmp_path: Path
) -> None:
    hold_out = made["bsi"][0]
    path = write(made, "bsi", tmp_path)
    usual = read_predictions(path, hold_out.answers, hold_out.task)
    frame = pd.read_csv(path)
    frame.to_csv(tmp_path / "other.csv", sep=separator, decimal=decimal, index=False)
    assert (read_predictions(tmp_path / "other.csv", hold_out.answers, hold_out.task) == usual).all()


def test_a_workbook_is_named_as_one(made, tmp_path: Path) -> None:
    hold_out = made["bsi"][0]
    pd.read_csv(write(made, "bsi", tmp_path)).to_excel(tmp_path / "p.xlsx", index=False)
    with pytest.raises(DataError, match=r"is an Excel workbook\. Save it as CSV"):
        read_predictions(tmp_path / "p.xlsx", hold_out.answers, hold_out.task)


@pytest.mark.parametrize("first", [True, False])
def test_a_day_beside_its_time_of_day_passes_with_the_time(first: bool) -> None:
    """As OMOP writes them: measurement_date and measurement_datetime are one moment, and the day passes no later."""
    held = build()
    day = time("collected_date", "collected")
    lab = replace(LABS, columns=(day, *LABS.columns) if first else (*LABS.columns[::-1], day))
    rows = held.frames["lab"].assign(collected_date=held.frames["lab"]["collected_ts"].dt.normalize())
    package = replace(PACKAGE, tables=(STAYS, ENCOUNTER, lab, PERSON, DEATH))
    more = hold(package, {**held.frames, "lab": rows})
    answers = draw_answers(more, TASK, seed=1)
    plain = build_features(held, TASK, answers)[1]["lab"]
    found = build_features(more, TASK, answers)[1]["lab"]
    assert found.drop(columns="collected_date")[list(plain.columns)].equals(plain)
    assert found["collected_date"].notna().all()  # the day of a row that is known is known
    assert found["encounter_id"].notna().all()


def test_a_day_takes_no_time_of_another_moment() -> None:
    """Both times of each row lie on its day, but neither is the time of ``drawn_on``: its day passes at the end."""
    held = build(stays=1)
    for columns in (LABS.columns, LABS.columns[::-1]):
        lab = replace(LABS, columns=(*columns, time("drawn_on", "resulted")))
        rows = held.frames["lab"].assign(drawn_on=held.frames["lab"]["collected_ts"].dt.normalize())
        more = hold(replace(PACKAGE, tables=(STAYS, ENCOUNTER, lab, PERSON, DEATH)), {**held.frames, "lab": rows})
        found = build_features(more, TASK, draw_answers(more, TASK, seed=1))[1]["lab"].set_index("name")["drawn_on"]
        assert found.index.value_counts()["pending"] == 60
        assert found["pending"].isna().all()  # drawn on the morning of ZERO, and so known by its end only
        assert found["early"].notna().all()
