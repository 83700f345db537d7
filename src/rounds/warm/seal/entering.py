"""From a forked process to a sealed one: the program goes on in a grandchild, which is in all its namespaces.

A process that makes a namespace of processes is not in it, its children are.  So it forks the room's first process and
then the program, tells the program's number outside, and ends: the template, which adopts orphans, is told its end.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from rounds.errors import SealError
from rounds.warm.seal import landlock, seccomp
from rounds.warm.seal.calls import call
from rounds.warm.seal.capabilities import drop_all
from rounds.warm.seal.first import GO, READY, be_first
from rounds.warm.seal.machine import Machine
from rounds.warm.seal.mounts import make_root
from rounds.warm.seal.namespaces import IPC, MOUNTS, NETWORK, PROCESSES, leave, limit_processes, raise_loopback
from rounds.warm.seal.refusals import Walls, write_filter
from rounds.warm.seal.sockets import listen_ahead
from rounds.warm.seal.system import with_system
from rounds.warm.seal.value import Seal

GB = 1024**3
Middle = Callable[[int], None]


@dataclass(frozen=True)
class Sealing:
    """A seal, and what the machine has to make it of."""

    seal: Seal
    machine: Machine

    @property
    def walls(self) -> Walls:
        """What stands apart of a process with this seal on this machine."""
        seal, apart = self.seal, self.machine.namespaces and self.seal.serves is None
        shares = seal.internet or bool(seal.connection_file and self.machine.landlock >= landlock.NETWORK)
        return Walls(apart, apart, apart and not seal.internet, shares, seal.serves is not None)

    def enter(self, tell: Middle, life: int = -1) -> None:
        """Go on as the room's program, in namespaces of its own where the machine has them.

        ``tell`` is called with the number of the process that goes on, by the one that ends here; ``life`` is a
        descriptor that closes when the room is to end.
        """
        self.check()
        walls = self.walls
        if not walls.files:
            tell(os.getpid())
            return
        leave(MOUNTS | IPC | PROCESSES | (NETWORK if walls.network else 0))
        _go_on_inside(tell, life)
        os.setsid()

    def check(self) -> None:
        """Raise `SealError` where the seal is to be whole and this machine cannot make it so."""
        if self.seal.whole and not self.machine.whole:
            raise SealError(
                f'Not started: policy.seal = "required", and this machine cannot seal it whole. '
                f"{self.machine.open_ends[0]}"
            )

    def close(self, is_ahead: bool = False) -> None:
        """Seal this process for ever: its files, its network, its rights, its system calls.

        One that was let in ahead of its order (`enter_ahead`) has the network of its machine until now.
        """
        walls, folder = self.walls, os.getcwd()
        seal = with_system(self.seal)
        if seal.connection_file and not walls.network:
            seal = listen_ahead(seal, with_port=self.machine.landlock >= landlock.NETWORK)
        if walls.files:
            limit_processes(seal.processes)
            make_root(seal, self.machine.landlock >= landlock.FILES)
            os.chdir(folder)
        if walls.network:
            if is_ahead:
                call("unshare", NETWORK)
            raise_loopback()
        if seal.tmp:
            os.environ["TMPDIR"] = tempfile.tempdir = seal.tmp
        _limit_files(seal.file_gb)
        drop_all()
        landlock.restrict(seal, walls.network, self.machine.landlock)
        if self.machine.seccomp:
            seccomp.install(write_filter(walls))


def enter_ahead(tell: Middle) -> None:
    """Go on in namespaces of its own before the order is known: all but the network, which a phase may open."""
    leave(MOUNTS | IPC | PROCESSES)
    _go_on_inside(tell, -1)


def _go_on_inside(tell: Middle, life: int) -> None:
    """Fork the first process and the program; return in the program."""
    mine, theirs = os.pipe(), os.pipe()
    if os.fork() == 0:
        be_first(theirs[0], mine[1], life)
    os.close(theirs[0])
    os.close(mine[1])
    if os.read(mine[0], 1) != READY:
        raise SealError("The first process of the room ended before it was sealed.")
    program = os.fork()
    if program:
        os.write(theirs[1], GO)
        tell(program)
        os._exit(0)
    os.close(mine[0])
    os.close(theirs[1])


def _limit_files(most_gb: float) -> None:
    """Bound the size of a file: a sparse one of ten terabytes would cost nothing to make."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    bound = int(most_gb * GB) if hard == resource.RLIM_INFINITY else min(int(most_gb * GB), hard)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bound, bound))
