"""What a custodian hears at the import and not days later: names of the challenge, units, keys that look like codes."""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from tests.unit.test_import_command import run

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.first_looks import find_first_looks
from rounds.custody.intake.inspection import Inspected
from rounds.custody.intake.proposals.codes import icd_system
from rounds.event import store_event
from rounds.store.folders import Folders


@pytest.fixture
def state(tmp_path: Path, machine_event_file: Path) -> Path:
    store_event(machine_event_file, Folders(tmp_path / "state").event)
    return tmp_path / "state"


def stays(**changed: object) -> pd.DataFrame:
    """Return a table that the challenge heart-failure can be scored on: predicted at discharge, from disch_ts."""
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(range(30), unit="D")
    columns = {
        "encounter_id": [f"e{i}" for i in range(30)], "admit_ts": days, "disch_ts": days + pd.Timedelta(days=4),
        "sex": ["f", "m"] * 15, "crp": range(7, 97, 3), "readmitted_30d": [0, 1] * 15,
    }  # fmt: skip
    return pd.DataFrame(columns | changed)


def said_of(folder: Path, state: Path, frame: pd.DataFrame, *more: object) -> str:
    """Return what the import says of a table with the decisions of its draft."""
    frame.to_csv(folder / "stays.csv", index=False)
    there = ("--challenge", "heart-failure", "--state", state)
    run("import", folder / "stays.csv", "--draft", folder / "d.toml", "--kind", "restricted", *there)
    return run("import", folder / "stays.csv", "--decisions", folder / "d.toml", *there, *more)


def test_a_table_that_can_be_scored_brings_no_note(tmp_path: Path, state: Path) -> None:
    said = said_of(tmp_path, state, stays())
    assert "Imported stays.csv" in said
    assert "cannot be scored" not in said
    assert 'Left out, as no "available" says that they are known by "discharge": crp.' in said


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        ("readmitted_30d", 'name = "readmitted_30d" and role = "outcome" under the [[column]]'),
        ("encounter_id", 'name = "encounter_id" under the [[column]]'),
        ("disch_ts", 'timeline = ["start", "discharge", "later"], in the order of time, under [table]'),
    ],
)
def test_what_cannot_be_scored_is_a_note_with_the_line_and_the_table_comes_in(
    tmp_path: Path, state: Path, gone: str, line: str
) -> None:
    said = said_of(tmp_path, state, stays().drop(columns=gone))
    (note,) = [row for row in said.splitlines() if "cannot be scored on it yet" in row]
    assert f"Write in the decisions: {line}" in note
    assert "Imported stays.csv as stays: 30 rows, 5 columns." in said


def test_a_table_of_which_nothing_is_known_by_then_is_told_with_the_line(tmp_path: Path, state: Path) -> None:
    frame = stays(sex=[1.5] * 30).drop(columns=["admit_ts"]).rename(columns={"sex": "size_index"})
    frame = frame.assign(disch_ts=frame.disch_ts)
    frame.to_csv(tmp_path / "stays.csv", index=False)
    (tmp_path / "d.toml").write_text(
        '[table]\nkind = "restricted"\ntimeline = ["start", "discharge"]\nprediction_time = "discharge"\n'
    )
    there = ("--decisions", tmp_path / "d.toml", "--challenge", "heart-failure", "--state", state)
    note = run("import", tmp_path / "stays.csv", *there)
    assert 'is known by "discharge"' in note
    assert 'Write in the decisions: available = "discharge", or an earlier moment, under each [[column]]' in note


def test_a_draft_says_which_names_of_the_challenge_the_tables_lack(tmp_path: Path, state: Path) -> None:
    frame = stays().rename(columns={"encounter_id": "encounter", "disch_ts": "disch_time"})
    frame.to_csv(tmp_path / "stays.csv", index=False)
    there = ("--challenge", "heart-failure", "--state", state)
    said = run("import", tmp_path / "stays.csv", "--draft", tmp_path / "d.toml", *there)
    for text in (said, (tmp_path / "d.toml").read_text()):
        assert 'named by "encounter_id" (unit)' in text
        assert "Is it encounter?" in text
        assert 'counts from "disch_ts" (time_zero)' in text
        assert "Is it disch_time?" in text


def test_the_command_in_a_draft_can_be_pasted_when_the_path_has_blanks(tmp_path: Path, state: Path) -> None:
    folder = tmp_path / "my tables"
    folder.mkdir()
    stays().to_csv(folder / "of 2024.csv", index=False)
    draft_decisions(folder / "of 2024.csv", tmp_path / "d.toml", 2026)
    line = next(row for row in (tmp_path / "d.toml").read_text().splitlines() if "rounds data import" in row)
    assert shlex.split(line.removeprefix("#"))[3] == str(folder / "of 2024.csv")


def test_one_of_each_is_said_in_the_singular(tmp_path: Path, state: Path) -> None:
    (tmp_path / "one.csv").write_text("crp\n5\n")
    said = run("import", tmp_path / "one.csv", "--draft", tmp_path / "d.toml")
    assert "one.csv: 1 row, 1 column." in said
    assert "# 1 row, 1 column" in (tmp_path / "d.toml").read_text()
    assert "# 1 of 1 known cell is a number" in (tmp_path / "d.toml").read_text()
    said = run("import", tmp_path / "one.csv", "--challenge", "heart-failure", "--state", state)
    assert "Imported one.csv as one: 1 row, 1 column." in said


# ---- codes and keys


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("S100000", ""), ("L123456", ""), ("S10.0000", ""),  # a letter and six digits
        ("S10.0XXA", "ICD-10"), ("S100XXA", "ICD-10"), ("S82201", "ICD-10"), ("E11.9", "ICD-10"),
        ("H40.1111", "ICD-10"), ("E113211", "ICD-10"), ("R402110", "ICD-10"), ("H54.1131", "ICD-10"),  # few chapters
    ],
)  # fmt: skip
def test_seven_characters_are_a_diagnosis_only_where_the_chapter_has_them(code: str, system: str) -> None:
    assert icd_system(code) == system


def look(folder: Path, frame: pd.DataFrame) -> tuple[list[str], dict[str, dict[str, str]], str]:
    """Return what to look at first, the drafted columns, and the draft."""
    frame.to_csv(folder / "t.csv", index=False)
    found: tuple[Inspected, ...] = draft_decisions(folder / "t.csv", folder / "d.toml", 2026)
    text = (folder / "d.toml").read_text()
    return find_first_looks(found), {c["column"]: c for c in tomllib.loads(text)["column"]}, text


def test_numbers_of_samples_are_a_key_and_no_diagnosis(tmp_path: Path) -> None:
    frame = pd.DataFrame({"request": [f"S{10000 + i}" for i in range(30)], "crp": range(7, 97, 3)})
    _, columns, text = look(tmp_path, frame)
    assert columns["request"]["role"] == "identifier"
    assert "code_system" not in columns["request"]
    assert "ICD-10" not in text


@pytest.mark.parametrize(
    ("name", "codes"),
    [("dx", [f"S{10000 + i}" for i in range(30)]), ("request", ["S10001", "S82201", "E119"] * 10)],
)
def test_diagnoses_that_repeat_or_are_called_so_stay_diagnoses(tmp_path: Path, name: str, codes: list[str]) -> None:
    _, columns, _ = look(tmp_path, pd.DataFrame({name: codes, "crp": range(7, 97, 3)}))
    assert (columns[name]["code_system"], columns[name]["role"]) == ("ICD-10", "feature")


# ---- units


def test_units_beside_that_are_mixed_or_missing_are_named(tmp_path: Path) -> None:
    units = ["mg/L"] * 20 + ["mg/dL"] * 7 + [""] * 3
    looks, _, text = look(tmp_path, pd.DataFrame({"value": range(7, 97, 3), "unit": units}))
    (said,) = [each for each in looks if 'its unit stands in "unit"' in each]
    assert "t.csv, value: " in said
    assert "2 different units (mg/L, mg/dL), and 3 rows have none" in said
    assert '# unit = "..."   # to be confirmed: it may stand in "unit"' in text


def test_one_unit_in_every_row_is_proposed_and_nothing_to_look_at(tmp_path: Path) -> None:
    looks, columns, text = look(tmp_path, pd.DataFrame({"crp": range(7, 97, 3), "crp_unit": "mg/l"}))
    assert not [each for each in looks if "its unit" in each]
    assert '# unit = "mg/L"   # to be confirmed: "crp_unit" says so in every row' in text
    assert "unit" not in columns["crp"]


def test_a_number_without_a_unit_is_said_to_be_confirmed(tmp_path: Path) -> None:
    _, columns, text = look(tmp_path, pd.DataFrame({"crp": range(7, 97, 3), "weight_kg": range(50, 110, 2)}))
    assert text.count("# unit = ") == 1
    assert "to be confirmed: in UCUM" in text
    assert columns["weight_kg"]["unit"] == "kg"
