"""Presses become counts, minutes, first presses that pass, and who is stuck."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rounds.progress.presses import Press
from rounds.progress.work import Stuck, Work, find_sitting, find_stuck, sum_work

NINE = datetime(2027, 2, 21, 9, tzinfo=UTC)


def at(minute: float, exercise: str = "e1", passed: bool = False, lesson: str = "a3") -> Press:
    return Press(NINE + timedelta(minutes=minute), lesson, exercise, passed)


def opened(minute: float, lesson: str = "a3") -> Press:
    return at(minute, "", lesson=lesson)


def test_minutes_are_those_since_the_lesson_was_opened_and_between_presses() -> None:
    done = sum_work([opened(0), at(4), at(6, passed=True), at(11, "e2", passed=True)])
    assert done["a3", "e1"] == Work(2, 0, 6 * 60.0, False, NINE + timedelta(minutes=6))
    assert done["a3", "e2"] == Work(1, 0, 5 * 60.0, True, NINE + timedelta(minutes=11))


def test_a_pause_counts_for_nothing_and_neither_does_a_clock_that_went_back() -> None:
    assert sum_work([at(0), at(31)])["a3", "e1"].seconds == 0
    assert sum_work([at(0), at(30)])["a3", "e1"].seconds == 1800
    assert sum_work([at(5), at(0)])["a3", "e1"].seconds == 0


@pytest.mark.parametrize(
    ("outcomes", "is_first", "failures"),
    [((True,), True, 0), ((False, True), False, 0), ((True, False), True, 1), ((False, False, False), False, 3)],
)
def test_the_first_try_and_the_failures_in_a_row(outcomes: tuple[bool, ...], is_first: bool, failures: int) -> None:
    work = sum_work([at(minute, passed=passed) for minute, passed in enumerate(outcomes)])["a3", "e1"]
    assert (work.is_at_once, work.failures) == (is_first, failures)


def test_who_did_nothing_sits_nowhere() -> None:
    assert find_sitting([]) is None


# what came before, and since which minute there was no step
@pytest.mark.parametrize(
    ("presses", "since", "exercise"),
    [
        ([opened(0), at(4), at(9)], 0, "e1"),
        ([opened(0), at(4, passed=True), at(9, "e2")], 4, "e2"),
        ([opened(0), at(4, passed=True)], 4, ""),
        ([at(0), opened(10), at(12)], 0, "e1"),  # the page was loaded again: the sitting goes on
        ([at(0), opened(10, "b2")], 10, ""),  # another lesson
        ([at(0), at(40)], 40, "e1"),  # after a pause
    ],
)
def test_a_step_is_a_check_that_passed_or_a_beginning(presses: list[Press], since: int, exercise: str) -> None:
    sitting = find_sitting(presses)
    assert sitting is not None
    assert sitting.since == NINE + timedelta(minutes=since)
    assert sitting.exercise == exercise


# failures in a row, minutes since the step, minutes since the last press
@pytest.mark.parametrize(
    ("failures", "since", "last", "stuck"),
    [
        (5, 15, 1, None),  # as many as the event file allows
        (6, 3, 1, Stuck(6, 3, True)),
        (1, 16, 1, Stuck(1, 16, False)),
        (0, 16, 16, Stuck(0, 16, False)),  # opened the lesson and pressed nothing
        (9, 90, 61, None),  # gone
    ],
)
def test_who_is_stuck(failures: int, since: int, last: int, stuck: Stuck | None) -> None:
    sitting = find_sitting([opened(0)])
    assert sitting is not None
    now = NINE + timedelta(minutes=since)
    sitting = type(sitting)("a3", "e1", NINE, now - timedelta(minutes=last))
    assert find_stuck(sitting, failures, now, (5, 15)) == stuck
