"""A lesson that was changed is released again, and one whose release broke off is not taken for released."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.release import release_lessons
from rounds.lessons.folder import LessonFolder
from rounds.meter import silent

J1 = Path(__file__).parents[3] / "tutorials" / "together" / "j1_same_word"
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return an empty course."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
    return Course("x", tmp_path / "course", tmp_path / "exchange")


@pytest.fixture
def lesson(tmp_path: Path) -> LessonFolder:
    """Return a copy of J1 that a test may change."""
    folder = Path(shutil.copytree(J1, tmp_path / J1.name))
    return LessonFolder(J1.name, "together", folder, folder)


def change(lesson: LessonFolder) -> None:
    source = lesson.parts[0] / "lesson.py"
    source.write_text(source.read_text(encoding="utf-8").replace("Same word", "One word"), encoding="utf-8")


def released(course: Course) -> str:
    return (course.outbound / "j1-same-word" / "j1_same_word.ipynb").read_text(encoding="utf-8")


def test_a_changed_lesson_is_released_again_and_an_unchanged_one_is_not(course: Course, lesson: LessonFolder) -> None:
    assert release_lessons(course, [lesson], silent) == ["j1-same-word"]
    assert release_lessons(course, [lesson], silent) == []
    change(lesson)
    assert release_lessons(course, [lesson], silent) == ["j1-same-word"]
    assert "# One word" in released(course)
    (lesson.parts[0] / "new.svg").write_text("<svg/>", encoding="utf-8")
    assert release_lessons(course, [lesson], silent) == ["j1-same-word"]
    assert (course.outbound / "j1-same-word" / "new.svg").is_file()


def test_a_release_that_broke_off_is_done_again(course: Course, lesson: LessonFolder) -> None:
    release_lessons(course, [lesson], silent)
    change(lesson)
    shutil.rmtree(course.exchange)
    course.exchange.write_text("a file where the exchange should be", encoding="utf-8")
    with pytest.raises((GradingError, OSError)):
        release_lessons(course, [lesson], silent)
    course.exchange.unlink()
    assert release_lessons(course, [lesson], silent) == ["j1-same-word"]
    assert "# One word" in released(course)
