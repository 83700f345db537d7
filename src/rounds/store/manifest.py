"""Content hashes: which file holds which bytes, and one hash for all of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rounds.errors import DataError

FILE = "manifest.json"
_CHUNK = 1 << 20


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def hash_folder(folder: Path, left_out: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the hash of each file below a folder, by its path; a link or a device is an error."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise DataError(f"{path}: only plain files may be published.")
        if path.is_file() and name not in left_out:
            found[name] = hash_file(path)
    return found


def hash_all(entry: Any) -> str:
    """Return one hash of a JSON value, written in one way only."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def find_changes(folder: Path, known: dict[str, str], left_out: tuple[str, ...]) -> list[str]:
    """Return what differs from the manifest, one sentence for each file."""
    found = hash_folder(folder, left_out)
    gone = [f"{name} is missing" for name in sorted(known.keys() - found.keys())]
    new = [f"{name} was added" for name in sorted(found.keys() - known.keys())]
    changed = [f"{name} was changed" for name in sorted(known.keys() & found.keys()) if known[name] != found[name]]
    return gone + new + changed


def canonical(entry: Any) -> bytes:
    """Return the one way to write a JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
