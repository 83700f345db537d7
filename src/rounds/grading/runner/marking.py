"""Walk through a submission: the runner runs its boxes, the judge marks each exercise where its test cell stands.

A test cell is not run: what it would report could be forged.  It gets the outputs that nbgrader's marks are read from:
none where the answer holds, an error with the sentence where it does not.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rounds.grading.judge.judge import AnswerToJudge, Exercises, Judge
from rounds.grading.judge.verdict import LAST, Verdict
from rounds.grading.runner.runner import CellRun, Runner, Taken

SUFFIX = "-test"
NOT_YET = "NotYet"
STOPPED = "The box above stopped{where} with {error}; mend that first."
PLAIN_ERRORS = frozenset(name for name in vars(builtins) if name.endswith("Error"))


@dataclass
class Marking:
    """One submission on its way through runner and judge.

    Parameters
    ----------
    runner, judge
        The two processes.
    exercises
        What the judge can mark; any other test cell is run as it stands, as nbgrader would.
    verdicts
        What was found, by exercise.
    """

    runner: Runner
    judge: Judge
    exercises: Exercises
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    _trouble: str = ""
    _later: dict[str, tuple[Any, bytes]] = field(default_factory=dict)

    def mark(self, cells: Iterable[Any]) -> None:
        """Run and mark every cell; the hidden checks of functions come when all else was said."""
        for number, cell in enumerate(_code(cells), 1):
            exercise = self._exercise_of(cell)
            if exercise:
                self._judge(cell, exercise)
            else:
                self._run(cell, number)
        for exercise, (cell, value) in self._later.items():
            self._record(cell, exercise, self._put(AnswerToJudge(self.exercises.lesson, exercise, value, LAST)))

    def _exercise_of(self, cell: Any) -> str:
        """Return the exercise that a test cell marks, nothing for any other cell."""
        own = cell.metadata.get("nbgrader", {})
        exercise = str(own.get("grade_id", "")).removesuffix(SUFFIX)
        is_test = own.get("grade") and not own.get("solution") and own.get("grade_id") != exercise
        return exercise if is_test and exercise in self.exercises.reads else ""

    def _run(self, cell: Any, number: int) -> None:
        ran = self.runner.run(cell.source)
        cell.outputs, cell.execution_count = [_node(output) for output in ran.outputs], number
        if ran.cause:
            cell.outputs.append(_error("Stopped", ran.cause))
        own = cell.metadata.get("nbgrader", {})
        if own.get("grade") and not own.get("solution"):
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        self._trouble = _name_trouble(ran) or self._trouble

    def _judge(self, cell: Any, exercise: str) -> None:
        taken = self.runner.take(exercise, self.exercises.reads[exercise])
        verdict = self._ask(exercise, taken)
        if self._trouble and not verdict.passed and (taken.value is None or self._is_untouched(verdict)):
            verdict = Verdict(False, self._trouble)
        self._trouble = ""
        if verdict.unfinished and taken.value is not None:
            self._later[exercise] = (cell, taken.value)
        self._record(cell, exercise, verdict)

    def _ask(self, exercise: str, taken: Taken) -> Verdict:
        if taken.refused:
            return Verdict(False, f"{self.exercises.reads[exercise]} cannot be marked. {taken.refused}")
        return self._put(AnswerToJudge(self.exercises.lesson, exercise, taken.value))

    def _put(self, asked: AnswerToJudge) -> Verdict:
        return self.judge.judge(asked, lambda said: self.runner.call(asked.exercise, said))

    @staticmethod
    def _is_untouched(verdict: Verdict) -> bool:
        return "is still empty" in verdict.sentence

    def _record(self, cell: Any, exercise: str, verdict: Verdict) -> None:
        self.verdicts[exercise] = verdict
        cell.outputs = [] if verdict.passed else [_error(NOT_YET, verdict.sentence)]
        cell.execution_count = None


def _code(cells: Iterable[Any]) -> Iterator[Any]:
    return (cell for cell in cells if cell.cell_type == "code" and cell.source.strip())


def _name_trouble(ran: CellRun) -> str:
    """Return what to say of a box that stopped, nothing when it did not."""
    if ran.cause:
        return f"{ran.cause[:-1]}; mend that first."
    if not ran.error:
        return ""
    where = f" in line {ran.line}" if ran.line else ""
    return STOPPED.format(where=where, error=ran.error if ran.error in PLAIN_ERRORS else "an error")


def _node(output: Mapping[str, Any]) -> Any:
    from nbformat import from_dict

    return from_dict(dict(output))  # type: ignore[no-untyped-call]


def _error(name: str, sentence: str) -> Any:
    return _node({"output_type": "error", "ename": name, "evalue": sentence, "traceback": [f"{name}: {sentence}"]})
