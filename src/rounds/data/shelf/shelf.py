"""What one room may open now: a dataset by its name, of the size that the phase and the room allow.

In the deployment ``embedded`` this is a convenience: code in a kernel could read the folders itself.  The wall is the
mount of the closed room, which follows the same table.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.package import RESTRICTED, SYNTHETIC
from rounds.data.shelf.attachments import attached
from rounds.data.shelf.catalogue import Catalogue, open_catalogue
from rounds.data.shelf.opening import Opening, read_opening
from rounds.data.shelf.sizes import RoomKind, Size, Whose, allowed_sizes
from rounds.errors import DataError, suggest

SIZES, TEAM, VIEW = "ROUNDS_SIZES", "ROUNDS_TEAM", "ROUNDS_VIEW"
HOLD_OUT = "_hold_out"


@dataclass(frozen=True)
class Shelf:
    """A room, its team, and the folders it was given."""

    room: RoomKind
    team: str
    catalogue: Catalogue
    sized: Path | None
    environ: Mapping[str, str]

    def load(self, name: str, size: str | None, now: datetime) -> Dataset:
        """Open a dataset at the size asked for, or at the one that is due here and now."""
        there = self._there(name)
        if not there:
            return self.catalogue.load(name)  # raises, and names the nearest
        if None in there and size is None:
            return there[None]
        kind = next(iter(there.values())).package.kind
        opening = self.opening()
        sizes = allowed_sizes(self.room, self.whose(name, opening), opening.opens_now(now)).sizes(kind == SYNTHETIC)
        if size is not None:
            return self._asked(name, _parse(size), there, sizes, now)
        found = next((there[s] for s in sizes if s in there), None)
        if found is None:
            raise DataError(self._refuse(name, _smallest(there), sizes, now))
        return found

    def has(self, name: str) -> bool:
        """Return whether there is a dataset of this name, open or not."""
        return bool(self._there(name))

    def opening(self) -> Opening:
        """Return when data open; nothing when no folder says so."""
        found = (read_opening(folder) for folder in self.catalogue.folders)
        return next((opening for opening in found if opening.phases), Opening())

    def whose(self, name: str, opening: Opening) -> Whose:
        """Return whose challenge a dataset belongs to."""
        own = opening.teams.get(self.team, "")
        names = {own, attached(own, self.environ)} if own else set()
        names |= {attached(n + HOLD_OUT, self.environ) for n in names}
        return Whose.OWN if name in names else Whose.OTHER

    def _there(self, name: str) -> dict[Size | None, Dataset]:
        """Return what lies under a name, by size; a public table that was imported whole has no size."""
        found: dict[Size | None, Dataset] = {}
        for size in (Size.SAMPLE, Size.FULL):
            paths = Catalogue((self.sized / size,)).paths() if self.sized else {}
            if name in paths:
                found[size] = open_dataset(paths[name])
        path = self.catalogue.paths().get(name)
        if path is not None:
            dataset = open_dataset(path)
            found.setdefault(_UNSIZED.get(dataset.package.kind), dataset)
        return found if len(found) == 1 else {s: d for s, d in found.items() if s is not None}

    def _asked(
        self, name: str, size: Size, there: Mapping[Size | None, Dataset], sizes: tuple[Size, ...], now: datetime
    ) -> Dataset:
        if None in there:
            raise DataError(f'"{name}" is one table without sizes. Write: rounds.data.load("{name}")')
        if size not in sizes:
            raise DataError(self._refuse(name, size, sizes, now))
        if size not in there:
            raise DataError(f'The {size} data of "{name}" are not here yet. An organiser makes or attaches them.')
        return there[size]

    def _refuse(self, name: str, size: Size, sizes: tuple[Size, ...], now: datetime) -> str:
        """Say in one sentence why not, and what opens it."""
        instead = f' Write rounds.data.load("{name}") for the {sizes[0]} data.' if sizes else ""
        if self.room is RoomKind.LEARNING:
            return f'The {size} data of "{name}" open in the room of a team of its challenge only, not here.{instead}'
        opening = self.opening()
        if self.whose(name, opening) is Whose.OTHER:
            return f'"{name}" belongs to another challenge: your team cannot open its {size} data.{instead}'
        phase = opening.next_with(size, now)
        if phase is None:
            return f'The {size} data of "{name}" are closed, and no later phase opens them.{instead}'
        return f'The {size} data of "{name}" open with the phase "{phase.id}", on {phase.says()}.{instead}'


# What lies in the plain folder: lesson data, or the features of a real hold-out, which open with the full data.
_UNSIZED: dict[str, Size] = {SYNTHETIC: Size.LESSON, RESTRICTED: Size.FULL}


def open_shelf(environ: Mapping[str, str] = os.environ) -> Shelf:
    """Return the shelf of the room that the environment describes; without a team, that of a learning server."""
    team, sized = environ.get(TEAM, ""), environ.get(SIZES, "")
    room = RoomKind.LEARNING
    if team:
        room = RoomKind.DASHBOARDS if environ.get(VIEW) == "published" else RoomKind.TEAM
    return Shelf(room, team, open_catalogue(environ), Path(sized) if sized else None, environ)


def _parse(size: str) -> Size:
    if size not in set(Size):
        raise DataError(f'There is no size "{size}".{suggest(size, [s.value for s in Size])}')
    return Size(size)


def _smallest(there: Mapping[Size | None, Dataset]) -> Size:
    return Size.SAMPLE if Size.SAMPLE in there else Size.FULL


def load(name: str, size: str | None = None) -> Dataset:
    """Open a dataset by name, at the size that is open to this room now.

    Parameters
    ----------
    name
        The name of the package's folder; an unknown one is an error that names the nearest.
    size
        "sample", "lesson" or "full". Without it, the right one: leave it out.

    Examples
    --------
    >>> stays = rounds.data.load("heart_failure")      # doctest: +SKIP
    >>> stays.frame().head()                           # doctest: +SKIP
    """
    return open_shelf(os.environ).load(name, size, datetime.now(UTC))
