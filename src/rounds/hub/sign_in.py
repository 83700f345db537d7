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
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from tornado.web import HTTPError, StaticFileHandler
from traitlets import Any as AnyTrait

from rounds.audit import Act, append
from rounds.errors import SignInError
from rounds.event import Event, Person
from rounds.hub.hosting.own_pages import SignOutHandler
from rounds.hub.invited import describe_invited
from rounds.hub.running_event import Ward
from rounds.hub.signing_in.address import find_address
from rounds.hub.signing_in.password_threads import PasswordThreads
from rounds.people.invitations import (
    MESSAGES,
    LinkState,
    NewPassword,
    accept_invitation,
    find_invitation,
    state_for,
)
from rounds.people.sign_in import LockOut, TryLimit, sign_in
from rounds.slugs import is_reserved
from rounds.store.database import open_database
from rounds.store.moments import utc_now

TRIES_A_MINUTE = 10  # of one user name from one address; a class of 50 behind one address signs in within a minute
NOT_WRITTEN = "Nobody can sign in at this moment: the disk of this event is full. Tell an organiser, then try again."
LEFT = "You are not part of the event now. Ask an organiser."
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
        self._limit = TryLimit(TRIES_A_MINUTE, timedelta(minutes=1))
        self.passwords = PasswordThreads()
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
        username = self.find_username(given.get("username", ""))
        try:
            self._limit.check(find_address(handler.request, self.running.addresses.needs_gate), username, utc_now())
            await self.passwords.run(username, lambda: self._compare(username, given.get("password", "")))
            self._check_in_event(username)
        except SignInError as error:
            raise HTTPError(403, str(error)) from None
        except OperationalError:
            self.log.exception("the event's database")
            raise HTTPError(403, NOT_WRITTEN) from None
        return self.signed_in(username)

    def _compare(self, username: str, password: str) -> None:
        """Compare a password and count the try, in a thread with a session of its own."""
        policy = self.event.policy
        with Session(self.engine) as session:
            try:
                sign_in(session, username, password, LockOut(policy.failed_sign_ins, policy.lockout_min), utc_now())
            finally:
                session.commit()

    def find_username(self, typed: str) -> str:
        """Return the username that somebody means who types it, or types an e-mail address."""
        text = typed.strip().lower()[:100]
        return next((p.username for p in self.event.people if p.email.lower() == text), text)

    def _check_in_event(self, username: str) -> None:
        if username not in self.event.person_by_name:
            raise SignInError(LEFT)

    def accept(self, secret: str, form: NewPassword) -> None:
        """Set the password of a link's person and close the link, in a thread; nothing of it for who left meanwhile."""
        with Session(self.engine) as session:
            username = accept_invitation(session, secret, form, utc_now())
            if username not in self.event.person_by_name:
                raise SignInError(MESSAGES[LinkState.LEFT])
            append(session, Act(username, "invitation accepted", username, "signed in by a personal link"), utc_now())
            session.commit()

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

    _is_stale = False

    @property
    def people(self) -> InvitationAuthenticator:
        """The authenticator, with its type."""
        authenticator: InvitationAuthenticator = self.authenticator
        return authenticator

    def check_xsrf_cookie(self) -> None:
        """Note a form that another sign-in of this browser made worthless; `post` says so and does nothing else."""
        try:
            super().check_xsrf_cookie()
        except HTTPError:
            self._is_stale = True

    async def get(self, secret: str) -> None:
        """Show the invitation, or the sentence that says why it no longer works."""
        state, username = self._find(secret)
        await self._show(secret, state, username)

    async def post(self, secret: str) -> None:
        """Set the password, close the link and sign the person in."""
        state, username = self._find(secret)
        if self._is_stale:
            await self._show_stale(secret, username)
            return
        form = NewPassword(
            password=self.get_body_argument("password", "", strip=False),
            repeated=self.get_body_argument("repeated", "", strip=False),
            terms_accepted=self.get_body_argument("terms_accepted", "") == "yes",
        )
        try:
            await self.people.passwords.run(username, lambda: self.people.accept(secret, form))
        except SignInError as error:
            await self._show(secret, state, username, str(error))
            return
        user = await self.auth_to_user(await self._authenticated(username))
        self._sign_out_another(user)
        self.set_login_cookie(user)
        self.redirect(self.people.running.desk_prefix)

    def _sign_out_another(self, user: Any) -> None:
        """End the session of who was signed in in this browser before: the desk and the rooms know it by its id."""
        if self.current_user is not None and self.current_user.name != user.name:
            self.clear_login_cookie()
            self.set_session_cookie()

    def _find(self, secret: str) -> tuple[LinkState, str]:
        """Return what a link is good for in the event as it is now, and whose it is."""
        with Session(self.people.engine) as session:
            invitation = find_invitation(session, secret)
            username = invitation.username if invitation else ""
            return state_for(invitation, self.people.event.person_by_name, utc_now()), username

    async def _show_stale(self, secret: str, invited: str) -> None:
        """Say who this browser is signed in as, and how to go on as the one who was invited."""
        people = self.people.event.person_by_name
        now = self.current_user.name if self.current_user else ""
        current, wanted = (people[name].name if name in people else name for name in (now, invited))
        sentence = f"You are signed in as {current}. " if current else "This page is too old to be used. "
        sentence += f"Open the link again to go on as {wanted}." if wanted else "Open the link again."
        await self._finish(403, state_message=sentence, again=f"{self.hub.base_url}invitation/{secret}")

    async def _authenticated(self, username: str) -> dict[str, Any]:
        return {**self.people.signed_in(username), "auth_state": None, "groups": None}

    async def _show(self, secret: str, state: LinkState, username: str, error: str = "") -> None:
        event = self.people.event
        person = event.person_by_name.get(username)
        if state is LinkState.OPEN and person is None:  # who left while the form was open
            state = LinkState.LEFT
        await self._finish(
            200 if state is LinkState.OPEN and not error else 400 if error else 410,
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

    async def _finish(self, status: int, **values: str) -> None:
        self.set_status(status)
        self.finish(await self.render_template("invitation.html", **values))
