"""Fork a process for an order, and be it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any, NoReturn

from rounds.warm.order import ForkOrder
from rounds.warm.own import become_own, end_with, use_cores
from rounds.warm.program import run

FAILED = 70  # the exit code of a fork that could not become what was asked for


@dataclass(frozen=True)
class Given:
    """An order with what travelled beside it: three streams, and a descriptor that says when its client ends."""

    order: ForkOrder
    streams: tuple[int, int, int]
    watch: int = -1

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process needs of it, the streams first."""
        return (*self.streams, self.watch) if self.watch >= 0 else self.streams


def fork(given: Given, pools: Any) -> int:
    """Return the number of a new process for an order."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        live(given, pools)
    return pid


def live(given: Given, pools: Any) -> NoReturn:
    """Be the process that was asked for."""
    try:
        become_own(given.order, given.streams, given.descriptors[3:])
        use_cores(pools, given.order.environ)
        if given.watch >= 0:
            end_with(given.watch)
    except BaseException as error:
        os.write(2, f"rounds.warm: {type(error).__name__}: {error}\n".encode())
        os._exit(FAILED)
    run(given.order)
