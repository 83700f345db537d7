"""`rounds data import` on the command line: a draft, its decisions, and what is said."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.data import attached, load
from rounds.data.dataset import open_dataset
from rounds.event import AppliedEvent, store_event
from rounds.store.folders import Folders

HARMLESS = "weight;wbc;seen\n70,5;7,1;03.04.2021\n81,0;<0,1;14.04.2021\n65,25;hemolysed;15.04.2021\n"


@pytest.fixture
def state(tmp_path: Path, machine_event_file: Path) -> Path:
    """Return the state folder of an event whose deployment takes restricted data."""
    store_event(machine_event_file, Folders(tmp_path / "state").event)
    return tmp_path / "state"


def run(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["data", *map(str, words)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def refused(*words: object) -> str:
    return str(CliRunner().invoke(app, ["data", *map(str, words)]).exception)


def test_a_draft_is_written_read_back_and_opens_the_notebooks(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "values.csv").write_text(HARMLESS, encoding="utf-8")
    said = run("import", tmp_path / "values.csv", "--draft", tmp_path / "d.toml")
    assert "values.csv: 3 rows, 3 columns." in said
    assert "Nothing is imported yet" in said
    assert "values.csv, seen: dates with the day first" in said
    assert f"--decisions {tmp_path / 'd.toml'} --challenge CHALLENGE" in said
    assert not (state / "data").exists()
    there = ("--challenge", "covid", "--state", state)
    assert "never written over" in refused("import", tmp_path / "values.csv", "--draft", tmp_path / "d.toml")
    said = run("import", tmp_path / "values.csv", "--decisions", tmp_path / "d.toml", *there)
    assert "Imported values.csv as values: 3 rows, 4 columns." in said
    assert "The notebooks of covid open it now." in said
    monkeypatch.setenv("ROUNDS_DATA", str(state / "data"))
    asked_for = AppliedEvent(Folders(state).event).current().challenge_by_id["covid"].dataset
    frame = load(attached(asked_for)).frame()
    assert frame.wbc_text.tolist()[1] == "<0,1"
    assert frame.seen.dt.month.tolist() == [4, 4, 4]


def test_what_is_not_certain_stays_text_and_is_named(tmp_path: Path, state: Path) -> None:
    (tmp_path / "values.csv").write_text(HARMLESS, encoding="utf-8")
    said = run("import", tmp_path / "values.csv", "--challenge", "covid", "--state", state)
    assert "Kept as text until you decide" in said
    assert "weight: numbers with a decimal comma" in said
    assert "seen: dates with the day first" in said


def test_a_challenge_is_asked_for_unless_a_draft_is_written(tmp_path: Path, state: Path) -> None:
    (tmp_path / "values.csv").write_text(HARMLESS, encoding="utf-8")
    assert "Say for which challenge" in refused("import", tmp_path / "values.csv", "--state", state)


def test_a_restricted_folder_goes_to_the_road_and_no_notebook_opens_it(tmp_path: Path, state: Path) -> None:
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "person.csv").write_text("patient_id,phone\n1,054-1234567\n2,054-7654321\n")
    (folder / "lab.csv").write_text("patient_id,crp\n1,5\n2,7\n")
    (folder / "scan.pdf").write_text("%PDF")
    there = ("--challenge", "covid", "--state", state)
    said = run("import", folder, "--kind", "restricted", *there)
    assert "table lab" in said
    assert "Not read: scan.pdf" in said
    assert "table person" in said
    assert f"No notebook opens it. Next: rounds data check ward --state {state}" in said
    assert not list((state / "data").glob("*"))
    raw = open_dataset(state / "road" / "ward" / "raw" / "ward")
    assert [t.name for t in raw.package.tables] == ["lab", "person"]
    assert "telephone numbers" in run("check", "ward", "--state", state, code=1)


def test_a_second_table_with_a_telephone_keeps_a_public_folder_closed(tmp_path: Path, state: Path) -> None:
    folder = tmp_path / "ward"
    folder.mkdir()
    (folder / "a.csv").write_text("crp\n5\n7\n")
    (folder / "b.csv").write_text("crp,phone\n5,054-1234567\n7,054-7654321\n")
    said = run("import", folder, "--challenge", "covid", "--state", state)
    assert "No notebook opens it" in said
    assert "b.phone" in said


def test_a_draft_that_says_restricted_is_obeyed(tmp_path: Path, state: Path) -> None:
    (tmp_path / "values.csv").write_text(HARMLESS, encoding="utf-8")
    run("import", tmp_path / "values.csv", "--kind", "restricted", "--draft", tmp_path / "d.toml")
    there = ("--challenge", "covid", "--state", state)
    said = run("import", tmp_path / "values.csv", "--decisions", tmp_path / "d.toml", *there)
    assert "No notebook opens it" in said


@pytest.mark.parametrize(("stem", "name"), [("אשפוזים", "my_table"), ("לידות 2020", "table_2020")])
def test_a_file_with_a_hebrew_name_gets_a_name_and_the_next_command_works(
    tmp_path: Path, state: Path, stem: str, name: str
) -> None:
    (tmp_path / f"{stem}.csv").write_text(HARMLESS, encoding="utf-8")
    there = ("--challenge", "covid", "--state", state)
    said = run("import", tmp_path / f"{stem}.csv", "--draft", tmp_path / "d.toml", *there)
    next_command = said[said.index("rounds data import") :].split("\n")[0]
    assert ("--name my_table" in next_command) is (name == "my_table")
    assert f"as {name}: 3 rows" in run(*shlex.split(next_command)[2:])
