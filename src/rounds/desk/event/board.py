"""The lessons board: who needs somebody now, and what is done; by person, lesson, exercise and team.  Nobody is ranked.

A learner finds the next step and the own figures, and nobody to compare with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.desk import desk_of
from rounds.desk.event.needs import StuckPerson, find_stuck_people
from rounds.desk.event.next_steps import find_next_exercise
from rounds.desk.event.sums import Figures, Line, sum_lessons, sum_person, sum_team
from rounds.desk.help.shown import HelpView, find_waiting, load_shown
from rounds.desk.learning.own_path import follow, load_path
from rounds.desk.pages import may_at_all, render_page
from rounds.desk.viewer import CurrentViewer, Viewer
from rounds.event import Event, Person
from rounds.pairs.joining import load_pairs
from rounds.progress.model import BoardLesson, EventMarks, Mark, State, visible_people, visible_teams
from rounds.roles import Action, Reach, reach

router = APIRouter()
QUERY = ("lesson", "team", "sort", "order", "view")
SORTS = ("team", "name", "background")
VIEWS = {"people": "People", "exercises": "Lessons and exercises", "marks": "Every mark"}


@dataclass(frozen=True)
class Row:
    """One person's line: the marks of every exercise shown, the figures over them, and where the person is stuck."""

    person: Person
    marks: tuple[Mark, ...]
    figures: Figures
    stuck: StuckPerson | None = None


@dataclass(frozen=True)
class Board:
    """What one viewer sees: lessons as columns, people as rows, a line for each lesson, exercise and team."""

    lessons: tuple[BoardLesson, ...]
    rows: tuple[Row, ...]
    by_lesson: tuple[Line, ...]
    teams: tuple[Line, ...]
    stuck: tuple[StuckPerson, ...]


@dataclass(frozen=True)
class BoardChoice:
    """What the viewer chose to see."""

    lesson: str = ""
    team: str = ""
    sort: str = "team"
    reverse: bool = False
    view: str = "people"


@dataclass(frozen=True)
class BoardSource:
    """What a board is made from: the event, every mark of it, who looks, and the time."""

    event: Event
    progress: EventMarks
    viewer: Person
    now: datetime


def build_board(source: BoardSource, choice: BoardChoice) -> Board:
    """Return the board of what the viewer may see, narrowed and sorted by `choice`."""
    event, progress, viewer = source.event, source.progress, source.viewer
    lessons = tuple(item for item in progress.lessons if item.id == choice.lesson) or progress.lessons
    everybody = visible_people(event, viewer) if looks_after_people(viewer) else ()
    stuck = tuple(find_stuck_people(event, progress, everybody, source.now))
    people = sort_people([p for p in everybody if not choice.team or p.team == choice.team], choice)
    here = [(one.lesson, one.exercise) for one in stuck if one.person in people]
    counts = {team: sum(one.person.team == team for one in stuck) for team in {p.team for p in everybody}}
    return Board(
        lessons=lessons,
        rows=tuple(_row(progress, person, lessons, stuck) for person in people),
        by_lesson=tuple(sum_lessons(progress, people, lessons, here)),
        teams=tuple(sum_team(event, progress, t, lessons, counts.get(t.id)) for t in visible_teams(event, viewer)),
        stuck=stuck,
    )


def _row(progress: EventMarks, person: Person, lessons: Sequence[BoardLesson], stuck: Sequence[StuckPerson]) -> Row:
    own = next((one for one in stuck if one.person == person), None)
    return Row(
        person, own_marks(progress, lessons, person), sum_person(progress, person, lessons, own is not None), own
    )


def looks_after_people(person: Person) -> bool:
    """Return whether a role sees the presses of others, and not of oneself only."""
    return reach(person.role, Action.SEE_LEARNERS) in (Reach.TEAMS, Reach.ALL)


def own_marks(progress: EventMarks, lessons: Sequence[BoardLesson], person: Person) -> tuple[Mark, ...]:
    """Return one person's marks, exercise by exercise."""
    exercises = ((lesson.id, exercise.id) for lesson in lessons for exercise in lesson.exercises)
    return tuple(progress.mark(person.username, lesson, exercise) for lesson, exercise in exercises)


def sort_people(people: Sequence[Person], choice: BoardChoice) -> list[Person]:
    """Return `people` by name, team or background; by what they have done is no choice."""
    keys = {
        "team": lambda p: (p.team, p.name),
        "name": lambda p: (p.name, p.team),
        "background": lambda p: (p.background.value, p.name),
    }
    return sorted(people, key=keys.get(choice.sort, keys["team"]), reverse=choice.reverse)


def read_choice(
    lesson: str = "", team: str = "", sort: str = "team", order: str = "up", view: str = "people"
) -> BoardChoice:
    """Return what an address asks for; what is no choice is the usual one."""
    return BoardChoice(
        lesson, team, sort if sort in SORTS else "team", order == "down", view if view in VIEWS else "people"
    )


@router.get("/lessons")
async def show_board(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the board."""
    progress, person = await desk_of(request).progress(viewer.event), viewer.person
    known = {name: request.query_params[name] for name in QUERY if name in request.query_params}
    choice = read_choice(**known)
    now = datetime.now(UTC)
    board = build_board(BoardSource(viewer.event, progress, person, now), choice)
    asking = find_waiting(await load_shown(desk_of(request), HelpView(viewer.event, person, progress.lessons, now)))
    own = sum_person(progress, person, progress.lessons)
    path = await load_path(desk_of(request), viewer.event, person, progress)
    return render_page(
        request,
        viewer,
        "board.html",
        board=board,
        choice=choice,
        views=VIEWS,
        lessons=progress.lessons,
        asking=asking,
        stuck=[one for one in board.stuck if one.person.username not in {ask.request.asker.account for ask in asking}],
        own=own,
        partners=await _find_partners(request, viewer),
        own_done=progress.done(person.username),
        next_step=find_next_exercise(follow(progress, path), person.username),
        path=path,
        may_find_path=may_at_all(viewer, Action.FIND_OWN_PATH),
        may_tell_knowledge=viewer.event.learning.measure and may_at_all(viewer, Action.TAKE_KNOWLEDGE_TEST),
        looks_after=looks_after_people(person),
        is_learner=not looks_after_people(person) or own.tried > 0 or own.passed > 0,
        own_marks=progress.marks.get(person.username, {}),
        unstarted=Mark(),
        states=list(State),
        title_of={team.id: team.title for team in viewer.event.team},
        teams_of_people=[
            t for t in viewer.event.team if t.id in {p.team for p in visible_people(viewer.event, person)}
        ],
    )


async def _find_partners(request: Request, viewer: Viewer) -> dict[str, str]:
    """Return with whom the viewer does a lesson, by lesson."""
    username, people = viewer.person.username, viewer.event.person_by_name
    pairs = await asyncio.to_thread(load_pairs, desk_of(request).engine)
    own = ((pair.lesson, people.get(pair.other(username))) for pair in pairs if username in (pair.opener, pair.partner))
    return {lesson: other.name for lesson, other in own if other}
