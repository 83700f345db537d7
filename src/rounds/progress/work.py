"""What the presses say of a person's work: tries, minutes, whether the first passed, and who is stuck.

Nothing here touches disk.  Minutes are those between one press and the next, or since the lesson was opened; a pause of
more than `PAUSE` is none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rounds.progress.presses import Press

PAUSE = timedelta(minutes=30)  # a lesson's part takes 3 to 14 minutes: who did nothing for longer was elsewhere
GONE = timedelta(minutes=60)  # who did nothing for so long waits for nobody


@dataclass(frozen=True)
class Work:
    """One person's presses of one exercise's check.

    `failures` counts those since the last one that passed, `passed_at` is when one last passed.
    """

    presses: int = 0
    failures: int = 0
    seconds: float = 0.0
    is_at_once: bool = False
    passed_at: datetime | None = None


@dataclass(frozen=True)
class Sitting:
    """Where a person is now: the lesson, the exercise pressed last (empty when none was yet), and since when.

    `since` is the last step: a check that passed, or the beginning of the sitting.
    """

    lesson: str
    exercise: str
    since: datetime
    last: datetime


@dataclass(frozen=True)
class Stuck:
    """Why somebody may need a person now: failures in a row at an exercise, or minutes without a step."""

    failures: int
    minutes: int
    by_failures: bool


def sum_work(presses: Iterable[Press]) -> dict[tuple[str, str], Work]:
    """Return the work at each exercise, by lesson and exercise."""
    done: dict[tuple[str, str], Work] = {}
    before: Press | None = None
    for press in presses:
        if press.exercise:
            key = press.lesson, press.exercise
            done[key] = _add(done.get(key, Work()), press, before)
        before = press
    return done


def count_minutes(presses: Sequence[Press], names: Collection[str], now: datetime) -> int:
    """Return the minutes with the lesson of these names: up to its last press, and since then if that is no pause."""
    seconds = sum(work.seconds for (lesson, _), work in sum_work(presses).items() if lesson in names)
    since = now - presses[-1].at if presses and presses[-1].lesson in names else timedelta()
    seconds += since.total_seconds() if timedelta() < since <= PAUSE else 0.0
    return int(seconds // 60)


def find_sitting(presses: Iterable[Press]) -> Sitting | None:
    """Return where a person is, or was when the last press came; None for who did nothing yet."""
    now: Sitting | None = None
    for press in presses:
        begins = now is None or press.at - now.last > PAUSE or (not press.exercise and press.lesson != now.lesson)
        since = press.at if now is None or begins or press.passed else now.since
        exercise = "" if press.passed else press.exercise or (now.exercise if now and not begins else "")
        now = Sitting(press.lesson, exercise, since, press.at)
    return now


def find_stuck(sitting: Sitting, failures: int, now: datetime, most: tuple[int, float]) -> Stuck | None:
    """Return why a person is stuck, None for who is not, or has gone.

    Parameters
    ----------
    failures
        Failures in a row at the exercise that was pressed last.
    most
        More failures than the first, or more minutes than the second, are too many.
    """
    if now - sitting.last > GONE:
        return None
    minutes = int((now - sitting.since).total_seconds() // 60)
    by_failures = failures > most[0]
    return Stuck(failures, minutes, by_failures) if by_failures or minutes > most[1] else None


def _add(work: Work, press: Press, before: Press | None) -> Work:
    gap = press.at - before.at if before else timedelta()
    seconds = gap.total_seconds() if timedelta() < gap <= PAUSE else 0.0
    work = replace(work, presses=work.presses + 1, seconds=work.seconds + seconds)
    if not press.passed:
        return replace(work, failures=work.failures + 1)
    return replace(work, failures=0, passed_at=press.at, is_at_once=work.is_at_once or work.presses == 1)
