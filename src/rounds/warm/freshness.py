"""Notice that a package was installed, upgraded or removed after a process had imported it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

Stamp = tuple[tuple[str, int], ...]


def stamp_of(folders: Sequence[str]) -> Stamp:
    """Return what changes when a package in `folders` does: pip renames inside a folder at every change."""
    return tuple((folder, _changed_at(folder)) for folder in folders)


def package_folders() -> tuple[str, ...]:
    """Return the folders of this interpreter that hold installed packages."""
    return tuple(p for p in sys.path if p.endswith(("site-packages", "dist-packages")) and os.path.isdir(p))


def versions_in(folders: Sequence[str]) -> frozenset[str]:
    """Return the names and versions of the installed packages, as their metadata folders are called."""
    return frozenset(
        entry.name for folder in folders for entry in _entries(folder) if entry.name.endswith((".dist-info", ".pth"))
    )


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0
