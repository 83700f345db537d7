"""What is made before an event opens: its datasets and its lessons, each with a progress bar."""

from __future__ import annotations

from pathlib import Path

from rounds.cli.progress import bar
from rounds.data import make_dataset
from rounds.data.make import SEEDS
from rounds.event import Event
from rounds.grading.course import course_of
from rounds.grading.release import find_lessons, release_lessons
from rounds.store.folders import Folders, make_folder


def prepare_rooms(event: Event, folders: Folders, source: Path) -> None:
    """Make what is missing and release what is new; what is there stays."""
    make_datasets(folders)
    with bar("Lessons") as progress:
        progress("read the sources", 0, 1)
        lessons = find_lessons(source / "tutorials", event.event.lessons)
        progress("read the sources", 1, 1)
        release_lessons(course_of(event.event.id, folders), lessons, progress)


def make_datasets(folders: Folders) -> None:
    """Make the synthetic datasets that are missing."""
    missing = [name for name in SEEDS if not (folders.data / name / "datapackage.json").is_file()]
    if not missing:
        return
    make_folder(folders.data)
    with bar("Synthetic data") as progress:
        for number, name in enumerate(missing, 1):
            progress(name, number - 1, len(missing))
            make_dataset(name, folders.data, truth_folder=make_folder(folders.truth))
            progress(name, number, len(missing))
