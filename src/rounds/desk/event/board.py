"""The lessons board: who and which team has done which exercise.  Nobody is ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer
from rounds.event import Event, Person, Team
from rounds.progress.model import BoardLesson, EventMarks, Mark, State, visible_people

router = APIRouter()
SORTS = ("team", "name", "background")


@dataclass(frozen=True)
class Row:
    """One person's line: the marks of every exercise shown, and how many of them are done."""

    person: Person
    marks: tuple[Mark, ...]

    @property
    def done(self) -> int:
        """How many of the exercises shown are done."""
        return sum(mark.state is State.DONE for mark in self.marks)


@dataclass(frozen=True)
class TeamSum:
    """One team's line: exercises done of all that its members could do."""

    team: Team
    done: int
    exercises: int


@dataclass(frozen=True)
class Board:
    """What one viewer sees: lessons as columns, people as rows, sums per team."""

    lessons: tuple[BoardLesson, ...]
    rows: tuple[Row, ...]
    teams: tuple[TeamSum, ...]


@dataclass(frozen=True)
class BoardChoice:
    """What the viewer chose to see."""

    lesson: str = ""
    team: str = ""
    sort: str = "team"
    reverse: bool = False


def build_board(event: Event, progress: EventMarks, viewer: Person, choice: BoardChoice) -> Board:
    """Return the board of what `viewer` may see, narrowed and sorted by `choice`."""
    chosen = tuple(item for item in progress.lessons if item.id == choice.lesson)
    lessons = chosen or progress.lessons
    people = visible_people(event, viewer)
    teams = tuple(team for team in event.team if any(p.team == team.id for p in people))
    shown = [p for p in people if p.team == choice.team] if choice.team else list(people)
    rows = [build_row(progress, lessons, person) for person in sort_people(shown, choice)]
    sums = [_sum_team(team, [build_row(progress, lessons, p) for p in people if p.team == team.id]) for team in teams]
    return Board(lessons, tuple(rows), tuple(sums))


def build_row(progress: EventMarks, lessons: Sequence[BoardLesson], person: Person) -> Row:
    """Return one person's line."""
    marks = [
        progress.mark(person.username, lesson.id, exercise.id) for lesson in lessons for exercise in lesson.exercises
    ]
    return Row(person, tuple(marks))


def sort_people(people: Sequence[Person], choice: BoardChoice) -> list[Person]:
    """Return `people` by name, team or background; by what they have done is no choice."""
    keys = {
        "team": lambda p: (p.team, p.name),
        "name": lambda p: (p.name, p.team),
        "background": lambda p: (p.background.value, p.name),
    }
    return sorted(people, key=keys.get(choice.sort, keys["team"]), reverse=choice.reverse)


def _sum_team(team: Team, rows: Sequence[Row]) -> TeamSum:
    return TeamSum(team, sum(row.done for row in rows), sum(len(row.marks) for row in rows))


@router.get("/lessons")
async def show_board(
    request: Request,
    viewer: CurrentViewer,
    lesson: str = "",
    team: str = "",
    sort: str = "team",
    order: str = "up",
) -> HTMLResponse:
    """Show the board."""
    progress = await desk_of(request).progress(viewer.event)
    choice = BoardChoice(lesson, team, sort if sort in SORTS else "team", order == "down")
    board = build_board(viewer.event, progress, viewer.person, choice)
    own = build_row(progress, progress.lessons, viewer.person)
    return render_page(
        request,
        viewer,
        "board.html",
        board=board,
        choice=choice,
        sorts=SORTS,
        lessons=progress.lessons,
        own=own,
        is_learner=bool(viewer.person.team) or own.done > 0,
        own_marks=progress.marks.get(viewer.person.username, {}),
        unstarted=Mark(),
        states=list(State),
        done_state=State.DONE,
        title_of={team.id: team.title for team in viewer.event.team},
    )
