"""What a publication that was killed leaves in its two places; the next one takes it away.

Beside a hold-out that is being written stands a note: which publication it is for, and where that is written.  When the
unfinished publication lies there and no process writes it, the hold-out belongs to nobody.  When it is gone and nothing
was published in its place (somebody moved it away by hand), the hold-out stays: its outcomes exist only once.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rounds.custody.publishing.publication import hold_out_name, read_publication
from rounds.custody.publishing.register import register, sweep_register
from rounds.errors import DataError
from rounds.store.folders import make_folder
from rounds.store.staging import lock_folder

NOTE, PRIVATE = ".publishing", 0o700


@contextmanager
def keep_until_published(held: Path, target: Path) -> Iterator[Callable[[Path], None]]:
    """Keep a hold-out only when its publication gets its name.

    Call the yielded function with the folder that the publication is written in, before the hold-out is begun.
    """
    note = held.with_name(f".{held.name}{NOTE}")
    try:
        yield lambda staging: _write_note(note, staging, target)
    except BaseException:
        if not _is_published(target, held.name):
            _withdraw_hold_out(held)
        raise
    finally:
        note.unlink(missing_ok=True)


def sweep_hold_outs(custodian: Path) -> None:
    """Take away the hold-outs whose publication was killed; one that is being published stays.

    A publication that was killed when it was whole already, but not written down yet, is written down now.
    """
    sweep_register(custodian)
    for note in sorted(custodian.glob(f".*{NOTE}")):
        held = note.with_name(note.name.removeprefix(".").removesuffix(NOTE))
        staging, target = _read_note(note)
        if target is not None and _is_published(target, held.name):
            register(custodian, read_publication(target), target)
            note.unlink(missing_ok=True)
        elif staging is None and not held.exists():
            note.unlink(missing_ok=True)
        elif staging is not None and _is_abandoned(staging):
            _withdraw_hold_out(held)
            note.unlink(missing_ok=True)


def sweep(target: Path) -> None:
    """Take away what a publication that was killed left beside its place; what somebody writes stays."""
    for stale in target.parent.glob(f".{target.name}-*"):
        if _is_abandoned(stale):
            withdraw(stale)


def withdraw(target: Path) -> None:
    """Take a publication away; its folders are read-only, so they are opened first."""
    for path in [target, *target.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(PRIVATE)
    shutil.rmtree(target)


def _withdraw_hold_out(held: Path) -> None:
    """Take a hold-out away, and what was written of it before it had its name."""
    for folder in [held, *held.parent.glob(f".{held.name}-*")]:
        if folder.is_dir() and not folder.is_symlink():
            withdraw(folder)


def _is_abandoned(staging: Path) -> bool:
    """Tell whether an unfinished folder is there, and nobody writes it: who does holds its lock."""
    if not staging.is_dir() or staging.is_symlink():
        return False
    lock = lock_folder(staging)
    if lock is None:
        return False
    os.close(lock)
    return True


def _is_published(target: Path, name: str) -> bool:
    """Tell whether the publication whose hold-out has, or would have, this name is there."""
    try:
        publication = read_publication(target)
    except DataError:
        return False
    return hold_out_name(publication.name, publication.id) == name


def _write_note(note: Path, staging: Path, target: Path) -> None:
    make_folder(note.parent)
    places = {"staging": str(staging.resolve()), "target": str(target.resolve())}
    note.write_text(json.dumps(places) + "\n", encoding="utf-8")


def _read_note(note: Path) -> tuple[Path | None, Path | None]:
    """Return where the publication is written and where it goes; nothing of a note that was cut off."""
    try:
        places = json.loads(note.read_text(encoding="utf-8"))
        return Path(places["staging"]), Path(places["target"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None
