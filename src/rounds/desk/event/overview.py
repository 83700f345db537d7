"""The organisers' view of the event: teams, exercises done, who is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import check_can
from rounds.desk.desk import desk_of
from rounds.desk.event.teams import Accounts, read_state
from rounds.desk.pages import render_page
from rounds.desk.servers.hub_api import HubAccount, ServerState
from rounds.desk.viewer import CurrentViewer
from rounds.desk.words import describe_age
from rounds.event import Event, Person, Team
from rounds.event.sealed import read_machine
from rounds.progress.model import EventMarks
from rounds.roles import Action
from rounds.slugs import dashboards_account, team_account

router = APIRouter()
HERE = timedelta(minutes=10)


@dataclass(frozen=True)
class TeamOverview:
    """One team's line: exercises done, people here, its two servers."""

    team: Team
    challenge: str
    done: int
    passed: int
    exercises: int
    here: int
    members: int
    server: ServerState
    dashboards: ServerState


@dataclass(frozen=True)
class Presence:
    """One person who is or was here."""

    person: Person
    age: timedelta
    server: ServerState

    @property
    def is_here(self) -> bool:
        """Whether the person was active within the last minutes."""
        return self.age <= HERE

    @property
    def words(self) -> str:
        """How long ago the person was active."""
        return describe_age(self.age)


def count_done(progress: EventMarks, people: Iterable[Person]) -> int:
    """Return how many exercises `people` have done together."""
    return sum(progress.done(person.username) for person in people)


def count_passed(progress: EventMarks, people: Iterable[Person]) -> int:
    """Return how many exercises `people` have passed together, those that wait for a hand-in too."""
    return sum(progress.passed(person.username) for person in people)


def count_running(accounts: Accounts) -> int | None:
    """Return how many servers run, or None when the hub does not say."""
    if accounts is None:
        return None
    return sum(account.state is ServerState.RUNNING for account in accounts.values())


def find_presence(event: Event, accounts: Accounts, now: datetime) -> list[Presence]:
    """Return everybody who was ever active, the newest first."""
    known = accounts or {}
    found = [
        Presence(person, age, known[person.username].state)
        for person in event.people
        if person.username in known and (age := _age(known[person.username], now)) is not None
    ]
    return sorted(found, key=lambda presence: presence.age)


def _age(account: HubAccount, now: datetime) -> timedelta | None:
    return None if account.last_activity is None else max(now - account.last_activity, timedelta(0))


def build_team_lines(event: Event, progress: EventMarks, accounts: Accounts, here: set[str]) -> list[TeamOverview]:
    """Return one line for each team; `here` are the usernames of those who are active."""
    each = sum(len(lesson.exercises) for lesson in progress.lessons)
    lines = []
    for team in event.team:
        members = event.members(team.id)
        line = TeamOverview(
            team=team,
            challenge=event.challenge_by_id[team.challenge].title,
            done=count_done(progress, members),
            passed=count_passed(progress, members),
            exercises=each * len(members),
            here=sum(person.username in here for person in members),
            members=len(members),
            server=read_state(accounts, team_account(team.id)),
            dashboards=read_state(accounts, dashboards_account(team.id)),
        )
        lines.append(line)
    return lines


@router.get("/event")
async def show_event(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the event's state to organisers."""
    event, desk = viewer.event, desk_of(request)
    check_can(event, viewer.person, Action.SEE_EVENT)
    progress, accounts = await desk.progress(event), await desk.accounts()
    presence = find_presence(event, accounts, datetime.now(UTC))
    here = {item.person.username for item in presence if item.is_here}
    return render_page(
        request,
        viewer,
        "event.html",
        lines=build_team_lines(event, progress, accounts, here),
        presence=presence,
        here=len(here),
        running=count_running(accounts),
        hub_answers=accounts is not None,
        open_ends=read_machine(desk.settings.folders).open_ends,
        here_min=int(HERE.total_seconds() // 60),
    )
