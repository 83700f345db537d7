"""The judge as the rest of Rounds asks it: a warm process behind a lock, replaced when it ended or took long."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rounds.errors import Command, GradingError
from rounds.grading.course import Course
from rounds.grading.forked import Program, SealReach, Started, bare_environment, start
from rounds.grading.frames import LineEndedError, TooLateError
from rounds.grading.judge.verdict import FIRST, OUR_FAULT, Verdict
from rounds.lessons.values.message import MessageError, Packet
from rounds.store.versions import LINK
from rounds.warm.order import KernelLimits

WITHIN_S = 30.0  # of the judge's own time between two words
LIMITS = KernelLimits(memory_gb=8)
Call = Callable[[Packet], Packet]


@dataclass(frozen=True)
class AnswerToJudge:
    """One answer to be judged; `value` is what `encode_value` made of it, None where there is none."""

    lesson: str
    exercise: str
    value: bytes | None
    stage: str = FIRST


@dataclass(frozen=True)
class Exercises:
    """The exercises of a lesson that the judge knows: which name each reads, and their titles."""

    lesson: str = ""
    title: str = ""
    reads: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def judge_reach(course: Course) -> SealReach:
    """Return what the judge may reach: checks and datasets to read, nothing to write."""
    return SealReach(reads=tuple(path for path in (course.hidden, course.data) if path))


def no_call(_: Packet) -> Packet:
    """Answer a judge that wants to call a function where none can be called."""
    return Packet({"did": "stopped", "sentence": "A function is marked when you hand in."})


class Judge:
    """One judge of a course."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._lock = threading.Lock()
        self._started: Started | None = None
        self._lessons = Path()
        self._exercises: dict[str, Exercises] = {}

    def judge(self, asked: AnswerToJudge, call: Call = no_call) -> Verdict:
        """Return the verdict; `call` carries the judge's calls of a function to where it lives."""
        with self._lock:
            try:
                return self._converse(asked, call)
            except (LineEndedError, TooLateError, MessageError) as error:
                self._end()
                fault = f"The judge of {asked.lesson} {asked.exercise} broke off: {type(error).__name__}"
                return Verdict(False, OUR_FAULT, fault=fault)
            except BaseException:
                self._end()
                raise

    def exercises(self, assignment: str) -> Exercises:
        """Return the exercises of a lesson; none for an assignment that is no lesson.

        Raises
        ------
        GradingError
            When the lesson's checks cannot be loaded.
        """
        if not (self._course.hidden / LINK).is_dir():
            return Exercises()
        with self._lock:
            line = self._ready().line
            if assignment not in self._exercises:
                try:
                    line.send({"assignment": assignment}, within_s=WITHIN_S)
                    self._exercises[assignment] = Exercises(**line.receive(WITHIN_S).head["known"])
                except (LineEndedError, TooLateError):
                    self._end()
                    raise GradingError(
                        f"The checks of {assignment} cannot be loaded: {Command('lessons', 'test')}"
                    ) from None
            return self._exercises[assignment]

    def read_ahead(self) -> None:
        """Read the checks of every released lesson, before anybody asks."""
        for released in sorted((self._course.root / "release").glob("*")):
            self.exercises(released.name)

    def close(self) -> None:
        """End the judge's process."""
        with self._lock:
            self._end()

    def _converse(self, asked: AnswerToJudge, call: Call) -> Verdict:
        line = self._ready().line
        head = {"lesson": asked.lesson, "exercise": asked.exercise, "stage": asked.stage}
        line.send(head, *([] if asked.value is None else [asked.value]), within_s=WITHIN_S)
        while True:
            said = line.receive(WITHIN_S)
            if said.head["say"] == "verdict":
                return Verdict(**{name: value for name, value in said.head.items() if name != "say"})
            answer = call(said)
            line.send(answer.head, *answer.parts, within_s=WITHIN_S)

    def _ready(self) -> Started:
        """Return the process, a new one when it has ended or the lessons have changed."""
        lessons = (self._course.hidden / LINK).resolve()
        if self._started is not None and (self._started.process.poll() is not None or lessons != self._lessons):
            self._end()
        if self._started is None:
            self._started, self._lessons = start(self._program(lessons)), lessons
            self._exercises = {}
        return self._started

    def _program(self, lessons: Path) -> Program:
        environ = bare_environment(os.environ, OMP_NUM_THREADS="1", PYTHONSAFEPATH="1")
        if self._course.data:
            environ["ROUNDS_DATA"] = str(self._course.data)
        return Program("rounds.grading.judge.program", lessons, environ, judge_reach(self._course), LIMITS)

    def _end(self) -> None:
        if self._started is not None:
            self._started.end()
            self._started = None
