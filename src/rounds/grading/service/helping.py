"""Requests for help that come from rooms: who asks is what the hub says of the token; in a team's room, its member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Engine

from rounds.event import Event
from rounds.grading.service.messages import AskForHelp, HelpMessage
from rounds.help.queue import ask, load_own
from rounds.help.requests import Asker, HelpRequest, Wish, accounts_of, find_asker
from rounds.slugs import TEAM_PREFIX
from rounds.store.database import open_database


@dataclass
class Helping:
    """The queue, as rooms reach it; `find_event` returns the event as it is applied now."""

    find_event: Callable[[], Event]
    database_url: str

    @cached_property
    def engine(self) -> Engine:
        """The event's database, opened at the first request."""
        return open_database(self.database_url)

    def answer(self, account: str, message: HelpMessage) -> dict[str, Any]:
        """Return the own requests, a new one among them when one was asked; raise `HelpError` for who may not."""
        event, now = self.find_event(), datetime.now(UTC)
        asker = find_asker(event, account, message.member)
        new = {}
        if isinstance(message, AskForHelp):
            cell = message.cell if message.with_cell else None
            wish = Wish(message.words, message.lesson, message.exercise, cell)
            new = {"id": ask(self.engine, asker, wish, now)}
        found = self._load(event, account, asker)
        return {**new, "requests": [_describe(event, request, now) for request in found]}

    def _load(self, event: Event, account: str, asker: Asker) -> list[HelpRequest]:
        """Return a person's own; in a team's room, whose pages team-mates share, only those that came from there."""
        if account.startswith(TEAM_PREFIX):
            return load_own(self.engine, (account, asker.account), room=account)
        return load_own(self.engine, accounts_of(event.person_by_name[account]))


def _describe(event: Event, request: HelpRequest, now: datetime) -> dict[str, Any]:
    def name_of(account: str) -> str:
        person = event.person_by_name.get(account)
        return person.name if person else account

    return {
        "id": request.id,
        "lesson": request.wish.lesson,
        "exercise": request.wish.exercise,
        "words": request.wish.words,
        "with_cell": request.wish.cell is not None,
        "state": request.state.value,
        "asked_at": request.asked_at.isoformat(timespec="seconds"),
        "minutes": request.minutes(now),
        "answer": request.answers[-1].text if request.answers else "",
        "claimed_by": name_of(request.claimed_by) if request.claimed_by else "",
        "answers": [
            {"text": one.text, "by": name_of(one.by), "at": one.at.isoformat(timespec="seconds")}
            for one in request.answers
        ],
    }
