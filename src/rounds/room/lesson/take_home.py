"""Take home: a learner's lessons with answers and feedback as one archive, which runs in any Jupyter that has Rounds.

Each lesson is a folder named as its checks expect it; the tables lie in `data/` beside, where `rounds.data.load` looks
when no event names a place.  Only tables that say of themselves that they are synthetic leave the machine.
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from rounds.data.package import SYNTHETIC
from rounds.data.shelf.catalogue import BESIDE, Catalogue
from rounds.errors import UserError
from rounds.grading.exchange.files import IGNORED, read_files
from rounds.lessons.folder import LessonFolder
from rounds.room.lesson.handing_in import Ask, HandIn

FOLDER = "rounds-lessons"
OURS = ("checks.py", "feedback.md")
_LOADS = re.compile(r"""\bload\(\s*\\?["']([a-z0-9_]+)\\?["']""")


@dataclass(frozen=True)
class TakenLesson:
    """One lesson to take home: its parts, the learner's own folder, and the tables that its notebook opens."""

    lesson: LessonFolder
    own: Path
    datasets: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Home:
    """What one learner takes home: the lessons, the tables that may leave, and those that may not."""

    lessons: tuple[TakenLesson, ...]
    tables: Mapping[str, Path]
    kept: tuple[str, ...]
    ask: Ask | None = None

    @property
    def megabytes(self) -> float:
        """About how large the archive is: the tables are nearly all of it."""
        return sum(path.stat().st_size for folder in self.tables.values() for path in folder.iterdir()) / 1e6


def gather(lessons: Mapping[str, LessonFolder], work: Path, catalogue: Catalogue, ask: Ask | None = None) -> Home:
    """Return what a learner takes home: each lesson that lies in `work`.

    `lessons` are those of the event by the name of their folder in `work`, `ask` asks the grading service for feedback;
    without it there is none in the archive.
    """
    own = {name: work / name for name in lessons if (work / name).is_dir() and not (work / name).is_symlink()}
    taken = tuple(
        TakenLesson(lessons[name], folder, _find_loads(folder), find_title(folder) or name)
        for name, folder in own.items()
    )
    wanted = sorted({name for one in taken for name in one.datasets})
    paths = catalogue.paths()
    tables = {name: paths[name] for name in wanted if name in paths and catalogue.load(name).package.kind == SYNTHETIC}
    return Home(taken, tables, tuple(name for name in wanted if name not in tables), ask)


def write_archive(home: Home, target: IO[bytes]) -> None:
    """Write the archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _read_all(home):
            archive.writestr(f"{FOLDER}/{name}", content)
        for name, folder in home.tables.items():
            for path in sorted(folder.iterdir()):
                archive.write(path, f"{FOLDER}/{BESIDE}/{name}/{path.name}", zipfile.ZIP_STORED)  # packed already


def _read_all(home: Home) -> Iterator[tuple[str, bytes]]:
    yield "README.md", _welcome(home).encode()
    for one in home.lessons:
        yield from ((f"{one.lesson.name}/{name}", content) for name, content in _read_lesson(one))
        if said := _read_feedback(home.ask, one):
            yield f"{one.lesson.name}/feedback.md", said.encode()


def _read_lesson(one: TakenLesson) -> Iterator[tuple[str, bytes]]:
    """Yield the learner's own files, and the checks of the lesson whatever lies under their name."""
    own = read_files(one.own, IGNORED)
    yield from ((name, base64.b64decode(text)) for name, text in own.items() if name not in OURS)
    checks = one.lesson.file("checks.py")
    if checks is not None:
        yield "checks.py", checks.read_bytes()
    for picture in one.lesson.pictures():
        if picture.name not in own:
            yield picture.name, picture.read_bytes()


def find_title(folder: Path) -> str:
    """Return the first heading of the notebook in a learner's folder; nothing where it cannot be read."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            lines = [line for cell in cells for line in "".join(cell["source"]).split("\n")]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # damaged by its learner: it goes into the archive as it is
        return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "")
    return ""


def _find_loads(folder: Path) -> tuple[str, ...]:
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.ipynb")))
    return tuple(sorted({name for text in texts for name in _LOADS.findall(text)}))


def _read_feedback(ask: Ask | None, one: TakenLesson) -> str:
    """Return the marks of the newest attempt as a page; nothing where nothing was handed in, or nobody answers."""
    try:
        said = HandIn(ask, one.lesson.assignment, one.own.parent).find_newest() if ask else {}
    except UserError:
        return ""
    return "\n".join(_format_feedback(said)) if said.get("feedback") else ""


def _format_feedback(said: Mapping[str, Any]) -> Iterator[str]:
    feedback = said["feedback"]
    yield f"# {feedback['points']:g} of {feedback['most']:g} points\n\nHanded in at {said['time']}.\n"
    for part in feedback["parts"]:
        points = part["state"] if part["points"] is None else f"{part['points']:g} of {part['max_points']:g}"
        yield f"## {part['title']}: {points}\n"
        yield from (f"{words}\n" for words in (part["sentence"], *part["comments"]) if words)


def _welcome(home: Home) -> str:
    text = (files("rounds.room.lesson") / "take_home.md").read_text(encoding="utf-8")
    lessons = "\n".join(f"- `{one.lesson.name}`: {one.title}" for one in home.lessons)
    kept = "".join(f"- `{name}` is not in here: it is not synthetic, and stays with its owner.\n" for name in home.kept)
    return text.replace("{lessons}", lessons).replace("{version}", version("rounds")).replace("{kept}", kept)
