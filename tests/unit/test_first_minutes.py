"""What somebody new meets first: the version, the demo's days, the links, the welcome, the progress bars."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy.orm import Session

from rounds.cli import hub, progress
from rounds.event import load_event, store_event
from rounds.hub.demo_event import write_demo_event
from rounds.hub.hosting.addresses import Addresses
from rounds.hub.invite import find_open_links, issue_links
from rounds.hub.invited import describe_invited
from rounds.people.invitations import LinkState, find_invitation, state_of
from rounds.room.welcome import place_welcome
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.moments import utc_now


def test_the_version_is_that_of_the_package() -> None:
    command = [sys.executable, "-m", "rounds", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"rounds {version('rounds')}\n"


# the demo's days


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 26, 4, tzinfo=UTC),
        datetime(2027, 3, 26, 0, 30, tzinfo=UTC),  # the night in which the clocks of the event's zone change
        datetime(2028, 2, 28, 23, 30, tzinfo=UTC),  # a leap day there, not yet here
        datetime(2031, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_the_demos_full_phase_is_on_when_it_is_made(tmp_path: Path, demo_event_file: Path, now: datetime) -> None:
    shipped = demo_event_file.read_bytes()
    event = load_event(write_demo_event(demo_event_file, tmp_path / "own", now))
    assert event.current_phase(now).id == "full"
    assert event.current_phase(now + timedelta(days=7)).id == "closed"
    assert [phase.id for phase in event.phase] == [phase.id for phase in load_event(demo_event_file).phase]
    assert demo_event_file.read_bytes() == shipped


def test_the_demos_copy_names_itself_in_what_to_run(tmp_path: Path, demo_event_file: Path) -> None:
    file = write_demo_event(demo_event_file, tmp_path / "own", datetime.now(UTC))
    assert f"rounds event apply {file}" in file.read_text(encoding="utf-8")


# invitations


def test_a_mentor_is_told_as_what_and_for_whom(demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    said = {name: describe_invited(event, event.person_by_name[name]) for name in ("dana", "omer", "rivka", "noa")}
    assert said == {
        "dana": "clinician mentor of Team Stork",
        "omer": "data-science mentor of Team Stork",
        "rivka": "organiser",
        "noa": "participant in Team Stork",
    }


def test_a_mentor_of_two_teams_is_told_both_and_one_of_none_so(demo_event_file: Path) -> None:
    event = load_event(demo_event_file)
    dana = event.person_by_name["dana"]
    two = tuple(t.model_copy(update={"clinician": "dana"}) if t.id in ("stork", "fever") else t for t in event.team)
    assert describe_invited(event.model_copy(update={"team": two}), dana).endswith("of Team Stork and Team Fever")
    assert describe_invited(event.model_copy(update={"team": ()}), dana) == "clinician mentor (no team yet)"


def test_the_next_start_leaves_open_links_valid_and_says_so(
    tmp_path: Path, demo_event_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = Folders(tmp_path)
    event = store_event(demo_event_file, folders.event)
    hub._print_links(event, folders, Addresses(event.hosting, 8000))
    first = capsys.readouterr().out
    secrets = [word.rpartition("/")[2] for word in first.split() if "/hub/invitation/" in word]
    assert len(secrets) == 8
    assert "cannot be printed again" not in first
    hub._print_links(event, folders, Addresses(event.hosting, 8000))
    second = capsys.readouterr().out
    assert "/hub/invitation/" not in second
    assert second.count("(open link, until ") == 8
    assert "cannot be printed again" in second
    with hub_session(folders) as session:
        assert {state_of(find_invitation(session, s), utc_now()) for s in secrets} == {LinkState.OPEN}


def test_a_link_that_was_asked_for_replaces_the_open_one(tmp_path: Path, demo_event_file: Path) -> None:
    folders = Folders(tmp_path)
    event = store_event(demo_event_file, folders.event)
    links = [issue_links(event, folders, "", ["dana"], "organiser")[0][1].rpartition("/")[2] for _ in range(2)]
    with hub_session(folders) as session:
        states = [state_of(find_invitation(session, s), utc_now()) for s in links]
    assert states == [LinkState.REVOKED, LinkState.OPEN]
    assert list(find_open_links(folders, ["dana", "omer"])) == ["dana"]


def hub_session(folders: Folders) -> Session:
    return Session(open_database(folders.database_url))


# an empty work folder


def test_an_empty_work_folder_gets_a_welcome_once_and_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".ipynb_checkpoints").mkdir()
    assert place_welcome(tmp_path, "http://127.0.0.1:8000/services/desk/")
    page = tmp_path / "README.md"
    assert "http://127.0.0.1:8000/services/desk/" in page.read_text(encoding="utf-8")
    page.write_text("my notes", encoding="utf-8")
    assert not place_welcome(tmp_path, "http://elsewhere/")
    assert page.read_text(encoding="utf-8") == "my notes"


def test_a_learner_with_lessons_who_removed_the_welcome_does_not_get_it_again(tmp_path: Path) -> None:
    (tmp_path / "a3-report-card").mkdir()
    assert not place_welcome(tmp_path, "http://127.0.0.1:8000/services/desk/")


# progress bars


@pytest.fixture(params=[True, False], ids=["terminal", "log"])
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return what is drawn on a terminal, or written to a log."""
    text = io.StringIO()
    monkeypatch.setattr(progress, "console", Console(file=text, force_terminal=request.param, width=100))
    return text


def last_drawn(text: io.StringIO) -> str:
    return text.getvalue().rpartition("\r\x1b[2K")[2]


def test_the_bar_of_work_that_ends_at_once_ends_full(screen: io.StringIO) -> None:
    with progress.bar("Applying"):
        pass
    assert "1/1" in last_drawn(screen)
    assert "/?" not in last_drawn(screen)


def test_the_bar_keeps_what_was_reported_last(screen: io.StringIO) -> None:
    with progress.bar("Applying") as report:
        report("dana", 3, 3)
    assert "3/3" in last_drawn(screen)


def test_a_bar_that_failed_before_its_first_step_claims_nothing(screen: io.StringIO) -> None:
    with pytest.raises(ValueError, match="no"), progress.bar("Applying"):
        raise ValueError("no")
    assert "1/1" not in screen.getvalue()
    assert "/?" not in last_drawn(screen)


def _work_that_fails_after(steps: int) -> None:
    with progress.bar("Applying") as report:
        report("dana", steps, 5)
        steps // 0


def test_a_bar_that_failed_later_says_where(screen: io.StringIO) -> None:
    with pytest.raises(ZeroDivisionError):
        _work_that_fails_after(2)
    assert "2/5" in last_drawn(screen)
    assert "dana" in last_drawn(screen)
