"""A folder of the OMOP Common Data Model is recognised; types, roles and times come from the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_table
from rounds.custody.intake.omop import cdm_tables, is_omop
from rounds.custody.intake.sources.open import open_sources
from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Statement
from rounds.data.dataset import Dataset
from rounds.data.package import ROLES

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EXPERT = Statement("Dr Expert", "2026-11-20", "Shifts of whole multiples of 364 days; the risk is very small.")


def cdm(people: int = 300, seed: int = 4) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    ids = rng.permutation(np.arange(10_000, 10_000 + people))
    visits = np.arange(70_000, 70_000 + 2 * people)
    days = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 2500, 2 * people), unit="D")
    owner = np.repeat(ids, 2)
    return {
        "person": pd.DataFrame(
            {
                "person_id": ids,
                "gender_concept_id": rng.choice([8507, 8532], people),
                "year_of_birth": rng.integers(1935, 1990, people),
                "month_of_birth": rng.integers(1, 13, people),
                "day_of_birth": rng.integers(1, 29, people),
                "race_concept_id": 0,
                "ethnicity_concept_id": 0,
                "person_source_value": [f"MRN{i:07d}" for i in ids],
            }
        ),
        "visit_occurrence": pd.DataFrame(
            {
                "visit_occurrence_id": visits,
                "person_id": owner,
                "visit_concept_id": rng.choice([9201, 9202], 2 * people),
                "visit_start_date": days,
                "visit_end_date": days + pd.to_timedelta(rng.integers(0, 9, 2 * people), unit="D"),
            }
        ),
        "measurement": pd.DataFrame(
            {
                "measurement_id": np.arange(2 * people),
                "person_id": owner,
                "measurement_concept_id": 3020460,
                "measurement_date": days,
                "measurement_datetime": days + pd.Timedelta(hours=7),
                "value_as_number": rng.gamma(2, 20, 2 * people).round(1),
                "visit_occurrence_id": visits,
                "measurement_source_value": "1988-5",
                "unit_source_value": "mg/L",
            }
        ),
    }


def vocabulary() -> dict[str, pd.DataFrame]:
    rows = [(8507, "MALE", "Gender"), (8532, "FEMALE", "Gender"), (9201, "Inpatient Visit", "Visit")]
    rows += [(9202, "Outpatient Visit", "Visit"), (3020460, "C reactive protein [Mass/volume] in Serum", "LOINC")]
    concept = pd.DataFrame(rows, columns=["concept_id", "concept_name", "vocabulary_id"])
    concept = concept.assign(domain_id="x", concept_code=["M", "F", "IP", "OP", "1988-5"])
    return {"concept": concept.assign(valid_start_date="1970-01-02", valid_end_date="2099-12-31")}


def write(folder: Path, tables: dict[str, pd.DataFrame], *, upper: bool, suffix: str) -> Path:
    folder.mkdir()
    for name, frame in tables.items():
        path = folder / f"{name.upper() if upper else name}{suffix}"
        frame = frame.rename(columns=str.upper) if upper else frame
        if suffix == ".csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path, index=False)
    return folder


def roles(dataset: Dataset, table: str) -> dict[str, str]:
    return {c.name: c.role for c in dataset.table(table).columns}


@pytest.mark.parametrize(
    ("upper", "suffix"), [(False, ".csv"), (True, ".csv"), (False, ".parquet"), (True, ".parquet")]
)
def test_a_cdm_is_recognised_in_either_form_and_filled_in_from_the_model(
    tmp_path: Path, upper: bool, suffix: str
) -> None:
    folder = write(tmp_path / "cdm", cdm(40), upper=upper, suffix=suffix)
    assert is_omop(open_sources(folder))
    dataset = import_table(folder, "hospital", tmp_path / "out", kind="restricted")
    assert sorted(t.name for t in dataset.package.tables) == ["measurement", "person", "visit_occurrence"]
    assert {t.person for t in dataset.package.tables} == {"person_id"}
    assert dataset.table("measurement").row == "one row for each laboratory value, vital sign or other measurement"
    person, lab = roles(dataset, "person"), roles(dataset, "measurement")
    assert (person["person_id"], person["year_of_birth"], person["gender_concept_id"]) == (
        "identifier",
        "quasi-identifier",
        "quasi-identifier",
    )
    assert (lab["measurement_date"], lab["value_as_number"]) == ("time", "feature")
    column = dataset.table("measurement").column("measurement_concept_id")
    assert (column.code_system, column.type, column.available) == ("OMOP concept", "integer", "measurement_date")
    assert dataset.table("measurement").column("measurement_datetime").type == "datetime"
    assert dataset.frame("measurement").value_as_number.tolist() == cdm(40)["measurement"].value_as_number.tolist()
    assert dataset.table("measurement").column("measurement_source_value").role == "feature"


def test_the_draft_of_a_cdm_says_so_and_applies(tmp_path: Path) -> None:
    folder = write(tmp_path / "cdm", cdm(40), upper=True, suffix=".csv")
    draft_decisions(folder, tmp_path / "d.toml", 2026)
    text = (tmp_path / "d.toml").read_text()
    assert "# This is the OMOP CDM 5.4: types, roles and code systems come from it." in text
    assert "# the OMOP CDM 5.4: measurement.value_as_number is a number" in text
    assert "MRN" not in text
    dataset = import_table(folder, "hospital", tmp_path / "out", decisions=tmp_path / "d.toml")
    plain = import_table(folder, "hospital", tmp_path / "plain")
    for table in plain.package.tables:
        assert dataset.frame(table.name).equals(plain.frame(table.name))
        assert roles(dataset, table.name) == roles(plain, table.name)


def test_folders_that_only_share_a_name_are_no_cdm(tmp_path: Path) -> None:
    tables = {
        "person": pd.DataFrame({"name": ["a", "b"]}),
        "death": pd.DataFrame({"person_id": [1], "death_date": ["2020-01-01"]}),
    }
    assert not is_omop(open_sources(write(tmp_path / "x", tables, upper=False, suffix=".csv")))
    one = {"person": cdm(40)["person"]}
    assert not is_omop(open_sources(write(tmp_path / "y", one, upper=False, suffix=".csv")))


def test_a_column_of_ones_own_is_taken_when_it_was_decided_about(tmp_path: Path) -> None:
    tables = cdm(40)
    tables["person"]["study_arm"] = "a"
    folder = write(tmp_path / "cdm", tables, upper=False, suffix=".csv")
    (tmp_path / "d.toml").write_text('[[column]]\ntable = "person"\ncolumn = "study_arm"\nrole = "feature"\n')
    dataset = import_table(folder, "hospital", tmp_path / "out", decisions=tmp_path / "d.toml")
    assert roles(dataset, "person")["study_arm"] == "feature"
    assert roles(dataset, "person")["person_id"] == "identifier"


def test_the_model_is_whole_and_uses_known_words() -> None:
    tables = cdm_tables()
    assert {"person", "visit_occurrence", "condition_occurrence", "drug_exposure", "measurement", "observation",
            "procedure_occurrence", "death", "concept", "note", "specimen"} <= tables.keys()  # fmt: skip
    for table in tables.values():
        assert table.needed
        assert not table.person or table.person in table.fields
    kinds = {field.kind for table in tables.values() for field in table.fields.values()}
    assert kinds == {"key", "concept", "source", "date", "moment", "whole", "number", "text", "note", "quasi"}
    assert {"identifier", "time", "quasi-identifier", "feature"} <= set(ROLES)


def test_a_cdm_goes_the_road_and_comes_out_clean(tmp_path: Path) -> None:
    folder = write(tmp_path / "cdm", {**cdm(), **vocabulary()}, upper=False, suffix=".csv")
    raw = import_table(folder, "hospital", tmp_path / "raw", kind="restricted")
    before = check_dataset(raw, 11)
    assert {"C", "R", "k"} <= {f.kind for f in before.stops}
    plan = replace(draft_plan(raw, before, "covid", 11), expert=EXPERT, most_suppressed=0.3)
    clean = deidentify(raw, plan, tmp_path / "clean", tmp_path / "key", policy_k=11, now=NOW).dataset
    after = check_dataset(clean, 11)
    assert [f.says() for f in after.stops] == []
    assert set(clean.frame("measurement").person_id) <= set(clean.frame("person").person_id)
    assert set(clean.frame("concept").concept_id) == set(vocabulary()["concept"].concept_id)
    genders = clean.frame("person").gender_concept_id
    assert set(genders) == {"8507", "8532"}  # a code is a word: it is kept or grouped, and never banded as a number
    assert set(clean.frame("measurement").visit_occurrence_id) <= set(
        clean.frame("visit_occurrence").visit_occurrence_id
    )
    assert (
        "person_source_value" not in clean.table("person").names()
        or clean.frame("person").person_source_value.str.match("r[0-9a-f]{16}").all()
    )
