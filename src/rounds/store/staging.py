"""Write a folder whole or not at all: a hidden folder beside the target, then one rename.

Where the system cannot exchange two names, what had the target's name stands aside for a moment, as ``.NAME.before``.
No sweep takes that away while it is the only copy: it gets its name back.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rounds.store.folders import PRIVATE, make_folder
from rounds.store.lock import locked

_AT_FDCWD, _EXCHANGE = -100, 2
ASIDE = ".before"


@contextmanager
def stage(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` when the block ends well, and nothing otherwise."""
    parent_is_new = not target.parent.exists()
    make_folder(target.parent)
    sweep_stale(target)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    done = False
    try:
        with locked(staging):
            yield staging
            staging.chmod(0o755)
            put_in_place(staging, target)
            done = True
    finally:
        with suppress(OSError):
            remove_folder(staging)
        if parent_is_new and not done:
            with suppress(OSError):
                target.parent.rmdir()


def sweep_stale(target: Path) -> None:
    """Take away what a killed process left beside ``target``; what somebody still writes is locked and stays."""
    _give_back(target)
    for stale in target.parent.glob(f".{target.name}-*"):
        if stale.is_symlink() or stale.name.endswith(ASIDE):
            continue
        with suppress(OSError), locked(stale) as is_mine:
            if is_mine:
                remove_folder(stale)


def remove_folder(folder: Path) -> None:
    """Take a folder away, also a read-only one: its folders are opened first."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(PRIVATE)
    shutil.rmtree(folder)


def put_in_place(staging: Path, target: Path) -> None:
    """Give a finished folder its name; what had the name before goes.

    Where the system can exchange two names, there is no moment without a folder of that name.
    """
    _give_back(target)
    if not target.exists():
        os.rename(staging, target)
    elif _exchange(staging, target):
        with suppress(OSError):
            remove_folder(staging)
    else:
        _replace(staging, target)


def _replace(staging: Path, target: Path) -> None:
    """Give a folder the name of another one in two steps; after a kill between them the other one gets it back."""
    try:
        with locked(target):
            os.rename(target, _aside(target))
            os.rename(staging, target)
    finally:
        _give_back(target)


def _give_back(target: Path) -> None:
    """Let what stood aside have its name again, or go when a new folder has it; whoever replaces it holds its lock."""
    aside = _aside(target)
    with suppress(OSError), locked(aside) as is_mine:
        if is_mine and not target.exists():
            os.rename(aside, target)
        elif is_mine:
            remove_folder(aside)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}{ASIDE}")


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step (Linux); False where that cannot be done."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return done == 0
