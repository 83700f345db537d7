"""An event with marks, backed up and restored by the commands: the marks, the audit and the words come along."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.unit.grading.test_release import course as empty_course
from tests.unit.grading.test_release import lesson
from tests.unit.grading.test_run import hand_in
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.event import store_event
from rounds.grading.attempts import read_submissions
from rounds.grading.course import Course, course_of
from rounds.grading.marks import read_grades
from rounds.grading.release import release_lessons
from rounds.grading.run import run_grading
from rounds.lessons.folder import LessonFolder
from rounds.meter import silent
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.tables import AuditRecord

__all__ = ["empty_course", "lesson"]
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1


def say(*words: object) -> str:
    done = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False, standalone_mode=False)
    assert done.exit_code == 0, done.output
    return done.output


def acts(folders: Folders) -> list[str]:
    engine = open_database(folders.database_url)
    with Session(engine) as session:
        found = [act.what for act in session.scalars(select(AuditRecord))]
    engine.dispose()
    return found


def test_marks_and_hand_ins_come_back(
    tmp_path: Path, demo_event_file: Path, empty_course: Course, lesson: LessonFolder
) -> None:
    folders = Folders(make_folder(tmp_path / "state"))
    event = store_event(demo_event_file, folders.event)
    course = replace(empty_course, id=event.event.id, root=folders.course, exchange=folders.exchange)
    release_lessons(course, [lesson], silent)
    hand_in(course, "noa", 1, whole=True)
    assert run_grading(course, silent).graded
    assert "Keep it as you keep the event" in say("backup", tmp_path / "e.backup", "--state", folders.root)
    fresh = Folders(tmp_path / "fresh")
    assert "start it as before" in say("restore", tmp_path / "e.backup", "--state", fresh.root)
    again = course_of(event, fresh)
    assert list(read_grades(again)) == list(read_grades(course)) != []
    assert set(read_submissions(again)) == {("noa", "j1-same-word")}
    assert acts(folders)[-1] == "event backed up"
    assert acts(fresh)[-1] == "event restored"


def test_a_backup_counts_also_when_the_audit_trail_takes_nothing(tmp_path: Path, demo_event_file: Path) -> None:
    folders = Folders(make_folder(tmp_path / "state"))
    store_event(demo_event_file, folders.event)
    open_database(folders.database_url).dispose()
    with closing(sqlite3.connect(folders.root / "rounds.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # somebody else writes for long
        said = say("backup", tmp_path / "e.backup", "--state", folders.root)
        other.execute("ROLLBACK")
    assert "The backup is whole, but is not in the audit trail" in said
    say("restore", tmp_path / "e.backup", "--state", tmp_path / "fresh")
