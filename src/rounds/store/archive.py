"""The file of a backup: a gzipped tar of files, and last in it the manifest that says what must be there.

Nothing here knows what belongs into a backup (`rounds.store.backup`) or where it goes (`rounds.store.restore`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from rounds.errors import BackupError
from rounds.store.lock import locked
from rounds.store.staging import remove_folder, sweep_stale

FORMAT = 1
MANIFEST = "manifest.json"
BELOW = "state/"
PRIVATE = 0o600
_CHUNK = 1 << 20
NOT_WHOLE = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, KeyError, TypeError)


@dataclass
class Manifest:
    """What a backup holds: the SHA-256 of each file, the target of each link, the mode of each folder, by their paths.

    ``packages`` names what each team had installed, which is not in it.
    """

    made_at: str
    event: str
    root: str
    format: int = FORMAT
    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)
    packages: dict[str, list[str]] = field(default_factory=dict)


@contextmanager
def place_beside(target: Path) -> Iterator[Path]:
    """Yield a private folder beside `target` to work in; a killed one is swept by the next."""
    sweep_stale(target)
    try:
        place = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except FileNotFoundError:  # a folder that the system makes up, such as /proc
        raise BackupError(f"{target.parent} takes no new files. Name a folder on a disk.") from None
    try:
        with locked(place):
            yield place
    finally:
        with suppress(OSError):
            remove_folder(place)


class Writer:
    """Write a backup, one file after another."""

    def __init__(self, path: Path) -> None:
        self._raw: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb")
        self._packed = gzip.GzipFile(fileobj=self._raw, mode="wb", compresslevel=3)
        self._tar = tarfile.TarFile(fileobj=self._packed, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, name: str, source: Path, mode: int) -> str:
        """Add a file that nobody changes meanwhile, and return its hash."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            self._add(BELOW + name, os.fstat(file.fileno()).st_size, mode, file)
        return digest

    def finish(self, manifest: Manifest, place: Path) -> None:
        """Add the manifest, and see to it that everything is on the disk."""
        path = place / MANIFEST
        path.write_text(json.dumps(asdict(manifest)), encoding="utf-8")
        with path.open("rb") as file:
            self._add(MANIFEST, path.stat().st_size, PRIVATE, file)
        self._tar.close()
        self._packed.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()

    def abandon(self) -> None:
        """Close what is open; what was written is of no use."""
        for part in (self._packed, self._raw):
            with suppress(OSError, ValueError):
                part.close()

    def _add(self, name: str, size: int, mode: int, file: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, mode
        self._tar.addfile(entry, file)


def unpack(path: Path, target: Path) -> Manifest:
    """Unpack a backup's files into the new folder `target` and return its manifest, when every hash is right.

    Raises
    ------
    BackupError
        When the file is no backup, or not whole; what lies in `target` then is of no use.
    """
    try:
        manifest, found = _unpack(path, target)
    except NOT_WHOLE as error:
        raise BackupError(f"{path} is no backup of Rounds, or not a whole one. Take another file.") from error
    wrong = sorted(name for name in manifest.files.keys() | found.keys() if manifest.files.get(name) != found.get(name))
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise BackupError(f"{path}: not as it was backed up: {', '.join(wrong[:3])}{more}. Take another file.")
    return manifest


def _unpack(path: Path, target: Path) -> tuple[Manifest, dict[str, str]]:
    found: dict[str, str] = {}
    with tarfile.open(path, "r|gz") as tar:
        for entry in tar:
            file = tar.extractfile(entry)
            if file is None:
                raise ValueError(entry.name)
            if entry.name == MANIFEST:
                return _read_manifest(file.read(), path), found
            name = check_inside(entry.name.removeprefix(BELOW))
            found[name] = _write(file, target / name, entry.mode)
    raise EOFError(MANIFEST)


def _read_manifest(text: bytes, path: Path) -> Manifest:
    table = json.loads(text)
    if table["format"] > FORMAT:
        raise BackupError(f"{path} was made by a newer version of Rounds. Restore it with that version.")
    return Manifest(**table)


def check_inside(name: str) -> str:
    """Return a path of a backup; raise `ValueError` for one that leads out of the folder that it is unpacked into."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return name


def _write(file: IO[bytes], target: Path, mode: int) -> str:
    """Write one file, and return its hash."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as output:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            output.write(chunk)
        os.fchmod(output.fileno(), mode & 0o777)
    return digest.hexdigest()
