"""One running event: what is applied, where it lies, and the addresses of its parts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rounds.event import AppliedEvent, Event
from rounds.hub.hosting.addresses import Addresses
from rounds.store.folders import Folders
from rounds.store.versions import LINK


@dataclass(frozen=True)
class Ports:
    """The ports of one running event; all but the public one are of the loopback.

    `proxy` is the public one too, unless a gate stands in front of the proxy.
    """

    public: int
    hub: int
    proxy_api: int
    desk: int
    proxy: int
    grading: int


@dataclass(frozen=True)
class Ward:
    """One running event; secrets are in no value that is printed or written."""

    applied: AppliedEvent
    folders: Folders
    source: Path
    ports: Ports
    addresses: Addresses
    apply_token: str

    @property
    def event(self) -> Event:
        """The applied event as it is now."""
        return self.applied.current()

    @property
    def public_url(self) -> str:
        """The address that people open."""
        return self.addresses.hub_url

    @property
    def certificate(self) -> tuple[Path, Path]:
        """The certificate and the key of the applied event."""
        hosting, folder = self.addresses.hosting, self.folders.event / LINK
        return folder / hosting.certificate, folder / hosting.key

    @property
    def grading_url(self) -> str:
        """Where the servers of rooms find the grading service."""
        return f"http://127.0.0.1:{self.ports.grading}"

    @property
    def desk_prefix(self) -> str:
        """The desk's path."""
        return "/services/desk/"

    @property
    def bin(self) -> Path:
        """The folder of the commands that belong to this Python."""
        return Path(sys.executable).parent


def load_ward(environ: Mapping[str, str]) -> Ward:
    """Return the ward that `rounds hub start` describes in the environment."""
    folders = Folders(Path(environ["ROUNDS_STATE"]))
    names = ("PUBLIC", "HUB", "PROXY_API", "DESK", "PROXY", "GRADING")
    ports = Ports(*(int(environ[f"ROUNDS_PORT_{name}"]) for name in names))
    applied = AppliedEvent(folders.event)
    return Ward(
        applied=applied,
        folders=folders,
        source=Path(environ["ROUNDS_SOURCE"]),
        ports=ports,
        addresses=Addresses(applied.current().hosting, ports.public),
        apply_token=environ["ROUNDS_SECRET_APPLY"],
    )
