"""The runner as grading holds it: one submission's process, its time limits, and another process when it ends.

What came of the cells before an end is built up again: every cell that was finished runs once more.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rounds.grading.course import Course
from rounds.grading.forked import Program, SealReach, Started, bare_environment, start
from rounds.grading.frames import LineEndedError, TooLateError
from rounds.lessons.values.message import MessageError, Packet
from rounds.warm.order import KernelLimits

GRACE_S = 3.0  # for a cell to stop once it was interrupted
TIMES_A_CELL = 5  # so many times the limit of a cell is the limit of a submission
LIMITS = KernelLimits(memory_gb=8, open_files=512)
ENDED = "Python ended"


@dataclass(frozen=True)
class CellRun:
    """What came of a cell: its outputs; the error it stopped with, and the line; the cause when it was ended."""

    outputs: Sequence[Mapping[str, Any]] = ()
    error: str = ""
    line: int = 0
    cause: str = ""


@dataclass(frozen=True)
class Taken:
    """A name's value as data; None where there is none; a sentence where it cannot leave."""

    value: bytes | None = None
    refused: str = ""


@dataclass
class Runner:
    """One submission's process, in a folder of its own.

    Parameters
    ----------
    program
        The process: module, folder, environment, reach and limits.
    cell_s
        The most seconds for a cell, and for one call of a function.
    """

    program: Program
    cell_s: float
    _started: Started | None = None
    _done: list[Mapping[str, Any]] = field(default_factory=list)
    _lost: str = ""
    _ends_at: float = 0.0

    def run(self, source: str) -> CellRun:
        """Run a cell; one that ends the process, or takes too long, costs itself and not those after it."""
        order = {"do": "run", "source": source}
        try:
            said = self._ask(order)
        except (LineEndedError, TooLateError, MessageError) as error:
            return CellRun(cause=self._replace(error, "This box"))
        self._done.append(order)
        head = said.head
        late = head["error"] == "KeyboardInterrupt"
        cause = f"This box took longer than {self.cell_s:g} seconds and was stopped." if late else ""
        return CellRun(head["outputs"], str(head["error"])[:40], int(head["line"]), cause)

    def take(self, exercise: str, name: str) -> Taken:
        """Return the value of a name now, and let the process keep it for calls under the exercise's id."""
        order = {"do": "value", "exercise": exercise, "name": name}
        try:
            said = self._ask(order)
        except (LineEndedError, TooLateError, MessageError) as error:
            return Taken(refused=self._replace(error, f"Reading {name}"))
        self._done.append(order)
        if "refused" in said.head:
            return Taken(refused=str(said.head["refused"]))
        return Taken(said.parts[0] if said.head["has"] else None)

    def call(self, exercise: str, asked: Packet) -> Packet:
        """Call a function that was kept; an end or a delay is an answer of its own kind."""
        try:
            said = self._ask({"do": "call", "exercise": exercise}, *asked.parts)
            if said.head.get("did") in ("returned", "raised", "stopped") and len(said.parts) <= len(asked.parts) + 1:
                return said
            raise MessageError("no answer to a call")
        except (LineEndedError, TooLateError, MessageError) as error:
            return Packet({"did": "stopped", "sentence": self._replace(error, "Your function")})

    def close(self) -> None:
        """End the process."""
        if self._started is not None:
            self._started.end()
            self._started = None

    def _ask(self, order: Mapping[str, Any], *parts: bytes) -> Packet:
        """Return the answer; interrupt what takes too long, and raise when that does not help."""
        if self._lost:
            raise LineEndedError
        within = min(self.cell_s, max(0.0, self._budget()))
        line = self._ready().line
        line.send(dict(order), *parts, within_s=self.cell_s)
        try:
            return line.receive(within)
        except TooLateError:
            if order["do"] != "run":
                raise
        self._ready().process.send_signal(signal.SIGINT)
        return line.receive(GRACE_S)

    def _budget(self) -> float:
        """Return the seconds that are left for the submission as a whole."""
        if not self._ends_at:
            self._ends_at = time.monotonic() + TIMES_A_CELL * self.cell_s
        return self._ends_at - time.monotonic()

    def _ready(self) -> Started:
        if self._started is None:
            self._started = start(self.program)
        return self._started

    def _replace(self, error: Exception, what: str) -> str:
        """Give the submission another process with what was done so far; return what ended the one before."""
        if self._lost:
            return self._lost
        cause = self._cause_of(error, what)
        self.close()
        if self._budget() <= 0:
            self._lost = f"The boxes above took longer than {TIMES_A_CELL * self.cell_s:g} seconds together."
            return cause
        try:
            for order in self._done:
                self._ask(order)
        except (LineEndedError, TooLateError, MessageError):
            self.close()
            self._lost = f"{ENDED} in a box above, and the boxes before it could not be run a second time."
        return cause

    def _cause_of(self, error: Exception, what: str) -> str:
        if isinstance(error, TooLateError):
            return f"{what} took longer than {self.cell_s:g} seconds and was stopped."
        if isinstance(error, MessageError):
            return f"{what} gave more than can be marked: {error}"
        code = self._started.process.wait(10) if self._started is not None else None
        return f"{what} ended Python ({_name(code)})."


def _name(code: int | None) -> str:
    """Return an exit code as a person reads it; the template tells a signal as a negative number."""
    if code is not None and code < 0:
        why = ", perhaps for want of memory" if -code == signal.SIGKILL else ""
        return f"{signal.Signals(-code).name}{why}"
    return f"exit code {code}"


def submission_seal(course: Course, work: Path) -> SealReach:
    """Return what a submission may reach: the checks that are shown and the datasets to read, its folder to write."""
    return SealReach(reads=tuple(path for path in (course.lessons, course.data) if path), writes=(work,))


def open_runner(course: Course, work: Path, cell_s: float) -> Runner:
    """Return the runner of a submission that works in the folder `work`, a private copy of what was handed in."""
    environ = bare_environment(os.environ, HOME=str(work), IPYTHONDIR=str(work / ".ipython"), OMP_NUM_THREADS="1")
    environ |= {"MPLCONFIGDIR": str(work / ".matplotlib"), "TMPDIR": str(work)}
    for name, path in (("ROUNDS_LESSONS", course.lessons), ("ROUNDS_DATA", course.data)):
        if path:
            environ[name] = str(path)
    environ["NBGRADER_EXECUTION"] = "autograde"
    program = Program("rounds.grading.runner.program", work, environ, submission_seal(course, work), LIMITS)
    return Runner(program, cell_s)
