"""Lay the learner's part of the event's lessons where rooms may read it; the staff's part goes nowhere.

Only what is on a list is copied: `checks.py` and pictures.  The index beside them tells the desk a lesson's title and
exercises, so that no page runs a lesson's code.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rounds.lessons.folder import FOR_TWO, LessonFolder
from rounds.lessons.loading import load_hidden, load_lesson
from rounds.store.versions import LINK, write_version

INDEX = "index.json"


@dataclass(frozen=True)
class IndexedExercise:
    """An exercise as the desk shows it."""

    id: str
    title: str
    points: int
    part: str = "must"


@dataclass(frozen=True)
class IndexedLesson:
    """A lesson as the desk shows it; only exercises that give points are listed."""

    id: str
    assignment: str
    title: str
    track: str
    exercises: tuple[IndexedExercise, ...]
    for_two: bool = False
    must_minutes: int = 0


def place_lessons(lessons: Sequence[LessonFolder], folder: Path) -> None:
    """Lay out these lessons below `folder`, in place of those that lay there; all or none."""
    index = [asdict(index_lesson(lesson)) for lesson in lessons]
    with write_version(folder) as version:
        for lesson in lessons:
            _place(lesson, version / lesson.name)
        (version / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")


def index_lesson(lesson: LessonFolder) -> IndexedLesson:
    """Return what the desk shows of a lesson; raise `LessonError` when its checks cannot be loaded."""
    loaded = load_lesson(lesson)
    built = _read_built(lesson)
    parts = _parts(built)
    exercises = tuple(
        IndexedExercise(e.id, e.title, e.points, parts.get(e.id, "must")) for e in loaded.exercises if e.points
    )
    for_two = lesson.track == FOR_TWO
    names = lesson.id, lesson.assignment, loaded.title, lesson.track_title
    return IndexedLesson(*names, exercises, for_two, _must_minutes(built))


def read_index(folder: Path) -> tuple[IndexedLesson, ...]:
    """Return the lessons laid out below `folder`; none when none were yet."""
    file = folder / LINK / INDEX
    entries = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return tuple(
        IndexedLesson(**{**entry, "exercises": tuple(IndexedExercise(**e) for e in entry["exercises"])})
        for entry in entries
    )


def place_hidden(lessons: Sequence[LessonFolder], folder: Path) -> None:
    """Lay the checks of each lesson, shown and hidden, below `folder` for the judge; raise when some cannot load."""
    with write_version(folder) as version:
        for lesson in lessons:
            load_hidden(lesson)
            (version / lesson.name).mkdir()
            for file in filter(None, map(lesson.file, ("checks.py", "hidden.py"))):
                shutil.copyfile(file, version / lesson.name / file.name)


def _read_built(lesson: LessonFolder) -> dict[str, Any]:
    """Return the notebook that the build made; one without cells where there is none yet."""
    notebook = lesson.file("lesson.ipynb")
    empty: dict[str, Any] = {"metadata": {}, "cells": []}
    return {**empty, **json.loads(notebook.read_text(encoding="utf-8"))} if notebook else empty


def _must_minutes(built: dict[str, Any]) -> int:
    """Return the planned minutes of what everybody does, as the build noted them."""
    return int(built["metadata"].get("rounds", {}).get("minutes", {}).get("must", 0))


def _parts(built: dict[str, Any]) -> dict[str, str]:
    """Return, by exercise, whether it must, should or could be done; one whose heading does not say is not there."""
    said = [cell["metadata"].get("rounds", {}) for cell in built["cells"]]
    return {one["exercise"]: one["part"] for one in said if one.get("role") == "box" and "part" in one}


def _place(lesson: LessonFolder, target: Path) -> None:
    target.mkdir()
    checks = lesson.file("checks.py")
    for file in (*([checks] if checks else []), *lesson.pictures()):
        shutil.copyfile(file, target / file.name)
