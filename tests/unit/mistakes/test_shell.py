"""The explanation in a shell: before the traceback, never in its way."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell

from rounds.mistakes import is_explained

PROGRAM = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
shown = []
shell._showtraceback = lambda kind, value, traceback: shown.append([kind.__name__, *traceback])
shell.run_line_magic("load_ext", "rounds.mistakes")
shell.run_line_magic("reload_ext", "rounds.mistakes")
"""


def tell(code: str, value: str = "shown") -> Any:
    """Return the value of an expression after code was run in a new process with a shell that explains."""
    program = PROGRAM + textwrap.dedent(code) + f"\nsys.stdout.write('\\n' + json.dumps({value}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def cell(text: str) -> str:
    return f"shell.run_cell({text!r})"


def test_what_is_wrapped_is_there_in_ipython_and_in_the_kernel() -> None:
    for shell in (InteractiveShell, ZMQInteractiveShell):
        assert list(inspect.signature(shell._showtraceback).parameters) == ["self", "etype", "evalue", "stb"]


def test_the_sentence_stands_first_and_the_traceback_behind_it() -> None:
    [[kind, first, *rest]] = tell(cell("x = 1\ndayz"))
    assert kind == "NameError"
    assert (
        first
        == '\x1b[1m→ Line 2: There is no name "dayz" yet. Run the box that makes it, or write a text in quotes.\x1b[0m'
    )
    assert is_explained([first, *rest])
    assert "NameError" in "".join(rest)


def test_an_error_that_no_rule_knows_is_shown_as_it_was() -> None:
    [[kind, first, *_]] = tell(cell('raise ValueError("unknown unit")'))
    assert kind == "ValueError"
    assert not is_explained([first])


def test_an_error_that_is_a_sentence_already_stays_one() -> None:
    code = 'from rounds.errors import DataError\nraise DataError("There is no table.")'
    assert tell(cell(code)) == [["DataError", "DataError: There is no table."]]


def test_an_explanation_that_fails_is_left_out() -> None:
    said = tell("import rounds.mistakes.shell as s\ns.explain = lambda *_: 1 / 0\n" + cell("1 / 0"))
    assert [kind for kind, *_ in said] == ["ZeroDivisionError"]
    assert not is_explained(said[0][1:])


def test_loading_twice_explains_once() -> None:
    [[_, first, second, *_]] = tell(cell("1 / 0"))
    assert is_explained([first])
    assert not is_explained([second])


def test_the_line_is_the_cells_own_when_a_function_of_another_cell_stops() -> None:
    code = """
    shell.run_cell("\\n\\n\\ndef half(x):\\n    return x / 0", cell_id="e1")
    shell.run_cell("x = 1\\nhalf(x)", cell_id="e2")
    last = shell.rounds_mistakes.runs.last
    """
    line, first, ran = tell(code, '[last("e2").line, shown[0][1], last("e1").stopped]')
    assert (line, ran) == (2, False)
    assert first.startswith("\x1b[1m→ Line 2, inside half: A number is divided by 0 here.")


SPY = """
called = []
class Spy:
    def __getattribute__(self, name): called.append(name); return object.__getattribute__(self, name)
    def __repr__(self): called.append("repr"); return "spy"
    def __str__(self): called.append("str"); return "spy"
    def __eq__(self, other): called.append("eq"); return False
    def __hash__(self): called.append("hash"); return 1
    def __len__(self): called.append("len"); return 1
class Meta(type):
    @property
    def __name__(cls): called.append("name"); return "x"
class Other(metaclass=Meta): pass
class Own(Exception):
    def __str__(self): called.append("str"); return "own"
spy, other = Spy(), Other()
"""


@pytest.fixture(scope="module")
def looked_at() -> dict[str, list[str]]:
    """Return what was called of the learner's own objects while the errors of these cells were explained."""
    cells = ["spy + 1", "spy.nothing", "{1: 2}[spy]", "spy[0]", "spy()", "other + 1", "raise Own(spy)", "len(spy, 1)"]
    cells += ["{'a': spy}['b']", "int(spy)", "for part in spy: pass", "raise KeyError(spy)", "raise ValueError(spy)"]
    cells += [
        "a, b = spy, spy, spy",
        "[spy] * 1.5",
        "spies = [spy]\nfor a, b in spies: pass",
        "half = len([])\n1 / half",
    ]
    code = f"""
    import rounds.mistakes.explaining as explaining
    shell._showtraceback = lambda kind, value, traceback: None
    seen = {{}}
    for text in {cells!r}:
        try:
            exec(compile(text, "<cell>", "exec"), shell.user_ns)
        except Exception as error:
            shell.user_ns["called"].clear()
            explaining.explain(error, shell.user_ns, text)
            seen[text] = list(shell.user_ns["called"])
    """
    seen: dict[str, list[str]] = tell(f"shell.run_cell({SPY!r})\n" + textwrap.dedent(code), "seen")
    return seen


def test_nothing_of_the_learners_is_called(looked_at: dict[str, list[str]]) -> None:
    assert len(looked_at) == 17
    assert {text: called for text, called in looked_at.items() if called} == {}
