"""Where the Unix sockets of an event lie: below its state folder, or in a short private folder where that is deep."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from rounds.store.folders import Folders

LONGEST = 80  # bytes of a path, before what is added for a room; the operating system takes 107


def warm_socket(folders: Folders) -> Path:
    """Return where the template of a running event listens."""
    path = folders.warm / "common.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    short = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"rounds-warm-{os.geteuid()}" / f"{short}.sock"


def service_socket(folders: Folders, account: str) -> Path:
    """Return where the server of one account answers what runs in its room."""
    socket = warm_socket(folders)
    event = hashlib.sha256(os.fsencode(folders.root)).hexdigest()[:4]
    return socket.parent / f"room-{event}{hashlib.sha256(account.encode()).hexdigest()[:10]}" / "own.sock"
