"""The words of the lessons board: lessons, exercises, and how far one person is with each.

Nothing here touches disk; `rounds.progress.collect` reads the marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rounds.event import Event, Person
from rounds.roles import Action, Reach, reach


class State(StrEnum):
    """How far one person is with one exercise."""

    NOT_STARTED = "not started"
    TRIED = "tried"
    CHECKED = "visible checks passed"
    SUBMITTED = "handed in"
    NOT_YET = "not yet"
    DONE = "done"


class CellMark(Protocol):
    """What the board needs of one test cell's mark; `points` is None until it is graded."""

    @property
    def username(self) -> str: ...
    @property
    def lesson(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def points(self) -> float | None: ...
    @property
    def max_points(self) -> float: ...


@dataclass(frozen=True)
class BoardExercise:
    """One exercise of a lesson."""

    id: str
    title: str
    points: float


@dataclass(frozen=True)
class BoardLesson:
    """One lesson on the board; `id` is its nbgrader assignment, such as ``a3-report-card``."""

    id: str
    title: str
    track: str
    exercises: tuple[BoardExercise, ...]


@dataclass(frozen=True)
class Mark:
    """How far one person is with one exercise, and the points when it was graded."""

    state: State = State.NOT_STARTED
    points: float | None = None
    attempts: int = 0


@dataclass(frozen=True)
class EventMarks:
    """Every mark of the event: ``marks[username][lesson id][exercise id]``; what is missing is not started."""

    lessons: tuple[BoardLesson, ...]
    marks: dict[str, dict[str, dict[str, Mark]]]

    def mark(self, username: str, lesson: str, exercise: str) -> Mark:
        """Return one mark."""
        return self.marks.get(username, {}).get(lesson, {}).get(exercise, Mark())

    def done(self, username: str) -> int:
        """Return how many exercises a person has done."""
        lessons = self.marks.get(username, {})
        return sum(mark.state is State.DONE for marks in lessons.values() for mark in marks.values())


def visible_people(event: Event, viewer: Person) -> tuple[Person, ...]:
    """Return the participants whose progress `viewer` may see, the viewer first."""
    extent = reach(viewer.role, Action.SEE_PROGRESS)
    own_teams = {team.id for team in event.teams_of(viewer)}
    if extent is Reach.ALL:
        return tuple(p for p in event.people if p.team)
    if extent is Reach.TEAMS:
        seen = [p for p in event.people if p.team in own_teams and p != viewer]
        return (viewer, *seen) if viewer.team else tuple(seen)
    return (viewer,)
