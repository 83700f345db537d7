"""What is made before an event opens: its datasets and its lessons, each with a progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rounds.cli.progress import bar
from rounds.data.sizes import Homes, Size
from rounds.data.stock import Item, find_missing, list_stock, make_item
from rounds.event import Event
from rounds.grading.course import course_of
from rounds.grading.release import find_lessons, release_lessons
from rounds.store.folders import Folders, make_folder

BEFORE_AN_EVENT = (Size.LESSON, Size.SAMPLE)


def prepare_rooms(event: Event, folders: Folders, source: Path) -> None:
    """Make what is missing and release what is new; what is there stays."""
    make_datasets(folders)
    with bar("Lessons") as progress:
        progress("read the sources", 0, 1)
        lessons = find_lessons(source / "tutorials", event.event.lessons)
        progress("read the sources", 1, 1)
        release_lessons(course_of(event.event.id, folders), lessons, progress)


def make_datasets(folders: Folders, sizes: Sequence[Size] = BEFORE_AN_EVENT, only: Sequence[str] = ()) -> list[Item]:
    """Make the synthetic datasets that are missing, and return them."""
    homes = Homes(folders.data, folders.sized)
    missing = find_missing(list_stock(sizes, only), homes)
    for item in missing:
        make_folder(homes.of(item.size))
        with bar(f"Synthetic data: {item.says()}") as progress:
            make_item(item, homes, make_folder(folders.truth), progress)
    return missing
