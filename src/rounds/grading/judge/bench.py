"""Judges kept warm for a long-lived service: as many as the machine has cores, each used by one asker at a time."""

from __future__ import annotations

import atexit
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rounds.grading.course import Course
from rounds.grading.judge.judge import AnswerToJudge, Judge
from rounds.grading.judge.verdict import Verdict

_benches: dict[tuple[int, Course], queue.LifoQueue[Judge]] = {}  # by process: a fork has none of its parent's
_lock = threading.Lock()


def judge_answer(course: Course, lesson_id: str, exercise_id: str, value_bytes: bytes | None) -> Verdict:
    """Return the verdict on one answer, as `rounds.lessons.values.encode.encode_value` encoded it in the room.

    A function cannot be called from here: its verdict is that of the hand-in.  Safe to call from several threads.
    """
    with borrow(course) as judge:
        return judge.judge(AnswerToJudge(lesson_id, exercise_id, value_bytes))


@contextmanager
def borrow(course: Course) -> Iterator[Judge]:
    """Lend a judge of a course, the one that was used last; wait for one when all are in use."""
    bench = _bench(course)
    judge = bench.get()
    try:
        yield judge
    finally:
        bench.put(judge)


def read_ahead(course: Course) -> None:
    """Let every judge that nobody uses now read the checks of every released lesson."""
    bench, idle = _bench(course), list[Judge]()
    with suppress(queue.Empty):
        while True:
            idle.append(bench.get_nowait())
    for judge in idle:
        try:
            judge.read_ahead()
        finally:
            bench.put(judge)


def _bench(course: Course) -> queue.LifoQueue[Judge]:
    key = (os.getpid(), course)
    with _lock:
        if key not in _benches:
            bench = _benches[key] = queue.LifoQueue()
            for _ in range(max(1, min(4, os.cpu_count() or 1))):
                bench.put(Judge(course))
        return _benches[key]


def close_judges() -> None:
    """End every judge that nobody uses now."""
    with _lock:
        mine = [key for key in _benches if key[0] == os.getpid()]
        benches = [_benches.pop(key) for key in mine]
    for bench in benches:
        while not bench.empty():
            bench.get_nowait().close()


atexit.register(close_judges)
