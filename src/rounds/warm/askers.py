"""Whose orders a template takes: those of Rounds' own processes, not of what users run in them.

The path of a socket can be computed, and every process of the account may connect to it: a learner's kernel, a program
in a terminal.  What tells them apart is the session (`setsid`) of a process.  Nobody can enter another's session, and
each forked program, each server that the hub starts, each terminal and each kernel has one of its own.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from rounds.warm.order import KERNELS, ForkOrder

ALONE, FAMILY = "alone", "family"
DEEPEST = 4  # sessions inside one another: Voila, behind its proxy, in a room of dashboards


@dataclass(frozen=True)
class Askers:
    """The sessions that may give orders.

    Parameters
    ----------
    owner
        The process that keeps the event, such as the hub; what it starts in sessions of their own may ask.
    session
        The session of that process, or of whoever started a template for their own notebooks.
    notes
        A descriptor of a file without a name: which servers this template and those before it have forked.
    """

    owner: int
    session: int
    notes: int

    def note(self, pid: int, order: ForkOrder) -> None:
        """Remember a forked program, if it may ask: a kernel, a shell, a grader may not, they run users' code."""
        if order.module not in KERNELS and (order.seal is None or order.seal.serves is not None):
            kind = FAMILY if order.starts_askers else ALONE
            os.write(self.notes, f"{pid} {_began(pid)} {kind}\n".encode())

    def may_ask(self, pid: int) -> bool:
        """Return whether a process belongs to a session that may give orders."""
        try:
            leader = os.getsid(pid)
        except OSError:
            return False
        if leader == self.session or self._find_kind(leader) or self.owner == _parent(leader):
            return True
        return any(self._find_kind(above) == FAMILY for above in _leaders_above(leader))

    def _find_kind(self, leader: int) -> str:
        """Return how a forked program was noted, empty when it was not."""
        noted = os.pread(self.notes, os.fstat(self.notes).st_size, 0).decode().splitlines()
        mine = f"{leader} {_began(leader)} "
        return next((line.removeprefix(mine) for line in noted if line.startswith(mine)), "")


def _leaders_above(leader: int) -> Iterator[int]:
    """Yield the leaders of the sessions out of which a session was started, the nearest first."""
    for _ in range(DEEPEST):
        try:
            leader = os.getsid(_parent(leader))
        except OSError:
            return
        yield leader


def open_notes() -> int:
    """Return the descriptor of a new file without a name; whoever has it appends."""
    made = os.memfd_create("rounds-warm-askers")
    try:
        return os.open(f"/proc/self/fd/{made}", os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    finally:
        os.close(made)


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on (proc(5)); none when the process has ended."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()
    return []


def _parent(pid: int) -> int:
    return int((_stat(pid) or ["", "-1"])[1])


def _began(pid: int) -> str:
    """Return when a process began: a number that is used again is another process."""
    return (_stat(pid) or ["-"] * 20)[19]
