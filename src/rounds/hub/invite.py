"""Personal sign-in links, written into the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rounds.audit import Act, append
from rounds.errors import EventError, suggest
from rounds.event import Event, Person
from rounds.people.invitations import LinkState, issue_invitation, state_of
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.moments import utc_now
from rounds.store.tables import Account, Invitation


def issue_links(
    event: Event, folders: Folders, base_url: str, usernames: Sequence[str], by: str
) -> list[tuple[Person, str]]:
    """Return a new link for each username; raise `EventError` when one is not in the event."""
    people = event.person_by_name
    for name in usernames:
        if name not in people:
            raise EventError(f'Nobody in the event has the user name "{name}".{suggest(name, people)}')
    links = []
    with Session(open_database(folders.database_url)) as session:
        for name in usernames:
            secret = issue_invitation(session, name, event.policy.invitation_valid_h, utc_now())
            append(session, Act(by, "invitation issued", name, "asked for on the command line"), utc_now())
            links.append((people[name], f"{base_url}/hub/invitation/{secret}"))
        session.commit()
    return links


def have_signed_in(folders: Folders, usernames: Sequence[str]) -> set[str]:
    """Return who of `usernames` has a password already."""
    with Session(open_database(folders.database_url)) as session:
        accounts = [session.get(Account, name) for name in usernames]
        return {account.username for account in accounts if account and account.password_hash}


def find_open_links(folders: Folders, usernames: Sequence[str]) -> dict[str, datetime]:
    """Return who of `usernames` has a link that works, with the end of its time (naive UTC)."""
    with Session(open_database(folders.database_url)) as session:
        found = session.scalars(select(Invitation).where(Invitation.username.in_(usernames)))
        return {link.username: link.expires_at for link in found if state_of(link, utc_now()) is LinkState.OPEN}
