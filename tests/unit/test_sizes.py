"""Which size of a dataset a room opens: every cell of the table, the clock, and what is said when it stays closed."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rounds.data.dataset import write_parquet
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table
from rounds.data.shelf.attachments import write_attached
from rounds.data.shelf.opening import FILE, Opening, PhaseOpening, read_opening, write_opening
from rounds.data.shelf.phases import apply_opening, opening_of
from rounds.data.shelf.shelf import open_shelf
from rounds.data.shelf.sizes import RULE, Allowed, Homes, Opens, RoomKind, Size, Whose, allowed_sizes
from rounds.errors import DataError
from rounds.event import load_event
from rounds.store.folders import Folders
from rounds.synthetic.make import COHORT_SEEDS, SEEDS, TABLE_SEEDS
from rounds.synthetic.stock import Item, find_missing, list_stock, make_item

# what each cell opens: the synthetic sizes, then the sizes of any other data; S sample, L lesson, F full
CELLS = [
    (RoomKind.LEARNING, Whose.OWN, "none", "L", ""),
    (RoomKind.LEARNING, Whose.OWN, "sample", "L", ""),
    (RoomKind.LEARNING, Whose.OWN, "full", "L", ""),
    (RoomKind.LEARNING, Whose.OTHER, "none", "L", ""),
    (RoomKind.LEARNING, Whose.OTHER, "sample", "L", ""),
    (RoomKind.LEARNING, Whose.OTHER, "full", "L", ""),
    (RoomKind.TEAM, Whose.OWN, "none", "L", ""),
    (RoomKind.TEAM, Whose.OWN, "sample", "SL", "S"),
    (RoomKind.TEAM, Whose.OWN, "full", "FLS", "FS"),
    (RoomKind.TEAM, Whose.OTHER, "none", "L", ""),
    (RoomKind.TEAM, Whose.OTHER, "sample", "L", ""),
    (RoomKind.TEAM, Whose.OTHER, "full", "L", ""),
    (RoomKind.DASHBOARDS, Whose.OWN, "none", "L", ""),
    (RoomKind.DASHBOARDS, Whose.OWN, "sample", "SL", "S"),
    (RoomKind.DASHBOARDS, Whose.OWN, "full", "FLS", "FS"),
    (RoomKind.DASHBOARDS, Whose.OTHER, "none", "L", ""),
    (RoomKind.DASHBOARDS, Whose.OTHER, "sample", "L", ""),
    (RoomKind.DASHBOARDS, Whose.OTHER, "full", "L", ""),
]
LETTERS = {"S": Size.SAMPLE, "L": Size.LESSON, "F": Size.FULL}
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
PHASES = tuple(
    PhaseOpening(id_, MONDAY + timedelta(days=day), Opens(data))
    for id_, day, data in [("setup", 0, "none"), ("sample", 1, "sample"), ("full", 2, "full"), ("closed", 3, "none")]
)
DURING = {phase.id: phase.opens + timedelta(hours=1) for phase in PHASES}


@pytest.mark.parametrize(("room", "whose", "data", "synthetic", "real"), CELLS)
def test_each_cell_of_the_table_is_decided(room: RoomKind, whose: Whose, data: str, synthetic: str, real: str) -> None:
    allowed = allowed_sizes(room, whose, Opens(data))
    assert allowed.sizes(is_synthetic=True) == tuple(LETTERS[letter] for letter in synthetic)
    assert allowed.sizes(is_synthetic=False) == tuple(LETTERS[letter] for letter in real)


def test_no_cell_is_left_out_and_what_is_not_named_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {(room, whose, opens) for room in RoomKind for whose in Whose for opens in Opens}
    assert set(RULE) == every == {(cell[0], cell[1], Opens(cell[2])) for cell in CELLS}
    monkeypatch.delitem(RULE, (RoomKind.TEAM, Whose.OWN, Opens.FULL))
    assert allowed_sizes(RoomKind.TEAM, Whose.OWN, Opens.FULL) == Allowed()


def lay(folder: Path, name: str, rows: int, kind: str = "synthetic") -> None:
    """Write a small dataset; its number of rows says which one was opened."""
    table = Table("stays", "stays.parquet", (Column("age", "integer"),))
    (folder / name).mkdir(parents=True)
    write_package(DataPackage(name, name, kind, (table,)), folder / name)
    write_parquet(pd.DataFrame({"age": range(rows)}), folder / name / "stays.parquet")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state folder with a synthetic challenge, another one, a real one, and a public table."""
    for name in ("bsi", "covid"):
        for size, rows in (("sample", 1), ("full", 3)):
            lay(tmp_path / "sizes" / size, name, rows)
        lay(tmp_path / "data", name, 2)
    for size, rows in (("sample", 1), ("full", 3)):
        lay(tmp_path / "sizes" / size, "ward", rows, "restricted")
    lay(tmp_path / "data", "ward_hold_out", 4, "restricted")
    lay(tmp_path / "data", "births14", 5, "public")
    write_attached(tmp_path / "data", {"heart_failure": "ward", "heart_failure_hold_out": "ward_hold_out"})
    teams = {"marrow": "bsi", "breath": "covid", "ventricle": "heart_failure"}
    write_opening(tmp_path / "data", Opening(PHASES, teams))
    return tmp_path


def rows(state: Path, name: str, phase: str, team: str = "", size: str | None = None, view: str = "room") -> int:
    environ = {"ROUNDS_DATA": str(state / "data"), "ROUNDS_SIZES": str(state / "sizes"), "ROUNDS_VIEW": view}
    shelf = open_shelf({**environ, "ROUNDS_TEAM": team})
    return len(shelf.load(name, size, DURING[phase]).frame())


@pytest.mark.parametrize("view", ["room", "published"])
@pytest.mark.parametrize(("phase", "opens"), [("setup", 2), ("sample", 1), ("full", 3), ("closed", 2)])
def test_a_team_and_its_dashboards_get_the_size_of_the_phase(state: Path, phase: str, opens: int, view: str) -> None:
    assert rows(state, "bsi", phase, "marrow", view=view) == opens
    assert rows(state, "covid", phase, "marrow", view=view) == 2


@pytest.mark.parametrize("phase", [phase.id for phase in PHASES])
def test_a_learning_server_gets_the_lesson_size_in_every_phase(state: Path, phase: str) -> None:
    assert rows(state, "bsi", phase) == 2
    with pytest.raises(DataError, match=r"room of a team .* only, not here\. Write rounds.data.load\(\"bsi\"\)"):
        rows(state, "bsi", phase, size="full")
    with pytest.raises(DataError, match="not here"):
        rows(state, "ward", phase)


def test_a_real_dataset_opens_with_its_phase_to_its_own_team_only(state: Path) -> None:
    for phase in ("setup", "closed"):
        with pytest.raises(DataError, match=r"open with the phase|no later phase"):
            rows(state, "ward", phase, "ventricle")
    assert rows(state, "ward", "sample", "ventricle") == 1
    assert rows(state, "ward", "full", "ventricle") == 3
    for phase in DURING:
        with pytest.raises(DataError, match="belongs to another challenge"):
            rows(state, "ward", phase, "marrow")


def test_the_features_of_a_real_hold_out_open_with_the_full_data(state: Path) -> None:
    with pytest.raises(DataError, match='open with the phase "full"'):
        rows(state, "ward_hold_out", "sample", "ventricle")
    assert rows(state, "ward_hold_out", "full", "ventricle") == 4
    with pytest.raises(DataError, match="another challenge"):
        rows(state, "ward_hold_out", "full", "marrow")


def test_a_public_table_is_open_to_everyone_and_has_no_size(state: Path) -> None:
    for team in ("", "marrow"):
        assert rows(state, "births14", "setup", team) == 5
    with pytest.raises(DataError, match="one table without sizes"):
        rows(state, "births14", "full", "marrow", "full")


@pytest.mark.parametrize(
    ("phase", "name", "size", "says"),
    [
        ("setup", "bsi", "full", 'open with the phase "full", on Wednesday 3 March 2027 at 09:00'),
        ("setup", "bsi", "sample", 'open with the phase "sample", on Tuesday 2 March 2027 at 09:00'),
        ("sample", "bsi", "full", r'3 March 2027 at 09:00\. Write rounds.data.load\("bsi"\) for the sample data'),
        ("closed", "bsi", "full", "no later phase opens them"),
        ("full", "covid", "full", "belongs to another challenge"),
        ("full", "bsi", "ful", 'Did you mean "full"'),
        ("full", "bsy", None, 'no dataset "bsy".*Did you mean "bsi"'),
    ],
)
def test_a_refusal_names_what_opens_it(state: Path, phase: str, name: str, size: Any, says: str) -> None:
    with pytest.raises(DataError, match=says):
        rows(state, name, phase, "marrow", size)


def test_a_smaller_size_may_be_asked_for(state: Path) -> None:
    assert rows(state, "bsi", "full", "marrow", "sample") == 1
    assert rows(state, "bsi", "full", "marrow", "lesson") == 2


def test_a_size_that_was_not_made_gives_way_to_the_next_and_says_so_when_asked_for(state: Path) -> None:
    os.rename(state / "sizes" / "full" / "bsi", state / "elsewhere")
    assert rows(state, "bsi", "full", "marrow") == 2
    with pytest.raises(DataError, match="not here yet"):
        rows(state, "bsi", "full", "marrow", "full")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"phases": [{"id": "full", "opens": "2020-01-01T09:00:00", "data": "full"}], "teams": {}}'],
)
def test_without_a_readable_opening_nothing_but_lesson_data_is_open(state: Path, text: str) -> None:
    (state / "data" / FILE).write_text(text)
    assert rows(state, "bsi", "full", "marrow") == 2
    with pytest.raises(DataError):
        rows(state, "bsi", "full", "marrow", "full")
    with pytest.raises(DataError):
        rows(state, "ward", "full", "ventricle")


def test_a_team_that_nobody_named_gets_lesson_data(state: Path) -> None:
    assert rows(state, "bsi", "full", "marow") == 2


def test_the_hub_tells_the_rooms_what_the_event_says(demo_event_file: Path, tmp_path: Path) -> None:
    event, folders = load_event(demo_event_file), Folders(tmp_path)
    apply_opening(event, folders)
    told = read_opening(folders.data)
    assert told == opening_of(event)
    assert told.teams["marrow"] == "bsi"
    for phase in event.phase:
        now = event.opens_at(phase) + timedelta(minutes=1)
        assert told.opens_now(now) == phase.data
        assert event.current_phase(now).id == phase.id
    assert told.opens_now(event.opens_at(event.phase[0]) - timedelta(minutes=1)) is Opens.NONE


# making the sizes


def test_the_lessons_tables_have_one_size_and_the_cohorts_three() -> None:
    assert {item.name for item in list_stock([Size.LESSON])} == set(SEEDS)
    for size in (Size.SAMPLE, Size.FULL):
        assert {item.name for item in list_stock([size])} == set(COHORT_SEEDS)
    assert list_stock([Size.FULL], ["covid"]) == [Item("covid", Size.FULL)]
    assert list_stock([Size.FULL], sorted(TABLE_SEEDS)) == []
    with pytest.raises(DataError, match='Did you mean "covid"'):
        list_stock([Size.FULL], ["covit"])


def test_a_sample_is_100_other_people_than_those_of_the_lesson(tmp_path: Path, lesson: Any) -> None:
    homes = Homes(tmp_path / "data", tmp_path / "sizes")
    item = Item("covid", Size.SAMPLE)
    assert find_missing([item], homes) == [item]
    made = make_item(item, homes, tmp_path / "truth")
    assert find_missing([item], homes) == []
    assert made.path == tmp_path / "sizes" / "sample" / "covid"
    people = set(made.frame("person")["person_id"])
    assert len(people) == 100
    assert not people & set(lesson("covid").frame("person")["person_id"])
    truth = tmp_path / "truth" / "sample" / "covid.truth.json"
    assert truth.stat().st_mode & 0o077 == 0
    assert json.loads(truth.read_text())["persons"] == 100
    assert not (tmp_path / "data").exists()
