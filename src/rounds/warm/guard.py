"""The guard of a template has imported everything: it forks the process that serves, and another if that is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

from rounds.warm.seal.calls import control

STALE = 75  # the exit code that says: packages have changed, start me again
UNFIT = 70  # the exit code that says: nobody can fork from me
BUSY = 71  # the exit code that says: start me again, without a rehearsal
QUICK_S = 0.5
PR_SET_PDEATHSIG = 1


def die_with_keeper() -> None:
    """End when the keeper ends, however that happens: nobody would renew this template.  What it forked lives on."""
    parent = os.getppid()
    with contextlib.suppress(AttributeError, OSError):
        control(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(UNFIT)


def guard(serve: Callable[[socket.socket], None]) -> int:
    """Serve from a fork of this process, and from another one as soon as that is killed: no import is done twice.

    Returns when the fork says that it is stale or idle; it lives on until what it has forked has ended.
    """
    while True:
        began = time.monotonic()
        held, lifeline = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            held.close()
            serve(lifeline)
            os._exit(0)
        lifeline.close()
        said = _hear(held)
        if said:
            return int(said)
        status = os.waitpid(pid, 0)[1]
        sys.stderr.write(f"rounds.warm: the template ended ({os.waitstatus_to_exitcode(status)}); another one serves\n")
        if time.monotonic() - began < QUICK_S:
            time.sleep(QUICK_S)


def _hear(held: socket.socket) -> bytes:
    """Return the exit code that the serving process says, nothing when it ended without a word."""
    with held:
        try:
            return held.recv(16)
        except OSError:
            return b""
