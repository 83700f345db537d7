"""Become another program, once sealed: a shell, an interpreter, whatever is not forked as it is.

python -m rounds.warm.seal.shell COMMAND ARGUMENT ...
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import termios
from collections.abc import Sequence
from typing import NoReturn

_INPUT = 0
NOT_FOUND = 127


def become(command: Sequence[str]) -> NoReturn:
    """Run a command in this process's place; a terminal at its input becomes its own."""
    take_terminal()
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores both, and what is ignored stays so
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], list(command))  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(NOT_FOUND)


def take_terminal() -> None:
    """Make the terminal at this process's input the one that its session has, for job control and Ctrl-C."""
    if os.isatty(_INPUT):
        with contextlib.suppress(OSError):  # another session's: it works as a file then
            fcntl.ioctl(_INPUT, termios.TIOCSCTTY, 0)


def leave_terminal() -> None:
    """Give a terminal up, so that a process in another session can take it."""
    if os.isatty(_INPUT):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            fcntl.ioctl(_INPUT, termios.TIOCNOTTY)
        signal.signal(signal.SIGHUP, before)


if __name__ == "__main__":
    become(sys.argv[1:])
