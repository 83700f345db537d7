"""The datasets a person may open: the folders named by ``ROUNDS_DATA``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import FILE
from rounds.errors import DataError, suggest

VARIABLE = "ROUNDS_DATA"
BESIDE = "data"  # where the tables lie that somebody took home with the lessons


@dataclass(frozen=True)
class Catalogue:
    """Every data package in a list of folders; the first folder wins a name."""

    folders: tuple[Path, ...]

    def paths(self) -> dict[str, Path]:
        """Return the package folders by name."""
        found: dict[str, Path] = {}
        for path in _package_folders(self.folders):
            found.setdefault(path.name, path)
        return found

    def names(self) -> tuple[str, ...]:
        """Return the names that can be loaded."""
        return tuple(sorted(self.paths()))

    def load(self, name: str) -> Dataset:
        """Open a dataset by name."""
        paths = self.paths()
        if name not in paths:
            where = os.pathsep.join(map(str, self.folders)) or "nothing"
            raise DataError(f'There is no dataset "{name}".{suggest(name, paths)} (Looked in {where}.)')
        return open_dataset(paths[name])


def open_catalogue(environ: Mapping[str, str]) -> Catalogue:
    """Return the catalogue of the folders that ``ROUNDS_DATA`` names; without it, of ``data`` beside a lesson's folder.

    The latter is how an archive lies that a learner took home: no event is there to name a place.
    """
    if VARIABLE not in environ:
        return Catalogue((Path.cwd().parent / BESIDE,))
    parts = environ[VARIABLE].split(os.pathsep)
    return Catalogue(tuple(Path(part) for part in parts if part))


def _package_folders(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in folders:
        if (folder / FILE).is_file():
            yield folder
        elif folder.is_dir():
            yield from sorted(p.parent for p in folder.glob(f"*/{FILE}") if p.parent.name[0] != ".")
