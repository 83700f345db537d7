"""Quasi-identifiers that other columns tell again: k counts with them, so nothing may stay that says more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify, find_lacking
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.findings.redundant_quasi_identifiers import find_redundant_quasi_identifiers
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.signs.finding import Severity
from rounds.data.dataset import Dataset
from rounds.errors import DataError

ROWS = 400
RNG = np.random.default_rng(11)


def make_visits(rows: int = ROWS) -> pd.DataFrame:
    """Draw visits, one a person, with a length of stay that the two dates give."""
    rng = np.random.default_rng(5)
    admitted = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 1000 * 24, rows), unit="h")
    stay = rng.geometric(0.12, rows)
    return pd.DataFrame(
        {
            "patient_id": np.arange(rows) + 70_000,
            "sex": rng.choice(["f", "m"], rows),
            "length_of_stay": stay,
            "admitted_at": admitted,
            "discharged_at": admitted.normalize() + pd.to_timedelta(stay * 24 + rng.integers(0, 24, rows), unit="h"),
            "crp": rng.normal(40, 9, rows).round(1),
        }
    )


def dataset_of(folder: Path, frame: pd.DataFrame, *quasi: str) -> Dataset:
    """Write a table whose declared quasi-identifiers are these."""
    dataset = write_dataset(folder, {"visit": frame}, "patient_id")
    columns = tuple(
        replace(
            c, role="quasi-identifier" if c.name in quasi else "feature" if c.role == "quasi-identifier" else c.role
        )
        for c in dataset.package.table.columns
    )
    table = replace(dataset.package.table, columns=columns)
    return replace(dataset, package=replace(dataset.package, tables=(table,)))


def draft(dataset: Dataset) -> Plan:
    return replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)


def told_by(dataset: Dataset) -> list[tuple[str, ...]]:
    return [told.by for told in check_dataset(dataset, 11).redundant]


READINGS: dict[str, Callable[[pd.Series, pd.Series], pd.Series]] = {
    "days of the calendar": lambda a, b: (b.dt.normalize() - a.dt.normalize()).dt.days,
    "first and last day counted": lambda a, b: (b.dt.normalize() - a.dt.normalize()).dt.days + 1,
    "whole days": lambda a, b: (b - a).dt.total_seconds() // 86_400,
    "days with one decimal": lambda a, b: ((b - a).dt.total_seconds() / 86_400).round(1),
    "whole hours": lambda a, b: (b - a).dt.total_seconds() // 3_600,
}


@pytest.mark.parametrize("reading", READINGS)
def test_the_time_between_two_dates_is_found_however_it_is_counted(tmp_path: Path, reading: str) -> None:
    frame = make_visits()
    frame["length_of_stay"] = READINGS[reading](frame.admitted_at, frame.discharged_at)
    frame.loc[:9, "discharged_at"] = pd.NaT
    dataset = dataset_of(tmp_path / "d", frame, "sex", "length_of_stay")
    assert told_by(dataset) == [("visit.admitted_at", "visit.discharged_at")]
    (finding,) = [f for f in check_dataset(dataset, 11).findings if f.kind == "again"]
    assert (finding.where, finding.severity) == ("visit.length_of_stay", Severity.LOOK)


COPIES: dict[str, Callable[[pd.Series], pd.Series]] = {
    "other words": lambda ward: ward.map({"north": "Internal A", "south": "Surgery", "east": "Children"}),
    "numbers": lambda ward: ward.map({"north": 1, "south": 2, "east": 3}),
    "the same words": lambda ward: ward,
    "one row in a hundred is another": lambda ward: ward.mask(np.arange(ROWS) % 133 == 0, "south"),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_under_another_name_is_found(tmp_path: Path, how: str) -> None:
    ward = pd.Series(np.random.default_rng(1).choice(["north", "south", "east"], ROWS, p=[0.6, 0.3, 0.1]))
    frame = make_visits().drop(columns=["admitted_at", "discharged_at"]).assign(ward=ward, unit_code=COPIES[how](ward))
    assert told_by(dataset_of(tmp_path / "d", frame, "sex", "ward")) == [("visit.unit_code",)]


def test_what_only_looks_alike_is_left_alone(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    frame = make_visits().assign(
        ward=rng.choice(["north", "south"], ROWS, p=[0.995, 0.005]),  # rare, and the rare rows are others
        alert=rng.choice(["no", "yes"], ROWS, p=[0.995, 0.005]),
        moved_at=pd.Timestamp("2019-05-01") + pd.to_timedelta(rng.integers(0, 900, ROWS), unit="D"),
        parity=rng.choice([0, 1, 2, 3], ROWS),
        weight=rng.normal(70, 9, ROWS),
    )
    frame["nearly"] = frame.sex.mask(rng.random(ROWS) < 0.1, "f")
    frame["length_of_stay"] += rng.integers(0, 3, ROWS)
    assert told_by(dataset_of(tmp_path / "d", frame, "sex", "ward", "length_of_stay", "parity", "weight")) == []


def test_the_draft_drops_a_copy_and_the_end_of_a_stay_and_says_why(tmp_path: Path) -> None:
    frame = make_visits().assign(gender_code=lambda d: d.sex.map({"f": 1, "m": 2}))
    plan = draft(dataset := dataset_of(tmp_path / "d", frame, "sex", "length_of_stay"))
    actions = {s.column: s.action for s in plan.steps}
    assert (actions["gender_code"], actions["admitted_at"], actions["discharged_at"]) == ("drop", "shift", "drop")
    assert "says the same as visit.sex" in plan.step("visit", "gender_code").why  # type: ignore[union-attr]
    assert 'role = "feature" for visit.length_of_stay' in plan.step("visit", "discharged_at").why  # type: ignore[union-attr]
    assert find_lacking(plan, dataset, 11) == ()
    clean = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW).dataset
    assert check_dataset(clean, 11).passed
    assert {"gender_code", "discharged_at"}.isdisjoint(clean.frame().columns)


@pytest.mark.parametrize(
    ("column", "changed", "says"),
    [
        ("discharged_at", {"action": "shift"}, 'Write action = "drop" or "year" for visit.discharged_at, or for'),
        (
            "gender_code",
            {"action": "keep"},
            'Write action = "drop" for visit.gender_code, or role = "quasi-identifier"',
        ),
    ],
)
def test_a_plan_that_leaves_what_tells_again_is_refused(
    tmp_path: Path, column: str, changed: dict[str, str], says: str
) -> None:
    frame = make_visits().assign(gender_code=lambda d: d.sex.map({"f": 1, "m": 2}))
    dataset = dataset_of(tmp_path / "d", frame, "sex", "length_of_stay")
    plan = draft(dataset).with_step("visit", column, **changed)
    assert any(says in lack for lack in find_lacking(plan, dataset, 11))
    with pytest.raises(DataError, match="so k would not be what it says"):
        deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"discharged_at": {"action": "year"}},
        {"discharged_at": {"action": "shift"}, "length_of_stay": {"role": "feature"}},
        {"discharged_at": {"action": "shift"}, "admitted_at": {"action": "drop"}},
        {"discharged_at": {"action": "since-first"}},
        {"gender_code": {"action": "keep", "role": "quasi-identifier"}},
    ],
)
def test_each_way_that_the_sentence_names_is_taken(tmp_path: Path, changed: dict[str, dict[str, str]]) -> None:
    frame = make_visits().assign(gender_code=lambda d: d.sex.map({"f": 1, "m": 2}))
    dataset = dataset_of(tmp_path / "d", frame, "sex", "length_of_stay")
    plan = replace(draft(dataset), era="")
    for column, step in changed.items():
        plan = plan.with_step("visit", column, **step)
    clean = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW).dataset
    assert [f.says() for f in check_dataset(clean, 11).stops if f.kind == "again"] == []


@pytest.mark.parametrize(("known", "dropped"), [("discharge", "admitted_at"), ("", "discharged_at")])
def test_the_date_of_the_prediction_stays(tmp_path: Path, known: str, dropped: str) -> None:
    dataset = dataset_of(tmp_path / "d", make_visits(), "sex", "length_of_stay")
    table = dataset.package.table.with_column(replace(dataset.package.table.column("discharged_at"), available=known))
    timed = replace(dataset.package, tables=(table,), timeline=("admission", "discharge"), prediction_time="discharge")
    plan = draft(replace(dataset, package=timed))
    assert [s.column for s in plan.steps if s.action == "drop"] == [dropped]


def test_days_that_are_counted_from_the_first_event_tell_a_length_as_dates_do(tmp_path: Path) -> None:
    dataset = dataset_of(tmp_path / "d", make_visits(), "sex", "length_of_stay")
    plan = replace(draft(dataset), era="")
    for column in ("admitted_at", "discharged_at"):
        plan = plan.with_step("visit", column, action="since-first")
    assert "tells it again" in find_lacking(plan, dataset, 11)[0]


def test_dates_that_are_written_as_text_tell_a_length_too(tmp_path: Path) -> None:
    texts = {c: make_visits()[c].dt.strftime("%d/%m/%Y %H:%M") for c in ("admitted_at", "discharged_at")}
    dataset = dataset_of(tmp_path / "d", make_visits().assign(**texts), "sex", "length_of_stay")
    assert told_by(dataset) == [("visit.admitted_at", "visit.discharged_at")]


def test_an_outcome_that_a_quasi_identifier_repeats_is_left_to_the_custodian(tmp_path: Path) -> None:
    frame = make_visits().assign(
        ward=lambda d: d.sex.map({"f": "north", "m": "south"}), moved=lambda d: d.ward == "north"
    )
    dataset = dataset_of(tmp_path / "d", frame, "ward")
    table = dataset.package.table.with_column(replace(dataset.package.table.column("moved"), role="outcome"))
    dataset = replace(dataset, package=replace(dataset.package, tables=(table,)))
    plan = draft(dataset)
    assert plan.step("visit", "moved").action == "keep"  # type: ignore[union-attr]
    assert plan.step("visit", "sex").action == "drop"  # type: ignore[union-attr]
    assert "visit.moved tells it again" in find_lacking(plan, dataset, 11)[0]


def test_large_tables_are_judged_on_some_rows_first(tmp_path: Path) -> None:
    small = dataset_of(tmp_path / "d", make_visits(), "sex", "length_of_stay")
    many = make_visits(2_000_000)
    for i in range(12):
        many[f"lab_{i}"] = np.random.default_rng(i).normal(size=len(many)).round(2)
    columns = tuple(replace(small.package.table.columns[-1], name=f"lab_{i}") for i in range(12))
    table = replace(small.package.table, columns=(*small.package.table.columns, *columns))
    begin = time.perf_counter()
    told = find_redundant_quasi_identifiers(replace(small.package, tables=(table,)), {"visit": many})
    assert [(t.by, t.total) for t in told] == [(("visit.admitted_at", "visit.discharged_at"), len(many))]
    assert time.perf_counter() - begin < 10
