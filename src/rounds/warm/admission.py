"""Who may have what forked: a client for its own account, root for any, and only while the packages are the same."""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass, field

from rounds.errors import WarmError
from rounds.warm.askers import Askers
from rounds.warm.freshness import Stamp, package_folders, stamp_of, versions_in
from rounds.warm.order import ForkOrder
from rounds.warm.overlay import OverriddenError, find_overlay, find_overridden
from rounds.warm.preload import imported


@dataclass(frozen=True)
class Peer:
    """Who asks: the process and its account."""

    pid: int
    uid: int


def peer_of(client: socket.socket) -> Peer:
    """Return who is at the other end, as the operating system says it."""
    data = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _ = struct.unpack("3i", data)
    return Peer(pid, uid)


@dataclass
class Freshness:
    """The packages that the template has imported from, as they were then."""

    folders: tuple[str, ...] = field(default_factory=package_folders)
    stale: bool = False

    def __post_init__(self) -> None:
        """Note what is installed now."""
        self.versions: frozenset[str] = versions_in(self.folders)
        self.stamp: Stamp = stamp_of(self.folders)

    def look(self) -> bool:
        """Return whether a package was installed, upgraded or removed since; once it was, it stays so."""
        now = stamp_of(self.folders)
        if now != self.stamp:
            self.stamp = now
            self.stale = self.stale or versions_in(self.folders) != self.versions
        return self.stale


def check_can_fork(
    freshness: Freshness, askers: Askers, order: ForkOrder, peer: Peer, streams: tuple[int, ...]
) -> None:
    """Raise `WarmError` with the reason why this order cannot be carried out here."""
    if len(streams) != 3:
        raise WarmError("An order needs three streams.")
    if peer.uid not in (0, os.geteuid()) or (order.uid >= 0 and peer.uid not in (0, order.uid)):
        raise WarmError("This template serves its own account only.")
    if not askers.may_ask(peer.pid):
        raise WarmError("This template serves what Rounds itself has started, and this process is none of it.")
    if freshness.look():
        raise WarmError("Packages have changed since this template started; a new one is on its way.")
    overlay = find_overlay(order.python)
    overridden = find_overridden(overlay, imported()) if overlay else []
    if overridden:
        raise OverriddenError(f"The environment brings its own {', '.join(overridden[:3])}.")
