"""What was handed in is graded at once, a few at a time, the newest attempt of each; a killed service loses none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path

import pytest

from rounds.grading.attempts import Attempt, find_attempts, record_attempt
from rounds.grading.course import Course
from rounds.grading.service.queue import AT_ONCE, GradingQueue, find_ungraded, refusal_of

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with one released lesson."""
    course = Course("demo", tmp_path / "course", tmp_path / "exchange")
    (course.outbound / "a3").mkdir(parents=True)
    return course


def hand_in(course: Course, who: str, minute: int = 0) -> Attempt:
    return record_attempt(course, who, "a3", {"n.ipynb": b"%d" % minute}, NOW + timedelta(minutes=minute))


def mark(course: Course, attempt: Attempt) -> str:
    """Release feedback on an attempt, as grading does last."""
    name = md5((attempt.secret + "n").encode(), usedforsecurity=False).hexdigest()
    page = course.exchange / course.id / "feedback" / f"{name}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("Well done", encoding="utf-8")
    return ""


def run_until(queue: GradingQueue, done: Callable[[], bool]) -> None:
    async def work() -> None:
        working = asyncio.create_task(queue.work())
        for _ in range(2000):
            if done():
                break
            await asyncio.sleep(0.005)
        working.cancel()
        assert done()

    asyncio.run(work())


def test_a_service_that_starts_grades_what_waits(course: Course) -> None:
    for who in ("noa", "tal"):
        hand_in(course, who)
    mark(course, hand_in(course, "dana"))
    graded: list[str] = []

    def grade(attempt: Attempt) -> str:
        graded.append(attempt.username)
        return mark(course, attempt)

    run_until(GradingQueue(lambda: course, grade), lambda: not find_ungraded(course))
    assert sorted(graded) == ["noa", "tal"]


def test_no_more_than_a_few_at_a_time_and_one_of_a_person(course: Course) -> None:
    running: list[str] = []
    most, twice, lock = [0], [False], threading.Lock()

    def grade(attempt: Attempt) -> str:
        with lock:
            twice[0] |= attempt.username in running
            running.append(attempt.username)
            most[0] = max(most[0], len(running))
        threading.Event().wait(0.02)
        with lock:
            running.remove(attempt.username)
        return mark(course, attempt)

    for number in range(8):
        hand_in(course, f"p{number}")
    queue = GradingQueue(lambda: course, grade)
    run_until(queue, lambda: not find_ungraded(course) and not len(queue))
    assert (most[0], twice[0]) == (AT_ONCE, False)


def test_an_attempt_during_the_grading_of_the_one_before_is_graded_too(course: Course) -> None:
    hand_in(course, "noa")
    times: list[str] = []

    def grade(attempt: Attempt) -> str:
        if not times:
            queue.add(hand_in(course, "noa", 5))
        times.append(attempt.time)
        return mark(course, attempt)

    queue = GradingQueue(lambda: course, grade)
    run_until(queue, lambda: len(times) == 2 and not len(queue))
    assert times == [attempt.time for attempt in find_attempts(course)]


def test_what_cannot_be_graded_says_why_stops_nobody_else_and_is_not_tried_for_ever(course: Course) -> None:
    hand_in(course, "noa"), hand_in(course, "tal")

    def grade(attempt: Attempt) -> str:
        if attempt.username == "tal":
            raise RuntimeError("boom")
        return "The notebook is no notebook."

    queue = GradingQueue(lambda: course, grade)
    run_until(queue, lambda: not find_ungraded(course) and not len(queue))
    said = {attempt.username: refusal_of(course, attempt) for attempt in find_attempts(course)}
    assert said["noa"] == "The notebook is no notebook."
    assert "a fault of Rounds" in said["tal"]
    hand_in(course, "noa", 9)
    assert [attempt.username for attempt in find_ungraded(course)] == ["noa"]
