"""Which exercises and which sentences want mending, as the log of the check buttons tells it.

An exercise that nearly everybody passes at once teaches nothing new; one that nearly nobody does is badly put; a
sentence after which people fail in the same way again does not help.  Nothing is said of fewer than `FEWEST` people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rounds.progress.presses import Press

EASY, HARD = 0.95, 0.25  # shares of first presses that pass (pedagogy of the project: remove what lies outside)
HELPLESS = 0.5  # the share of people who fail in the same way at the press after the sentence
FEWEST = 10
TOO_EASY, TOO_HARD, NO_HELP = "passed at once by nearly all", "passed at once by few", "the sentence helps few"


@dataclass(frozen=True)
class Flag:
    """One thing to mend: where, what, for how many of how many people; ``mistake`` names a sentence."""

    lesson: str
    exercise: str
    what: str
    share: float
    people: int
    mistake: str = ""


def find_flags(logs: Iterable[Sequence[Press]]) -> list[Flag]:
    """Return what wants mending, from one log for each person; by lesson and exercise."""
    firsts: dict[tuple[str, str], list[bool]] = {}
    again: dict[tuple[str, str, str], list[bool]] = {}
    for presses in logs:
        for key, own in _by_exercise(presses):
            firsts.setdefault(key, []).append(own[0].passed)
            for mistake, repeated in _repeats(own):
                again.setdefault((*key, mistake), []).append(repeated)
    return sorted([*_flag_exercises(firsts), *_flag_sentences(again)], key=lambda flag: (flag.lesson, flag.exercise))


def _by_exercise(presses: Sequence[Press]) -> Iterator[tuple[tuple[str, str], list[Press]]]:
    pressed = sorted((one for one in presses if one.exercise), key=lambda one: (one.lesson, one.exercise, one.at))
    for key, group in groupby(pressed, key=lambda one: (one.lesson, one.exercise)):
        yield key, list(group)


def _repeats(own: Sequence[Press]) -> Iterator[tuple[str, bool]]:
    """Yield each mistake at its first time, and whether the next press failed in the same way."""
    seen = set()
    for press, following in pairwise(own):
        if press.mistake and not press.passed and press.mistake not in seen:
            seen.add(press.mistake)
            yield press.mistake, following.mistake == press.mistake


def _flag_exercises(firsts: dict[tuple[str, str], list[bool]]) -> Iterator[Flag]:
    for key, passed in firsts.items():
        share = sum(passed) / len(passed)
        if len(passed) >= FEWEST and (share > EASY or share < HARD):
            yield Flag(*key, TOO_EASY if share > EASY else TOO_HARD, share, len(passed))


def _flag_sentences(again: dict[tuple[str, str, str], list[bool]]) -> Iterator[Flag]:
    for (lesson, exercise, mistake), repeated in again.items():
        share = sum(repeated) / len(repeated)
        if len(repeated) >= FEWEST and share > HELPLESS:
            yield Flag(lesson, exercise, NO_HELP, share, len(repeated), mistake)
