"""Ten questions place a person in a track, and the track and what is known make a path through the lessons.

A right answer is a sign, not a proof: the lesson stays on the path as one that may be left out, without its minutes.
Nothing here touches the event's state; the questions lie beside this file.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from rounds.event.model import Background

Answers = Mapping[
    str, int | None
]  # by the lesson of the item: the number of the option, from 0; None is "not sure yet"


class Track(StrEnum):
    """Which language somebody learns."""

    CLINICIANS = "clinicians"
    ENGINEERS = "engineers"


LETTERS = {Track.CLINICIANS: "a", Track.ENGINEERS: "b"}  # what the ids of a track's own lessons begin with
AT_HOME = {  # the track of somebody who knows as much of either language
    Background.BIOMED: Track.CLINICIANS,
    Background.CLINICIAN: Track.CLINICIANS,
    Background.ENGINEERING: Track.ENGINEERS,
    Background.DATA_SCIENCE: Track.ENGINEERS,
}


@dataclass(frozen=True)
class Item:
    """One question of the ten: the id of its lesson, and which option is right."""

    lesson: str
    text: str
    options: tuple[str, ...]
    right: str

    def is_right(self, chosen: int | None) -> bool:
        """Return whether the option of this number, from 0, is the right one."""
        return chosen is not None and 0 <= chosen < len(self.options) and self.options[chosen] == self.right


@dataclass(frozen=True)
class Placement:
    """A person's track, and the lessons whose question was answered rightly."""

    track: Track
    known: frozenset[str]


@dataclass(frozen=True)
class PathLesson:
    """What a path needs of a lesson on the board: its two names and the minutes of its must parts."""

    id: str
    assignment: str
    title: str
    minutes: int


@dataclass(frozen=True)
class Part:
    """One part of a path: lessons to do, with their minutes, and those that may be left out."""

    lessons: tuple[PathLesson, ...]
    known: tuple[PathLesson, ...] = ()

    @property
    def minutes(self) -> int:
        """The minutes of what is to be done."""
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True)
class LearningPath:
    """The lessons before the event and during it; the rest is for reference."""

    before: Part
    event: Part
    reference: tuple[PathLesson, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The lessons to do, by their names in the event file, in the order of the path."""
        return tuple(lesson.assignment for part in (self.before, self.event) for lesson in part.lessons)


@cache
def load_items() -> tuple[Item, ...]:
    """Return the ten questions in their order."""
    return tuple(Item(**{**entry, "options": tuple(entry["options"])}) for entry in _read()["item"])


def find_placement(answers: Answers, background: Background) -> Placement:
    """Return the track of the language that somebody knows less of, by the share of right answers.

    Who knows as much of either comes into the track of the other profession than the own.
    """
    known = frozenset(item.lesson for item in load_items() if item.is_right(answers.get(item.lesson)))
    shares = {track: _share(known, letter) for track, letter in LETTERS.items()}
    if shares[Track.CLINICIANS] == shares[Track.ENGINEERS]:
        return Placement(AT_HOME[background], known)
    return Placement(min(shares, key=lambda track: shares[track]), known)


def build_path(
    placement: Placement, lessons: Sequence[PathLesson], challenge: str = "", draw: str = ""
) -> LearningPath:
    """Return the path through the lessons of the board; lessons that are not on it are left out.

    Parameters
    ----------
    challenge
        The id of the challenge of the person's team: it brings one lesson forward.
    draw
        Where it is no empty text, the lessons of before the event stand in an order of chance, the same for this text.
    """
    plan, by_id = _read()["path"], {lesson.id: lesson for lesson in lessons}
    own = [by_id[name] for name in plan["before"][placement.track] if name in by_id]
    if draw:
        random.Random(draw).shuffle(own)  # noqa: S311  an order of lessons, no secret
    known = tuple(lesson for lesson in own if lesson.id in placement.known)
    before = _fill((lesson for lesson in own if lesson not in known), plan["before_minutes"])
    wanted = [by_id[name] for name in _of_the_event(plan, challenge) if name in by_id]
    left = [lesson for lesson in own if lesson not in (*known, *before)]
    during = _fill((*wanted, *left), plan["event_minutes"])
    reference = tuple(lesson for lesson in lessons if lesson not in (*known, *before, *during))
    return LearningPath(Part(before, known), Part(during), reference)


def _of_the_event(plan: Mapping[str, Any], challenge: str) -> list[str]:
    first, rest = plan["event"][:2], plan["event"][2:]
    own = [plan["challenge"][challenge]] if challenge in plan["challenge"] else []
    return [*first, *own, *rest]


def _fill(lessons: Iterable[PathLesson], minutes: int) -> tuple[PathLesson, ...]:
    """Return the lessons, in their order, that the minutes hold; what is too long is passed over."""
    chosen: list[PathLesson] = []
    for lesson in lessons:
        if sum(one.minutes for one in chosen) + lesson.minutes <= minutes:
            chosen.append(lesson)
    return tuple(chosen)


def _share(known: frozenset[str], letter: str) -> float:
    own = [item.lesson for item in load_items() if item.lesson.startswith(letter)]
    return sum(lesson in known for lesson in own) / len(own)


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("rounds.instrument").joinpath("placement.toml").read_text(encoding="utf-8"))
