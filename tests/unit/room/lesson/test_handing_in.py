"""Handing in from the page: by the road of nbgrader's own submit, and what comes back is the gradebook's."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from tests.courses import make_course, solved

from rounds.errors import GradingError
from rounds.grading.attempts import find_attempts
from rounds.grading.judge.verdict import Verdict
from rounds.grading.service.app import GradingService
from rounds.grading.service.messages import MESSAGES
from rounds.grading.service.queue import GradingQueue, note_refusal
from rounds.grading.service.workers import grade_attempt
from rounds.room.lesson.handing_in import HandIn

LESSON = "j1-same-word"
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1


class Service:
    """The grading service for one person; it grades when it was asked to, as its queue does."""

    def __init__(self, course, grade=grade_attempt):
        queue = GradingQueue(lambda: course, lambda _: "")
        self.service = GradingService(lambda: course, queue, None, lambda *_: Verdict(True), None)
        self.course, self.grade = course, grade

    def ask(self, message):
        said = self.service.answer("noa", MESSAGES.validate_python(message))
        if message["kind"] == "hand-in":
            newest = list(find_attempts(self.course, "noa", LESSON))[-1]
            note_refusal(self.course, newest, self.grade(self.course, newest))
        return json.loads(json.dumps(said))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:  # nbgrader calls the program alembic
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        yield make_course(tmp_path_factory.mktemp("course"), ["j1"])


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / LESSON
    (folder / ".rounds").mkdir(parents=True)
    (folder / ".rounds" / "lesson.json").write_text("{}")
    nbformat.write(solved("j1", but=("e2",)), folder / "j1_same_word.ipynb")
    return tmp_path


def test_the_marks_of_each_exercise_come_back_with_their_sentences(course, work):
    handing_in = HandIn(Service(course).ask, LESSON, work)
    assert handing_in.find_newest() == {}
    said = handing_in.hand_in()
    assert said["settled"]
    parts = {part["exercise"]: part for part in said["feedback"]["parts"]}
    assert [(name, part["state"]) for name, part in parts.items()] == [
        ("e1", "Done"),
        ("e2", "Not yet"),
        ("e3", "Done"),
        ("e4", "Done"),
    ]
    assert "gaps" in parts["e2"]["sentence"]
    assert said["feedback"]["points"] == said["feedback"]["most"] - parts["e2"]["max_points"]
    assert handing_in.find_newest() == said
    (attempt,) = find_attempts(course, "noa", LESSON)
    assert not (attempt.folder / ".rounds").exists()  # what is kept of widgets is no part of an answer


def test_a_hand_in_that_cannot_be_marked_says_why(course, work):
    service = Service(course, lambda *_: "The notebook is no notebook.")
    (work / LESSON / "j1_same_word.ipynb").write_text("{}")
    said = HandIn(service.ask, LESSON, work).hand_in()
    assert (said["settled"], said["refused"]) == (True, "The notebook is no notebook.")


def test_marks_that_are_late_are_not_waited_for_without_an_end(course, work):
    service = Service(course, lambda *_: "")
    (work / LESSON / "j1_same_word.ipynb").write_text('{"cells": []}')
    said = HandIn(service.ask, LESSON, work, waits_s=0).hand_in()
    assert set(said) == {"time", "settled"}
    assert not said["settled"]


def test_a_folder_that_is_gone_or_a_link_is_refused(course, work, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "other-lesson").symlink_to(tmp_path / "elsewhere")
    for lesson in ("other-lesson", "no-lesson"):
        with pytest.raises(GradingError, match="Open the lesson from the desk again"):
            HandIn(Service(course).ask, lesson, work).hand_in()
