"""A sealed fork is its client's process as any other: its number, its signals, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.unit.warm.seal.inside import LEVELS, Inside, make_inside
from tests.unit.warm_kernels import wait_for

from rounds.warm.client import ForkedProcess, is_up, start_warm
from rounds.warm.seal import Seal
from rounds.warm.seal.machine import WITHOUT


@pytest.fixture(scope="module", params=LEVELS.values(), ids=LEVELS)
def sealing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Return the socket of a template that seals with all that the machine has, and of one without namespaces."""
    path = tmp_path_factory.mktemp("template", numbered=True) / "t.sock"
    path.parent.chmod(0o700)
    command = [sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path), "--modules", "json"]
    with subprocess.Popen(command, env={**os.environ, WITHOUT: request.param}) as keeper:
        assert is_up(path, 30)
        yield path, request.param
        keeper.terminate()


@pytest.fixture
def room(sealing: tuple[Path, str], tmp_path: Path) -> Inside:
    """Return a room of this template."""
    return make_inside(tmp_path, sealing[1])


def start(template: Path, room: Inside, code: str, seal: Seal | None = None) -> ForkedProcess:
    """Fork a program with this code, sealed as its room is; its output goes to a file."""
    (room.work / "program.py").write_text(code)
    command = [sys.executable, "-m", "program"]
    with (room.work / "said").open("wb") as said, open(os.devnull, "rb") as nowhere:
        streams = (nowhere.fileno(), said.fileno(), said.fileno())
        environ = {"PATH": os.environ["PATH"]}
        return start_warm(command, environ, template, cwd=str(room.work), streams=streams, seal=seal or room.seal)


def said(room: Inside) -> str:
    """Return what the program printed so far."""
    return (room.work / "said").read_text()


def test_the_fork_is_sealed_and_its_exit_code_told(sealing: tuple[Path, str], room: Inside) -> None:
    (room.folder / "outside").write_text("secret")
    code = f"try:\n    open({str(room.folder / 'outside')!r})\nexcept OSError:\n    raise SystemExit(7)"
    assert start(sealing[0], room, code).wait(30) == 7


def test_the_number_is_the_programs_own(sealing: tuple[Path, str], room: Inside) -> None:
    with start(sealing[0], room, "import time; print('up', flush=True); time.sleep(60)") as forked:
        assert wait_for(lambda: said(room) == "up\n")
        named, leads = psutil.Process(forked.pid).cmdline(), os.getsid(forked.pid) == forked.pid
        forked.kill()
        assert forked.wait(30) == -signal.SIGKILL
    assert " ".join(named).rstrip().endswith("-m program")
    assert leads


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_program(sealing: tuple[Path, str], room: Inside, number: signal.Signals) -> None:
    code = f"import signal, sys, time\nsignal.signal({int(number)}, lambda *_: sys.exit(9))\nprint('up', flush=True)\n"
    with start(sealing[0], room, code + "time.sleep(60)") as forked:
        assert wait_for(lambda: said(room) == "up\n")
        forked.send_signal(number)
        assert forked.wait(30) == 9


def test_what_it_started_ends_with_it(sealing: tuple[Path, str], room: Inside) -> None:
    code = "import subprocess; print(subprocess.Popen(['sleep', '86399.9'], start_new_session=True), flush=True)"
    assert start(sealing[0], room, code).wait(30) == 0
    if room.without:
        assert _sleeping("86399.9").pop().terminate() is None  # it is named in what does not hold here
    assert wait_for(lambda: not _sleeping("86399.9"))


def _sleeping(marker: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["cmdline"]) if marker in (process.info["cmdline"] or ())]


def test_a_fork_that_cannot_be_sealed_ends_with_a_sentence(sealing: tuple[Path, str], room: Inside) -> None:
    broken = replace(room.seal, reads=(*room.seal.reads, "\0"))
    assert start(sealing[0], room, "print('unsealed')", broken).wait(30) == 70
    assert said(room).startswith("rounds.warm: ")
    assert "unsealed" not in said(room)


def test_nothing_of_a_sealed_fork_stays_behind(sealing: tuple[Path, str], room: Inside) -> None:
    before = _first_processes()
    assert start(sealing[0], room, "print('done')").wait(30) == 0
    assert wait_for(lambda: _first_processes() <= before)


def _first_processes() -> set[int]:
    command = "rounds: the first process of a room"
    return {p.pid for p in psutil.process_iter(["cmdline"]) if command in " ".join(p.info["cmdline"] or ())}
