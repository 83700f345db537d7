"""Keys that no name gives away: of the rows of another table, and of the person beside the person's own key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.findings.titles import find_identifying_titles
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.signs.column_names import is_quasi
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table
from rounds.errors import DataError

STAYS, PEOPLE = 400, 150
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def write(folder: Path, frames: dict[str, pd.DataFrame], person: str = "person_id") -> Dataset:
    """Write tables whose columns have no role but the quasi-identifiers."""
    types = {"object": "string", "str": "string", "int64": "integer", "float64": "number"}
    tables = tuple(
        Table(
            name,
            f"{name}.parquet",
            tuple(
                Column(c, types[str(frame[c].dtype)], role="quasi-identifier" if c in ("sex", "age") else "feature")
                for c in frame.columns
            ),
            person=person if person in frame else None,
        )
        for name, frame in frames.items()
    )
    folder.mkdir()
    write_package(DataPackage(folder.name, "Stays", "restricted", tables), folder)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return open_dataset(folder)


@pytest.fixture
def stays() -> pd.DataFrame:
    """Return stays of people, each with a number of its own."""
    rng = np.random.default_rng(4)
    who = np.concatenate([np.arange(PEOPLE), rng.integers(0, PEOPLE, STAYS - PEOPLE)])
    return pd.DataFrame(
        {
            "person_id": [f"P{7_000_000 + i}" for i in who],
            "bed_ref": [f"S{100_000 + i}" for i in range(STAYS)],
            "sex": np.array(["f", "m"])[who % 2],
        }
    )


@pytest.fixture
def lab(stays: pd.DataFrame) -> pd.DataFrame:
    """Return results, several a stay, which name the stay and the person."""
    rows = stays.sample(1500, replace=True, random_state=2)
    named = rows[["person_id", "bed_ref"]].reset_index(drop=True)
    return named.assign(value=np.random.default_rng(1).normal(140, 3, 1500).round(1))


def drafted(dataset: Dataset, **of_each: str) -> Plan:
    plan = draft_plan(dataset, check_dataset(dataset, 11), "heart-failure", 11)
    return replace(plan, **of_each)  # type: ignore[arg-type]


def test_a_stays_number_is_a_key_in_every_table_and_still_joins(
    tmp_path: Path, stays: pd.DataFrame, lab: pd.DataFrame
) -> None:
    dataset = write(tmp_path / "hf", {"stays": stays, "lab": lab})
    stops = {f.where: f.what for f in check_dataset(dataset, 11).stops}
    assert stops["lab.bed_ref"] == "100% of its different values are keys of stays.bed_ref"
    plan = drafted(dataset)
    assert {(s.action, s.ids or s.column) for s in plan.steps if s.column == "bed_ref"} == {("random-id", "bed_ref")}
    done = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    after = {name: open_dataset(tmp_path / "out").frame(name) for name in ("stays", "lab")}
    assert done
    originals = set(stays.bed_ref) | set(stays.person_id)
    for frame in after.values():
        assert not originals & set(map(str, frame.to_numpy().ravel()))
    assert after["lab"].bed_ref.isin(after["stays"].bed_ref).all()
    assert check_dataset(open_dataset(tmp_path / "out"), 11).passed


def test_a_reference_under_another_name_is_the_same_key(tmp_path: Path, stays: pd.DataFrame, lab: pd.DataFrame) -> None:
    dataset = write(tmp_path / "hf", {"stays": stays, "lab": lab.rename(columns={"bed_ref": "belongs_to"})})
    plan = drafted(dataset)
    assert {(s.action, s.ids or s.column) for s in plan.steps if s.column in ("bed_ref", "belongs_to")} == {
        ("random-id", "bed_ref")
    }


def test_a_plan_that_keeps_a_key_in_one_table_is_refused(
    tmp_path: Path, stays: pd.DataFrame, lab: pd.DataFrame
) -> None:
    dataset = write(tmp_path / "hf", {"stays": stays, "lab": lab})
    plan = drafted(dataset)
    steps = tuple(replace(s, action="keep", ids="") if s.where == "lab.bed_ref" else s for s in plan.steps)
    with pytest.raises(DataError, match=r"lab.bed_ref is kept, and stays.bed_ref of the same name gets random ids"):
        deidentify(dataset, replace(plan, steps=steps), tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "number", [[f"H{12_000 + i}" for i in range(PEOPLE)], list(range(7_290_000, 7_290_000 + PEOPLE))]
)
def test_another_number_of_the_person_stops_and_is_dropped(
    tmp_path: Path, stays: pd.DataFrame, number: list[str] | list[int]
) -> None:
    of_person = dict(zip(stays.person_id.drop_duplicates(), number, strict=True))
    dataset = write(tmp_path / "visits", {"visits": stays.assign(chart=stays.person_id.map(of_person))})
    stops = {f.where: f.what for f in check_dataset(dataset, 11).stops}
    assert stops["visits.chart"] == f"one value for each person ({PEOPLE}): another number of the person"
    assert next(s.action for s in drafted(dataset).steps if s.column == "chart") == "drop"


def test_codes_of_a_catalogue_and_measurements_are_no_keys(
    tmp_path: Path, stays: pd.DataFrame, lab: pd.DataFrame
) -> None:
    catalogue = pd.DataFrame({"loinc": [f"{1000 + i}-{i % 10}" for i in range(60)], "title": ["a test"] * 60})
    lab = lab.assign(loinc=catalogue.loinc.sample(len(lab), replace=True, random_state=1).to_numpy())
    lab = lab.assign(platelets=np.random.default_rng(2).integers(10_000, 400_000, len(lab)))
    dataset = write(tmp_path / "hf", {"stays": stays, "lab": lab, "catalogue": catalogue})
    found = {f.where for f in check_dataset(dataset, 11).stops if f.kind == "R"}
    assert not found & {"lab.loinc", "lab.platelets"}


# names and ages in other words


@pytest.mark.parametrize("name", ["גיל", "מין", "מחלקה", "ה_מין", "ארץ לידה", "שנת_לידה", "קופת חולים"])
def test_what_others_know_is_known_in_hebrew_and_is_no_name_of_a_person(name: str) -> None:
    assert is_quasi(name)
    package = DataPackage("heb", "Births", "restricted", (Table("heb", "heb.parquet", (Column(name, "string"),)),))
    assert not [f for f in find_identifying_titles(package) if "also a name of people" in f.what]


@pytest.mark.parametrize(("oldest", "stops"), [(90, False), (91, True)])
def test_ages_that_were_top_coded_stop_nothing(tmp_path: Path, oldest: int, stops: bool) -> None:
    ages = pd.DataFrame({"age_years": [*range(30, 90), *[90] * 30, oldest]})
    found = check_dataset(write(tmp_path / "old", {"old": ages}), 2).stops
    assert any(f.what == "ages over 89" for f in found) is stops
