"""Let a room's server follow no link out of its room: not when it reads, saves, uploads, or keeps a checkpoint.

Code in the room makes links as it likes, and its server reads more than that code does.
"""

from __future__ import annotations

import os
from typing import Any

from jupyter_server.services.contents.fileio import FileManagerMixin
from tornado.web import HTTPError


def stay_inside() -> None:
    """Let jupyter_server answer "not found" for what a link takes out of the room."""
    found: Any = FileManagerMixin._get_os_path
    if hasattr(found, "rounds"):
        return

    def get_inside(self: Any, path: str) -> str:
        real: str = found(self, path)
        folder = getattr(self, "checkpoint_dir", None)  # of a keeper of checkpoints, which adds it to the path
        _check(real, self.root_dir)
        if folder:
            _check(os.path.join(real, folder), self.root_dir)
        return real

    get_inside.rounds = True  # type: ignore[attr-defined]
    FileManagerMixin._get_os_path = get_inside  # type: ignore[method-assign]


def _check(path: str, root: str) -> None:
    if not is_inside(path, root):
        raise HTTPError(404, "A link that leads out of the room is not followed.")


def is_inside(path: str, root: str) -> bool:
    """Return whether a path lies below a folder once all links are followed."""
    real, home = os.path.realpath(path), os.path.realpath(root)
    return real == home or real.startswith(home.rstrip(os.sep) + os.sep)
