"""The kept processes grade an attempt as the event is applied now, and outlive the death of one of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from tests.courses import FOLDERS, make_course, solved

from rounds.grading.attempts import Attempt, record_attempt
from rounds.grading.course import Course
from rounds.grading.service.queue import is_graded
from rounds.grading.service.workers import KeptWorkers
from rounds.grading.verdicts import read_findings

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1
LESSON = FOLDERS["j1"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Return a course with one lesson."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
        yield make_course(tmp_path_factory.mktemp("course"), ["j1"])


@pytest.fixture(scope="module")
def workers(course: Course) -> Iterator[tuple[KeptWorkers, list[Course]]]:
    """Return the processes, and the list whose last entry is the course as it is applied now."""
    applied = [course]
    kept = KeptWorkers(lambda: applied[-1])
    kept.get_ready()
    yield kept, applied
    kept.close()


def attempt_of(course: Course, who: str, notebook: Any) -> Attempt:
    content = nbformat.writes(notebook).encode()  # type: ignore[no-untyped-call]
    return record_attempt(course, who, LESSON.assignment, {f"{LESSON.name}.ipynb": content})


def test_an_attempt_is_graded_and_its_feedback_released(
    course: Course, workers: tuple[KeptWorkers, list[Course]]
) -> None:
    attempt = attempt_of(course, "noa", solved("j1"))
    assert workers[0].grade(attempt) == ""
    assert is_graded(course, attempt)
    assert all(verdict.passed for verdict in read_findings(course, attempt.lesson, "noa").verdicts.values())


def test_the_limit_of_a_cell_is_that_of_the_event_as_it_is_applied_now(
    course: Course, workers: tuple[KeptWorkers, list[Course]]
) -> None:
    workers[1].append(replace(course, cell_s=2))
    assert workers[0].grade(attempt_of(course, "tal", solved("j1", e1="while True: pass"))) == ""
    workers[1].pop()
    assert "longer than 2 seconds" in read_findings(course, LESSON.assignment, "tal").verdicts["e1"].sentence


def test_the_death_of_a_process_costs_no_attempt(course: Course, workers: tuple[KeptWorkers, list[Course]]) -> None:
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # a runner that has just ended, not yet buried, has no command line
            if "forkserver" in " ".join(process.cmdline()):
                for worker in process.children():
                    os.kill(worker.pid, signal.SIGKILL)
    attempt = attempt_of(course, "dana", solved("j1"))
    assert workers[0].grade(attempt) == ""
    assert is_graded(course, attempt)


KEEPER = """
import sys, time
from rounds.grading.course import Course
from rounds.grading.service.workers import KeptWorkers
from pathlib import Path
name, *folders, cell_s = sys.argv[1:]
kept = KeptWorkers(lambda: Course(name, *map(Path, folders), float(cell_s)))
kept.get_ready()
print("ready", flush=True)
time.sleep(600)
"""


def test_the_processes_end_with_a_service_that_is_killed(course: Course) -> None:
    command = [sys.executable, "-c", KEEPER, *map(str, vars(course).values())]
    service = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    assert service.stdout.readline() == "ready\n"
    left = psutil.Process(service.pid).children(recursive=True)
    assert len([process for process in left if "forkserver" in " ".join(process.cmdline())]) >= 3
    service.kill()
    service.wait()
    service.stdout.close()
    _, alive = psutil.wait_procs(left, timeout=10)
    assert [process.cmdline() for process in alive] == []
