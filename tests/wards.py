"""A running event for tests of what the hub makes of it; nothing listens at its ports."""

from __future__ import annotations

from pathlib import Path

from rounds.event import AppliedEvent
from rounds.hub.hosting.addresses import Addresses
from rounds.hub.running_event import Ports, Ward
from rounds.store.folders import Folders


def ward_of(folders: Folders, source: Path) -> Ward:
    """Return the event that was applied in `folders` as one that runs."""
    applied, ports = AppliedEvent(folders.event), Ports(8001, 8002, 8003, 8004, 8001, 8005)
    return Ward(applied, folders, source, ports, Addresses(applied.current().hosting, ports.public), "token")
