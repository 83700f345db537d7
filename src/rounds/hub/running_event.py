"""One running event: what is applied, where it lies, and the addresses of its parts."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rounds.event import AppliedEvent, Event
from rounds.store.folders import Folders


@dataclass(frozen=True)
class Ports:
    """The loopback ports of one running event."""

    public: int
    hub: int
    proxy_api: int
    desk: int


@dataclass(frozen=True)
class Ward:
    """One running event; secrets are in no value that is printed or written."""

    applied: AppliedEvent
    folders: Folders
    source: Path
    ports: Ports
    apply_token: str

    @property
    def event(self) -> Event:
        """The applied event as it is now."""
        return self.applied.current()

    @property
    def public_url(self) -> str:
        """The address that people open."""
        return f"http://127.0.0.1:{self.ports.public}"

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
    names = ("PUBLIC", "HUB", "PROXY_API", "DESK")
    ports = Ports(*(int(environ[f"ROUNDS_PORT_{name}"]) for name in names))
    return Ward(
        applied=AppliedEvent(folders.event),
        folders=folders,
        source=Path(environ["ROUNDS_SOURCE"]),
        ports=ports,
        apply_token=environ["ROUNDS_SECRET_APPLY"],
    )
