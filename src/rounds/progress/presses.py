"""Read what a person did from the log of the check buttons: which lesson was opened, which check was pressed, when.

A file that has not changed is not read again: the board asks for all of them once a second while people work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Press:
    """One line of the log: a check that was pressed, and the mistake if any; an opened lesson names no exercise."""

    at: datetime
    lesson: str
    exercise: str
    passed: bool
    mistake: str = ""


Stamp = tuple[int, int]  # when a file was changed, in nanoseconds, and its bytes


@dataclass
class PressLogs:
    """The logs of everybody, each as it was when it last changed."""

    _kept: dict[Path, tuple[Stamp, tuple[Press, ...]]] = field(default_factory=dict)

    def read(self, path: Path) -> tuple[Press, ...]:
        """Return the lines of one log, the oldest first; none where there is no file."""
        stamp = stamp_of(path)
        if stamp is None:
            return ()
        kept = self._kept.get(path)
        if kept is None or kept[0] != stamp:
            kept = self._kept[path] = (stamp, tuple(read_presses(path)))
        return kept[1]


def stamp_of(path: Path) -> Stamp | None:
    """Return what changes whenever a file is written; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def read_presses(path: Path) -> Iterator[Press]:
    """Yield each line that says what it should; a torn last line is passed over."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            said = json.loads(line)
            at = datetime.fromisoformat(said["time"])
            names = str(said["lesson"]), str(said.get("exercise", ""))
            yield Press(at, *names, bool(said.get("passed")), str(said.get("mistake", "")))
        except (ValueError, KeyError, TypeError):
            continue
