"""The stock edition: a course for nbgrader alone, the hidden checks as its hidden tests in the test cells.

nbgrader's own *generate assignment* takes them out of what learners get, and its autograding puts them back.  Whoever
runs it needs Rounds' packages, and no event: `checks.py` lies beside each notebook.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from rounds.errors import LessonError
from rounds.lessons.build import build_instructor, render_notebook
from rounds.lessons.check import Check, find_here
from rounds.lessons.folder import LessonFolder
from rounds.lessons.loading import PACKAGE, load_lesson
from rounds.meter import Progress, silent

_HIDDEN = re.compile(r"(?ms)^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS$")
CELL = """### BEGIN HIDDEN TESTS
from rounds.lessons.stock import grade_with
grade_with("{lesson}", "{exercise}", globals(), {source})
### END HIDDEN TESTS"""
CONFIG = """# The configuration of this course.  Learners and graders need Rounds' packages, and the folder of the
# lessons' datasets in the variable ROUNDS_DATA.
c = get_config()  # noqa
c.CourseDirectory.course_id = "rounds"
c.ClearSolutions.code_stub = {"python": ""}
c.Execute.timeout = 120
"""


def build_stock(lesson: LessonFolder) -> Any:
    """Return the instructor's notebook of a lesson with the hidden checks in its test cells."""
    notebook = build_instructor(lesson)
    hidden = _read(lesson, "hidden.py")
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        if own.get("grade"):
            cell.source = _with_hidden(cell.source, lesson.id, str(own["grade_id"]).removesuffix("-test"), hidden)
    return notebook


def write_stock(lessons: Sequence[LessonFolder], folder: Path, progress: Progress = silent) -> list[Path]:
    """Write a course for nbgrader alone into a folder: `source/` and the configuration; return its assignments.

    Raises
    ------
    LessonError
        When the folder holds a course already that is not of these lessons, or a lesson lacks a part.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "source").is_dir():
        raise LessonError(f"{folder} is not empty and no course. Name a new folder.")
    written = []
    for number, lesson in enumerate(lessons):
        progress(f"write {lesson.name}", number, len(lessons))
        written.append(_write(lesson, folder / "source" / lesson.name))
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    progress("write done", len(lessons), len(lessons))
    return written


def grade_with(lesson_id: str, exercise_id: str, names: Mapping[str, Any], source: str) -> None:
    """Raise with one sentence unless the hidden checks in this source hold; for a test cell of the stock edition."""
    folder = find_here(lesson_id)
    lesson = load_lesson(folder)
    module = ModuleType(f"{PACKAGE}.{folder.name}.hidden")
    module.__package__ = f"{PACKAGE}.{folder.name}"
    exec(compile(source, "hidden.py", "exec"), module.__dict__)  # noqa: S102  the instructor's own cell
    Check(lesson, names, module.HIDDEN).grade_hidden(exercise_id, names)


def _with_hidden(source: str, lesson_id: str, exercise: str, hidden: str) -> str:
    found = _HIDDEN.sub("", source).rstrip()
    return f"{found}\n" + CELL.format(lesson=lesson_id, exercise=exercise, source=_literal(hidden))


def _literal(source: str) -> str:
    """Return a text as Python would read it again, line by line where that is possible."""
    return f"r'''\n{source}'''" if "'''" not in source and not source.endswith(("'", "\\")) else repr(source)


def _write(lesson: LessonFolder, target: Path) -> Path:
    target.mkdir(parents=True, exist_ok=True)
    (target / f"{lesson.name}.ipynb").write_text(render_notebook(build_stock(lesson)), encoding="utf-8")
    (target / "checks.py").write_text(_read(lesson, "checks.py"), encoding="utf-8")
    for picture in lesson.pictures():
        shutil.copyfile(picture, target / picture.name)
    return target


def _read(lesson: LessonFolder, name: str) -> str:
    file = lesson.file(name)
    if file is None:
        raise LessonError(f'The lesson "{lesson.id}" has no {name} here.')
    return file.read_text(encoding="utf-8")
