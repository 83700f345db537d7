"""What the machine must offer before an event starts: each missing part is one clear sentence."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from rounds.errors import StartError
from rounds.event.hosting import Hosting, Rooms
from rounds.warm.ports import ClaimedPort, claim_port

LEAST_FREE_MB = 500


def check_machine(root: Path, bin_folder: Path, hosting: Hosting, port: int) -> None:
    """Raise `StartError` with every part that is missing."""
    problems = [*_disk(root), *_proxy(bin_folder), *_port(hosting.listen, port), *_room_ports(hosting, port)]
    if problems:
        raise StartError("\n".join(problems))


def _disk(root: Path) -> Iterator[str]:
    folder = next(p for p in (root, *root.parents) if p.exists())
    if not os.access(folder, os.W_OK):
        yield f"{folder} cannot be written by this account. Choose another folder: --state FOLDER"
        return
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        yield f"{folder} has {free_mb} MB free, {LEAST_FREE_MB} MB are needed. Free some space, or: --state FOLDER"


def _proxy(bin_folder: Path) -> Iterator[str]:
    if not (bin_folder / "configurable-http-proxy").exists():
        yield f"{bin_folder}/configurable-http-proxy is missing. Run: make env"


def _port(listen: str, port: int) -> Iterator[str]:
    match find_bar(listen, port):
        case errno.EADDRINUSE:
            yield f"Port {port} is in use. Stop what uses it, or choose another: make demo PORT={port + 1}"
        case errno.EACCES:
            yield f"Port {port} needs a right that this account lacks. Choose another: --port 8000"
        case errno.EADDRNOTAVAIL:
            yield f'This machine has no address {listen}. In the event file: listen = "0.0.0.0", which is all it has'
        case number if number:
            yield f"Port {port} of {listen} cannot be listened on ({os.strerror(number)})."


def _room_ports(hosting: Hosting, public: int) -> Iterator[str]:
    if hosting.rooms is not Rooms.PORTS:
        return
    first, last = hosting.room_ports
    if first <= public <= last:
        yield f"Port {public} is one of hosting.room_ports. Choose another: --port {first - 1}"
    taken = [port for port in range(first, last + 1) if find_bar(hosting.listen, port)]
    if taken:
        yield f"hosting.room_ports: {', '.join(map(str, taken[:5]))} in use. Stop what uses them, or write other ports."


def find_bar(listen: str, port: int) -> int:
    """Return the number of the error that bars listening on a port, 0 where nothing does."""
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def free_ports(count: int, without: tuple[int, ...] = ()) -> list[int]:
    """Return loopback ports that nothing uses now, and that no connection is given before something listens there.

    `without` is the first and the last port of a range that is left out, or nothing.
    """
    first, last = without or (0, 0)
    claimed: list[ClaimedPort] = []
    while sum(not first <= port.number <= last for port in claimed) < count:
        claimed.append(claim_port())
    for port in claimed:
        port.release()
    return [port.number for port in claimed if not first <= port.number <= last]
