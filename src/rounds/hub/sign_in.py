"""Signing in at the hub: by a personal invitation link once, then by user name and password.

The rules live in `rounds.people`; here they meet JupyterHub's forms.  In the embedded deployment they hold against
browsers, not against code in a kernel, which runs in the hub's own account.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from importlib.resources import files
from typing import Any

from jupyterhub.auth import Authenticator
from jupyterhub.handlers import BaseHandler
from jupyterhub.handlers.base import Template404
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from tornado.web import HTTPError, StaticFileHandler
from traitlets import Any as AnyTrait

from rounds.audit import Act, append
from rounds.errors import SignInError
from rounds.event import Event, Person
from rounds.hub.clock import utc_now
from rounds.hub.hosting.own_pages import SignOutHandler
from rounds.hub.invited import describe_invited
from rounds.hub.running_event import Ward
from rounds.people.invitations import (
    MESSAGES,
    LinkState,
    NewPassword,
    accept_invitation,
    find_invitation,
    state_of,
)
from rounds.people.sign_in import AddressLimit, LockOut, sign_in
from rounds.slugs import is_reserved
from rounds.store.database import open_database

TRIES_PER_ADDRESS = 60  # a class of 50 behind one address signs in within a minute
# Light enough for the dark initials and names that JupyterLab writes on them.
COLOURS = ("#56b4e9", "#e69f00", "#5fc9a0", "#f0a3a3", "#cc9fd6", "#a6c86a", "#9db7f2", "#e3c14e")


def user_info(person: Person) -> dict[str, str]:
    """Return how a person appears to team-mates who edit the same document."""
    number = int(hashlib.sha256(person.username.encode()).hexdigest(), 16)
    initials = "".join(part[0] for part in person.name.split()[:2]).upper()
    return {
        "display_name": person.name,
        "name": person.name,
        "initials": initials,
        "color": COLOURS[number % len(COLOURS)],
    }


class InvitationAuthenticator(Authenticator):  # type: ignore[misc]
    """Let in the people of the applied event, and nobody else."""

    ward = AnyTrait(help="The running event.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._addresses = AddressLimit(TRIES_PER_ADDRESS, timedelta(minutes=1))
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The Rounds database."""
        if self._engine is None:
            self._engine = open_database(self.running.folders.database_url)
        return self._engine

    @property
    def running(self) -> Ward:
        """The running event, with its type."""
        ward: Ward = self.ward
        return ward

    @property
    def event(self) -> Event:
        """The applied event."""
        return self.running.event

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:
        """Add the invitation's page and the look of the hub's pages; there is no page for tokens: nobody makes any."""
        own = [(r"/invitation/([^/]+)", InvitationHandler), (r"/logout", SignOutHandler), (r"/token", Template404)]
        look = [
            (r"/rounds-static/(tokens\.css)", StaticFileHandler, {"path": str(files("rounds_widgets") / "shared")}),
            (r"/rounds-static/(.*)", StaticFileHandler, {"path": str(files("rounds.desk") / "static")}),
        ]
        return [*super().get_handlers(app), *own, *look]

    async def authenticate(self, handler: Any, data: dict[str, str] | None) -> dict[str, Any] | None:
        """Return the person of a right password; answer anything else in a sentence."""
        given = data or {}
        address = handler.request.remote_ip or ""
        username = self.find_username(given.get("username", ""))
        policy = self.event.policy
        rule = LockOut(policy.failed_sign_ins, policy.lockout_min)
        with Session(self.engine) as session:
            try:
                self._addresses.check(address, utc_now())
                sign_in(session, username, given.get("password", ""), rule, utc_now())
                self._check_in_event(username)
            except SignInError as error:
                session.commit()
                raise HTTPError(403, str(error)) from None
            session.commit()
        return self.signed_in(username)

    def find_username(self, typed: str) -> str:
        """Return the username that somebody means who types it, or types an e-mail address."""
        text = typed.strip().lower()[:100]
        return next((p.username for p in self.event.people if p.email.lower() == text), text)

    def _check_in_event(self, username: str) -> None:
        if username not in self.event.person_by_name:
            raise SignInError("This account is not part of the event now. Ask an organiser.")

    def signed_in(self, username: str) -> dict[str, Any]:
        """Return what the hub keeps of a person who has signed in."""
        return {"name": username, "admin": False, "user_info": user_info(self.event.person_by_name[username])}

    async def refresh_user(self, user: Any, handler: Any = None) -> bool | dict[str, Any]:
        """Sign out who is no longer in the event; keep everybody's name as the event has it."""
        if is_reserved(user.name):
            return True
        if user.name not in self.event.person_by_name:
            return False
        return self.signed_in(user.name)


class InvitationHandler(BaseHandler):  # type: ignore[misc]
    """The page behind a personal link: who you are, the terms, a password of your own."""

    @property
    def people(self) -> InvitationAuthenticator:
        """The authenticator, with its type."""
        authenticator: InvitationAuthenticator = self.authenticator
        return authenticator

    async def get(self, secret: str) -> None:
        """Show the invitation, or the sentence that says why it no longer works."""
        with Session(self.people.engine) as session:
            invitation = find_invitation(session, secret)
            state, username = state_of(invitation, utc_now()), invitation.username if invitation else ""
        await self._show(secret, state, username)

    async def post(self, secret: str) -> None:
        """Set the password, close the link and sign the person in."""
        form = NewPassword(
            password=self.get_body_argument("password", "", strip=False),
            repeated=self.get_body_argument("repeated", "", strip=False),
            terms_accepted=self.get_body_argument("terms_accepted", "") == "yes",
        )
        with Session(self.people.engine) as session:
            invitation = find_invitation(session, secret)
            state, username = state_of(invitation, utc_now()), invitation.username if invitation else ""
            try:
                accept_invitation(session, secret, form, utc_now())
            except SignInError as error:
                session.rollback()
                await self._show(secret, state, username, str(error))
                return
            act = Act(username, "invitation accepted", username, "signed in by a personal link")
            append(session, act, utc_now())
            session.commit()
        await self._sign_in(username)

    async def _sign_in(self, username: str) -> None:
        if username not in self.people.event.person_by_name:
            raise HTTPError(403, "This account is not part of the event now. Ask an organiser.")
        user = await self.auth_to_user(await self._authenticated(username))
        self.set_login_cookie(user)
        self.redirect(self.people.running.desk_prefix)

    async def _authenticated(self, username: str) -> dict[str, Any]:
        return {**self.people.signed_in(username), "auth_state": None, "groups": None}

    async def _show(self, secret: str, state: LinkState, username: str, error: str = "") -> None:
        event = self.people.event
        person = event.person_by_name.get(username)
        if state is LinkState.OPEN and person is None:
            state = LinkState.UNKNOWN
        self.set_status(200 if state is LinkState.OPEN and not error else 400 if error else 410)
        html = await self.render_template(
            "invitation.html",
            state_message=MESSAGES.get(state, ""),
            person_name=person.name if person else "",
            username=username,
            event_title=event.event.title,
            invited_as=describe_invited(event, person) if person else "",
            terms=event.terms,
            error=error,
            xsrf=self.xsrf_token.decode("ascii"),
            action=f"{self.hub.base_url}invitation/{secret}",
        )
        self.finish(html)
