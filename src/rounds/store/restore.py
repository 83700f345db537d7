"""Put a backup back: into an empty state folder only, after every hash was found right, in one step."""

from __future__ import annotations

import errno
import os
from pathlib import Path, PurePosixPath

from rounds.errors import BackupError
from rounds.store.archive import Manifest, check_inside, place_beside, unpack
from rounds.store.folders import PRIVATE, Folders, make_folder


def restore(file: Path, folders: Folders) -> Manifest:
    """Restore the backup `file` into the folder of `folders`, whole or not at all, and return its manifest.

    Raises
    ------
    BackupError
        When the folder is not empty, or the file is no whole backup; nothing is changed then.
    """
    _check_empty(folders.root)
    if not file.is_file():
        raise BackupError(f"{file}: no such file. Name the file of a backup.")
    make_folder(folders.root.parent)
    with place_beside(folders.root) as place:
        staged = make_folder(place / "state")
        manifest = unpack(file, staged)
        _lay_folders_and_links(manifest, staged, folders.root)
        try:
            os.rename(staged, folders.root)  # takes the place of an empty folder, and of no other
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise _not_empty(folders.root) from error
            raise
    return manifest


def _check_empty(root: Path) -> None:
    if root.exists() and any(root.iterdir()):
        raise _not_empty(root)


def _not_empty(root: Path) -> BackupError:
    return BackupError(
        f"{root} is not empty; a backup takes nothing's place. Name a new folder: --state FOLDER, or move this away."
    )


def _lay_folders_and_links(manifest: Manifest, staged: Path, root: Path) -> None:
    """Make folders with their modes, and links; a link that led into the state folder leads into the new one."""
    for name in manifest.folders:
        (staged / check_inside(name)).mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    for name, target in manifest.links.items():
        path = staged / check_inside(name)
        if any(str(parent) in manifest.links for parent in PurePosixPath(name).parents):
            raise BackupError(f"{name}: a link below a link is in no backup of Rounds. Take another file.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
        inside = Path(target).is_absolute() and Path(target).is_relative_to(manifest.root)
        path.symlink_to(root / Path(target).relative_to(manifest.root) if inside else target)
    for name in sorted(manifest.folders, reverse=True):  # a read-only folder is closed after what lies in it
        (staged / name).chmod(manifest.folders[name] & 0o777)
