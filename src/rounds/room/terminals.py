"""Terminals of a sealed room: each shell is forked from the template and sealed, on a pseudo-terminal of the server's.

The server cannot start them itself: it is sealed, and what a sealed process starts cannot make namespaces any more.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import struct
import sys
import termios
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server_terminals.terminalmanager import TerminalManager
from ptyprocess import PtyProcessUnicode  # type: ignore[import-untyped]
from terminado.management import PtyWithClients
from tornado.ioloop import PeriodicCallback

from rounds.errors import WarmError
from rounds.warm.client import SOCKET, ForkedProcess, start_warm
from rounds.warm.provisioner import read_limits
from rounds.warm.seal.kernels import LOOK_EVERY_S, SHELL, find_plan, has_ended
from rounds.warm.seal.plan import VARIABLE, Plan

ENDED = "\r\nThe phase of the event has changed: what it closed is closed here too. Open a new terminal.\r\n"
ROWS, COLUMNS = 25, 80


class ForkedTerminal(PtyProcessUnicode):  # type: ignore[misc]
    """A shell that the template forked: the part of `PtyProcessUnicode` that terminado uses."""

    def __init__(self, descriptor: int, forked: ForkedProcess) -> None:
        super().__init__(forked.pid, descriptor)
        self.forked = forked
        self.decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def isalive(self) -> bool:
        """Return whether the shell runs."""
        return self.forked.poll() is None

    def wait(self) -> int:
        """Wait for its end."""
        return self.forked.wait()

    def kill(self, number: int) -> None:
        """Send a signal to the shell."""
        self.forked.send_signal(number)


class SealedPty(PtyWithClients):
    """A terminal with its clients, whose shell runs already."""

    def __init__(self, process: ForkedTerminal) -> None:
        self.clients: list[Any] = []
        self.read_buffer: deque[str] = deque(maxlen=1000)
        self.ptyproc = process


@dataclass(frozen=True)
class Shell:
    """What a terminal is to run: its command, its variables, its folder."""

    command: Sequence[str]
    environ: Mapping[str, str]
    folder: str

    def start(self, plan: Plan) -> ForkedTerminal:
        """Start it sealed, from the template; raise `WarmError` where none serves."""
        if SOCKET not in os.environ:
            raise WarmError("No template is named here.")
        ours, theirs = os.openpty()
        try:
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            forked = start_warm(
                [sys.executable, "-m", SHELL, *self.command],
                plan.dress(self.environ),
                Path(os.environ[SOCKET]),
                cwd=self.folder,
                limits=read_limits(os.environ),
                streams=(theirs, theirs, theirs),
                ends_with_client=True,
                seal=plan.seal(datetime.now(UTC)),
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return ForkedTerminal(ours, forked)


class RoomTerminals(TerminalManager):
    """The terminals of a room's server."""

    _watching: PeriodicCallback | None = None

    def new_terminal(self, **kwargs: Any) -> PtyWithClients:
        """Return a new terminal, sealed where the room is."""
        plan = find_plan(os.environ)
        if plan is None:
            return super().new_terminal(**kwargs)
        self._watch()
        options = {**self.term_settings, "shell_command": self.shell_command, **kwargs}
        command = list(options["shell_command"])
        try:
            shell = Shell(command, self.make_term_env(**options), options.get("cwd") or plan.environ["HOME"])
            return SealedPty(shell.start(plan))
        except WarmError as why:
            self.log.warning("This terminal starts without the template, under this server's own seal: %s", why)
            sealed = [sys.executable, "-I", "-m", "rounds.warm.seal", "--plan", os.environ[VARIABLE], "--"]
            return super().new_terminal(**{**kwargs, "shell_command": [*sealed, *command]})

    def _watch(self) -> None:
        if self._watching is None:
            self._watching = PeriodicCallback(self.end_closed, LOOK_EVERY_S * 1000)
            self._watching.start()

    def end_closed(self) -> None:
        """End each terminal whose phase has ended, with a sentence in it."""
        for terminal in self.terminals.values():
            seal = getattr(getattr(terminal.ptyproc, "forked", None), "seal", None)
            if seal is not None and terminal.ptyproc.isalive() and has_ended(seal, os.environ):
                for client in terminal.clients:
                    client.on_pty_read(ENDED)
                terminal.ptyproc.forked.kill()
