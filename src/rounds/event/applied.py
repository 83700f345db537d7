"""The event as it was last applied: a copy of its files, and of its own lessons and challenges, that all parts read.

A draft under an organiser's hands changes nothing until `store_event` has taken it over whole.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rounds.errors import Command, EventError
from rounds.event.load import load_event
from rounds.event.model import Event
from rounds.store.versions import LINK, write_version

FILE = "event.toml"
OWN = ("tutorials", "notebooks", "widgets")  # what an event brings of its own, beside what Rounds has
PASSED_OVER = ("__pycache__", ".*")


def store_event(source: Path, folder: Path) -> Event:
    """Copy the valid event of `source` into `folder`, all files or none, and return it.

    Raises
    ------
    EventError
        When the event has problems; `folder` is then as it was.
    """
    event = load_event(source)
    _check_certificate(source, event)
    with write_version(folder) as version:
        shutil.copyfile(source, version / FILE)
        for name in filter(None, (event.event.people, event.event.terms, event.learning.consent)):
            target = version / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.parent / name, target)
        for name in filter(None, (event.hosting.certificate, event.hosting.key)):
            _copy_private(source.parent / name, version / name)
        for name in OWN:
            if (source.parent / name).is_dir():
                shutil.copytree(source.parent / name, version / name, ignore=shutil.ignore_patterns(*PASSED_OVER))
        load_event(version / FILE)
    return event


def _check_certificate(source: Path, event: Event) -> None:
    from rounds.event.certificate import check_certificate  # here: a kernel that reads an event needs no cryptography

    check_certificate(source, event)


def _copy_private(source: Path, target: Path) -> None:
    """Copy a key so that its copy is never anybody else's to read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


def applied_file(folder: Path) -> Path | None:
    """Return the event file that was applied last, None when none was."""
    path = folder / LINK / FILE
    return path if path.is_file() else None


class AppliedEvent:
    """The applied event, read again when a new one was applied."""

    def __init__(self, folder: Path) -> None:
        self._link = folder / LINK
        self._read: tuple[Path, Event] | None = None

    def current(self) -> Event:
        """Return the event that holds now."""
        if not self._link.is_symlink():
            state = self._link.parent.parent
            raise EventError(
                f"No event was applied in {state}. Start one first: make demo; or apply your own: ",
                Command("event", "apply", "FILE", "--state", state),
            )
        version = self._link.resolve()
        if self._read is None or self._read[0] != version:
            self._read = (version, load_event(version / FILE))
        return self._read[1]
