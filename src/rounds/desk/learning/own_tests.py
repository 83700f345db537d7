"""How one person stands with the tests of knowledge: what is open now, what was answered, what comes next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from rounds.desk.access import is_allowed
from rounds.desk.desk import Desk
from rounds.event import Event, Person
from rounds.instrument.knowledge_tests import KnowledgeTest, load_consent, load_tests
from rounds.instrument.occasions import Occasion, find_occasion
from rounds.progress.model import EventMarks
from rounds.roles import Action


@dataclass(frozen=True)
class OwnTests:
    """One person's consent (None: not said yet), the tests taken, and the one that is open now (None: none)."""

    consent: bool | None
    tests: tuple[KnowledgeTest, ...]
    open_now: Occasion | None

    @property
    def asks(self) -> bool:
        """Whether the first page has something to ask: to take part, or to take the test that is open."""
        return self.open_now is not None and self.consent is not False

    def of(self, occasion: Occasion) -> KnowledgeTest | None:
        """Return the person's test of an occasion, begun or handed in."""
        return next((one for one in self.tests if one.occasion is occasion), None)

    def finished(self, occasion: Occasion) -> bool:
        """Return whether the test of an occasion was handed in."""
        found = self.of(occasion)
        return found is not None and found.finished is not None


async def load_own_tests(desk: Desk, event: Event, person: Person, progress: EventMarks) -> OwnTests | None:
    """Return how a person stands; None where the event asks nobody, or not this person."""
    allowed = is_allowed(event, person, Action.TAKE_KNOWLEDGE_TEST, whom=person.username)
    if not (event.learning.measure and allowed):
        return None
    name = person.username
    consent = await asyncio.to_thread(load_consent, desk.engine, name)
    tests = tuple(await asyncio.to_thread(load_tests, desk.engine, [name]))
    return OwnTests(consent, tests, _open_now(event, tests, progress.passed(name), datetime.now(UTC)))


def _open_now(event: Event, tests: Iterable[KnowledgeTest], passed: int, now: datetime) -> Occasion | None:
    """Return the test that is open; the first one only for who has passed no exercise yet."""
    finished = {one.occasion: one.form for one in tests if one.finished}
    found = find_occasion(event, finished, now)
    return None if found is Occasion.BEFORE and passed > 0 else found


def words_of_consent(event: Event) -> str:
    """Return the words that somebody consents to, the event's own, or Rounds'."""
    return event.consent or _own_words()


def find_taken(progress: EventMarks, tests: Iterable[KnowledgeTest]) -> dict[str, frozenset[str]]:
    """Return, by username, the ids of the lessons in which an exercise was passed after the first test.

    An exercise that was passed after a later test counts for none, where the moment of passing is known.
    """
    firsts = [one for one in tests if one.occasion is Occasion.BEFORE and one.finished]
    later = {one.username: one.finished for one in tests if one.occasion is Occasion.AFTER and one.finished}
    return {one.username: _taken(progress, one.username, later.get(one.username)) for one in firsts}


def _taken(progress: EventMarks, username: str, until: datetime | None) -> frozenset[str]:
    lessons = progress.marks.get(username, {})
    return frozenset(
        lesson.partition("-")[0]
        for lesson, marks in lessons.items()
        for mark in marks.values()
        if mark.is_passed and not (until and mark.work.passed_at and mark.work.passed_at > until)
    )


@cache
def _own_words() -> str:
    return files("rounds.instrument").joinpath("consent.txt").read_text(encoding="utf-8")
