"""What an event file would end is named with the place of its work and asked about; nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.errors import EventError
from rounds.event import AppliedEvent, load_event, store_event
from rounds.hub.applying.ends import find_ends
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.tables import Account, Question

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    """Return the folders of an applied event in which a team and a person have worked."""
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    for work in (folders.team("stork"), folders.home("noa"), folders.exchange / "demo"):
        (make_folder(work) / "work.ipynb").write_text("{}", encoding="utf-8")
    return folders


@pytest.fixture
def edit(tmp_path: Path, demo_event_file: Path) -> Edit:
    """Return a function that changes a copy of the demo's files and returns the event file."""
    folder = tmp_path / "event"
    shutil.copytree(demo_event_file.parent, folder)

    def change(file: str, before: str, after: str) -> Path:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
        return folder / "event.toml"

    return change


def rename_team(edit: Edit) -> Path:
    edit("event.toml", 'id = "stork"', 'id = "heron"')
    return edit("people.csv", ",stork", ",heron")


def ends(folders: Folders, file: Path) -> list[str]:
    return find_ends(folders, load_event(file))


def test_a_teams_other_id_names_where_its_work_stays(folders: Folders, edit: Edit) -> None:
    (said,) = ends(folders, rename_team(edit))
    assert f"its work stays in {folders.team('stork')}." in said
    assert 'The new "heron" starts empty.' in said
    assert 'write id = "stork" again' in said


def test_a_team_without_work_ends_unasked(folders: Folders, edit: Edit) -> None:
    shutil.rmtree(folders.team("stork"))
    assert ends(folders, rename_team(edit)) == []


def test_an_events_other_id_names_where_the_hand_ins_stay(folders: Folders, edit: Edit) -> None:
    event_id = AppliedEvent(folders.event).current().event.id
    make_folder(folders.exchange / event_id / "inbound")
    (said,) = ends(folders, edit("event.toml", f'id = "{event_id}"', 'id = "another"'))
    assert str(folders.exchange / event_id) in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Noa Levi,noa@example.org", "Noa Levi,noa.levi@example.org"),  # another address, so another user name
        ("name,email,", "username,name,email,"),  # the same address, with a user name of its own
    ],
)
def test_a_persons_other_user_name_names_where_the_work_stays(
    folders: Folders, edit: Edit, before: str, after: str
) -> None:
    file = edit("people.csv", before, after)
    if after.startswith("username"):
        lines = file.with_name("people.csv").read_text(encoding="utf-8").splitlines()
        own = [f"{'noa2' if 'noa@' in line else ''},{line}" for line in lines[1:]]
        file.with_name("people.csv").write_text("\n".join([lines[0], *own]) + "\n", encoding="utf-8")
    (said,) = ends(folders, file)
    assert said.startswith('Noa Levi was "noa" and becomes "noa')
    assert str(folders.home("noa")) in said
    assert "write noa into the column username" in said


def test_an_account_that_another_person_would_get_is_named(folders: Folders, edit: Edit) -> None:
    edit("people.csv", "Noa Levi,noa@example.org", "Noa Levi,swap@example.org")
    edit("people.csv", "Tal Friedman,tal@example.org", "Tal Friedman,noa@example.org")
    file = edit("people.csv", "Noa Levi,swap@example.org", "Noa Levi,tal@example.org")
    (said,) = ends(folders, file)  # Tal has no work yet
    assert said.startswith("The account \"noa\" was Noa Levi's and becomes Tal Friedman's")


def test_a_changed_surname_is_no_question(folders: Folders, edit: Edit) -> None:
    assert ends(folders, edit("people.csv", "Noa Levi,noa@example.org", "Noa Cohen,noa@example.org")) == []


def test_a_person_who_only_signed_in_counts_as_work(folders: Folders, edit: Edit) -> None:
    shutil.rmtree(folders.home("noa"))
    file = edit("people.csv", "noa@example.org", "noa.levi@example.org")
    assert ends(folders, file) == []
    engine = open_database(folders.database_url)
    with Session(engine) as session, session.begin():
        session.add(Account(username="noa", password_hash="argon", failures=0))
    engine.dispose()
    assert len(ends(folders, file)) == 1


def test_a_challenge_with_a_record_is_named(folders: Folders, edit: Edit) -> None:
    file = edit("event.toml", 'id = "bsi"', 'id = "sepsis"')
    edit("event.toml", 'challenge = "bsi"', 'challenge = "sepsis"')
    assert ends(folders, file) == []
    engine = open_database(folders.database_url)
    with Session(engine) as session, session.begin():
        about = {"dataset": "bsi", "table_name": "t", "column_name": "c", "fingerprint": "f"}
        session.add(Question(challenge="bsi", team="fever", **about))
    engine.dispose()
    (said,) = ends(folders, file)
    assert said.startswith('The challenge "bsi" ends')


def test_who_leaves_and_who_is_new_is_no_question(folders: Folders, edit: Edit) -> None:
    assert ends(folders, edit("people.csv", "Noa Levi,noa@example.org", "Ada New,ada@example.org")) == []


def test_the_first_event_of_a_folder_ends_nothing(tmp_path: Path, demo_event_file: Path) -> None:
    assert ends(Folders(tmp_path / "new"), demo_event_file) == []


def test_apply_changes_nothing_unasked_and_gives_the_line_to_paste(folders: Folders, edit: Edit) -> None:
    command = ["event", "apply", str(rename_team(edit)), "--state", str(folders.root)]
    with pytest.raises(EventError, match=r"(?s)Nothing was changed.*To go on: rounds event apply .* --yes") as said:
        CliRunner().invoke(app, command, catch_exceptions=False, standalone_mode=False)
    assert str(folders.team("stork")) in str(said.value)
    assert "stork" in AppliedEvent(folders.event).current().team_by_id


@pytest.mark.parametrize("command", [["hub", "start", "FILE"], ["demo", "--event", "FILE"]])
def test_a_start_with_such_a_file_is_refused_too(folders: Folders, edit: Edit, command: list[str]) -> None:
    words = [str(rename_team(edit)) if word == "FILE" else word for word in command]
    with pytest.raises(EventError, match="Nothing was changed"):
        CliRunner().invoke(app, [*words, "--state", str(folders.root)], catch_exceptions=False, standalone_mode=False)


def test_apply_does_it_when_it_was_said(folders: Folders, edit: Edit) -> None:
    command = ["event", "apply", str(rename_team(edit)), "--yes", "--state", str(folders.root)]
    done = CliRunner().invoke(app, command, catch_exceptions=False, standalone_mode=False)
    assert str(folders.team("stork")) in done.output
    assert "heron" in AppliedEvent(folders.event).current().team_by_id
    assert (folders.team("stork") / "work.ipynb").is_file()
