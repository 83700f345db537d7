"""The line between a template and a client: what is read from it and written to it."""

from __future__ import annotations

import array
import contextlib
import json
import os
import select
import socket
from dataclasses import dataclass

from rounds.warm.order import LARGEST


@dataclass(frozen=True)
class Unheard:
    """A client that was told its process, and has not said yet that it heard."""

    client: socket.socket
    pid: int
    ends_with_client: bool = False


@dataclass(frozen=True)
class Heard:
    """A client with whom its sealed process ends: what is sealed could keep itself from ending."""

    client: socket.socket
    pid: int


def receive(client: socket.socket) -> tuple[bytes, tuple[int, ...]]:
    """Return an order and the descriptors that came with it."""
    message, descriptors, _, _ = socket.recv_fds(client, LARGEST + 1, 3)
    return message, tuple(descriptors)


def has_gone(client: socket.socket) -> bool:
    """Tell whether the other side has closed its end; it may have given up while the template was busy."""
    poller = select.poll()
    poller.register(client, 0)
    return any(events & (select.POLLHUP | select.POLLERR) for _, events in poller.poll(0))


def open_pidfd(pid: int) -> int:
    """Return a descriptor of a process, -1 when it has ended."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return -1


def tell(client: socket.socket, said: dict[str, object], *descriptors: int) -> None:
    """Send a client an answer, with descriptors; one that has gone hears nothing."""
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    with contextlib.suppress(OSError):
        client.sendmsg([json.dumps(said).encode()], ancillary)
