"""A submission's cells run in a process of their own, as in a learner's kernel; what ends it costs one cell."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rounds.grading.course import Course
from rounds.grading.runner.runner import Runner, open_runner, submission_seal
from rounds.lessons.values.decode import decode_value
from rounds.lessons.values.encode import encode_value
from rounds.lessons.values.message import Packet

Open = Callable[[float], Runner]


@pytest.fixture
def open_one(tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens a runner with a time limit."""
    opened: list[Runner] = []

    def open_it(cell_s: float = 60) -> Runner:
        (tmp_path / "work").mkdir(exist_ok=True)
        opened.append(open_runner(Course("x", tmp_path, tmp_path / "exchange"), tmp_path / "work", cell_s))
        return opened[-1]

    yield open_it
    for runner in opened:
        runner.close()


def text_of(runner: Runner, source: str) -> str:
    ran = runner.run(source)
    return "".join(
        str(output.get("text", output.get("data", {}).get("text/plain", output.get("evalue", ""))))
        for output in ran.outputs
    )


@pytest.mark.parametrize(
    ("source", "shows"),
    [
        ("1 + 1", "2"),
        ("1 + 1;", ""),
        ("print('a'); 2", "a\n2"),
        ("!echo hello", "hello\r\n"),
        ("%%capture said\nprint('x')", ""),
        ("display({'a': 1})", "{'a': 1}"),
        ("await __import__('asyncio').sleep(0, 'slept')", "'slept'"),
        ("import sys; print('warned', file=sys.stderr)", "warned\n"),
        ("from IPython.display import clear_output; print('gone'); clear_output(); print('here')", "here\n"),
        ("exit()", ""),
        ("get_ipython().user_ns is globals()", "True"),
        (
            "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1]); None",
            "<Figure size 640x480 with 1 Axes>",
        ),
        ("import ipywidgets; ipywidgets.IntSlider()", "IntSlider(value=0)"),
        ("import sys; sys.stdin.read()", "''"),
    ],
    ids=str,
)
def test_a_cell_shows_what_it_shows_in_a_kernel(open_one: Open, source: str, shows: str) -> None:
    assert text_of(open_one(60), source) == shows


@pytest.mark.parametrize(
    ("source", "error", "line"),
    [
        *(
            ("x = 1\n1 / 0", "ZeroDivisionError", 2),
            ("x = 1\ny = (", "SyntaxError", 2),
            ("%no_such_magic", "UsageError", 1),
        ),
        *(("def f():\n    raise KeyError('a')\n\nf()", "KeyError", 4), ("raise SystemExit(3)", "SystemExit", 1)),
    ],
)
def test_an_error_is_named_with_its_line(open_one: Open, source: str, error: str, line: int) -> None:
    runner = open_one(60)
    ran = runner.run(source)
    assert (ran.error, ran.line, ran.cause) == (error, line, "")
    assert text_of(runner, "2 + 2") == "4"


def test_an_error_that_is_shown_by_nothing_is_noted(open_one: Open) -> None:
    runner = open_one(60)
    runner.run("get_ipython().showtraceback = lambda *a, **k: None\nget_ipython()._showtraceback = lambda *a: None")
    ran = runner.run("1 / 0")
    assert (ran.error, ran.line) == ("ZeroDivisionError", 1)
    assert [output["output_type"] for output in ran.outputs] == ["error"]


def test_long_output_is_cut_off(open_one: Open) -> None:
    runner = open_one(60)
    said = text_of(runner, "for _ in range(300): print('x' * 10_000)")
    assert len(said) < 1_100_000
    assert said.endswith("a box may show a million letters.\n")
    assert text_of(runner, "1") == "1"


def test_a_cell_that_ends_python_costs_itself_alone(open_one: Open) -> None:
    runner = open_one(60)
    runner.run("x = 41")
    ran = runner.run("import os; os._exit(3)")
    assert ran.cause == "This box ended Python (exit code 3)."
    assert text_of(runner, "x + 1") == "42"
    assert runner.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)").cause == (
        "This box ended Python (SIGKILL, perhaps for want of memory)."
    )
    assert text_of(runner, "x + 1") == "42"


@pytest.mark.parametrize(
    "loop",
    ["while True: pass", "while True:\n    try:\n        while True: pass\n    except BaseException: pass"],
    ids=["one that stops", "one that does not"],
)
def test_a_cell_that_takes_too_long_costs_itself_alone(open_one: Open, loop: str) -> None:
    runner = open_one(2)
    runner.run("x = 41")
    assert runner.run(loop).cause == "This box took longer than 2 seconds and was stopped."
    assert text_of(runner, "x + 1") == "42"


def test_a_submission_has_a_limit_of_its_own(open_one: Open) -> None:
    runner = open_one(0.5)
    for _ in range(12):
        ran = runner.run("import time\ntry:\n    time.sleep(100)\nexcept BaseException:\n    time.sleep(100)")
    assert ran.cause == "The boxes above took longer than 2.5 seconds together."
    assert runner.take("e1", "x").refused == ran.cause


def test_a_value_leaves_as_it_is_at_that_moment(open_one: Open) -> None:
    runner = open_one(60)
    assert runner.take("e1", "x").value is None
    runner.run("x = {'a': ...}")
    taken = runner.take("e1", "x")
    assert taken.value is not None
    assert decode_value(taken.value) == {"a": ...}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import numpy; x = numpy.broadcast_to(0.0, (10**5, 10**5))", "80,000 MB is too large"),
        ("x = []; x.append(x)", "holds itself"),
        ("import os; x = type('X', (list,), {})(); __import__('rounds.lessons.values.encode').lessons.values.encode"
         "._WRITERS = ((list, lambda *_: os._exit(5)),)", "Reading x ended Python (exit code 5)."),
    ],
    ids=["80 GB", "a circle", "a liar"],
)  # fmt: skip
def test_a_value_that_cannot_leave_is_said(open_one: Open, source: str, says: str) -> None:
    runner = open_one(60)
    runner.run(source)
    assert says in runner.take("e1", "x").refused
    assert text_of(runner, "1") == "1"


def test_a_function_is_called_where_it_lives(open_one: Open) -> None:
    runner = open_one(3)
    runner.run("def f(rows, more=0):\n    rows.append(more)\n    return sum(rows)")
    runner.take("e1", "f")
    said = runner.call("e1", Packet({"say": "call"}, (encode_value([1, 2]), encode_value(3))))
    assert said.head == {"did": "returned"}
    assert (decode_value(said.parts[0]), said.parts[1], decode_value(said.parts[2])) == ([1, 2, 3], b"", 6)


@pytest.mark.parametrize(
    ("body", "did", "says"),
    [
        ("raise ValueError('no')", "raised", "no"),
        ("while True: pass", "stopped", "Your function took longer than 2 seconds and was stopped."),
        ("__import__('os')._exit(4)", "stopped", "Your function ended Python (exit code 4)."),
        ("return ' ' * 10**8", "stopped", "too large"),
    ],
)
def test_a_function_that_does_not_return_is_said(open_one: Open, body: str, did: str, says: str) -> None:
    runner = open_one(2)
    runner.run(f"def f():\n    {body}")
    runner.run("def g(): return 7")
    runner.take("e1", "f")
    runner.take("e2", "g")
    said = runner.call("e1", Packet({"say": "call"}))
    assert said.head["did"] == did
    assert says in said.head.get("sentence", said.head.get("text"))
    assert decode_value(runner.call("e2", Packet({"say": "call"})).parts[-1]) == 7


def test_a_submission_has_none_of_our_environment(open_one: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "secret")
    monkeypatch.setenv("ROUNDS_HIDDEN", "/hidden")
    said = text_of(open_one(60), "import os; print(sorted(os.environ))")
    assert "JUPYTERHUB_API_TOKEN" not in said
    assert "ROUNDS_HIDDEN" not in said
    assert "IPYTHONDIR" in said
    assert "JUPYTERHUB_API_TOKEN" in os.environ


def test_a_submission_may_reach_its_folder_and_what_rooms_read(tmp_path: Path) -> None:
    course = Course("x", tmp_path / "course", tmp_path / "exchange", tmp_path / "lessons", tmp_path / "data")
    reach = submission_seal(course, tmp_path / "work")
    assert reach.writes == (tmp_path / "work",)
    assert set(reach.reads) == {tmp_path / "lessons", tmp_path / "data"}
    assert not any(course.root in (path, *path.parents) for path in (*reach.reads, *reach.writes))


def test_without_a_template_a_cell_runs_sealed_all_the_same(
    open_one: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "open-to-all"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setenv("ROUNDS_WARM_SOCKET", str(shared / "none.sock"))
    secret = tmp_path / "secret"
    secret.write_text("of another", encoding="utf-8")
    (tmp_path / "left").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "left"))
    runner = open_one(60)
    assert text_of(runner, "6 * 7") == "42"
    assert runner.run(f"open({str(secret)!r}).read()").error in ("FileNotFoundError", "PermissionError")
    assert text_of(runner, "import os; sorted(map(int, os.listdir('/proc/self/fd')))[-1] < 20") == "True"
    assert not list((tmp_path / "left").iterdir())
