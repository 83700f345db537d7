"""Release the event's lessons: what nbgrader would release from the same sources, into the same exchange."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rounds.errors import GradingError
from rounds.grading.course import Course, staff_settings
from rounds.lessons.build import build_instructor, render_notebook
from rounds.lessons.folder import LessonFolder
from rounds.lessons.placing import place_hidden
from rounds.meter import Progress


def release_lessons(course: Course, lessons: Sequence[LessonFolder], progress: Progress) -> list[str]:
    """Generate and release the lessons that are new or changed; return their names."""
    place_hidden(lessons, course.hidden)
    built = [(lesson, render_notebook(build_instructor(lesson))) for lesson in lessons]
    changed = [(lesson, text) for lesson, text in built if _is_changed(course, lesson, text)]
    for number, (lesson, text) in enumerate(changed, 1):
        progress(f"release {lesson.assignment}", number - 1, len(changed))
        _release(course, lesson, text)
        progress(f"release {lesson.assignment}", number, len(changed))
    return [lesson.assignment for lesson, _ in changed]


def nbgrader_api(course: Course) -> Any:
    """Return nbgrader's own programming interface for the course."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    course.root.mkdir(parents=True, exist_ok=True)
    course.exchange.mkdir(parents=True, exist_ok=True)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    return NbGraderAPI(config=Config(staff_settings(course)))


def check_success(result: dict[str, Any], what: str) -> None:
    """Raise `GradingError` with the last line of nbgrader's own words when it did not succeed."""
    if result["success"]:
        return
    lines = [line for line in (result.get("error") or result.get("log") or "").split("\n") if line.strip()]
    raise GradingError(f"{what} did not work: {lines[-1] if lines else 'nbgrader gave no reason'}")


def _source_folder(course: Course, lesson: LessonFolder) -> Path:
    return course.root / "source" / lesson.assignment


def _is_changed(course: Course, lesson: LessonFolder, text: str) -> bool:
    folder, name = _source_folder(course, lesson), f"{lesson.name}.ipynb"
    released = (course.outbound / lesson.assignment / name).is_file()
    same = released and (folder / name).read_text(encoding="utf-8") == text
    return not same or any(not _is_same(file, folder / file.name) for file in lesson.pictures())


def _is_same(mine: Path, copy: Path) -> bool:
    return copy.is_file() and copy.read_bytes() == mine.read_bytes()


def _release(course: Course, lesson: LessonFolder, text: str) -> None:
    folder = _source_folder(course, lesson)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson.name}.ipynb").write_text(text, encoding="utf-8")
    for picture in lesson.pictures():
        shutil.copyfile(picture, folder / picture.name)
    api = nbgrader_api(course)
    check_success(api.generate_assignment(lesson.assignment), f"Generating {lesson.assignment}")
    check_success(api.release_assignment(lesson.assignment), f"Releasing {lesson.assignment}")
