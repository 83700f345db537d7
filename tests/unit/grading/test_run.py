"""Grading: half a hand-in is named at every run until it is whole, and stops no other."""

from __future__ import annotations

import pytest
from tests.unit.grading.test_release import course, lesson

from rounds.grading.course import Course
from rounds.grading.release import release_lessons
from rounds.grading.run import run_grading
from rounds.lessons.folder import LessonFolder
from rounds.meter import silent

__all__ = ["course", "lesson"]
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1
NAME = "j1-same-word"


def hand_in(course: Course, who: str, second: int, whole: bool) -> None:
    """Lay a hand-in where nbgrader's own would lie: the time is its last file."""
    moment = f"2027-02-21 09:00:{second:02} UTC"
    folder = course.inbound / f"{who}+{NAME}+{moment}+x"
    folder.mkdir(parents=True)
    (folder / "j1_same_word.ipynb").write_text("{}" if not whole else released(course), encoding="utf-8")
    if whole:
        (folder / "submission_secret.txt").write_text("secret", encoding="utf-8")
        (folder / "timestamp.txt").write_text(moment, encoding="utf-8")


def released(course: Course) -> str:
    return (course.outbound / NAME / "j1_same_word.ipynb").read_text(encoding="utf-8")


def test_half_a_hand_in_stays_not_graded_until_it_is_whole(course: Course, lesson: LessonFolder) -> None:
    release_lessons(course, [lesson], silent)
    hand_in(course, "noa", 1, whole=False)
    for _ in range(2):
        done = run_grading(course, silent)
        assert done.graded == ()
        ((who, _, sentence),) = done.failed
        assert who == "noa"
        assert "not whole: " in sentence
    hand_in(course, "noa", 2, whole=True)
    done = run_grading(course, silent)
    assert (done.graded, done.failed) == ((("noa", NAME),), ())
    assert run_grading(course, silent).graded == ()
