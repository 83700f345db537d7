"""What was handed in and what came back stands on the desk, for its learner and for who sees their progress."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.desk import Visitor, build_app

from rounds.event import AppliedEvent, store_event
from rounds.grading.attempts import record_attempt
from rounds.grading.course import Course, course_of
from rounds.grading.service.queue import note_refusal
from rounds.progress.model import BoardLesson, EventMarks
from rounds.store.folders import Folders

LESSON = BoardLesson("a3-report-card", "The report card", "ml_for_clinicians", ())
PAGE = "lessons/a3-report-card/feedback"
NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    """Return the folders of the demo event, as it was applied."""
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    return folders


@pytest.fixture
def visitor(folders: Folders) -> Visitor:
    """Return Noa at a desk with one lesson."""
    return Visitor(build_app(folders.root, lambda _: EventMarks((LESSON,), {})), "noa")


@pytest.fixture
def course(folders: Folders) -> Course:
    """Return the event's course with the lesson released."""
    course = course_of(AppliedEvent(folders.event).current(), folders)
    (course.outbound / LESSON.id).mkdir(parents=True)
    return course


def test_who_has_not_handed_in_reads_how(visitor: Visitor) -> None:
    assert "Not handed in yet" in visitor.get(PAGE).text


def test_a_page_that_waits_for_a_mark_renews_itself_and_then_stops(visitor: Visitor, course: Course) -> None:
    attempt = record_attempt(course, "noa", LESSON.id, {"n.ipynb": b"{}"}, NOW)
    waiting = visitor.get(PAGE).text
    assert "being graded" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    note_refusal(course, attempt, "The notebook is no notebook.")
    part = visitor.get(PAGE, **{"HX-Request": "true"}).text
    assert "The notebook is no notebook." in part
    assert "hx-trigger" not in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("path", "says"),
    [(f"{PAGE}?who=tal", "You see your own hand-ins"), ("lessons/none/feedback", "no such lesson")],
)
def test_what_is_not_the_viewers_is_refused_in_a_sentence(visitor: Visitor, path: str, says: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 403
    assert says in answer.text
