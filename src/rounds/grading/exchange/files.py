"""The files of a folder to hand in: what lies in it itself, never what a link in it points to."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rounds.errors import GradingError
from rounds.grading.attempts import LARGEST_MB, MOST_FILES
from rounds.grading.course import LEFT_OUT

Ignored = Callable[[str, list[str]], Iterable[str]]  # as shutil.copytree takes it
IGNORED: Ignored = shutil.ignore_patterns(*LEFT_OUT)


def read_files(folder: Path, ignored: Ignored) -> dict[str, str]:
    """Return the content of each file, in base64, by its path below `folder`; links are left out."""
    read: dict[str, str] = {}
    megabytes = 0.0
    for path in _walk(folder, ignored):
        content = _read(path)
        megabytes += len(content) / 1_000_000
        read[path.relative_to(folder).as_posix()] = base64.b64encode(content).decode()
        if len(read) > MOST_FILES or megabytes > LARGEST_MB:
            raise GradingError(
                f"The folder {folder.name} has more than {MOST_FILES} files or {LARGEST_MB} MB. "
                "Move what is not part of the lesson to another folder, then try again."
            )
    return read


def _walk(folder: Path, ignored: Ignored) -> Iterator[Path]:
    for here, folders, files in os.walk(folder, followlinks=False):
        away = set(ignored(here, [*folders, *files]))
        folders[:] = _plain(here, set(folders) - away)
        yield from (Path(here, name) for name in _plain(here, set(files) - away))


def _plain(here: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not os.path.islink(os.path.join(here, name)))


def _read(path: Path) -> bytes:
    """Read a file that is none of the system's; a link that took its place meanwhile is an error."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return file.read(LARGEST_MB * 1_000_000 + 1)
