"""The synthetic datasets of an event: which sizes are wanted, which are missing, and their making one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.data.dataset import Dataset
from rounds.data.descriptor import FILE
from rounds.data.shelf.attachments import attached
from rounds.data.shelf.catalogue import VARIABLE
from rounds.data.shelf.sizes import Homes, Size
from rounds.errors import DataError, suggest
from rounds.meter import Progress, silent
from rounds.synthetic.make import COHORT_SEEDS, SEEDS, TABLE_SEEDS, make_dataset

OTHER_PEOPLE = {Size.SAMPLE: 1_000_000, Size.FULL: 2_000_000}  # added to the seed: no person is in two sizes


@dataclass(frozen=True)
class Item:
    """A dataset of one size."""

    name: str
    size: Size

    def says(self) -> str:
        """Return the item in words."""
        return self.name if self.name in TABLE_SEEDS else f"{self.name}, {self.size}"


def list_stock(sizes: Iterable[Size], only: Sequence[str] = ()) -> list[Item]:
    """Return what an event may hold of these sizes; the lessons' small tables have the lesson size only."""
    for name in only:
        if name not in SEEDS:
            raise DataError(f'There is no synthetic dataset "{name}".{suggest(name, SEEDS)}')
    names = [name for name in SEEDS if not only or name in only]
    return [Item(name, size) for size in sizes for name in names if size is Size.LESSON or name in COHORT_SEEDS]


def find_missing(items: Iterable[Item], homes: Homes) -> list[Item]:
    """Return what is not there yet."""
    return [item for item in items if not (homes.of(item.size) / item.name / FILE).is_file()]


def opens_own(data: Path, dataset: str) -> bool:
    """Tell whether a challenge's notebooks open its own synthetic dataset, of which new people can be drawn."""
    is_own = attached(dataset, {VARIABLE: str(data)}) == dataset
    return is_own and dataset in SEEDS and (data / dataset / FILE).is_file()


def make_item(item: Item, homes: Homes, truth: Path, progress: Progress = silent) -> Dataset:
    """Write a dataset whole or not at all, and its truth for the staff."""
    if item.size is Size.LESSON:
        return make_dataset(item.name, homes.data, truth_folder=truth, progress=progress)
    from rounds.synthetic.ehr.generate import generate

    seed = COHORT_SEEDS[item.name] + OTHER_PEOPLE[item.size]
    return generate(item.name, item.size, seed, homes.of(item.size), truth / item.size, progress)
