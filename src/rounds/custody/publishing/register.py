"""The custodian's register: which publications were made, and where, so that none is forgotten that lies elsewhere.

It is ``publications.json`` in the custodian's folder.  Nothing of a person stands in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rounds.custody.publishing.publication import Publication
from rounds.errors import DataError
from rounds.store.folders import make_folder
from rounds.store.staging import lock_folder
from rounds.store.whole import write_whole

FILE = "publications.json"


@dataclass(frozen=True)
class Registered:
    """One publication: what it is of, the folder that it went to, and the name of its hold-out or nothing."""

    id: str
    name: str
    challenge: str
    folder: str
    hold_out: str
    published: str


@contextmanager
def publish_alone(custodian: Path) -> Iterator[None]:
    """Be the only one who publishes with this custodian's folder; raise when somebody does already."""
    lock = lock_folder(make_folder(custodian))
    if lock is None:
        raise DataError(
            f"Another publication is being made with {custodian}; two at once could each publish whom the other holds "
            "out. Run this one again when that one has ended."
        )
    try:
        yield
    finally:
        os.close(lock)


def register(custodian: Path, publication: Publication, folder: Path) -> None:
    """Write a publication down, once."""
    entries = read_register(custodian)
    if publication.id in {entry.id for entry in entries}:
        return
    entry = Registered(
        publication.id,
        publication.name,
        publication.challenge,
        str(folder.resolve()),
        publication.hold_out,
        publication.published,
    )
    text = json.dumps([asdict(e) for e in (*entries, entry)], indent=2, ensure_ascii=False)
    write_whole(make_folder(custodian) / FILE, text + "\n")


def sweep_register(custodian: Path) -> None:
    """Take away what a process that was killed while it wrote a publication down has left."""
    for left in custodian.glob(f".{FILE}-*.new"):
        left.unlink(missing_ok=True)


def read_register(custodian: Path) -> tuple[Registered, ...]:
    """Return the publications that were written down, the earliest first."""
    path = custodian / FILE
    if not path.exists():
        return ()
    try:
        return tuple(Registered(**entry) for entry in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise DataError(
            f"{path}: the register of publications cannot be read ({error}). Mend it, or move it away; then only the "
            "publications below the state folder and the hold-outs beside the register are looked at."
        ) from error
