"""The first page: who I am, how it stands, what to do next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import is_allowed, teams_within
from rounds.desk.data.new_answers import count_new
from rounds.desk.data.question_store import count_waiting
from rounds.desk.data.questions import challenges_to_answer
from rounds.desk.desk import Desk, desk_of
from rounds.desk.event.dashboards import find_dashboards
from rounds.desk.event.invitations import InvitationState, load_invitations
from rounds.desk.event.next_steps import Situation, find_next_steps
from rounds.desk.event.overview import count_done, count_passed, count_running
from rounds.desk.event.teams import read_state
from rounds.desk.help.shown import HelpView, find_answered, find_waiting, load_shown
from rounds.desk.learning.own_path import follow, load_path, name_parts
from rounds.desk.learning.own_tests import load_own_tests
from rounds.desk.learning.review import load_due
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, Viewer
from rounds.event import Event, Team
from rounds.progress.model import EventMarks
from rounds.roles import Action, Role
from rounds.slugs import team_account

router = APIRouter()


@dataclass(frozen=True)
class Counts:
    """The event in five numbers, for organisers."""

    signed_in: int
    people: int
    teams: int
    running: int | None
    done: int
    exercises: int
    not_invited: int


@dataclass(frozen=True)
class TeamLine:
    """One of the viewer's teams: the exercises of all its people, and how many of these are passed and done."""

    team: Team
    passed: int
    done: int
    exercises: int
    people: int


@router.get("/")
async def show_home(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the viewer's first page."""
    desk, event, person = desk_of(request), viewer.event, viewer.person
    now = datetime.now(UTC)
    progress, accounts = await desk.progress(event), await desk.accounts()
    own = await load_path(desk, event, person, progress)
    tests = await load_own_tests(desk, event, person, progress)
    counts = await _count(desk, viewer, progress)
    shown = teams_within(event, person, Action.VIEW_DASHBOARDS)
    dashboards = await asyncio.to_thread(find_dashboards, desk.settings.folders, shown)
    situation = replace(
        await _look(desk, HelpView(event, person, progress.lessons, now), follow(progress, own)),
        dashboards=len(dashboards),
        not_invited=counts.not_invited if counts else 0,
        has_path=own is not None,
        asks_knowledge=tests is not None and tests.asks,
        reviews=len(await load_due(desk, event, person, progress)),
    )
    enter = teams_within(event, person, Action.ENTER_TEAM_SERVER)
    return render_page(
        request,
        viewer,
        "home.html",
        now=now,
        phase=event.current_phase(now),
        next_phase=event.next_phase(now),
        steps=find_next_steps(situation),
        dashboards=dashboards,
        counts=counts,
        lines=[_team_line(event, progress, team) for team in viewer.teams],
        enterable=enter,
        mentors=event.mentors,
        exercises=_exercises(progress),
        done=progress.done(person.username),
        passed=progress.passed(person.username),
        own_path=own,
        path_names=name_parts(event, now),
        is_participant=person.role is Role.PARTICIPANT,
        learning_state=read_state(accounts, person.username),
        team_states={team.id: read_state(accounts, team_account(team.id)) for team in enter},
    )


async def _look(desk: Desk, view: HelpView, progress: EventMarks) -> Situation:
    """Return what waits for the viewer: questions and answers about columns, requests for help."""
    event, person = view.event, view.viewer
    asked_of = challenges_to_answer(event, person)
    helping = await load_shown(desk, view)
    return Situation(
        event,
        person,
        progress,
        questions=await asyncio.to_thread(count_waiting, desk.engine, event, asked_of) if asked_of else 0,
        answers=await asyncio.to_thread(count_new, desk.engine, event, person),
        asking=len(find_waiting(helping)),
        helped=len(find_answered(helping)),
    )


def _exercises(progress: EventMarks) -> int:
    return sum(len(lesson.exercises) for lesson in progress.lessons)


def _team_line(event: Event, progress: EventMarks, team: Team) -> TeamLine:
    members = event.members(team.id)
    passed, done = count_passed(progress, members), count_done(progress, members)
    return TeamLine(team, passed, done, _exercises(progress) * len(members), len(members))


async def _count(desk: Desk, viewer: Viewer, progress: EventMarks) -> Counts | None:
    """Return the counts for those who may see the event's state."""
    event = viewer.event
    if not is_allowed(event, viewer.person, Action.SEE_EVENT):
        return None
    lines = await asyncio.to_thread(load_invitations, desk.engine, event)
    people = [p for p in event.with_role(Role.PARTICIPANT) if p.team]
    return Counts(
        signed_in=sum(line.state is InvitationState.SIGNED_IN for line in lines),
        people=len(lines),
        teams=len(event.team),
        running=count_running(await desk.accounts()),
        done=count_done(progress, people),
        exercises=_exercises(progress) * len(people),
        not_invited=sum(line.state in InvitationState.without_way_in() for line in lines),
    )
