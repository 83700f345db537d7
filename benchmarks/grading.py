"""Grading: fifty hand-ins of the demo's lessons, by stock nbgrader from the stock edition and by Rounds, in one run.

    .venv/bin/python -m benchmarks.grading [--hand-ins 50] [--rounds 2] [--workers 2]

Stock nbgrader is as shipped: its own kernels, one after another, in a process that has imported it; only its time limit
is raised.  Rounds repairs, runs, judges, writes and releases the page of feedback, in processes that are ready, as in a
running event.  Both begin with hand-ins that lie in `submitted/`, and end with marks in a gradebook.  The hand-ins are
honest: right, half done, untouched, and wrong in ways that learners are wrong.  `ratio_autograde` is stock / Rounds;
`marks_differ_unexplained` counts the test cells whose mark differs.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.harness import end_on_signals, machine, print_table, quantile, report, rounded
from tests.courses import FOLDERS, hand_in, lay_notebook, make_course, make_tables, solved

from rounds.grading.course import Course
from rounds.grading.judge.bench import close_judges, judge_answer
from rounds.grading.marks import read_grades
from rounds.grading.run import grade_all
from rounds.grading.workers import Submission, Workers, open_workers
from rounds.lessons.stock import write_stock
from rounds.lessons.values.encode import encode_value
from rounds.meter import silent
from rounds.warm.client import SOCKET, is_up

LESSONS = ("a3", "b2", "j1")
WRONG = {
    "a3": {"e1": "chance_percent = 90", "e4": "def lowest_threshold(days, limit):\n    return 0.5"},
    "b2": {
        "e1": "def to_mgL(value, unit):\n    return value * 10",
        "e4": "verdicts = dict.fromkeys(range(1, 9), 'keep')",
    },
    "j1": {
        "e2": "speakers = dict.fromkeys(range(1, 9), 'clinician')",
        "e3": "clear = {'a': 1, 'b': 3, 'c': 1, 'd': 2}",
    },
}
Marks = dict[tuple[str, str, str], float | None]


def notebook_of(number: int) -> tuple[str, Any]:
    """Return the lesson and the notebook of a hand-in: two in five right, the others open, half done or wrong."""
    lesson_id = LESSONS[number % len(LESSONS)]
    kind = number // len(LESSONS) % 5
    if kind in (0, 1):
        return lesson_id, solved(lesson_id)
    if kind == 2:
        return lesson_id, solved(lesson_id, but=("e3", "e4"))
    if kind == 3:
        return lesson_id, solved(lesson_id, **WRONG[lesson_id])
    return lesson_id, solved(lesson_id, but=("f1", "e1", "e2", "e3", "e4"))


def who_of(number: int) -> str:
    return f"person{number:03}"


class Stock:
    """Stock nbgrader on the stock edition."""

    def __init__(self, root: Path, hand_ins: int) -> None:
        from nbgrader.apps import NbGraderAPI
        from traitlets.config import Config

        self.root, self.hand_ins = root, hand_ins
        write_stock([FOLDERS[lesson] for lesson in LESSONS], root)
        settings = {"CourseDirectory": {"root": str(root), "course_id": "rounds"}, "Execute": {"timeout": 120}}
        self.api = NbGraderAPI(config=Config({**settings, "ClearSolutions": {"code_stub": {"python": ""}}}))
        for lesson in LESSONS:
            assert self.api.generate_assignment(FOLDERS[lesson].name)["success"]
        for number in range(hand_ins):
            lesson, notebook = notebook_of(number)
            name = FOLDERS[lesson].name
            lay_notebook(root, name, who_of(number), f"{name}.ipynb", notebook)

    def grade(self) -> float:
        """Grade every hand-in; return the seconds."""
        shutil.rmtree(self.root / "autograded", ignore_errors=True)
        before = time.perf_counter()
        for lesson in LESSONS:
            done = self.api.autograde(FOLDERS[lesson].name, "*")
            assert done["success"], done["log"]
        return time.perf_counter() - before

    def marks(self) -> Marks:
        return marks_of(Course("rounds", self.root, self.root / "exchange"))


class Rounds:
    """Rounds on its own edition."""

    def __init__(self, course: Course, workers: Workers, hand_ins: int) -> None:
        self.course, self.workers = course, workers
        self.waiting = [self._lay(number) for number in range(hand_ins)]

    def _lay(self, number: int) -> Submission:
        lesson, notebook = notebook_of(number)
        return Submission(who_of(number), hand_in(self.course, lesson, who_of(number), notebook))

    def grade(self) -> float:
        """Grade every hand-in and release its feedback; return the seconds."""
        before = time.perf_counter()
        done = grade_all(self.workers, self.waiting, silent)
        assert not done.failed, done.failed[0]
        return time.perf_counter() - before

    def marks(self) -> Marks:
        return marks_of(self.course)

    def checks(self, times: int) -> list[float]:
        """Return the seconds of presses of a button whose answer a warm judge marks."""
        answer, seconds = encode_value(0.105), []
        judge_answer(self.course, "a3", "e3", answer)
        for _ in range(times):
            before = time.perf_counter()
            assert judge_answer(self.course, "a3", "e3", answer).passed
            seconds.append(time.perf_counter() - before)
        close_judges()
        return seconds


def marks_of(course: Course) -> Marks:
    return {(g.username, g.lesson.replace("-", "_"), g.cell): g.points for g in read_grades(course)}


@contextlib.contextmanager
def template(folder: Path) -> Iterator[None]:
    """Keep a template for Rounds, as an event does; stock nbgrader starts kernels of its own."""
    import subprocess

    path = folder / "t.sock"
    keeper = subprocess.Popen([sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path)])
    os.environ[SOCKET], os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = str(path), "local-provisioner"
    try:
        assert is_up(path, 120)
        yield
    finally:
        keeper.terminate()
        keeper.wait(20)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both, in turns."""
    parser = argparse.ArgumentParser(prog="benchmarks.grading")
    parser.add_argument("--hand-ins", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    end_on_signals()
    warnings.filterwarnings("ignore")
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    load = machine()["load"]
    with tempfile.TemporaryDirectory(prefix="grading-") as folder, template(Path(folder)):
        compare(Path(folder), given, load)


def compare(folder: Path, given: argparse.Namespace, load: float) -> None:
    """Lay the hand-ins on both sides, and compare."""
    os.environ["ROUNDS_DATA"] = str(make_tables(folder / "data"))
    stock, course = Stock(folder / "stock", given.hand_ins), make_course(folder / "ours", LESSONS, cell_s=120)
    with open_workers(course, given.workers) as workers:
        compare_with(stock, Rounds(course, workers, given.hand_ins), given, load)


def compare_with(stock: Stock, ours: Rounds, given: argparse.Namespace, load: float) -> None:
    """Grade in turns, print the seconds and the last line."""
    seconds: dict[str, list[float]] = {"stock nbgrader": [], "Rounds": []}
    for _ in range(given.rounds):
        seconds["stock nbgrader"].append(stock.grade())
        seconds["Rounds"].append(ours.grade())
    differ = find_differences(stock.marks(), ours.marks())
    for line in differ:
        print(line)
    checks = ours.checks(100)
    print_table(f"{given.hand_ins} hand-ins (s)", seconds)
    print_table("a press that the judge answers (s)", {"check": checks})
    ratios = [a / b for a, b in zip(seconds["stock nbgrader"], seconds["Rounds"], strict=True)]
    results = {
        "ratio_autograde": rounded(sorted(ratios)[len(ratios) // 2 - (len(ratios) + 1) % 2]),
        "marks_differ_unexplained": len(differ),
        "judge_p50_s": round(quantile(checks, 0.5), 4),
        "judge_p95_s": round(quantile(checks, 0.95), 4),
        "hand_ins": given.hand_ins,
    }
    report("grading", results, load)


def find_differences(stock: Marks, ours: Marks) -> list[str]:
    """Return the test cells whose marks differ, or that one side lacks."""
    cells = sorted({*stock, *ours})
    return [
        f"{cell}: stock {stock.get(cell)}, Rounds {ours.get(cell)}"
        for cell in cells
        if stock.get(cell) != ours.get(cell)
    ]


if __name__ == "__main__":
    main()
