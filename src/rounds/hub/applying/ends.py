"""What an event file would end that has work in it: said, with the place of the work, before anything is changed.

An id is a folder.  A team, an event or a person of another id starts empty, and what was done before stays behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from rounds.event import Event, Person, applied_file, read_event
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import Account, Attachment, Question, ScoreTry

_OF_A_CHALLENGE = (ScoreTry.challenge, Attachment.challenge, Question.challenge)


def find_ends(folders: Folders, after: Event) -> list[str]:
    """Return a sentence for each part of the event as it was applied last that `after` would end, and that has work."""
    file = applied_file(folders.event)
    before = read_event(file)[0] if file else None
    if before is None:
        return []
    engine = open_database(folders.database_url)
    try:
        with Session(engine) as session:
            return [
                *_event_ends(before, after, folders),
                *_team_ends(before, after, folders),
                *_challenge_ends(before, after, session),
                *_account_ends(before, after, folders, session),
                *_handed_on(before, after, folders, session),
            ]
    finally:
        engine.dispose()


def _event_ends(before: Event, after: Event, folders: Folders) -> Iterator[str]:
    old, new, place = before.event.id, after.event.id, folders.exchange / before.event.id
    if old != new and _has_work(place):
        yield (
            f'event.id was "{old}" and becomes "{new}": what was handed in stays in {place}, where nobody looks for it '
            f'then. If it is the same event, write id = "{old}" again, and change its title only.'
        )


def _team_ends(before: Event, after: Event, folders: Folders) -> Iterator[str]:
    new = [f'"{team.id}"' for team in after.team if team.id not in before.team_by_id]
    for team in before.team:
        places = [p for p in (folders.team(team.id), folders.published(team.id)) if _has_work(p)]
        if team.id in after.team_by_id or not places:
            continue
        yield (
            f'The team "{team.id}" ends: its server stops, and its work stays in {" and ".join(map(str, places))}. '
            + (f"The new {' and '.join(new)} starts empty. " if new else "")
            + f'If it is a team with another name, write id = "{team.id}" again.'
        )


def _challenge_ends(before: Event, after: Event, session: Session) -> Iterator[str]:
    for challenge in before.challenge:
        used = any(session.scalar(select(c).where(c == challenge.id).limit(1)) for c in _OF_A_CHALLENGE)
        if challenge.id not in after.challenge_by_id and used:
            yield (
                f'The challenge "{challenge.id}" ends: its scores, questions and opened datasets stay on record in '
                f"{session.get_bind().engine.url.database}, and no page shows them. If it is the same challenge, write "
                f'id = "{challenge.id}" again.'
            )


def _account_ends(before: Event, after: Event, folders: Folders, session: Session) -> Iterator[str]:
    """Name who is in both events under two user names; who is in one of them only left, or is new."""
    for person in before.people:
        new = _find_again(person, before, after)
        if new is None or not _is_used(person, folders, session):
            continue
        yield (
            f'{person.name} was "{person.username}" and becomes "{new.username}": work, marks and password stay with '
            f'the account "{person.username}" ({folders.home(person.username)}), and the new one starts empty. '
            f"If it is the same person, write {person.username} into the column username."
        )


def _handed_on(before: Event, after: Event, folders: Folders, session: Session) -> Iterator[str]:
    """Name each account that another person would get, as when two addresses are swapped; a changed surname is none."""
    for person in before.people:
        new = after.person_by_name.get(person.username)
        if new is None or _share_a_word(person.name, new.name) or not _is_used(person, folders, session):
            continue
        yield (
            f"The account \"{person.username}\" was {person.name}'s and becomes {new.name}'s, who would get "
            f"{person.name}'s password, work and marks. If it is the same person with another name, go on; if not, "
            f"give {new.name} another user name in the column username, or mend the addresses."
        )


def _share_a_word(name: str, other: str) -> bool:
    return bool(set(name.casefold().split()) & set(other.casefold().split()))


def _is_used(person: Person, folders: Folders, session: Session) -> bool:
    """Return whether a person's account has a password or work."""
    account = session.get(Account, person.username)
    return bool(account is not None and account.password_hash) or _has_work(folders.home(person.username))


def _find_again(person: Person, before: Event, after: Event) -> Person | None:
    """Return the new line of somebody whose user name is gone: the same address, or else the same name."""
    if person.username in after.person_by_name:
        return None
    fresh = [p for p in after.people if p.username not in before.person_by_name]
    same = [p for p in fresh if p.email.casefold() == person.email.casefold()]
    return next(iter(same or [p for p in fresh if p.name.casefold() == person.name.casefold()]), None)


def _has_work(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
