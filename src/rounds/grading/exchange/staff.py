"""nbgrader's exchange for instructors: as its own, but no folder in it is open to other accounts."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback

from rounds.store.folders import PRIVATE, make_folder


class _Private:
    """An exchange whose folders are its owner's alone; nbgrader's own is open to everybody (mode 0777)."""

    root: str

    def ensure_root(self) -> None:
        """Make the exchange's folder, or close it when an earlier version left it open."""
        make_folder(Path(self.root)).chmod(PRIVATE)

    def ensure_directory(self, path: str, mode: int) -> None:
        """Make a folder of the exchange; `mode`, which nbgrader asks for, is that of a folder for many accounts."""
        make_folder(Path(path)).chmod(PRIVATE)

    def set_perms(self, dest: str, fileperms: int, dirperms: int) -> None:
        """Close what was copied."""
        for folder, _, files in os.walk(dest):
            os.chmod(folder, PRIVATE)
            for name in files:
                os.chmod(os.path.join(folder, name), 0o600)


class StaffReleaseAssignment(_Private, ExchangeReleaseAssignment):  # type: ignore[misc]
    """Release a lesson."""


class StaffReleaseFeedback(_Private, ExchangeReleaseFeedback):  # type: ignore[misc]
    """Release feedback."""


class StaffCollect(_Private, ExchangeCollect):  # type: ignore[misc]
    """Collect the newest attempts."""
