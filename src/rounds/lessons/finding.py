"""Find lessons by id: in folders of tutorials (the clone's, the event's own) and in installed packages.

An installed package is readable from every kernel, so a lesson that comes with one may hold the learner's part only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from rounds.errors import LessonError, suggest
from rounds.installed import LESSONS, Installed, find_installed
from rounds.lessons.folder import LEARNER, NAME, STAFF, LessonFolder

STAFF_ONLY = ("lesson.py", "hidden.py", "answers.py")


@dataclass(frozen=True)
class _Part:
    """One folder with files of a lesson, and the track that it stands in."""

    name: str
    track: str
    path: Path


def find_lessons(places: Sequence[Path], installed: Sequence[Installed] | None = None) -> dict[str, LessonFolder]:
    """Return the lessons below `places` and of installed packages, by id.

    Raises
    ------
    LessonError
        When two folders are the same part of one lesson, or an installed lesson brings what only the staff may read.
    """
    offered = find_installed(LESSONS) if installed is None else installed
    check_installed(offered)
    by_id: dict[str, list[_Part]] = {}
    for part in (*_list_parts(places), *(_Part(item.folder.name, "", item.folder) for item in offered)):
        by_id.setdefault(part.name.partition("_")[0], []).append(part)
    return {lesson_id: _join(by_id[lesson_id]) for lesson_id in sorted(by_id)}


def choose_lessons(lessons: Mapping[str, LessonFolder], wanted: Iterable[str]) -> tuple[LessonFolder, ...]:
    """Return the lessons of these assignments in that order; raise `LessonError` for unknown and half ones."""
    by_name = {lesson.assignment: lesson for lesson in lessons.values()}
    return tuple(_choose(by_name, name) for name in wanted)


def check_installed(offered: Iterable[Installed]) -> None:
    """Raise `LessonError` for installed lessons that carry a file which only the staff may read."""
    for item in offered:
        if not NAME.fullmatch(item.folder.name):
            raise LessonError(
                f'The installed lesson "{item.name}" of {item.distribution} lies in a folder "{item.folder.name}". '
                f"Name the folder by id and topic, like x1_blood_gas."
            )
        carried = [name for name in item.files if PurePath(name).name in STAFF_ONLY]
        carried += [str(item.folder / name) for name in STAFF_ONLY if (item.folder / name).is_file()]
        if carried:
            raise LessonError(
                f'The installed lesson "{item.name}" of {item.distribution} carries {carried[0]}: every kernel can '
                f"read installed packages. Take {', '.join(STAFF_ONLY)} out of the package and put them into the "
                f"event's own folder: tutorials/<track>/{item.folder.name}/"
            )


def _list_parts(places: Sequence[Path]) -> Iterator[_Part]:
    for place in places:
        for path in sorted(place.rglob("*_*")):
            if NAME.fullmatch(path.name) and any((path / name).is_file() for name in (*LEARNER, *STAFF)):
                yield _Part(path.name, "" if path.parent == place else path.parent.name, path)


def _join(parts: Sequence[_Part]) -> LessonFolder:
    """Return the lesson of these folders, which bear one id."""
    names = {part.name for part in parts}
    if len(names) > 1:
        raise LessonError(
            f"{parts[0].path} and {parts[1].path} have one id. Two lessons: give one another id. Two parts of one "
            f"lesson: name both folders {parts[0].name}"
        )
    track = next((part.track for part in parts if part.track), "")
    return LessonFolder(parts[0].name, track, _find_only(parts, LEARNER), _find_only(parts, STAFF))


def _find_only(parts: Sequence[_Part], files: Sequence[str]) -> Path | None:
    """Return the folder that holds this part of a lesson."""
    found = [part.path for part in parts if any((part.path / name).is_file() for name in files)]
    if len(found) > 1:
        raise LessonError(f"{found[0]} and {found[1]} are the same lesson twice. Remove one, or give it another id.")
    return found[0] if found else None


def _choose(by_name: Mapping[str, LessonFolder], name: str) -> LessonFolder:
    if name not in by_name:
        raise LessonError(f'event.lessons: there is no lesson "{name}".{suggest(name, by_name)}')
    lesson = by_name[name]
    for file in ("checks.py", "lesson.py", "hidden.py"):
        if lesson.file(file) is None:
            raise LessonError(
                f'event.lessons: the lesson "{name}" has no {file} in {" or ".join(map(str, lesson.parts))}. '
                f"Put it there, or into tutorials/<track>/{lesson.name}/ of the event's own folder."
            )
    return lesson
