"""The teams: their challenge, their people, their mentors, and the state of the servers the viewer may know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import is_allowed
from rounds.desk.data.new_answers import count_new
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.servers.hub_api import HubAccount, ServerState
from rounds.desk.viewer import CurrentViewer
from rounds.event import Challenge, Event, Person, Team
from rounds.roles import Action
from rounds.slugs import team_account

router = APIRouter()
Accounts = Mapping[str, HubAccount] | None


@dataclass(frozen=True)
class TeamCard:
    """One team as one viewer sees it; `server` is None for whom it does not concern."""

    team: Team
    challenge: Challenge
    members: tuple[Person, ...]
    mentors: tuple[Person, ...]
    is_own: bool
    may_open: bool
    server: ServerState | None


def read_state(accounts: Accounts, account: str) -> ServerState:
    """Return how an account's server stands, as far as the hub said."""
    if accounts is None:
        return ServerState.UNKNOWN
    known = accounts.get(account)
    return known.state if known else ServerState.STOPPED


def build_team_cards(event: Event, viewer: Person, accounts: Accounts) -> list[TeamCard]:
    """Return every team, the viewer's own first; a server's state follows the right to see it."""
    cards = [_build_card(event, viewer, team, accounts) for team in event.team]
    return sorted(cards, key=lambda card: not card.is_own)


def _build_card(event: Event, viewer: Person, team: Team, accounts: Accounts) -> TeamCard:
    sees_server = is_allowed(event, viewer, Action.SEE_TEAM_SERVER, team.id)
    return TeamCard(
        team=team,
        challenge=event.challenge_by_id[team.challenge],
        members=event.members(team.id),
        mentors=event.mentors(team.id),
        is_own=team in event.teams_of(viewer),
        may_open=is_allowed(event, viewer, Action.ENTER_TEAM_SERVER, team.id),
        server=read_state(accounts, team_account(team.id)) if sees_server else None,
    )


@router.get("/teams")
async def show_teams(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show all teams."""
    accounts = await desk_of(request).accounts()
    cards = build_team_cards(viewer.event, viewer.person, accounts)
    answers = await asyncio.to_thread(count_new, desk_of(request).engine, viewer.event, viewer.person)
    return render_page(request, viewer, "teams.html", cards=cards, answers=answers)
