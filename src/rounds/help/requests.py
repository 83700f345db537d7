"""What a request for help holds, and how it goes on.

    open --claim--> claimed --answer--> answered --close--> closed

An answer needs no claim, another answer may follow, and what is not closed can be closed.  Nothing here touches disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rounds.custody.signs.pointing import clean_text, find_pointing_text
from rounds.errors import HelpError
from rounds.event import Event, Person
from rounds.roles import Action, Reach, Role, reach
from rounds.slugs import TEAM_PREFIX, team_account

LONGEST_WORDS, LONGEST_CELL, LONGEST_ANSWER = 1_000, 20_000, 4_000
MOST_OPEN = 3  # of one person: a mentor must see who else waits, and a fourth question waits for these anyway


class HelpState(StrEnum):
    """How a request stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Move(StrEnum):
    """What can be done with a request."""

    CLAIM = "claim"
    ANSWER = "answer"
    CLOSE = "close"


_S = HelpState
NEXT: dict[Move, dict[HelpState, HelpState]] = {
    Move.CLAIM: {_S.OPEN: _S.CLAIMED},
    Move.ANSWER: {_S.OPEN: _S.ANSWERED, _S.CLAIMED: _S.ANSWERED, _S.ANSWERED: _S.ANSWERED},
    Move.CLOSE: {_S.OPEN: _S.CLOSED, _S.CLAIMED: _S.CLOSED, _S.ANSWERED: _S.CLOSED},
}


@dataclass(frozen=True)
class Wish:
    """What somebody asks: the lesson and exercise as the room calls them, empty for a team's own work.

    `cell` is the text of the box, None without the tick.
    """

    words: str
    lesson: str = ""
    exercise: str = ""
    cell: str | None = None


@dataclass(frozen=True)
class Asker:
    """Who asks: the hub account, a person's or a team's, and the team that it belongs to (empty for none).

    `room` is the account of the room from which it came, empty for the desk.
    """

    account: str
    team: str
    room: str = ""


@dataclass(frozen=True)
class HelpAnswer:
    """One answer: the words, the account that wrote them, when (UTC)."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class HelpRequest:
    """One request with its answers, the oldest first."""

    id: int
    state: HelpState
    asker: Asker
    wish: Wish
    asked_at: datetime
    claimed_by: str = ""
    closed_at: datetime | None = None
    answers: tuple[HelpAnswer, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state in (HelpState.OPEN, HelpState.CLAIMED)

    def minutes(self, now: datetime) -> int:
        """Return how long it has waited, or waited until the first answer."""
        until = self.answers[0].at if self.answers else self.closed_at or now
        return max(0, int((until - self.asked_at).total_seconds() // 60))


def check_wish(wish: Wish) -> Wish:
    """Return a wish as it is stored; raise `HelpError` with what is wrong.

    About a lesson anything may be said, for its data are made up; about a team's work nothing that points at a person.
    """
    clean = Wish(check_words(wish.words, LONGEST_WORDS), wish.lesson, wish.exercise, wish.cell or None)
    if clean.cell is not None and len(clean.cell) > LONGEST_CELL:
        raise HelpError(
            f"Your box has {len(clean.cell):,} characters; at most {LONGEST_CELL:,} can be sent. Ask without the box."
        )
    found = "" if wish.lesson else find_pointing_text(f"{clean.words}\n{clean.cell or ''}")
    if found:
        raise HelpError(f"It seems to hold {found}. Take it out: never send a patient's value, name or number.")
    return clean


def check_words(text: str, longest: int) -> str:
    """Return words as they are stored; raise `HelpError` when there are none, or too many."""
    clean = clean_text(text)
    if not clean:
        raise HelpError("Write in a sentence what you want to know, then press the button again.")
    if len(clean) > longest:
        raise HelpError(f"Your text has {len(clean):,} characters; at most {longest:,} fit. Make it shorter.")
    return clean


def find_asker(event: Event, account: str, member: str = "") -> Asker:
    """Return who asks from the room of `account`; raise `HelpError` for who may not.

    In a team's room `member` is the signed-in person where the room's server knows it; else the team asks.
    """
    team = event.team_by_id.get(account.removeprefix(TEAM_PREFIX)) if account.startswith(TEAM_PREFIX) else None
    if team and member in ("", account):
        return Asker(account, team.id, account)
    person = event.person_by_name.get(member or account)
    if person is None or not (person.team == team.id if team else member in ("", account)):
        raise HelpError("Only the people of this room may ask for help from here.")
    return asker_of(person, account)


def asker_of(person: Person, room: str = "") -> Asker:
    """Return a person as the one who asks; raise `HelpError` where the role may not."""
    if reach(person.role, Action.ASK_FOR_HELP) is not Reach.SELF:
        raise HelpError("Participants ask for help here, and mentors answer. Ask an organiser in person.")
    return Asker(person.username, person.team, room)


def accounts_of(person: Person) -> tuple[str, ...]:
    """Return the accounts whose requests are a person's own: the own one, and the team's room of a member."""
    is_member = person.role is Role.PARTICIPANT and bool(person.team)
    return (person.username, team_account(person.team)) if is_member else (person.username,)


def may(event: Event, person: Person, action: Action, request: HelpRequest) -> bool:
    """Return whether a person may do an action on a request: by the table of roles, on the own, one's teams', any."""
    extent = reach(person.role, action)
    if extent is Reach.SELF:
        return request.asker.account in accounts_of(person)
    if extent is Reach.TEAMS:
        return request.asker.team in {team.id for team in event.teams_of(person)}
    return extent is Reach.ALL
