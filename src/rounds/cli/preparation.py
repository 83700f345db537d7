"""What is made once before an event opens: its datasets and its lessons, each with a progress bar."""

from __future__ import annotations

from pathlib import Path

from rounds.event import Event
from rounds.store.folders import Folders


def prepare_rooms(event: Event, folders: Folders, source: Path) -> None:
    """Make what is missing; what is there stays."""
