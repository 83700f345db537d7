"""Who a row belongs to, and what joins it: a key of rows is nobody's, and keys of one name stay one kind of ids."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Plan
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.errors import DataError

PEOPLE, VISITS = 300, 4


def make_visits() -> pd.DataFrame:
    """Draw visits of people: a record number for each visit, a national number for each person."""
    rng, rows = np.random.default_rng(4), PEOPLE * VISITS
    return pd.DataFrame(
        {
            "mrn": np.arange(rows) + 900_000,
            "teudat_zehut": np.repeat(np.arange(PEOPLE) + 20_000_000, VISITS),
            "sex": np.repeat(rng.choice(["f", "m"], PEOPLE), VISITS),
            "age": np.repeat(rng.integers(30, 80, PEOPLE), VISITS),
            "admit_date": pd.Timestamp("2016-01-01") + pd.to_timedelta(rng.integers(0, 900, rows), unit="D"),
        }
    )


def make_cdm() -> dict[str, pd.DataFrame]:
    """Draw OMOP tables whose keys count from 1 each, as they often do; a person has one to three visits."""
    rng = np.random.default_rng(8)
    owner = np.repeat(np.arange(400) + 1, rng.integers(1, 4, 400))
    rows = np.repeat(np.arange(len(owner)), 2)
    started = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 900, len(owner)), unit="D")
    visit = np.arange(len(owner)) + 1
    return {
        "person": pd.DataFrame({"person_id": np.arange(400) + 1, "year_of_birth": rng.integers(1940, 1990, 400)}),
        "visit_occurrence": pd.DataFrame(
            {"visit_occurrence_id": visit, "person_id": owner, "visit_start_date": started}
        ),
        "measurement": pd.DataFrame(
            {
                "measurement_id": np.arange(len(rows)) + 1,
                "person_id": owner[rows],
                "visit_occurrence_id": visit[rows],
                "value_as_number": rng.normal(5, 1, len(rows)),
            }
        ),
        "note": pd.DataFrame(
            {
                "note_id": visit,
                "person_id": owner,
                "note_text": rng.choice(["patient Omar seen", "patient Noa seen"], len(owner)),
            }
        ),
    }


def spans_of(visits: pd.DataFrame) -> pd.Series:
    """Return the time from first to last visit of each person who has all visits."""
    dates = pd.to_datetime(visits.admit_date).groupby(visits.person_id)
    return (dates.max() - dates.min())[dates.size() == VISITS]


def plan_of(dataset: Dataset) -> Plan:
    """Return the plan as it is drafted, with what only a person can write."""
    return replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)


def apply(dataset: Dataset, plan: Plan, folder: Path) -> Dataset:
    return deidentify(dataset, plan, folder / "out" / dataset.name, folder / "key.json", policy_k=11, now=NOW).dataset


@pytest.fixture
def cdm(tmp_path: Path) -> Dataset:
    return write_dataset(tmp_path / "cdm", make_cdm(), person="person_id")


def test_a_draft_takes_the_number_that_repeats_for_the_person_and_says_so(tmp_path: Path) -> None:
    make_visits().to_csv(tmp_path / "visits.csv", index=False)
    draft_decisions(tmp_path / "visits.csv", tmp_path / "d.toml", 2026, "")
    text = (tmp_path / "d.toml").read_text()
    assert 'person = "teudat_zehut"' in text
    first = text.split("[table]")[0]
    assert "teudat_zehut has 300 values in 1,200 rows; mrn is different in every row" in first


def test_a_person_that_is_new_in_each_row_is_found_and_refused(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "visits", {"visits": make_visits()}, person="mrn")
    said = [f.what for f in check_dataset(dataset, 11).stops if f.where == "visits.mrn" and f.kind == "role"]
    assert said == ["mrn is different in every row and teudat_zehut repeats: it tells rows apart, not people"]
    with pytest.raises(DataError, match=r'person = "teudat_zehut"'):
        apply(dataset, plan_of(dataset), tmp_path)


def test_the_crowd_is_one_of_people_and_each_person_has_one_shift(tmp_path: Path) -> None:
    before = make_visits().rename(columns={"teudat_zehut": "person_id"})
    dataset = write_dataset(tmp_path / "visits", {"visits": before}, person="person_id")
    plan = plan_of(dataset)
    after = apply(dataset, plan, tmp_path).frame()
    assert after.person_id.nunique() > PEOPLE * 0.9
    known = [s.column for s in plan.steps if s.role == "quasi-identifier" and s.column in after.columns]
    crowd = after.groupby(known, dropna=False, observed=True).person_id.nunique()
    assert crowd.min() >= 11
    assert set(spans_of(after)) <= set(spans_of(before))


def test_visits_and_measurements_join_as_before(cdm: Dataset, tmp_path: Path) -> None:
    after = apply(cdm, plan_of(cdm), tmp_path)
    visits, measured = after.frame("visit_occurrence"), after.frame("measurement")
    joined = measured.merge(visits, on="visit_occurrence_id")
    assert len(joined) == len(measured) > 1000
    assert (joined.person_id_x == joined.person_id_y).all()


def test_keys_of_different_kinds_share_no_id(cdm: Dataset, tmp_path: Path) -> None:
    after = apply(cdm, plan_of(cdm), tmp_path)
    people = set(after.frame("person").person_id)
    visits = set(after.frame("visit_occurrence").visit_occurrence_id)
    assert len(visits) == len(after.frame("visit_occurrence"))
    assert not people & visits


def test_ids_of_two_kinds_under_one_name_are_refused(cdm: Dataset, tmp_path: Path) -> None:
    plan = plan_of(cdm).with_step("visit_occurrence", "visit_occurrence_id", ids="person_id")
    with pytest.raises(DataError, match=r'would no longer join\. Write ids = "visit_occurrence_id" for both'):
        apply(cdm, plan, tmp_path)


def test_short_notes_of_omop_are_dropped(cdm: Dataset, tmp_path: Path) -> None:
    assert "note_text" not in apply(cdm, plan_of(cdm), tmp_path).frame("note").columns


def test_the_draft_gives_a_key_ids_in_every_table_also_where_it_was_called_a_feature(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    stay = np.arange(300) + 7000
    frames = {
        "stays": pd.DataFrame({"bed_ref": stay, "person_id": np.arange(300), "sex": rng.choice(["f", "m"], 300)}),
        "lab": pd.DataFrame({"bed_ref": stay[rng.integers(0, 300, 900)], "value": rng.normal(5, 1, 900)}),
    }
    dataset = write_dataset(tmp_path / "ward", frames, person="person_id")
    tables = tuple(
        replace(t, columns=tuple(replace(c, role="identifier") if c.name == "bed_ref" else c for c in t.columns))
        if t.name == "lab"
        else t
        for t in dataset.package.tables
    )
    write_package(replace(dataset.package, tables=tables), dataset.path)
    plan = plan_of(open_dataset(dataset.path))
    steps = {table: plan.step(table, "bed_ref") for table in frames}
    assert {(s.action, s.ids or s.column) for s in steps.values() if s} == {("random-id", "bed_ref")}
    done = apply(open_dataset(dataset.path), plan, tmp_path)
    assert done.frame("lab")["bed_ref"].isin(done.frame("stays")["bed_ref"]).all()


def test_a_key_of_a_place_or_a_doctor_leaves_the_rows_of_people(tmp_path: Path) -> None:
    """k counts no ids, and other people know where somebody lives and who treated them."""
    frames = make_cdm()
    rng = np.random.default_rng(5)
    frames["person"] = frames["person"].assign(location_id=rng.integers(1, 9, 400))
    frames["visit_occurrence"] = frames["visit_occurrence"].assign(
        provider_id=rng.integers(100, 120, len(frames["visit_occurrence"]))
    )
    plan = plan_of(write_dataset(tmp_path / "cdm2", frames, person="person_id"))
    for table, column in (("person", "location_id"), ("visit_occurrence", "provider_id")):
        step = plan.step(table, column)
        assert step
        assert step.action == "drop"
        assert "k counts no ids" in step.why
