"""Fork a process for an order, seal it where the order says so, and be it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from rounds.warm.order import KERNELS, ForkOrder
from rounds.warm.own import become_own, end_with, use_cores
from rounds.warm.program import run
from rounds.warm.seal.entering import Sealing
from rounds.warm.seal.machine import Machine
from rounds.warm.seal.sockets import take_over

FAILED = 70  # the exit code of a fork that could not become what was asked for
LONGEST = 16  # bytes of a process's number


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


@dataclass(frozen=True)
class Means:
    """What the template has for its forks: the handles of BLAS and OpenMP, and what this machine can enforce."""

    pools: Any = None
    machine: Machine = field(default_factory=Machine)


def fork(given: Given, means: Means) -> int:
    """Return the number of a new process for an order."""
    sys.stdout.flush()
    sys.stderr.flush()
    if given.order.seal is None:
        return os.fork() or live(given, means)
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        live(given, means, Telling(writes))
    os.close(writes)
    try:
        return read_number(lambda: os.read(reads, LONGEST), pid)
    finally:
        os.close(reads)


def read_number(read: Callable[[], bytes], otherwise: int) -> int:
    """Return the number that a fork tells once it is in its namespaces; its first one when it ended before that."""
    try:
        return int(read() or otherwise)
    except OSError:
        return otherwise


@dataclass(frozen=True)
class Telling:
    """Where a fork tells the template its number: a descriptor that closes once it has."""

    descriptor: int

    def tell(self, number: int) -> None:
        """Tell the number."""
        os.write(self.descriptor, str(number).encode())


def live(given: Given, means: Means, telling: Telling | None = None) -> NoReturn:
    """Be the process that was asked for; a sealed one that tells nobody its number is in its namespaces already."""
    try:
        kept = given.descriptors[3:] + ((telling.descriptor,) if telling else ())
        become_own(given.order, given.streams, kept)
        if given.order.seal is not None:
            _seal(Sealing(given.order.seal, means.machine), telling)
        if given.order.module in KERNELS:
            take_over()
        use_cores(means.pools, given.order.environ)
        if given.watch >= 0:
            end_with(given.watch)
    except BaseException as error:
        os.write(2, f"rounds.warm: {type(error).__name__}: {error}\n".encode())
        os._exit(FAILED)
    run(given.order)


def _seal(sealing: Sealing, telling: Telling | None) -> None:
    """Seal this process; the one that comes out of it has told its number."""
    if telling is None:
        sealing.check()
        sealing.close(is_ahead=True)
        return
    sealing.enter(telling.tell)
    os.close(telling.descriptor)
    sealing.close()
