"""Requests for help as a viewer's pages show them: only those that the table of roles gives, with names and titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rounds.desk.desk import Desk
from rounds.event import Event, Person
from rounds.help.requests import HelpRequest, HelpState, accounts_of, may
from rounds.progress.model import BoardLesson
from rounds.roles import Action
from rounds.slugs import TEAM_PREFIX


@dataclass(frozen=True)
class ShownRequest:
    """One request: who asks, about what, how long it waits, and what the viewer may do with it.

    `cell` is the text of the box: only where it came with the tick, and only for who may read it.
    """

    request: HelpRequest
    who: str
    team: str
    about: str
    minutes: int
    is_own: bool
    may_answer: bool
    claimed_by: str
    cell: str | None

    @property
    def is_for_viewer(self) -> bool:
        """Whether it waits for an answer that the viewer may give."""
        return self.may_answer and not self.is_own and self.request.waits

    @property
    def may_close(self) -> bool:
        """Whether the viewer may close it."""
        return (self.is_own or self.may_answer) and self.request.state is not HelpState.CLOSED


@dataclass(frozen=True)
class HelpView:
    """What a viewer looks with: the event, who looks, the lessons of the board, and the time."""

    event: Event
    viewer: Person
    lessons: Sequence[BoardLesson]
    now: datetime

    def show(self, request: HelpRequest) -> ShownRequest | None:
        """Return a request as the viewer may see it; None for whom it does not concern."""
        event, viewer = self.event, self.viewer
        if not may(event, viewer, Action.SEE_HELP, request):
            return None
        team = event.team_by_id.get(request.asker.team)
        return ShownRequest(
            request=request,
            who=name_of(event, request.asker.account),
            team=team.title if team else "",
            about=self._about(request),
            minutes=request.minutes(self.now),
            is_own=request.asker.account in accounts_of(viewer),
            may_answer=may(event, viewer, Action.GIVE_HELP, request),
            claimed_by=name_of(event, request.claimed_by) if request.claimed_by else "",
            cell=request.wish.cell if may(event, viewer, Action.OPEN_ATTEMPT, request) else None,
        )

    def _about(self, request: HelpRequest) -> str:
        """Return what a request is about, in the titles of the board; else as the room called it."""
        name, exercise = request.wish.lesson, request.wish.exercise
        lesson = next((one for one in self.lessons if name in (one.id, one.id.partition("-")[0])), None)
        if lesson is None:
            return f"{name} {exercise}".strip() or "the team’s own work"
        title = next((one.title for one in lesson.exercises if one.id == exercise), exercise)
        return f"{lesson.title}: {title}" if title else lesson.title


def name_of(event: Event, account: str) -> str:
    """Return how people call an account: a person's name, or a team's."""
    person = event.person_by_name.get(account)
    team = event.team_by_id.get(account.removeprefix(TEAM_PREFIX)) if account.startswith(TEAM_PREFIX) else None
    return person.name if person else team.title if team else account


async def load_shown(desk: Desk, view: HelpView) -> tuple[ShownRequest, ...]:
    """Return every request that the viewer may see, the oldest first."""
    return tuple(shown for request in await desk.requests() if (shown := view.show(request)))


def find_waiting(shown: Iterable[ShownRequest]) -> tuple[ShownRequest, ...]:
    """Return those that wait for the viewer, the longest first; those that somebody took come after."""
    waiting = [one for one in shown if one.is_for_viewer]
    return tuple(sorted(waiting, key=lambda one: one.request.state is not HelpState.OPEN))


def find_answered(shown: Iterable[ShownRequest]) -> tuple[ShownRequest, ...]:
    """Return the viewer's own requests that were answered and are not closed yet."""
    return tuple(one for one in shown if one.is_own and one.request.state is HelpState.ANSWERED)
