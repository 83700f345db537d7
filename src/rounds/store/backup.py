"""Back a running event up: everything below its state folder that cannot be made again, into one file.

Left out is what the next start makes anew: the hub's own database, secrets and log (people sign in again with their
passwords), the template, the teams' environments (the manifest names their packages), runtime files and caches.

Databases are copied by SQLite's own backup, which is right while others write; a file that changes while it is read is
read again; of a folder with versions the current one is taken, whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from rounds.errors import BackupError
from rounds.meter import Progress
from rounds.store.archive import Manifest, Writer, place_beside
from rounds.store.folders import Folders
from rounds.store.versions import LINK, VERSION

LEFT_OUT = ("hub", "warm", "environments")
LEFT_OUT_OF_ROOMS = ("runtime",)
CACHES = ("__pycache__",)
HEADER = b"SQLite format 3\0"
BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")
TRIES = 5
DATABASE_WITHIN_S = 30.0


@dataclass(frozen=True)
class Found:
    """One file, folder or link of the state: its path below it, and where it is read from."""

    name: str
    source: Path


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds, and which files changed all the time while they were read."""

    manifest: Manifest
    restless: tuple[str, ...]


def back_up(folders: Folders, target: Path, event_id: str, now: datetime, progress: Progress) -> BackedUp:
    """Write a backup of an event into the new file `target`, whole or not at all, readable by its owner only.

    Raises
    ------
    BackupError
        When there is no event, or `target` is there already, or lies in the state folder.
    """
    _check_can_write(folders, target)
    manifest = Manifest(now.isoformat(timespec="seconds"), event_id, str(folders.root))
    manifest.packages.update(_find_packages(folders))
    with place_beside(target) as place:
        writer = Writer(place / "backup")
        try:
            restless = tuple(_write_all(writer, folders, manifest, place, progress))
            writer.finish(manifest, place)
        except BaseException:
            writer.abandon()
            raise
        os.rename(place / "backup", target)
    return BackedUp(manifest, restless)


def _check_can_write(folders: Folders, target: Path) -> None:
    if not folders.event.is_dir():
        raise BackupError(f"No event is in {folders.root}. Name its folder: --state FOLDER")
    if target.exists():
        raise BackupError(f"{target} is there already; a backup takes no other one's place. Name another file.")
    if target.is_relative_to(folders.root):
        raise BackupError(f"{target} lies in the state folder itself. Name a file elsewhere, best on another disk.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent}: no such folder. Make it first, or name another file.")


def _write_all(writer: Writer, folders: Folders, manifest: Manifest, place: Path, progress: Progress) -> Iterator[str]:
    """Add everything, and yield the files that would not keep still."""
    done = 0
    for found in _walk(folders.root, "", place):
        done += 1
        progress(found.name, done, done)
        try:
            if _add(writer, found, manifest, place):
                yield found.name
        except FileNotFoundError:  # taken away by its owner since it was seen
            continue


def _add(writer: Writer, found: Found, manifest: Manifest, place: Path) -> bool:
    """Add one thing; return whether it is a file that changed all the time."""
    status = found.source.lstat()
    if stat.S_ISLNK(status.st_mode):
        manifest.links[found.name] = os.readlink(found.source)
    elif stat.S_ISDIR(status.st_mode):
        manifest.folders[found.name] = stat.S_IMODE(status.st_mode)
    elif stat.S_ISREG(status.st_mode):
        copy = place / "copy"
        still = _copy(found.source, copy)
        manifest.files[found.name] = writer.add(found.name, copy, stat.S_IMODE(status.st_mode))
        return not still
    return False  # a socket or a pipe is nothing to keep


def _walk(folder: Path, below: str, place: Path) -> Iterator[Found]:
    """Yield what is to be kept below a folder, each folder before what lies in it."""
    version = _copy_version(folder, place / "version")
    for entry in sorted(_list(folder), key=lambda entry: entry.name):
        name = f"{below}{entry.name}"
        path = Path(entry.path)
        if _is_left_out(name, folder, entry.name) or (version and entry.name.startswith(VERSION)):
            continue
        yield Found(name, path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, f"{name}/", place)
        elif version and entry.name == LINK:
            yield from _walk_version(f"{below}{version}", place)


def _walk_version(name: str, place: Path) -> Iterator[Found]:
    yield Found(name, place / "version")
    yield from _walk(place / "version", f"{name}/", place / "inner")


def _list(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_left_out(name: str, folder: Path, own: str) -> bool:
    parts = name.split("/")
    if parts[0] in LEFT_OUT or own in CACHES or (parts[0] == "rooms" and parts[2:3] == list(LEFT_OUT_OF_ROOMS)):
        return True
    return any(own.endswith(end) and _is_database(folder / own.removesuffix(end)) for end in BESIDE_A_DATABASE)


def _copy_version(folder: Path, target: Path) -> str:
    """Copy what a folder's link to its current version names, when it has one; return the version's name.

    Whoever switches to a new version takes the old one away, so a copy counts when the link is the same afterwards.
    """
    link = folder / LINK
    for _ in range(TRIES):
        version = os.readlink(link) if link.is_symlink() else ""
        if not version.startswith(VERSION) or "/" in version:  # somebody's own link of that name
            return ""
        shutil.rmtree(target, ignore_errors=True)
        try:
            shutil.copytree(folder / version, target, symlinks=True)
        except (OSError, shutil.Error):
            continue
        if os.readlink(link) == version:
            return version
    raise BackupError(f"{link} changed again and again. Run the backup when nobody applies an event.")


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) == HEADER
    except OSError:
        return False


def _copy(source: Path, copy: Path) -> bool:
    """Copy a file as it was at one moment; return whether that was possible."""
    copy.unlink(missing_ok=True)
    if _is_database(source) and _copy_database(source, copy):
        return True
    for _ in range(TRIES):
        before = source.stat()
        shutil.copyfile(source, copy)
        after = source.stat()
        if (before.st_mtime_ns, before.st_size, before.st_ino) == (after.st_mtime_ns, after.st_size, after.st_ino):
            return True
    return False


def _copy_database(source: Path, copy: Path) -> bool:
    """Copy a database with SQLite's own backup; False when it is none, or is locked for long."""
    deadline = time.monotonic() + DATABASE_WITHIN_S

    def look(_status: int, _left: int, _total: int) -> None:
        if time.monotonic() > deadline:
            raise TimeoutError

    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as one,
            closing(sqlite3.connect(copy)) as other,
        ):
            one.backup(other, progress=look)
            other.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    except (sqlite3.Error, TimeoutError):
        copy.unlink(missing_ok=True)
        return False
    return True


def _find_packages(folders: Folders) -> Iterator[tuple[str, list[str]]]:
    """Yield each team's own packages, as pip takes them: the environments are not in a backup."""
    for environment in sorted(folders.environment("").glob("*")):
        names = sorted(path.name for path in environment.glob("lib/python*/site-packages/*.dist-info"))
        if names:
            yield environment.name, [name.removesuffix(".dist-info").replace("-", "==", 1) for name in names]
