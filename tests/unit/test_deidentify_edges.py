"""De-identification at its edges: strange dates, missing people, places, eras, and bad input of many kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.plan.treatment import read_treatment
from rounds.custody.privacy.treating.eras import build_era, join_eras
from rounds.custody.privacy.treating.shifting import draw_shifts, shift_birth_years, shift_dates
from rounds.errors import DataError

ROWS = 120


def make_visits(**columns: Any) -> pd.DataFrame:
    base = {"patient_id": np.arange(ROWS) // 2 + 700, "sex": ["f", "f", "m", "m"] * (ROWS // 4), **columns}
    return pd.DataFrame(base)


def treat(tmp_path: Path, frame: pd.DataFrame, steps: dict[str, dict[str, Any]], **changed: Any) -> pd.DataFrame:
    dataset = write_dataset(tmp_path / "d", {"t": frame})
    plan = draft_plan(dataset, check_dataset(dataset, 11), "c", 11)
    plan = replace(plan, expert=EXPERT, **changed)
    for column, step in steps.items():
        plan = plan.with_step("t", column, **step)
    return deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW).dataset.frame()


DAYS = pd.Timestamp("2020-03-01") + pd.to_timedelta(np.arange(ROWS) % 50, unit="D")


def test_dates_written_as_text_are_shifted_too(tmp_path: Path) -> None:
    for i, texts in enumerate((DAYS.strftime("%Y-%m-%d"), DAYS.strftime("%d/%m/%Y"))):
        frame = treat(tmp_path / str(i), make_visits(visit_ts=texts, mark=np.arange(ROWS) * 1.5), {}, era="")
        moved = frame.visit_ts - DAYS[(frame.mark / 1.5).astype(int)]
        assert ((moved.dt.days % 364 == 0) & (moved.dt.days != 0)).all()
        assert (moved.groupby(frame.patient_id).nunique() == 1).all()


def test_a_missing_date_stays_missing_and_its_era_is_unknown(tmp_path: Path) -> None:
    dates = pd.Series(DAYS).mask(np.arange(ROWS) % 4 == 0)
    frame = treat(tmp_path, make_visits(visit_ts=dates), {}, era="3-years", era_from="t.visit_ts")
    assert frame.visit_ts.isna().sum() == frame.era.isna().sum() == 30


def test_dates_without_a_person_are_not_left_where_they_were(tmp_path: Path) -> None:
    frame = make_visits(visit_ts=DAYS)
    frame["patient_id"] = frame.patient_id.astype("float64").mask(frame.index == 5)
    with pytest.raises(DataError, match="rows with no patient_id"):
        treat(tmp_path, frame, {})
    assert len(treat(tmp_path / "again", frame, {}, without_person="drop")) == ROWS - 1


@pytest.mark.parametrize(
    ("steps", "changed", "says"),
    [
        ({"visit_ts": {"action": "keep"}, "value": {"action": "shift"}}, {"era": ""}, "these values are no dates"),
        ({"visit_ts": {"action": "since-first"}, "value": {"action": "since-first"}}, {"era": ""}, "in one plan"),
        ({}, {"era": "3-years", "era_from": "t.value"}, 'holds day numbers, and an era needs dates. Write era = ""'),
        ({"sex": {"role": "feature"}}, {"era": ""}, "declares no quasi-identifier"),
        ({}, {"k": 61, "most_suppressed": 0.0}, "cannot be reached"),
    ],
)
def test_decisions_that_cannot_be_carried_out_are_refused(
    tmp_path: Path, steps: dict[str, dict[str, Any]], changed: dict[str, Any], says: str
) -> None:
    frame = make_visits(visit_ts=DAYS, value=np.arange(ROWS) % 30 * 1.5)
    with pytest.raises(DataError, match=says):
        treat(tmp_path, frame, steps, **changed)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "key").exists()


def test_a_place_keeps_its_first_characters(tmp_path: Path) -> None:
    frame = make_visits(zip=["3200123", "3300456"] * (ROWS // 2))
    treated = treat(tmp_path, frame, {"zip": {"action": "prefix", "characters": 2, "reason": "a large region"}})
    assert set(treated.zip) == {"32", "33"}
    treatment = read_treatment(tmp_path / "out")
    assert treatment is not None
    assert next(d for d in treatment.columns if d.where == "t.zip").reason == "a large region"


def test_a_column_with_a_finding_stays_only_for_a_reason(tmp_path: Path) -> None:
    from rounds.data.dataset import open_dataset

    frame = make_visits(link=["a", "b"] * (ROWS // 2), phone=["054-1234567"] * ROWS)
    kept = {
        "phone": {"action": "keep"},
        "link": {"action": "keep", "reason": "the name means a lab's link, not a web page"},
    }
    treat(tmp_path, frame, kept)
    check = check_dataset(open_dataset(tmp_path / "out"), 11)
    assert {f.where for f in check.stops} == {"t.phone"}
    assert any("kept on purpose" in f.advice for f in check.findings if f.where == "t.link")


def test_eras_are_bands_of_three_years() -> None:
    dates = pd.Series(pd.to_datetime(["2013-05-01", "2014-01-01", "2016-12-31", None]))
    plan = Plan("d", "c", era="3-years", era_from="t.x")
    assert build_era(plan, dates).tolist()[:3] == ["2013-2015", "2013-2015", "2016-2018"]
    assert join_eras("2013-2015", "2016-2018") == "2013-2018"


def test_a_shift_is_never_zero_and_one_for_each_group() -> None:
    groups = pd.Series(np.repeat(np.arange(500), 2), index=np.arange(1000))
    days = draw_shifts(groups)
    assert (days != 0).all()
    assert (days % 364 == 0).all()
    assert (days.groupby(groups).nunique() == 1).all()
    assert days.nunique() == 24


def test_a_shift_keeps_hours_and_missing_values() -> None:
    dates = pd.Series(pd.to_datetime(["2020-02-29 13:45", None]))
    moved = shift_dates("t.x", dates, pd.Series([364, 364]))
    assert moved[0] == pd.Timestamp("2021-02-27 13:45")
    assert pd.isna(moved[1])


def test_a_birth_year_moves_with_the_shift_and_stops_at_90() -> None:
    years = shift_birth_years("t.born", pd.Series([1980, 1900]), pd.Series([728, 728]), pd.Series([2022, 2022]), 90)
    assert years.tolist() == [1982, 1932]


def test_a_text_that_was_redacted_passes_with_the_readers_word(tmp_path: Path) -> None:
    from rounds.data.dataset import open_dataset

    notes = [f"Seen by Dr. Levi on 3/4/2021 with fever and cough, course number {i} was short." for i in range(ROWS)]
    treated = treat(tmp_path, make_visits(note=notes), {"note": {"action": "redact", "reason": "read by R. Eader"}})
    assert not treated.note.str.contains("Levi|2021").any()
    assert check_dataset(open_dataset(tmp_path / "out"), 11).passed


def test_a_record_number_that_tells_people_apart_becomes_a_random_id(tmp_path: Path) -> None:
    frame = make_visits().rename(columns={"patient_id": "mrn"})
    treated = treat(tmp_path, frame, {})
    assert treated.mrn.str.fullmatch("r[0-9a-f]{16}").all()
    assert treated.mrn.nunique() == ROWS // 2


def test_a_record_that_was_broken_is_named(tmp_path: Path) -> None:
    (tmp_path / "deidentification.json").write_text('{"columns": []}')
    with pytest.raises(DataError, match="cannot be read"):
        read_treatment(tmp_path)
    assert read_treatment(tmp_path / "elsewhere") is None


def test_who_lost_every_visit_to_suppression_leaves_the_table_of_people_too(tmp_path: Path) -> None:
    people = pd.DataFrame({"patient_id": np.arange(ROWS) + 700, "sex": ["f", "m"] * (ROWS // 2)})
    wards = [["rare", "rare"], ["rare", "north"], *[["north", "north"]] * (ROWS - 7)]  # a person has two visits
    visits = people.iloc[5:].assign(ward=wards).drop(columns="sex").explode("ward").reset_index(drop=True)
    dataset = write_dataset(tmp_path / "d", {"person": people, "visit": visits}, "patient_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), most_suppressed=0.2)
    plan = plan.with_step("visit", "ward", weight=1000.0)
    done = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    assert done.treatment.suppressed == {"person": 1, "visit": 3}
    left = done.dataset.frame("person")
    assert len(left) == done.treatment.rows["person"] == ROWS - 1
    assert (~left.patient_id.isin(done.dataset.frame("visit").patient_id)).sum() == 5  # who never had a visit stays
    check = check_dataset(done.dataset, 11)
    assert check.passed
    assert done.treatment.k_measured == min(a.k for a in check.anonymity)


def test_rows_without_a_key_do_not_hang_on_a_row_without_one() -> None:
    from rounds.custody.privacy.treating.crowd import take_out
    from rounds.data.package import Column, DataPackage, Table

    key = Column("visit_id", "string")
    package = DataPackage("d", "d", "restricted", (Table("visit", "v", (key,)), Table("lab", "l", (key,))))
    frames = {"visit": pd.DataFrame({"visit_id": ["a", None]}), "lab": pd.DataFrame({"visit_id": ["a", None, None]})}
    left = take_out(package, frames, package.tables[0], np.array([False, True]))
    assert (len(left["visit"]), len(left["lab"])) == (1, 3)


@pytest.mark.parametrize("gone", ["c", "m"])
def test_who_leaves_the_table_of_people_leaves_as_mother_and_as_child(gone: str) -> None:
    from rounds.custody.privacy.treating.crowd import take_out
    from rounds.data.package import Column, DataPackage, Table

    people = Table("person", "p", (Column("person_id", "string"),), person="person_id")
    both = (Column("mother_id", "string"), Column("child_id", "string"))
    package = DataPackage("d", "d", "restricted", (people, Table("pregnancy", "b", both, person="mother_id")))
    frames = {
        "person": pd.DataFrame({"person_id": ["m", "c", "n", "d"]}),
        "pregnancy": pd.DataFrame({"mother_id": ["m", "n"], "child_id": ["c", "d"]}),
    }
    left = take_out(package, frames, people, (frames["person"].person_id == gone).to_numpy())
    assert left["pregnancy"].child_id.tolist() == ["d"]
