"""The first process of a room: when the program ends, it ends, and with it everything that the room started.

It is forked from the template, so its memory is the template's: it is sealed tighter than the program, and cannot be
looked into (`PR_SET_DUMPABLE`).
"""

from __future__ import annotations

import os
import select
import signal
from typing import NoReturn

from setproctitle import setproctitle

from rounds.warm.seal import landlock, seccomp
from rounds.warm.seal.calls import control
from rounds.warm.seal.capabilities import drop_all
from rounds.warm.seal.refusals import write_first
from rounds.warm.seal.value import Seal

PROGRAM = 2  # the number of the program in the room: it is forked next
_PR_SET_DUMPABLE, _PR_SET_PDEATHSIG = 4, 1
READY, GO = b"r", b"g"


def be_first(told: int, tells: int, life: int = -1) -> NoReturn:
    """Seal this process, say so, wait for the word that the program is there, then for its end, or that of `life`."""
    try:
        _close_all_but(told, tells, *([life] if life >= 0 else []))
        os.setsid()
        setproctitle("rounds: the first process of a room")
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans are reaped by the system
        control(_PR_SET_DUMPABLE, 0)
        drop_all()
        landlock.restrict(Seal())
        seccomp.install(write_first())
        os.write(tells, READY)
        if os.read(told, 1) == GO:
            os.close(told)
            os.close(tells)
            _wait_for(os.pidfd_open(PROGRAM), life)
    finally:
        os._exit(0)


def _wait_for(*descriptors: int) -> None:
    watch = select.poll()
    for descriptor in descriptors:
        if descriptor >= 0:
            watch.register(descriptor, select.POLLIN)
    while not watch.poll():
        continue


def _close_all_but(*kept: int) -> None:
    first = 0
    for number in sorted(kept):
        os.closerange(first, number)
        first = number + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))
