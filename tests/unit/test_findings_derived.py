"""What `check` must see although no single column says it: ages over several tables, births in parts, file names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.custody.signs.test_findings_columns import write_dataset

from rounds.custody.privacy.check import PrivacyCheck, check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Statement
from rounds.custody.signs.column_names import is_birth_date, is_birth_part
from rounds.custody.signs.finding import Severity
from rounds.data.dataset import Dataset

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EXPERT = Statement("Dr Expert", "2026-11-20", "The risk is very small.")


def stops(check: PrivacyCheck, where: str, kind: str) -> list[int]:
    return [f.count for f in check.findings if (f.where, f.kind, f.severity) == (where, kind, Severity.STOP)]


def three_tables(folder: Path, born: str = "birth_year") -> Dataset:
    births = [1920] * 5 + [1980] * 35
    return write_dataset(
        folder,
        person=pd.DataFrame(
            {
                "person_id": range(40),
                born: births if born == "birth_year" else pd.to_datetime([f"{y}-02-03" for y in births]),
                "sex": ["f", "m"] * 20,
            }
        ),
        encounter=pd.DataFrame({"encounter_id": range(100, 140), "person_id": range(40)}),
        lab=pd.DataFrame({"encounter_id": range(100, 140), "collected_ts": pd.to_datetime(["2021-05-03"] * 40)}),
    )


def test_ages_over_89_are_derived_from_events_of_tables_without_a_person(tmp_path: Path) -> None:
    assert stops(check_dataset(three_tables(tmp_path), 11), "person.birth_year", "C") == [5]


@pytest.mark.parametrize("name", ["birth_datetime", "dob", "birth_date", "birthDateTime", "date_of_birth"])
def test_a_moment_of_birth_is_a_birth(tmp_path: Path, name: str) -> None:
    assert is_birth_date(name)
    dataset = three_tables(tmp_path, name)
    found = check_dataset(dataset, 11)
    assert 5 in stops(found, f"person.{name}", "C")
    plan = draft_plan(dataset, found, "c", 11)
    step = plan.step("person", name)
    assert step
    assert step.action == "birth-year"
    assert step.role == "quasi-identifier"


@pytest.mark.parametrize("name", ["month_of_birth", "day_of_birth", "birth_month", "birthDay"])
def test_a_part_of_a_birth_is_found_and_dropped(tmp_path: Path, name: str) -> None:
    assert is_birth_part(name)
    frame = pd.DataFrame({"patient_id": range(60), name: [1 + i % 5 for i in range(60)], "sex": ["f", "m"] * 30})
    dataset = write_dataset(tmp_path, t=frame)
    found = check_dataset(dataset, 11)
    assert stops(found, f"t.{name}", "C") == [60]
    plan = replace(draft_plan(dataset, found, "c", 11), expert=EXPERT)
    clean = deidentify(dataset, plan, tmp_path / "clean", tmp_path / "key", policy_k=11, now=NOW).dataset
    assert name not in clean.table().names()
    assert check_dataset(clean, 11).passed


def test_an_age_that_is_written_as_text_is_an_age(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path, t=pd.DataFrame({"age": ["91", "97", "unknown", "45"] * 15}))
    assert stops(check_dataset(dataset, 11), "t.age", "C") == [30]
    bands = write_dataset(tmp_path / "b", t=pd.DataFrame({"age": ["40-49", "80 or more", "50-59"] * 20}))
    assert stops(check_dataset(bands, 11), "t.age", "C") == []


@pytest.mark.parametrize("name", ["lab_2021_03_04", "lab_04_03_2021", "lab_20210304"])
def test_a_day_in_the_name_of_a_table_is_found_with_underscores_too(tmp_path: Path, name: str) -> None:
    dataset = write_dataset(tmp_path, **{name: pd.DataFrame({"a": [1, 2]})})
    assert [f.where for f in check_dataset(dataset, 11).stops if f.kind == "title"] == [f"the table {name}"]


def test_numbers_in_names_that_are_no_day_are_left_alone(tmp_path: Path) -> None:
    dataset = write_dataset(
        tmp_path, wave_2_2021=pd.DataFrame({"crp_1_2": [1, 2], "q_1_2_10": [1, 2], "icd_10_2019": [1, 2]})
    )
    assert [f.says() for f in check_dataset(dataset, 11).findings if f.kind == "title"] == []


def visits(folder: Path) -> Dataset:
    """Return two tables that are joined by a key whose name no list knows, declared an identifier."""
    rows = range(60)
    dataset = write_dataset(
        folder,
        patient=pd.DataFrame({"patient_id": rows, "sex": ["f", "m"] * 30}),
        contact=pd.DataFrame({"contact_nr": [500 + r for r in rows], "patient_id": rows, "site": ["a", "b", "b"] * 20}),
        lab=pd.DataFrame({"contact_nr": [500 + r for r in rows], "crp": [float(r % 7) for r in rows]}),
    )
    tables = tuple(
        replace(t, columns=tuple(replace(c, role="identifier") if c.name == "contact_nr" else c for c in t.columns))
        for t in dataset.package.tables
    )
    return replace(dataset, package=replace(dataset.package, tables=tables))


def test_a_column_that_was_declared_an_identifier_does_not_stay(tmp_path: Path) -> None:
    dataset = visits(tmp_path)
    found = check_dataset(dataset, 11)
    assert stops(found, "lab.contact_nr", "R") == [60]
    plan = draft_plan(dataset, found, "c", 11)
    assert {s.action for s in plan.steps if s.column == "contact_nr"} == {"random-id"}
    clean = deidentify(dataset, plan, tmp_path / "clean", tmp_path / "key", policy_k=11, now=NOW).dataset
    assert set(clean.frame("lab").contact_nr) == set(clean.frame("contact").contact_nr)
    assert clean.frame("lab").contact_nr.str.fullmatch("r[0-9a-f]{16}").all()


def test_who_is_taken_out_leaves_tables_that_hang_on_a_declared_key(tmp_path: Path) -> None:
    dataset = visits(tmp_path)
    rare = dataset.frame("contact").assign(site=["z", "z", *["b"] * 58])
    rare.to_parquet(dataset.file("contact"), index=False)
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), most_suppressed=0.2)
    plan = plan.with_step("contact", "site", weight=1000.0)
    outcome = deidentify(dataset, plan, tmp_path / "clean", tmp_path / "key", policy_k=11, now=NOW)
    assert outcome.treatment.suppressed["contact"] == 2
    left = outcome.dataset
    assert set(left.frame("lab").contact_nr) == set(left.frame("contact").contact_nr)
