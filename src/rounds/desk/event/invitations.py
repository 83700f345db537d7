"""Invitations: who has a way in, and a new link for whom an organiser wants to give one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.desk.access import NotAllowedError, check_can
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.event import Event, Person
from rounds.people.invitations import LinkState, issue_invitation, state_of
from rounds.roles import Action
from rounds.store.moments import utc_now
from rounds.store.tables import Account, Invitation

router = APIRouter()


class InvitationState(StrEnum):
    """How far a person's way in is."""

    SIGNED_IN = "signed in"
    INVITED = "invited"
    EXPIRED = "link expired"
    NO_LINK = "no link"

    @classmethod
    def without_way_in(cls) -> tuple[InvitationState, ...]:
        """Return the states in which somebody cannot come in."""
        return (cls.EXPIRED, cls.NO_LINK)


FILTERS = {
    "": ("Everybody", tuple(InvitationState)),
    "in": ("Signed in", (InvitationState.SIGNED_IN,)),
    "invited": ("Invited", (InvitationState.INVITED,)),
    "none": ("No way in", InvitationState.without_way_in()),
}


@dataclass(frozen=True)
class InvitationLine:
    """One person, the state of the way in, and until when an open link works (naive UTC)."""

    person: Person
    state: InvitationState
    open_until: datetime | None = None


@dataclass(frozen=True)
class IssuedLink:
    """A new link, shown once."""

    person: Person
    address: str


def load_invitations(engine: Engine, event: Event) -> list[InvitationLine]:
    """Return one line for everybody in the event, in the file's order."""
    now = utc_now()
    with Session(engine) as session:
        accounts = {row.username: row for row in session.scalars(select(Account))}
        links: dict[str, list[Invitation]] = {}
        for row in session.scalars(select(Invitation)):
            links.setdefault(row.username, []).append(row)
        return [describe_way_in(p, accounts.get(p.username), links.get(p.username, []), now) for p in event.people]


def describe_way_in(person: Person, account: Account | None, links: list[Invitation], now: datetime) -> InvitationLine:
    """Return a person's line; a password counts more than any link."""
    still_open = [link for link in links if state_of(link, now) is LinkState.OPEN]
    until = max((link.expires_at for link in still_open), default=None)
    if account is not None and account.password_hash is not None:
        return InvitationLine(person, InvitationState.SIGNED_IN, until)
    if still_open:
        return InvitationLine(person, InvitationState.INVITED, until)
    expired = any(state_of(link, now) is LinkState.EXPIRED for link in links)
    return InvitationLine(person, InvitationState.EXPIRED if expired else InvitationState.NO_LINK)


def issue_link(engine: Engine, event: Event, person: Person, organiser: Person) -> str:
    """Issue a new link, write it into the audit trail, and return its secret."""
    with Session(engine) as session, session.begin():
        valid_h = event.policy.invitation_valid_h
        secret = issue_invitation(session, person.username, valid_h, utc_now())
        act = Act(organiser.username, "invitation issued", person.username, "asked on the desk")
        append(session, act, datetime.now(UTC))
    return secret


def find_lines(lines: list[InvitationLine], query: str, state: str) -> list[InvitationLine]:
    """Return the lines that a search and a filter leave."""
    wanted = query.casefold().split()
    states = FILTERS[state][1]
    return [line for line in lines if line.state in states and _matches(line.person, wanted)]


def _matches(person: Person, wanted: list[str]) -> bool:
    text = f"{person.name} {person.username} {person.email} {person.team} {person.role}".casefold()
    return all(word in text for word in wanted)


@router.get("/invitations")
async def show_invitations(request: Request, viewer: CurrentViewer, q: str = "", state: str = "") -> HTMLResponse:
    """Show everybody's way in to organisers."""
    return await _render(request, viewer, q, state, None)


@router.post("/invitations/{username}")
async def issue(request: Request, viewer: FormViewer, username: str) -> HTMLResponse:
    """Issue a new link for one person, and show it once."""
    check_can(viewer.event, viewer.person, Action.ISSUE_INVITATION)
    person = viewer.event.person_by_name.get(username)
    if person is None:
        raise NotAllowedError("This person is not in the event. Add the person to the people file.")
    engine = desk_of(request).engine
    secret = await asyncio.to_thread(issue_link, engine, viewer.event, person, viewer.person)
    address = f"{_public_hub_url(request)}invitation/{secret}"
    return await _render(request, viewer, "", "", IssuedLink(person, address))


async def _render(request: Request, viewer: Viewer, query: str, state: str, issued: IssuedLink | None) -> HTMLResponse:
    check_can(viewer.event, viewer.person, Action.ISSUE_INVITATION)
    state = state if state in FILTERS else ""
    lines = await asyncio.to_thread(load_invitations, desk_of(request).engine, viewer.event)
    return render_page(
        request,
        viewer,
        "invitations.html",
        lines=find_lines(lines, query, state),
        counts={key: len(find_lines(lines, "", key)) for key in FILTERS},
        filters=FILTERS,
        query=query,
        state=state,
        issued=issued,
        signed_in=InvitationState.SIGNED_IN,
        utc=UTC,
        valid_days=round(viewer.event.policy.invitation_valid_h / 24, 1),
    )


def _public_hub_url(request: Request) -> str:
    """Return the hub's address as people outside write it; as this organiser's browser does, when none is set."""
    settings = desk_of(request).settings
    said = settings.public_url or settings.hub_host
    parts = urlsplit(said or str(request.url))
    return f"{parts.scheme}://{parts.netloc}{settings.base_url}hub/"
