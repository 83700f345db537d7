"""Release the event's lessons: what nbgrader would release from the same sources, into the same exchange."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.errors import GradingError, suggest
from rounds.grading.course import Course, staff_settings
from rounds.lessons.build import build_instructor, render_notebook
from rounds.lessons.source import list_sources

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class LessonSource:
    """A lesson's assignment name, its source, and the instructor's notebook that the source makes."""

    assignment: str
    path: Path
    notebook: Any


def find_lessons(tutorials: Path, wanted: Sequence[str]) -> tuple[LessonSource, ...]:
    """Return the sources of the wanted assignments, in that order; raise `GradingError` for an unknown one."""
    by_name = {}
    for path in list_sources(tutorials):
        notebook = build_instructor(path)
        name = notebook.metadata.get("rounds", {}).get("assignment", path.stem)
        by_name[name] = LessonSource(name, path, notebook)
    for name in wanted:
        if name not in by_name:
            raise GradingError(f'event.lessons: there is no lesson "{name}".{suggest(name, by_name)}')
    return tuple(by_name[name] for name in wanted)


def release_lessons(course: Course, lessons: Sequence[LessonSource], progress: Progress) -> list[str]:
    """Generate and release the lessons that are new or changed; return their names."""
    changed = [lesson for lesson in lessons if _is_changed(course, lesson)]
    for number, lesson in enumerate(changed, 1):
        progress(f"release {lesson.assignment}", number - 1, len(changed))
        _release(course, lesson)
        progress(f"release {lesson.assignment}", number, len(changed))
    return [lesson.assignment for lesson in changed]


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


def _source_file(course: Course, lesson: LessonSource) -> Path:
    return course.root / "source" / lesson.assignment / f"{lesson.path.stem}.ipynb"


def _is_changed(course: Course, lesson: LessonSource) -> bool:
    file = _source_file(course, lesson)
    released = (course.outbound / lesson.assignment / file.name).is_file()
    return not released or file.read_text(encoding="utf-8") != render_notebook(lesson.notebook)


def _release(course: Course, lesson: LessonSource) -> None:
    file = _source_file(course, lesson)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render_notebook(lesson.notebook), encoding="utf-8")
    api = nbgrader_api(course)
    check_success(api.generate_assignment(lesson.assignment), f"Generating {lesson.assignment}")
    check_success(api.release_assignment(lesson.assignment), f"Releasing {lesson.assignment}")
