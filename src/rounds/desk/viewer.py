"""Who looks at a page: a browser's session, confirmed by the hub, of a person of the applied event."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from rounds.desk.access import NotAllowedError
from rounds.desk.desk import desk_of
from rounds.desk.signing_in.sessions import COOKIE, Session, hub_session_of
from rounds.event import Event, Person, Team

CSRF_HEADER = "X-Rounds-CSRF"


class SignInNeededError(Exception):
    """Nobody is signed in here, or the hub no longer knows the person."""


class NotInEventError(Exception):
    """The hub knows the account, but it is no person of the applied event."""


class FormError(Exception):
    """A form came without the secret of the person's own session."""


@dataclass(frozen=True)
class Viewer:
    """One person of the event, the event as it holds now, and the rights that the browser holds."""

    person: Person
    event: Event
    csrf: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def teams(self) -> tuple[Team, ...]:
        """The teams the person is in or is attached to."""
        return self.event.teams_of(self.person)


async def signed_in(request: Request) -> Session:
    """Return the session of this browser, asking the hub again when its last answer is too old."""
    desk, now = desk_of(request), time.monotonic()
    session_id = request.cookies.get(COOKIE, "")
    session = desk.sessions.find(session_id, hub_session_of(request.cookies), now)
    if session is None:
        raise SignInNeededError
    check_in_event(request, session)  # before the hub is asked: it has forgotten who was removed, and would not say so
    if session.needs_check(now):
        if await desk.hub.fetch_username(session.token) != session.username:
            desk.sessions.close(session_id)
            raise SignInNeededError
        desk.sessions.confirm(session_id, now)
    return session


def check_in_event(request: Request, session: Session) -> None:
    """Raise `NotInEventError` for who signed in and was removed since."""
    if session.username not in desk_of(request).applied.current().person_by_name:
        raise NotInEventError


async def find_viewer(request: Request, session: Annotated[Session, Depends(signed_in)]) -> Viewer:
    """Return the person behind the session; deny every account that is no person of the event."""
    _check_own_script(request, session)
    event = desk_of(request).applied.current()
    person = event.person_by_name.get(session.username)
    if person is None:
        raise NotInEventError
    return Viewer(person, event, session.csrf, session.token)


async def find_form_viewer(request: Request, viewer: Annotated[Viewer, Depends(find_viewer)]) -> AsyncIterator[Viewer]:
    """Yield the viewer of a form that was sent from a page of this session; its files are closed at the end."""
    form = await request.form()
    try:
        if not _same(str(form.get("csrf", "")), viewer.csrf):
            raise FormError
        yield viewer
    finally:
        await form.close()


def check_team(viewer: Viewer, team_id: str) -> Team:
    """Return a team of the event, or raise the same as for a team that is not the viewer's."""
    team = viewer.event.team_by_id.get(team_id)
    if team is None:
        raise NotAllowedError("This event has no such team for you.")
    return team


def _check_own_script(request: Request, session: Session) -> None:
    """Refuse a script's request that is not one of the desk's own.

    A notebook's page lies on the same host, so its script could read the desk with the person's cookie; the desk's
    own pages send the session's secret in a header.  Browsers mark a person's own visit as "navigate".
    """
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    if mode != "navigate" and not _same(request.headers.get(CSRF_HEADER, ""), session.csrf):
        raise FormError


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(), wanted.encode())


CurrentViewer = Annotated[Viewer, Depends(find_viewer)]
FormViewer = Annotated[Viewer, Depends(find_form_viewer)]
