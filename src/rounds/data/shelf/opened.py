"""The folders of sized data that a room's seal opens in a phase: the same table as `load`, as a wall.

What lies in the plain data folder every room may read; samples and full data follow the phases.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rounds.data.dataset import open_dataset
from rounds.data.descriptor import FILE
from rounds.data.package import SYNTHETIC
from rounds.data.shelf.catalogue import Catalogue
from rounds.data.shelf.shelf import Shelf
from rounds.data.shelf.sizes import Opens, Size, allowed_sizes
from rounds.errors import DataError


def find_open(shelf: Shelf, opens: Opens) -> tuple[Path, ...]:
    """Return the dataset folders that a room reads while a phase opens so much."""
    opening = shelf.opening()
    return tuple(
        path
        for size, name, path, is_synthetic in _sized(shelf)
        if size in allowed_sizes(shelf.room, shelf.whose(name, opening), opens).sizes(is_synthetic)
    )


def find_described(shelf: Shelf) -> tuple[Path, ...]:
    """Return the descriptors of all sized datasets: with them `load` says when one that is closed will open."""
    return tuple(path / FILE for _, _, path, _ in _sized(shelf))


def _sized(shelf: Shelf) -> Iterator[tuple[Size, str, Path, bool]]:
    for size in (Size.SAMPLE, Size.FULL) if shelf.sized else ():
        for name, path in Catalogue((Path(str(shelf.sized)) / size,)).paths().items():
            try:
                yield size, name, path, open_dataset(path).package.kind == SYNTHETIC
            except DataError:  # one that cannot be read is open to nobody
                continue
