"""The words of the lessons board: lessons, exercises, and how far one person is with each.

Nothing here touches disk; `rounds.progress.collect` reads the marks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from rounds.event import Event, Person, Team
from rounds.progress.work import Sitting, Work
from rounds.roles import Action, Reach, Role, reach

NO_WORK = Work()


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
    """One exercise of a lesson; `part` says whether it must, should or could be done."""

    id: str
    title: str
    points: float
    part: str = "must"

    @property
    def is_must(self) -> bool:
        """Whether everybody does it: only these are counted in a path's minutes."""
        return self.part == "must"


@dataclass(frozen=True)
class BoardLesson:
    """One lesson on the board; `id` is its nbgrader assignment, such as ``a3-report-card``."""

    id: str
    title: str
    track: str
    exercises: tuple[BoardExercise, ...]
    for_two: bool = False
    must_minutes: int = 0


@dataclass(frozen=True)
class Mark:
    """How far one person is with one exercise, the points when it was graded, and the presses of its check."""

    state: State = State.NOT_STARTED
    points: float | None = None
    work: Work = NO_WORK

    @property
    def is_passed(self) -> bool:
        """Whether it is done, or its visible checks passed and no later mark says otherwise."""
        checked = self.state is State.SUBMITTED and self.work.passed_at is not None
        return checked or self.state in (State.CHECKED, State.DONE)


@dataclass(frozen=True)
class EventMarks:
    """Every mark of the event: ``marks[username][lesson id][exercise id]``; what is missing is not started.

    ``sittings`` says where each person is, or was last; a sitting's lesson is one of ``lessons``.
    """

    lessons: tuple[BoardLesson, ...]
    marks: dict[str, dict[str, dict[str, Mark]]]
    sittings: dict[str, Sitting] = field(default_factory=dict)

    def mark(self, username: str, lesson: str, exercise: str) -> Mark:
        """Return one mark."""
        return self.marks.get(username, {}).get(lesson, {}).get(exercise, Mark())

    def done(self, username: str) -> int:
        """Return how many exercises a person has done."""
        return sum(mark.state is State.DONE for mark in self._of(username))

    def passed(self, username: str) -> int:
        """Return how many exercises a person has done, or passed the visible checks of."""
        return sum(mark.is_passed for mark in self._of(username))

    def _of(self, username: str) -> list[Mark]:
        lessons = self.marks.get(username, {})
        return [mark for marks in lessons.values() for mark in marks.values()]


def visible_people(event: Event, viewer: Person) -> tuple[Person, ...]:
    """Return the participants whose presses and minutes `viewer` may see; whoever is none of them sees the own."""
    extent = reach(viewer.role, Action.SEE_LEARNERS)
    learners = event.with_role(Role.PARTICIPANT)
    if extent is Reach.ALL:
        return learners
    own_teams = {team.id for team in event.teams_of(viewer)}
    return tuple(p for p in learners if p.team in own_teams) if extent is Reach.TEAMS else (viewer,)


def visible_teams(event: Event, viewer: Person) -> tuple[Team, ...]:
    """Return the teams of which `viewer` may see how many exercises are done."""
    extent = reach(viewer.role, Action.SEE_PROGRESS)
    own = event.teams_of(viewer) if extent is Reach.TEAMS else ()
    return event.team if extent is Reach.ALL else own
