"""When somebody is asked again about an earlier lesson: two questions at a time, further and further apart.

A lesson waits `FIRST` after its last exercise was passed or it was last asked about, twice as long after each right
answer in a row; after a wrong one it begins anew.  Nothing here touches disk.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rounds.instrument.review_items import MAKERS, ReviewItem, make_item

FIRST = timedelta(hours=3)  # half a day of a two-day event: the second morning asks about the first one
REST = timedelta(hours=2)  # between two visits: it shall not become a lesson of its own
AT_ONCE = 2
TRIED = 50  # seeds that are tried for numbers that the person has not seen


@dataclass(frozen=True)
class Reviewed:
    """One answered question."""

    lesson: str
    seed: int
    right: bool
    at: datetime


@dataclass(frozen=True)
class Review:
    """One question that is due, with its seed."""

    item: ReviewItem
    seed: int


def find_due(passed: Mapping[str, datetime], answered: Sequence[Reviewed], now: datetime) -> list[str]:
    """Return the lessons to ask about now, the one that waits longest first; at most two.

    Parameters
    ----------
    passed
        When the last exercise of a lesson was passed, by the lesson's id.
    """
    if any(now - one.at < REST for one in answered):
        return []
    late = {lesson: now - _due_at(lesson, at, answered) for lesson, at in passed.items() if lesson in MAKERS}
    due = [lesson for lesson, since in late.items() if since >= timedelta()]
    return sorted(due, key=lambda lesson: (-late[lesson], lesson))[:AT_ONCE]


def next_review(username: str, lesson: str, answered: Sequence[Reviewed]) -> Review:
    """Return the next question of a lesson for somebody: with numbers that this person has not seen yet."""
    seen = {make_item(lesson, one.seed).text for one in answered if one.lesson == lesson}
    used = {one.seed for one in answered if one.lesson == lesson}
    first = zlib.crc32(f"{username} {lesson}".encode()) % 2**24
    seeds = [seed for seed in range(first, first + TRIED + len(used)) if seed not in used]
    seed = next((one for one in seeds if make_item(lesson, one).text not in seen), seeds[0])
    return Review(make_item(lesson, seed), seed)


def _due_at(lesson: str, passed: datetime, answered: Sequence[Reviewed]) -> datetime:
    own = sorted((one for one in answered if one.lesson == lesson), key=lambda one: one.at)
    in_a_row = 0
    for one in own:
        in_a_row = in_a_row + 1 if one.right else 0
    last = max(passed, own[-1].at) if own else passed
    return last + FIRST * (1 << in_a_row)
