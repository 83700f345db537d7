"""A course with the demo's lessons and tables, and hand-ins to it, as several tests grade them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from rounds.grading.course import Course
from rounds.grading.release import release_lessons
from rounds.lessons.build import build_instructor, build_learner
from rounds.lessons.finding import find_lessons
from rounds.lessons.placing import place_lessons
from rounds.meter import silent
from rounds.store.versions import LINK
from tests import made

ROOT = Path(__file__).resolve().parents[1] / "tutorials"
FOLDERS = find_lessons([ROOT], installed=())
TABLES = ("birthweight", "bsi", "bsi_days", "covid", "covid_labs", "heart_failure")  # all that lessons may open


def make_tables(folder: Path) -> Path:
    """Lay the tables of the lessons below a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        (folder / name).symlink_to(made.lesson(name).path)
    return folder


def make_course(root: Path, lessons: Iterable[str] = FOLDERS, cell_s: float = 60) -> Course:
    """Return a course in which these lessons are released."""
    folders = [FOLDERS[lesson_id] for lesson_id in lessons]
    place_lessons(folders, root / "lessons")
    data = make_tables(root / "data")
    course = Course("x", root / "course", root / "exchange", root / "lessons" / LINK, data, cell_s)
    release_lessons(course, folders, silent)
    return course


@cache
def _notebooks(lesson_id: str) -> tuple[Any, Any]:
    return build_learner(FOLDERS[lesson_id]), build_instructor(FOLDERS[lesson_id])


def solved(lesson_id: str, but: Iterable[str] = (), **answers: str) -> Any:
    """Return the learner's notebook with the solutions filled in: some left open, some answered otherwise."""
    learner, full = copy.deepcopy(_notebooks(lesson_id))
    open_ones = set(but)
    for cell, solution in zip(learner.cells, full.cells, strict=True):
        if is_box(cell) and cell.id not in open_ones:
            marks = ("### BEGIN SOLUTION", "### END SOLUTION")
            cell.source = "\n".join(line for line in solution.source.split("\n") if line.strip() not in marks)
    for exercise, source in answers.items():
        cell_of(learner, exercise).source = source
    return learner


def is_box(cell: Any) -> bool:
    """Return whether a cell of a built lesson is one that its learner writes in."""
    return bool(cell.metadata.get("rounds", {}).get("role") == "box")


def cell_of(notebook: Any, cell_id: str) -> Any:
    """Return the cell of a notebook that has this id."""
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def hand_in(course: Course, lesson_id: str, who: str, notebook: Any, second: int = 1) -> str:
    """Lay a hand-in where nbgrader's collect lays it, and return the name of its assignment."""
    lesson = FOLDERS[lesson_id]
    lay_notebook(course.root, lesson.assignment, who, f"{lesson.name}.ipynb", notebook, second)
    return lesson.assignment


def lay_notebook(root: Path, assignment: str, who: str, name: str, notebook: Any, second: int = 1) -> Path:
    """Lay a submitted notebook in a course's folder."""
    folder = root / "submitted" / who / assignment
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / name)
    (folder / "submission_secret.txt").write_text(f"secret of {who}", encoding="utf-8")
    (folder / "timestamp.txt").write_text(f"2027-02-21 09:00:{second:02} UTC", encoding="utf-8")
    return folder
