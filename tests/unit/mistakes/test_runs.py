"""How the last run of each cell is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.events import EventManager, available_events
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult

from rounds.mistakes.runs import Run, digest
from rounds.mistakes.shell import Explainer, explainer_of, start


@pytest.fixture
def explainer() -> Explainer:
    shell: Any = SimpleNamespace(user_ns={}, _showtraceback=lambda *_: None)
    shell.events = EventManager(shell, available_events)
    assert explainer_of(shell) is None
    assert start(shell) is start(shell)
    return start(shell)


def run(explainer: Explainer, text: str, cell: str | None = "e1") -> None:
    """Run a cell as a kernel does."""
    result = ExecutionResult(ExecutionInfo(text, True, False, True, cell))
    explainer.begin(result.info)
    try:
        code = compile(text, "<cell>", "exec")
    except SyntaxError as error:
        explainer.show(type(error), error, [])
        result.error_before_exec = error
    else:
        try:
            exec(code, explainer._shell.user_ns)
        except Exception as error:
            explainer.show(type(error), error, [])
            result.error_in_exec = error
    explainer.end(result)


def test_a_cell_that_ran_well(explainer: Explainer) -> None:
    run(explainer, "x = 1")
    assert explainer.runs.last("e1") == Run(digest("x = 1"))
    assert explainer.runs.last("e2") is None


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("x = 1\nx = (2", "SyntaxError", 2),
        ("x = 1\n\ny = 1 / 0", "ZeroDivisionError", 3),
        ("def f():\n    return 1 / 0\n\nf()", "ZeroDivisionError", 2),
        ("import json\njson.loads('{')", "JSONDecodeError", 2),  # not the line in the library
        ("x = 1\nraise RuntimeError('own')", "RuntimeError", 2),  # no rule knows it
    ],
)
def test_a_cell_that_stopped(explainer: Explainer, text: str, kind: str, line: int) -> None:
    run(explainer, text)
    last = explainer.runs.last("e1")
    assert last is not None
    assert last.stopped
    assert (last.kind, last.line, last.mark) == (kind, line, digest(text))


def test_the_next_run_counts(explainer: Explainer) -> None:
    run(explainer, "x = 1 / 0")
    run(explainer, "x = 1")
    last = explainer.runs.last("e1")
    assert last == Run(digest("x = 1"))


def test_a_cell_without_an_id_is_not_kept(explainer: Explainer) -> None:
    run(explainer, "x = 1 / 0", None)
    assert explainer.runs.last("") is None


def test_blanks_at_the_ends_of_lines_change_nothing() -> None:
    assert digest("x = 1  \ny = 2\n\n") == digest("x = 1\ny = 2")
    assert digest("x = 1") != digest(" x = 1")
