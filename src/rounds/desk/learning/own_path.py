"""A person's path through the lessons, with how far the person is; for the page of it and for the first page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rounds.desk.access import is_allowed
from rounds.desk.desk import Desk
from rounds.event import Event, Person
from rounds.instrument.answered import load_answers
from rounds.instrument.placement import (
    Answers,
    LearningPath,
    Part,
    PathLesson,
    Placement,
    build_path,
    find_placement,
)
from rounds.progress.model import BoardLesson, EventMarks
from rounds.roles import Action


class Standing(StrEnum):
    """How far a person is with one lesson of the path."""

    NOT_BEGUN = "not begun"
    BEGUN = "begun"
    PASSED = "passed"


@dataclass(frozen=True)
class Stop:
    """A lesson of a path and how far the person is with it."""

    lesson: PathLesson
    standing: Standing


@dataclass(frozen=True)
class OwnPath:
    """What a person answered, the placement from it, and the path."""

    answers: Answers
    placement: Placement
    path: LearningPath
    progress: EventMarks
    username: str

    def stops(self, part: Part) -> list[Stop]:
        """Return the lessons of a part to do, each with how far the person is."""
        by_id = {lesson.id: lesson for lesson in self.progress.lessons}
        return [Stop(one, self._standing(by_id[one.assignment])) for one in part.lessons]

    def minutes_left(self, part: Part) -> int:
        """Return the minutes of what is not passed yet."""
        return sum(stop.lesson.minutes for stop in self.stops(part) if stop.standing is not Standing.PASSED)

    def _standing(self, lesson: BoardLesson) -> Standing:
        """Return how far the person is: what only should or could be done holds nobody back, as in the minutes."""
        passed = {one: self.progress.mark(self.username, lesson.id, one.id).is_passed for one in lesson.exercises}
        musts = [passed[one] for one in lesson.exercises if one.is_must]
        if musts and all(musts):
            return Standing.PASSED
        return Standing.BEGUN if any(passed.values()) else Standing.NOT_BEGUN


async def load_path(desk: Desk, event: Event, person: Person, progress: EventMarks) -> OwnPath | None:
    """Return a person's path; None for who has not answered the ten questions, or has none."""
    if not is_allowed(event, person, Action.FIND_OWN_PATH, whom=person.username):
        return None
    found = await asyncio.to_thread(load_answers, desk.engine, person.username)
    if found is None:
        return None
    answers, chosen = found
    placement = find_placement(answers, person.background)
    placement = replace(placement, track=chosen or placement.track)
    draw = f"{event.event.id} {person.username}" if event.learning.draw_lessons else ""
    path = build_path(placement, path_lessons(progress.lessons), _challenge_of(event, person), draw)
    return OwnPath(answers, placement, path, progress, person.username)


def name_parts(event: Event, now: datetime) -> tuple[str, str]:
    """Return what the two parts of a path are called: once the event has begun, nothing is "before" it.

    It begins with the whole data; an event without that begins with its last phase but one, as the last one closes it.
    """
    whole = [phase for phase in event.phase if phase.data == "full"] or list(event.phase[-2:])
    has_begun = event.opens_at(whole[0]) <= now
    return ("First", "Then") if has_begun else ("Before the event", "During the event")


def path_lessons(lessons: Sequence[BoardLesson]) -> list[PathLesson]:
    """Return the lessons of the board as a path needs them."""
    return [PathLesson(one.id.partition("-")[0], one.id, one.title, one.must_minutes) for one in lessons]


def follow(progress: EventMarks, own: OwnPath | None) -> EventMarks:
    """Return the marks with the lessons in the order of the path; the others come after these."""
    if own is None:
        return progress
    order = {name: number for number, name in enumerate(own.path.order)}
    return replace(progress, lessons=tuple(sorted(progress.lessons, key=lambda one: order.get(one.id, len(order)))))


def _challenge_of(event: Event, person: Person) -> str:
    return next((team.challenge for team in event.teams_of(person)), "")
