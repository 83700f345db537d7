"""`rounds grading`: run, again and export, as an organiser types them."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.courses import FOLDERS, hand_in, make_tables, solved

from rounds.cli.app import app
from rounds.errors import GradingError
from rounds.event import AppliedEvent, store_event
from rounds.grading.course import Course, course_of
from rounds.grading.judge.bench import close_judges
from rounds.grading.release import release_lessons
from rounds.lessons.placing import place_lessons
from rounds.meter import silent
from rounds.store.folders import Folders

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1
LESSON = "j1-same-word"


@pytest.fixture
def course(tmp_path: Path, demo_event_file: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return the course of an event that was applied, with J1 released."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
    monkeypatch.setenv("ROUNDS_STATE", str(tmp_path / "state"))
    event_file = Path(shutil.copytree(demo_event_file.parent, tmp_path / "event")) / demo_event_file.name
    text = event_file.read_text(encoding="utf-8").replace("cell_s = 120", "cell_s = 30")
    event_file.write_text(text, encoding="utf-8")
    folders = Folders(tmp_path / "state")
    store_event(event_file, folders.event)
    place_lessons([FOLDERS["j1"]], folders.lessons)
    make_tables(folders.data)
    event = AppliedEvent(folders.event).current()
    made = course_of(event, folders)
    release_lessons(made, [FOLDERS["j1"]], silent)
    return made


def run(*words: str) -> int:
    """Run a command as its user would, and return its exit code."""
    state = os.environ["ROUNDS_STATE"]
    return int(app(["grading", *words, "--state", state], standalone_mode=False) or 0)


def test_run_again_and_export(course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert course.cell_s == 30
    hand_in(course, "j1", "noa", solved("j1"))
    run("run")
    assert "Graded 1 submissions; 0 could not be graded." in capsys.readouterr().out
    run("run")
    assert "Nothing new was handed in." in capsys.readouterr().out
    run("again", LESSON)
    assert "Graded 1 submissions again; 0 marks moved." in capsys.readouterr().out
    run("export", str(tmp_path / "grades.csv"))
    assert f"Wrote 1 lines into {tmp_path / 'grades.csv'}." in capsys.readouterr().out
    assert "noa" in (tmp_path / "grades.csv").read_text(encoding="utf-8")
    close_judges()


def test_what_could_not_be_graded_is_said_and_ends_with_1(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "j1", "noa", solved("j1"))
    (course.root / "submitted" / "noa" / LESSON / "timestamp.txt").unlink()
    assert run("run") == 1
    assert "is not whole" in capsys.readouterr().err
    with pytest.raises(GradingError, match="Nobody has handed in"):
        run("again", "a3-report-card")
