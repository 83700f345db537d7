"""What misbehaving hand-ins do to stock nbgrader and to Rounds: sixteen rows, each with the right effect beside it.

Stock nbgrader grades the stock edition of the lesson, with its own kernels and its own settings but the time limit.
"""

from __future__ import annotations

import copy
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat.v4 import new_code_cell
from tests.courses import FOLDERS, cell_of, hand_in, lay_notebook, make_course, make_tables, solved

from rounds.errors import GradingError
from rounds.grading.course import Course
from rounds.grading.grade import grade_submission
from rounds.grading.judge.bench import close_judges
from rounds.grading.marks import read_grades
from rounds.lessons.stock import write_stock

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader 0.9.6 on SQLAlchemy 2.1
NAME, LESSON = "b2_numbers", "b2"
CELL_S = 8
FULL: dict[str, float | None] = {f"e{n}-test": 2.0 for n in (1, 2, 3, 4)}
NOTHING: dict[str, float | None] = {}
UNKNOWN: dict[str, float | None] = dict.fromkeys(FULL)  # nbgrader waits for a mentor

# Rows whose effect on Rounds the seal makes right: files by their full path, the network, a process that leaves.
NEEDS_SEAL: tuple[str, ...] = ()


def less(**marks: float | None) -> dict[str, float | None]:
    return FULL | {f"{exercise}-test": points for exercise, points in marks.items()}


@dataclass(frozen=True)
class Side:
    """Where a submission is graded: stock nbgrader's course or ours, and where a learner's code leaves a marker."""

    root: Path
    marker: Path
    port: int

    def fill(self, code: str) -> str:
        """Return a learner's code with the places of this side in it."""
        return (
            code.replace("ROOT", repr(str(self.root)))
            .replace("MARKER", repr(str(self.marker)))
            .replace("PORT", str(self.port))
        )


@dataclass(frozen=True)
class Row:
    """One misbehaving submission: what is done to a right one, and what comes of it on both sides."""

    spoil: Callable[[Any, Side], None]
    stock: dict[str, float | None]
    ours: dict[str, float | None]
    stock_leak: str = ""  # what the marker holds; nothing is right


def code(exercise: str, text: str) -> Callable[[Any, Side], None]:
    """Return what puts code before the answer to an exercise."""

    def spoil(notebook: Any, side: Side) -> None:
        cell = cell_of(notebook, exercise)
        cell.source = side.fill(text) + "\n" + cell.source

    return spoil


def instead(**answers: str) -> Callable[[Any, Side], None]:
    """Return what answers some exercises otherwise."""

    def spoil(notebook: Any, side: Side) -> None:
        for exercise, source in answers.items():
            cell_of(notebook, exercise).source = side.fill(source)

    return spoil


def copy_test(notebook: Any, _: Side) -> None:
    copied = copy.deepcopy(cell_of(notebook, "e1-test"))
    copied.id = "copied"
    notebook.cells.append(copied)


def delete_test(notebook: Any, _: Side) -> None:
    notebook.cells.remove(cell_of(notebook, "e1-test"))


def strip(notebook: Any, _: Side) -> None:
    for number, cell in enumerate(notebook.cells):
        cell.metadata.clear()
        cell.id = f"colab{number}"


def retype(notebook: Any, _: Side) -> None:
    cell = cell_of(notebook, "e1")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]


WRONG = "def to_mgL(value, unit): return 0"
CHEAT = """ip = get_ipython()
ip.input_transformers_cleanup.append(lambda ls: ['pass\\n'] if any('.grade(' in l for l in ls) else ls)
"""
STEAL = """try:
    import glob, pathlib
    found = [pathlib.Path(p).read_text() for p in glob.glob(ROOT + {pattern!r}, recursive=True)]
    pathlib.Path(MARKER).write_text(str(len(found)) if found else '')
except OSError: pass"""
ROWS = {
    "reads the solutions": Row(code("e1", STEAL.format(pattern="/source/**/*.ipynb")), FULL, FULL, "1"),
    "reads other hand-ins": Row(code("e1", STEAL.format(pattern="/submitted/other/**/*.ipynb")), FULL, FULL, "1"),
    "reads the hub's token": Row(
        code(
            "e1",
            "import os, pathlib\ntoken = os.environ.get('JUPYTERHUB_API_TOKEN', '')\n"
            "try:\n    pathlib.Path(MARKER).write_text(token)\nexcept OSError: pass",
        ),
        *(FULL, FULL, "the-token"),
    ),
    "writes the gradebook": Row(
        code(
            "e1",
            "import sqlite3\ntry:\n    db = sqlite3.connect('file:' + ROOT + '/gradebook.db?mode=rw', uri=True)\n"
            "    db.execute('UPDATE grade SET manual_score = 2')\n"
            "    db.commit(); db.close()\nexcept sqlite3.Error: pass",
        ),
        *(FULL, FULL, "others have 2 points"),
    ),
    "speaks to the network": Row(
        code(
            "e1",
            "import socket, pathlib\ntry:\n    socket.create_connection(('127.0.0.1', PORT), 2).close()\n"
            "    pathlib.Path(MARKER).write_text('connected')\nexcept OSError: pass",
        ),
        *(FULL, FULL, "connected"),
    ),
    "leaves a process": Row(
        code("e1", "import subprocess\nsubprocess.Popen(['sleep', '77'], start_new_session=True)"),
        *(FULL, FULL, "sleep 77 runs"),
    ),
    "dumps the test cells": Row(
        code(
            "e1",
            "import pathlib\nip = get_ipython()\n"
            "def dump(info): 'grade_' in info.raw_cell and pathlib.Path(MARKER).write_text('hidden tests')\n"
            "ip.events.register('pre_run_cell', dump)",
        ),
        *(FULL, FULL, "hidden tests"),
    ),
    "turns the tests into pass": Row(
        instead(e1=CHEAT + WRONG, e2="merge_dimer = None", e3="missing_per_site = None", e4="verdicts = {}"),
        FULL,
        less(e1=0, e2=0, e3=0, e4=0),
    ),
    "loops for ever": Row(code("e1", "while True: pass"), less(e1=0), less(e1=0)),
    "loops and stops for nobody": Row(
        code("e1", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        less(e1=0),
        less(e1=0),
    ),
    "ends its process": Row(code("e1", "import os; os._exit(1)"), NOTHING, less(e1=0)),
    "warns in a right answer": Row(
        instead(
            e1="import logging; logging.basicConfig()\ndef to_mgL(value, unit):\n    logging.warning('converted')\n"
            "    if unit not in ('mg/L', 'mg/dL'): raise ValueError(unit)\n"
            "    return value * {'mg/L': 1, 'mg/dL': 10}[unit]"
        ),
        less(e1=0),
        FULL,
    ),
    "holds a test cell twice": Row(copy_test, NOTHING, FULL),
    "lacks a test cell": Row(delete_test, less(e1=None), FULL),
    "lost its metadata": Row(strip, UNKNOWN, FULL),
    "has text for an answer": Row(retype, FULL, FULL),
}


@pytest.fixture(scope="module")
def listener() -> Iterator[int]:
    """Return the port of somebody who listens on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, listener: int) -> Iterator[tuple[Course, Side]]:
    """Return a course of Rounds with one honest hand-in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
        patch.setenv("JUPYTERHUB_API_TOKEN", "the-token")
        course = make_course(tmp_path_factory.mktemp("ours"), [LESSON], cell_s=CELL_S)
        hand_in(course, LESSON, "other", solved(LESSON, but=("e1",)))
        grade_submission(course, FOLDERS[LESSON].assignment, "other")
        yield course, Side(course.root, tmp_path_factory.mktemp("marker") / "marker", listener)
        close_judges()


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory, listener: int) -> Iterator[tuple[Any, Side]]:
    """Return stock nbgrader on the stock edition, with one honest hand-in."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    root = tmp_path_factory.mktemp("stock")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        patch.setenv("JUPYTERHUB_API_TOKEN", "the-token")
        patch.setenv("ROUNDS_DATA", str(make_tables(tmp_path_factory.mktemp("data"))))
        patch.delenv("ROUNDS_LESSONS", raising=False)
        patch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
        write_stock([FOLDERS[LESSON]], root)
        settings = {
            "CourseDirectory": {"root": str(root), "course_id": "rounds"},
            "ClearSolutions": {"code_stub": {"python": ""}},
            "Execute": {"timeout": CELL_S},
        }
        api = NbGraderAPI(config=Config(settings))
        done = api.generate_assignment(NAME)
        assert done["success"], done["log"]
        lay_notebook(root, NAME, "other", f"{NAME}.ipynb", solved(LESSON, but=("e1",)))
        assert api.autograde(NAME, "other")["success"]
        yield api, Side(root, tmp_path_factory.mktemp("marker") / "marker", listener)


def marks(course: Course, lesson: str, who: str) -> dict[str, float | None]:
    return {grade.cell: grade.points for grade in read_grades(course, lesson, who)}


def leak_of(side: Side) -> str:
    """Return what a submission got hold of, or left behind; and clear it away."""
    left = [child for child in psutil.process_iter(["cmdline"]) if child.info["cmdline"] == ["sleep", "77"]]
    for child in left:
        child.kill()
    with sqlite3.connect(side.root / "gradebook.db") as gradebook:
        forged = gradebook.execute("SELECT COUNT(*) FROM grade WHERE manual_score IS NOT NULL").fetchone()[0]
        gradebook.execute("UPDATE grade SET manual_score = NULL")
    said = side.marker.read_text() if side.marker.is_file() else ""
    side.marker.unlink(missing_ok=True)
    return "sleep 77 runs" if left else "others have 2 points" if forged else said


def test_the_sixteen_rows_are_here() -> None:
    assert len(ROWS) == 16
    assert set(NEEDS_SEAL) <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_rounds_has_the_right_effect(name: str, ours: tuple[Course, Side]) -> None:
    course, side = ours
    notebook = solved(LESSON)
    ROWS[name].spoil(notebook, side)
    who = f"row{list(ROWS).index(name)}"
    lesson = hand_in(course, LESSON, who, notebook)
    grade_submission(course, lesson, who)
    assert marks(course, lesson, who) == ROWS[name].ours
    leak = leak_of(side)
    assert leak == "" or name in NEEDS_SEAL
    assert marks(course, lesson, "other") == less(e1=0)


@pytest.mark.parametrize("name", ROWS)
def test_stock_nbgrader_has_the_effect_that_is_known(name: str, stock: tuple[Any, Side]) -> None:
    api, side = stock
    notebook = solved(LESSON)
    ROWS[name].spoil(notebook, side)
    who = f"row{list(ROWS).index(name)}"
    lay_notebook(side.root, NAME, who, f"{NAME}.ipynb", notebook)
    done = api.autograde(NAME, who)
    time.sleep(0.1)
    course = Course("x", side.root, side.root / "exchange")
    found = marks(course, NAME, who)  # before what it forged is taken back
    assert leak_of(side) == ROWS[name].stock_leak
    assert (found if done["success"] else NOTHING) == ROWS[name].stock


def test_what_is_no_notebook_is_said_in_a_sentence(ours: tuple[Course, Side]) -> None:
    course, _ = ours
    lesson = hand_in(course, LESSON, "broken", solved(LESSON))
    (course.root / "submitted" / "broken" / lesson / f"{NAME}.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(GradingError, match=f"Grading {lesson} of broken did not work: "):
        grade_submission(course, lesson, "broken")


def test_code_between_the_exercises_is_run(ours: tuple[Course, Side]) -> None:
    course, _ = ours
    notebook = solved(LESSON, e1="from helper import to_mgL")
    at = notebook.cells.index(cell_of(notebook, "e1"))
    body = "def to_mgL(value, unit):\\n    if unit not in ('mg/L', 'mg/dL'): raise ValueError(unit)"
    body += "\\n    return value * {'mg/L': 1, 'mg/dL': 10}[unit]"
    notebook.cells.insert(at, new_code_cell(f'with open("helper.py", "w") as file:\n    file.write("{body}")'))
    lesson = hand_in(course, LESSON, "between", notebook)
    grade_submission(course, lesson, "between")
    assert marks(course, lesson, "between") == FULL
