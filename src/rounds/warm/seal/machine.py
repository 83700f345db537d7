"""What this machine can enforce, as a value, and the promises that do not hold where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rounds.warm.seal.landlock import DEVICES, FILES, NETWORK, SCOPES

WITHOUT = "ROUNDS_SEAL_WITHOUT"  # for tests: which parts to do without; read at the start of hub and template only


@dataclass(frozen=True)
class Machine:
    """The parts of a seal that work here, each of which was tried.

    Parameters
    ----------
    landlock
        The version of Landlock's interface; 0 where there is none.
    seccomp
        Whether system calls can be filtered.
    namespaces
        Whether a process can have its own files, processes, network and shared memory; ``why`` says why not.
    groups
        Whether memory and processes can be bound for a room as a whole (cgroups, version 2, delegated).
    root
        Whether Rounds runs as root, whom no limit on processes binds.
    """

    landlock: int = 0
    seccomp: bool = False
    namespaces: bool = False
    groups: bool = False
    root: bool = False
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether a room's code is closed in as it should be: every part works, whatever limits it may exhaust."""
        return self.landlock >= SCOPES and self.seccomp and self.namespaces

    @property
    def open_ends(self) -> tuple[str, ...]:
        """What does not hold on this machine, in sentences; nothing where all of it holds."""
        return (*_open(self), *_unbound(self))

    def without(self, environ: Mapping[str, str]) -> Machine:
        """Return the machine as ``ROUNDS_SEAL_WITHOUT`` wants it: without some of its parts."""
        off = environ.get(WITHOUT, "").split()
        return replace(
            self,
            landlock=0 if "landlock" in off else self.landlock,
            seccomp=self.seccomp and "seccomp" not in off,
            namespaces=self.namespaces and "namespaces" not in off,
            why=f"{WITHOUT} is set" if "namespaces" in off else self.why,
        )


def _open(machine: Machine) -> Iterator[str]:
    if not machine.namespaces:
        yield (
            f"There are no namespaces of their own for rooms ({machine.why or 'the system refuses them'}): code in a "
            "room sees that other files exist and how large they are, shared memory is shared between rooms, and a "
            "process that a room started can outlive it."
        )
    if machine.landlock < FILES:
        yield "There is no Landlock (Linux 5.13): " + (
            "a room's files are kept apart by namespaces alone."
            if machine.namespaces
            else "code in a room reads and writes every file of Rounds' account."
        )
    elif machine.landlock < NETWORK:
        yield "Landlock knows no ports (Linux 6.7): in a phase with internet a room reaches this machine's own ports."
    elif machine.landlock < DEVICES:
        yield "Landlock does not control devices (Linux 6.10)."
    if machine.landlock < SCOPES and not machine.namespaces:
        yield "Landlock knows no signals (Linux 6.12): code in a room can end processes of Rounds' account."
    if not machine.seccomp:
        yield "System calls cannot be filtered (seccomp): what Landlock does not see is open to code in a room."


def _unbound(machine: Machine) -> Iterator[str]:
    if not machine.groups:
        yield "Memory is bound for each process of a room, not for a room as a whole: a room can use up the machine's."
    if machine.root:
        yield "Rounds runs as root, whom no limit on the number of processes binds: a room can start too many."
    elif not machine.namespaces:
        yield "The number of a room's processes is not bound: a room can start too many."
