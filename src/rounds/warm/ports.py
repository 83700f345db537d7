"""Ports for servers and kernels that nobody takes between the choice and the moment when something listens there.

The operating system gives connections their ports out of one range (``ip_local_port_range``), and so it does for "any
free port".  When a class starts at once, thousands of connections come and go between the choice of a port and the
start of the server: some port is taken then, and one person gets no server or no kernel.  So ports are chosen below
that range, and a chosen one is claimed for all of Rounds' processes of this account: by the lock of a file, which goes
with its process, in a folder that no room reaches.
"""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LOWEST = 10_000  # below it lie the ports of known services
USUAL_FIRST_GIVEN = 32_768
TRIES = 2_000
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


@dataclass(frozen=True)
class ClaimedPort:
    """A port that no other process of Rounds chooses while this claim is held; it goes with the process, too."""

    number: int
    _claim: BinaryIO

    def release(self) -> None:
        """Let others choose the port again."""
        self._claim.close()


def first_given_port() -> int:
    """Return the first port that the system itself may give to a connection."""
    try:
        first = int(RANGE.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return USUAL_FIRST_GIVEN
    return first if first > LOWEST + TRIES else USUAL_FIRST_GIVEN


def claim_port(ip: str = "127.0.0.1") -> ClaimedPort:
    """Return a port of `ip` at which nothing listens, claimed; raise `OSError` when none is found."""
    last = first_given_port() - 1
    for _ in range(TRIES):
        number = random.SystemRandom().randint(LOWEST, last)
        claim = _claim(number)
        if claim is None:
            continue
        if _is_free(ip, number):
            return ClaimedPort(number, claim)
        claim.close()
    raise OSError(f"no free port of {ip} between {LOWEST} and {last}")


def _claim(number: int) -> BinaryIO | None:
    """Take the lock of a port's file; None when another process has it."""
    folder = Path(tempfile.gettempdir()) / f"rounds-ports-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid() or folder.is_symlink():
        raise OSError(f"{folder} belongs to another account: remove it, or set TMPDIR")
    file = (folder / str(number)).open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_free(ip: str, number: int) -> bool:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((ip, number))
        except OSError:
            return False
    return True
