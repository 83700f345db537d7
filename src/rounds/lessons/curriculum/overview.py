"""What one lesson teaches, read from its own files: nothing of it is written down twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rounds.lessons.build import build_instructor
from rounds.lessons.examples import Examples
from rounds.lessons.exercise import Exercise
from rounds.lessons.folder import LessonFolder
from rounds.lessons.ladder import Rung
from rounds.lessons.linting.lint import FEWEST_ALT_WORDS, find_problems, text_of
from rounds.lessons.loading import load_answers, load_hidden, load_lesson
from rounds.lessons.source import read_source
from rounds.lessons.view.cell_roles import EXERCISE

_OBJECTIVE = re.compile(r"^\d\. (.+)$", re.M)
_MISCONCEPTION = re.compile(r'^> \*\*"(.+?)"\*\*', re.M)
_DISCOVERY = re.compile(r"^\*\*What the widget lets discover:\*\* (.+?)(?:\n\n|\Z)", re.M | re.S)
_WIDGET = re.compile(r"from rounds_widgets import (\w+)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\(")
_PLOT = re.compile(r"^show_picture\(", re.M)


@dataclass(frozen=True)
class ExerciseOverview:
    """One exercise: how it is answered, and what is known of answers to it."""

    title: str
    part: str
    minutes: int
    kinds: tuple[str, ...]
    mistakes: int
    wrong_answers: int
    has_hidden: bool


@dataclass(frozen=True)
class LessonOverview:
    """One lesson: what it is for, what it shows, what it asks, and what it lacks."""

    id: str
    title: str
    track: str
    objectives: tuple[str, ...]
    misconceptions: tuple[str, ...]
    widget: str
    discovery: str
    exercises: tuple[ExerciseOverview, ...]
    questions: int
    alts: tuple[str, ...]
    plots: int
    has_teachers_page: bool
    problems: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """The planned minutes of its exercises."""
        return sum(exercise.minutes for exercise in self.exercises)

    @property
    def without_alt(self) -> int:
        """How many of its pictures have fewer words than a picture needs; a plot is refused without them."""
        return sum(len(alt.split()) < FEWEST_ALT_WORDS for alt in self.alts)


def look_at(folder: LessonFolder) -> LessonOverview:
    """Return what one lesson teaches.

    Raises
    ------
    LessonError
        When a part of it is missing or cannot be read.
    """
    lesson, notebook = load_lesson(folder), build_instructor(folder)
    texts = text_of(notebook)
    source, notes = folder.file("lesson.py"), folder.file("notes.md")
    discovered = _DISCOVERY.search(notes.read_text(encoding="utf-8")) if notes else None
    return LessonOverview(
        id=folder.id,
        title=lesson.title,
        track=folder.track_title,
        objectives=tuple(_OBJECTIVE.findall(texts["objectives"])),
        misconceptions=tuple(_MISCONCEPTION.findall(texts["misconception"])),
        widget=next(iter(_WIDGET.findall("\n".join(cell.source for cell in notebook.cells))), ""),
        discovery=" ".join(discovered[1].split()) if discovered else "",
        exercises=tuple(_look_at_exercises(folder, lesson.exercises, notebook.cells)),
        questions=len(lesson.questions),
        alts=tuple(alt for text in texts.values() for alt in _IMAGE.findall(text)),
        plots=sum(len(_PLOT.findall(cell.source)) for cell in notebook.cells if cell.cell_type == "code"),
        has_teachers_page=notes is not None,
        problems=find_problems(read_source(source), folder.learner) if source else (),
    )


def _look_at_exercises(
    folder: LessonFolder, exercises: tuple[Exercise, ...], cells: list[Any]
) -> Iterator[ExerciseOverview]:
    headings = {title: (part, int(minutes)) for title, part, minutes in _find_headings(cells)}
    forms = {cell.id: cell.metadata["rounds"].get("form", {}).get("gaps", []) for cell in cells if _is_box(cell)}
    hidden, answers = load_hidden(folder), load_answers(folder)
    for exercise in exercises:
        if exercise.points:
            part, minutes = headings.get(exercise.title, ("", 0))
            known = answers.get(exercise.id)
            yield ExerciseOverview(
                title=exercise.title,
                part=part,
                minutes=minutes,
                kinds=_find_kinds(known, forms.get(exercise.id, [])),
                mistakes=_count_mistakes(exercise, hidden),
                wrong_answers=len(known.wrong) if known else 0,
                has_hidden=bool(hidden.get(exercise.id)),
            )


def _find_headings(cells: list[Any]) -> Iterator[tuple[str, str, str]]:
    for cell in cells:
        if cell.cell_type == "markdown":
            yield from EXERCISE.findall(cell.source)


def _is_box(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.metadata.get("rounds", {}).get("role") == "box")


def _find_kinds(known: Examples | None, gaps: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return how an exercise is answered: by what is written, and by what can be chosen in place of it."""
    right = known.right[0] if known and known.right else None
    written = "a function" if callable(right) else "a table" if hasattr(right, "columns") else "data"
    return tuple(dict.fromkeys((written, *(str(gap["kind"]) for gap in gaps))))


def _count_mistakes(exercise: Exercise, hidden: Mapping[str, tuple[Rung, ...]]) -> int:
    rungs = (*exercise.visible, *hidden.get(exercise.id, ()))
    return len({mistake.name for rung in rungs for mistake in rung.mistakes})
