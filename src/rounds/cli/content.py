"""An event's lessons, challenges and widgets: looked for in Rounds, in the event's own folder, in installed packages.

What is found is laid out below the state folder, where rooms read it; a lesson's hidden part goes to the course only.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.challenges.brief import FILE as BRIEF
from rounds.challenges.brief import load_brief
from rounds.challenges.folder import ChallengeFolder, find_challenges, place_challenges
from rounds.challenges.rehearsal import find_challenge_problems
from rounds.cli.own_widgets import find_widget_problems
from rounds.cli.progress import bar
from rounds.data.descriptor import FILE, read_package
from rounds.data.package import RESTRICTED
from rounds.errors import ChallengeError
from rounds.event import Event
from rounds.grading.course import course_of
from rounds.grading.release import release_lessons
from rounds.lessons.build import build_instructor
from rounds.lessons.finding import choose_lessons, find_lessons
from rounds.lessons.folder import LessonFolder
from rounds.lessons.placing import index_lesson, place_lessons
from rounds.store.folders import Folders
from rounds.store.staging import stage
from rounds.store.versions import write_version


@dataclass(frozen=True)
class Content:
    """What an event offers: its lessons in order, its challenges' folders with their datasets' names, its widgets."""

    lessons: tuple[LessonFolder, ...]
    challenges: tuple[tuple[ChallengeFolder, str], ...]
    widgets: Path


def find_content(event: Event, source: Path, own: Path) -> Content:
    """Return an event's content; `source` is the folder of Rounds, `own` the one of the event.

    Raises
    ------
    LessonError, ChallengeError
        When a lesson is nowhere or half, when two bear one id, or when a part cannot be read.
    """
    places = (source, own)
    lessons = choose_lessons(find_lessons([place / "tutorials" for place in places]), event.event.lessons)
    found = find_challenges([place / "notebooks" / "challenges" for place in places])
    challenges = tuple((found[c.id], c.dataset) for c in event.challenge if c.id in found)
    for lesson in lessons:
        index_lesson(lesson)
        build_instructor(lesson)
    problems: list[str] = []
    for challenge, dataset in challenges:
        _check_dataset(challenge, dataset)
        problems += find_challenge_problems(challenge, load_brief(challenge.path / BRIEF))
    problems += find_widget_problems(own / "widgets")
    if problems:
        raise ChallengeError("\n".join(problems))
    return Content(lessons, challenges, own / "widgets")


def lay_out(content: Content, folders: Folders) -> None:
    """Lay the content out where rooms read it, in place of what lay there; a dataset that is there stays."""
    place_lessons(content.lessons, folders.lessons)
    place_challenges([challenge for challenge, _ in content.challenges], folders.challenges)
    with write_version(folders.widgets) as version:
        if content.widgets.is_dir():
            shutil.copytree(content.widgets, version, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for challenge, dataset in content.challenges:
        if challenge.dataset and not (folders.data / dataset / FILE).is_file():
            with stage(folders.data / dataset) as fresh:
                shutil.copytree(challenge.dataset, fresh, dirs_exist_ok=True)


def release(event: Event, folders: Folders, lessons: Sequence[LessonFolder]) -> list[str]:
    """Release the lessons that are new or changed; return their names."""
    with bar("Lessons") as progress:
        return release_lessons(course_of(event, folders), lessons, progress)


def _check_dataset(challenge: ChallengeFolder, name: str) -> None:
    """Refuse hospital data in a challenge's folder: what lies there is copied to where every room of it reads."""
    if not challenge.dataset:
        return
    package = read_package(challenge.dataset)
    if package.name != name:
        raise ChallengeError(
            f'{challenge.dataset}: this data package is called "{package.name}", and the event file says dataset = '
            f'"{name}". Write the same name in both.'
        )
    if package.kind == RESTRICTED:
        raise ChallengeError(
            f"{challenge.dataset}: this data package is restricted, and a challenge's folder may hold synthetic or "
            f"public data only. A hospital's tables take another way: docs/how-to/prepare-hospital-data.md"
        )
