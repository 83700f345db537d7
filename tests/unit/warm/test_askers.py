"""A template forks for what Rounds has started, and for nothing that a user has."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.warm_kernels import Kernel

from rounds.warm.askers import Askers, open_notes
from rounds.warm.client import fork
from rounds.warm.order import ForkOrder, read_command
from rounds.warm.seal import Seal, Serves

ASK = """
import pathlib, sys
from rounds.errors import WarmError
from rounds.warm.client import start_warm
try:
    with start_warm([sys.executable, "-m", "this"], {"PATH": ""}, pathlib.Path(sys.argv[1])) as forked:
        print("forked", file=open(sys.argv[2], "w"))
except WarmError as why:
    print("refused:", why, file=open(sys.argv[2], "w"))
"""


@pytest.fixture
def asking(template: Path, tmp_path: Path) -> ForkOrder:
    """Return an order for a program that itself asks the template, and writes down what it was told."""
    (tmp_path / "asking.py").write_text(ASK, encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "asking", str(template), str(tmp_path / "said")]
    return read_command(command, environ, str(tmp_path))


def said(folder: Path) -> str:
    """Return what the program was told."""
    return (folder / "said").read_text(encoding="utf-8")


def run(order: ForkOrder, *before: str, **given: bool) -> None:
    """Run the program in the ordinary way, beside this one or in a session of its own."""
    command = [*before, order.python, "-m", order.module, *order.arguments]
    subprocess.run(command, env=dict(order.environ), cwd=order.cwd, check=True, **given)


def test_a_forked_server_may_ask(template: Path, asking: ForkOrder, tmp_path: Path) -> None:
    with fork(asking, template) as forked:
        assert forked.wait() == 0
    assert said(tmp_path) == "forked\n"


def test_what_the_keepers_parent_starts_may_ask(asking: ForkOrder, tmp_path: Path) -> None:
    run(asking)
    assert said(tmp_path) == "forked\n"
    run(asking, start_new_session=True)  # as a hub starts a server
    assert said(tmp_path) == "forked\n"


def test_a_program_that_leaves_its_session_may_not_ask(asking: ForkOrder, tmp_path: Path) -> None:
    run(asking, "setsid", "--wait", "sh", "-c", 'exec setsid --wait "$0" "$@"')  # as a terminal below a server
    assert "none of it" in said(tmp_path)


@pytest.mark.parametrize("session", [False, True], ids=["from a cell", "as a daemon of a cell"])
def test_a_learners_code_may_not_ask(kernel: Kernel, asking: ForkOrder, tmp_path: Path, session: bool) -> None:
    command = [asking.python, "-m", asking.module, *asking.arguments]
    how = f"env={dict(asking.environ)!r}, start_new_session={session}"
    assert kernel.run(f"import subprocess; print(subprocess.run({command!r}, {how}).returncode)").strip() == "0"
    assert "none of it" in said(tmp_path)


@pytest.mark.parametrize(
    ("seal", "may"),
    [(None, True), (Seal(serves=Serves()), True), (Seal(), False)],
    ids=["a program of ours", "a room's server", "what runs a user's code"],
)
def test_what_is_sealed_as_a_users_code_may_not_ask(asking: ForkOrder, seal: Seal | None, may: bool) -> None:
    askers = Askers(owner=0, session=0, notes=open_notes())
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as program:
        askers.note(program.pid, replace(asking, seal=seal))
        said = askers.may_ask(program.pid)
        program.kill()
    assert said is may
    os.close(askers.notes)
