"""Release the event's lessons: what nbgrader would release from the same sources, into the same exchange."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from rounds.errors import GradingError
from rounds.grading.course import Course, staff_settings
from rounds.lessons.build import build_instructor, render_notebook
from rounds.lessons.folder import LessonFolder
from rounds.lessons.placing import place_hidden
from rounds.meter import Progress
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole


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

    course.root.mkdir(parents=True, exist_ok=True)
    course.exchange.mkdir(parents=True, exist_ok=True)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    return NbGraderAPI(config=_config(course))


def _config(course: Course) -> Any:
    """Return the course's configuration: Rounds', and over it what its staff wrote into `nbgrader_config.py`."""
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = Config(staff_settings(course))
    own = course.root / "nbgrader_config.py"
    if own.is_file():
        config.merge(PyFileConfigLoader(own.name, path=str(course.root)).load_config())
    return config


def check_success(result: dict[str, Any], what: str) -> None:
    """Raise `GradingError` with the last line of nbgrader's own words when it did not succeed."""
    if result["success"]:
        return
    lines = [line for line in (result.get("error") or result.get("log") or "").split("\n") if line.strip()]
    raise GradingError(f"{what} did not work: {lines[-1] if lines else 'nbgrader gave no reason'}")


def _source_folder(course: Course, lesson: LessonFolder) -> Path:
    return course.root / "source" / lesson.assignment


def _is_changed(course: Course, lesson: LessonFolder, text: str) -> bool:
    note = course.released(lesson.assignment)
    there = (course.outbound / lesson.assignment / f"{lesson.name}.ipynb").is_file() and note.is_file()
    return not there or note.read_text(encoding="utf-8") != _digest(lesson, text)


def _digest(lesson: LessonFolder, text: str) -> str:
    """Return a hash of all that a learner gets of a lesson."""
    parts = [text.encode(), *(picture.name.encode() + picture.read_bytes() for picture in lesson.pictures())]
    return sha256(b"\0".join(parts)).hexdigest()


def _release(course: Course, lesson: LessonFolder, text: str) -> None:
    folder = _source_folder(course, lesson)
    folder.mkdir(parents=True, exist_ok=True)
    digest = _digest(lesson, text)
    (folder / f"{lesson.name}.ipynb").write_text(text, encoding="utf-8")
    for picture in lesson.pictures():
        shutil.copyfile(picture, folder / picture.name)
    api = nbgrader_api(course)
    check_success(api.generate_assignment(lesson.assignment), f"Generating {lesson.assignment}")
    check_success(api.release_assignment(lesson.assignment), f"Releasing {lesson.assignment}")
    note = course.released(lesson.assignment)
    make_folder(note.parent)
    write_whole(note, digest)
