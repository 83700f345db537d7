"""A client that gives up before it knows of its process gets none: what nobody knows of would run for ever."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from tests.unit.warm_kernels import forks_of, wait_for

from rounds.errors import WarmError
from rounds.warm import client
from rounds.warm.client import ForkedProcess, fork
from rounds.warm.order import ForkOrder, read_command
from rounds.warm.template import Unheard, _confirm


@pytest.fixture
def order(tmp_path: Path) -> ForkOrder:
    """Return an order for a program that runs until it is ended, and says so in its folder."""
    (tmp_path / "lasting.py").write_text("import time, pathlib\npathlib.Path('runs').touch()\ntime.sleep(600)\n")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return read_command([sys.executable, "-m", "lasting"], environ, str(tmp_path))


def serving(keeper: psutil.Process) -> psutil.Process:
    """Return the process that answers orders."""
    return min(keeper.children()[0].children(), key=lambda process: process.create_time())


def running(keeper: psutil.Process, folder: Path) -> set[int]:
    """Return what was forked and works in a folder; a process that waits for an order does not."""
    found = set()
    for pid in forks_of(keeper):
        with contextlib.suppress(psutil.Error):
            if psutil.Process(pid).cwd() == str(folder):
                found.add(pid)
    return found


def ask(template: Path, order: ForkOrder) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(20)
    line.connect(str(template))
    socket.send_fds(line, [order.encode()], [0, 1, 2])
    return line


def test_an_order_whose_client_has_gone_is_not_carried_out(
    template: Path, keeper: psutil.Process, order: ForkOrder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = serving(keeper)
    monkeypatch.setattr(client, "ANSWER_WITHIN_S", 0.3)
    busy.suspend()
    try:
        with pytest.raises(WarmError, match="did not answer"):
            fork(order, template)
    finally:
        busy.resume()
    with ask(template, order) as later:  # answered after the one before it
        later.recv(4096)
        later.send(b"heard")
        assert wait_for((tmp_path / "runs").exists)
        mine = running(keeper, tmp_path)
        assert len(mine) == 1
    psutil.Process(mine.pop()).kill()
    assert wait_for(lambda: not running(keeper, tmp_path))


def test_a_process_whose_client_went_before_it_heard_is_ended(
    template: Path, keeper: psutil.Process, order: ForkOrder, tmp_path: Path
) -> None:
    with ask(template, order) as line:
        assert line.recv(4096)
        assert wait_for(lambda: len(running(keeper, tmp_path)) == 1)
    assert wait_for(lambda: not running(keeper, tmp_path))


def test_a_process_whose_client_has_heard_outlives_it(
    template: Path, keeper: psutil.Process, order: ForkOrder, tmp_path: Path
) -> None:
    forked = fork(order, template)
    assert wait_for((tmp_path / "runs").exists)
    pid = forked.pid
    del forked  # its line is closed, as by a hub that is killed
    time.sleep(0.5)
    assert psutil.pid_exists(pid)
    psutil.Process(pid).kill()
    assert wait_for(lambda: pid not in forks_of(keeper))


def test_a_process_that_ends_at_once_is_reaped_and_the_template_goes_on(
    template: Path, keeper: psutil.Process, tmp_path: Path
) -> None:
    (tmp_path / "short.py").write_text("")
    quick = read_command([sys.executable, "-m", "short"], {**os.environ, "PYTHONPATH": str(tmp_path)}, str(tmp_path))
    for _ in range(5):
        with ask(template, quick) as line:  # never says that it heard
            assert b"pid" in line.recv(4096)
            assert b"exit" in line.recv(4096)
        assert fork(quick, template).wait(20) == 0


def test_a_word_that_comes_in_the_turn_in_which_its_process_ended_breaks_nothing() -> None:
    """The template saw both at once, told the end and closed the line; the word is late, and nobody else may lose."""
    client, its_end = socket.socketpair()
    selector = selectors.DefaultSelector()
    unheard = Unheard(its_end, os.getpid())
    selector.register(its_end, selectors.EVENT_READ, unheard)
    client.send(b"heard")
    template = SimpleNamespace(children={})  # it was reaped
    selector.unregister(its_end)
    its_end.close()
    _confirm(template, selector, unheard)
    client.close()


def test_the_exit_code_of_a_process_that_ended_before_its_client_was_heard_is_not_lost() -> None:
    mine, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    forked = ForkedProcess(ended.pid, os.pidfd_open(ended.pid), mine)
    mine.send(b"heard")
    its_end.send(b'{"exit": 3}')
    its_end.close()  # as the template does, with the word still unread
    assert forked.wait(20) == 3
    ended.wait(20)
