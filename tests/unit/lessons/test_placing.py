"""What goes into a room of a lesson is on a list; what is checked at hand-in is not on it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rounds.errors import LessonError
from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import PICTURES, LessonFolder
from rounds.lessons.loading import load_hidden, load_lesson
from rounds.lessons.placing import place_hidden, place_lessons, read_index
from rounds.lessons.rehearsal import find_lesson_problems

TUTORIALS = Path(__file__).parents[3] / "tutorials"


@pytest.fixture
def lesson(tmp_path: Path) -> LessonFolder:
    """Return a copy of J1, with a picture and other files beside it."""
    folder = Path(shutil.copytree(TUTORIALS / "together" / "j1_same_word", tmp_path / "event" / "j1_same_word"))
    for name in ("cards.svg", "draft.txt", "hidden_too.py"):
        (folder / name).write_text("<svg/>", encoding="utf-8")
    return LessonFolder("j1_same_word", "together", folder, folder)


def test_a_room_gets_checks_and_pictures_and_nothing_else(lesson: LessonFolder, tmp_path: Path) -> None:
    place_lessons([lesson], tmp_path / "room")
    placed = {str(p.relative_to(tmp_path / "room" / "current")) for p in (tmp_path / "room" / "current").rglob("*.*")}
    pictures = {path.name for path in (TUTORIALS / "together" / "j1_same_word").glob("*.svg")} | {"cards.svg"}
    assert placed == {"index.json", "j1_same_word/checks.py", *(f"j1_same_word/{name}" for name in pictures)}


def test_no_lesson_of_rounds_puts_an_answer_into_a_room(tmp_path: Path) -> None:
    lessons = find_lessons([TUTORIALS], installed=()).values()
    place_lessons(list(lessons), tmp_path)
    names = {path.name for path in (tmp_path / "current").rglob("*") if path.is_file()}
    assert {name for name in names if not name.endswith(PICTURES)} == {"index.json", "checks.py"}


def test_the_desk_reads_titles_and_exercises_without_running_a_lesson(lesson: LessonFolder, tmp_path: Path) -> None:
    place_lessons([lesson], tmp_path / "room")
    (entry,) = read_index(tmp_path / "room")
    assert (entry.id, entry.assignment, entry.track) == ("j1", "j1-same-word", "Together")
    assert [(e.id, e.points) for e in entry.exercises] == [("e1", 2), ("e2", 2), ("e3", 2), ("e4", 2)]
    assert read_index(tmp_path / "nothing yet") == ()


def test_a_broken_lesson_leaves_what_was_laid_out_before(lesson: LessonFolder, tmp_path: Path) -> None:
    place_lessons([lesson], tmp_path / "room")
    checks = lesson.parts[0] / "checks.py"
    checks.write_text("TITLE = 'x'\nEXERCISES = 1 / 0\n", encoding="utf-8")
    moved = LessonFolder(lesson.name, lesson.track, Path(shutil.move(lesson.parts[0], tmp_path / "j1_same_word")), None)
    with pytest.raises(LessonError, match=r"checks.py: line 2: ZeroDivisionError"):
        place_lessons([moved], tmp_path / "room")
    assert [entry.id for entry in read_index(tmp_path / "room")] == ["j1"]
    assert len(list((tmp_path / "room").iterdir())) == 2  # the link and its version


def test_a_lesson_in_two_folders_loads_as_one(lesson: LessonFolder, tmp_path: Path) -> None:
    staff = tmp_path / "staff" / "j1_same_word"
    staff.mkdir(parents=True)
    shutil.move(lesson.parts[0] / "hidden.py", staff)
    apart = LessonFolder(lesson.name, lesson.track, lesson.learner, staff)
    assert set(load_hidden(apart)) == {exercise.id for exercise in load_lesson(apart).exercises if exercise.points}


def test_the_judge_gets_the_shown_and_the_hidden_checks_of_each_lesson(lesson: LessonFolder, tmp_path: Path) -> None:
    place_hidden([lesson], tmp_path / "course")
    placed = sorted(path.name for path in (tmp_path / "course" / "current").rglob("*.py"))
    assert placed == ["checks.py", "hidden.py"]


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("answers.py", '"swapped"', '"turned round"', 'wrong answer 1 does not meet "turned round" but'),
        ("answers.py", " PAIRS,\n", ' {**PAIRS, "outcome": "H", "prevalence": "A"},\n', "right answer 1 meets"),
        ("answers.py", "stub=dict.fromkeys(PAIRS, ...)", "stub=PAIRS", "e1: the stub passes"),
        ("hidden.py", '    "e2":', '    "e9":', "e2: hidden.py checks nothing"),
    ],
)
def test_an_answer_that_meets_another_sentence_is_named(
    lesson: LessonFolder, file: str, old: str, new: str, says: str
) -> None:
    assert find_lesson_problems(lesson) == []
    path = lesson.parts[0] / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = Path(shutil.copytree(lesson.parts[0], path.parents[2] / "changed" / lesson.name))
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = find_lesson_problems(LessonFolder(lesson.name, lesson.track, copy, copy))
    assert any(says in problem for problem in problems), problems
