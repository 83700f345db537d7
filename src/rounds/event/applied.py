"""The event as it was last applied: a copy of its files that the running parts read.

A draft under an organiser's hands changes nothing until `store_event` has taken it over whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from rounds.errors import Command, EventError
from rounds.event.load import load_event
from rounds.event.model import Event
from rounds.store.folders import make_folder

FILE = "event.toml"


def store_event(source: Path, folder: Path) -> Event:
    """Copy the valid event of `source` into `folder`, all files or none, and return it.

    Raises
    ------
    EventError
        When the event has problems; `folder` is then as it was.
    """
    event = load_event(source)
    version = Path(tempfile.mkdtemp(prefix=".version-", dir=make_folder(folder)))
    shutil.copyfile(source, version / FILE)
    for name in (event.event.people, event.event.terms):
        target = version / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.parent / name, target)
    load_event(version / FILE)
    _switch(folder / "current", version)
    return event


def _switch(link: Path, version: Path) -> None:
    """Point `link` at `version` in one step, then remove what it pointed at before."""
    before = link.resolve() if link.is_symlink() else None
    fresh = link.with_name(".current-new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(version.name)
    os.replace(fresh, link)
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)


def applied_file(folder: Path) -> Path | None:
    """Return the event file that was applied last, None when none was."""
    path = folder / "current" / FILE
    return path if path.is_file() else None


class AppliedEvent:
    """The applied event, read again when a new one was applied."""

    def __init__(self, folder: Path) -> None:
        self._link = folder / "current"
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
