"""Write a folder whole or not at all: a hidden folder beside the target, then one rename."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rounds.store.folders import make_folder

_AT_FDCWD, _EXCHANGE = -100, 2


@contextmanager
def stage(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``target`` when the block ends well, and nothing otherwise."""
    parent_is_new = not target.parent.exists()
    make_folder(target.parent)
    sweep_stale(target)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    lock = lock_folder(staging)
    done = False
    try:
        yield staging
        staging.chmod(0o755)
        put_in_place(staging, target)
        done = True
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if lock is not None:
            os.close(lock)
        if parent_is_new and not done:
            with suppress(OSError):
                target.parent.rmdir()


def sweep_stale(target: Path) -> None:
    """Take away what a killed process left beside ``target``; what somebody still writes is locked and stays."""
    for stale in target.parent.glob(f".{target.name}-*"):
        if stale.is_dir() and not stale.is_symlink() and (lock := lock_folder(stale)) is not None:
            shutil.rmtree(stale, ignore_errors=True)
            os.close(lock)


def lock_folder(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None when another one holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def put_in_place(staging: Path, target: Path) -> None:
    """Give a finished folder its name; what had the name before goes.

    Where the system can exchange two names, there is no moment without a folder of that name.
    """
    if target.exists() and _exchange(staging, target):
        shutil.rmtree(staging, ignore_errors=True)
        return
    old = Path(f"{staging}-old")
    if target.exists():
        os.rename(target, old)
    os.rename(staging, target)
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step (Linux); False where that cannot be done."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return done == 0
