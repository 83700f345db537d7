"""What a sealed process may reach, as one frozen value that travels in an order or lies in a room's plan.

The seal is an allow-list: what it does not name is not there.  Nothing here asks the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

WEB_PORTS = (80, 443)  # to these a phase with internet leads; nothing of Rounds may listen on them


@dataclass(frozen=True)
class Serves:
    """What a server of Rounds needs beyond its files: the ports it listens on, and those of others it asks."""

    listens: tuple[int, ...] = ()
    asks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Seal:
    """What one process, and everything it starts, may reach.

    Parameters
    ----------
    reads, writes
        Folders and files, each with everything below it; one that is not there is left out.
    hides
        Folders inside these that are shown empty, where the machine has mount namespaces: Landlock cannot take
        anything out of an allowed folder.
    internet
        Whether the process reaches ``ports`` of other hosts; without it there is no network but its own loopback.
    serves
        For a server of Rounds: it shares the machine's network and processes, and is bound to these ports and files.
    own_ports
        Ports of this machine at which the process itself listened before it was sealed; the seal finds them.
    tmp
        The room's own folder for temporary files; it is /tmp as well, where the machine has mount namespaces.
    lists
        Folders whose names may be listed, without a right to what lies in them.
    connection_file
        For a kernel: the file that says where it listens.
    whole
        Whether the process starts only where the machine enforces all of it.
    shared_mb, processes, file_gb
        The size of the private /dev/shm; how many processes and threads the room may have at once (where it has a user
        namespace of its own: the limit binds no root); the largest file.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    internet: bool = False
    ports: tuple[int, ...] = WEB_PORTS
    serves: Serves | None = None
    own_ports: tuple[int, ...] = ()
    tmp: str = ""
    connection_file: str = ""
    whole: bool = False
    shared_mb: int = 1024
    processes: int = 1024
    file_gb: float = 20

    def takes_from(self, earlier: Seal) -> bool:
        """Return whether this seal closes what an earlier one left open: what runs under that one must end."""
        closed = set(earlier.reads + earlier.writes) - set(self.reads + self.writes)
        return bool(closed or set(earlier.writes) - set(self.writes) or (earlier.internet and not self.internet))


def decode_seal(values: Mapping[str, Any]) -> Seal:
    """Return the seal that `dataclasses.asdict` and JSON made these values of; an unknown name is a `TypeError`."""
    given: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in values.items()}
    serves: Mapping[str, Any] | None = given.get("serves")
    if serves is not None:
        given["serves"] = Serves(**{field.name: tuple(serves[field.name]) for field in fields(Serves)})
    return Seal(**given)
