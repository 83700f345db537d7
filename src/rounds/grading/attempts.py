"""What learners handed in: every attempt is kept, none is ever changed.

The folders are those of nbgrader's exchange (``inbound/<person>+<lesson>+<time>+<random>``), so that its own collecting
finds them; only the event's own processes reach them.  An attempt is there as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from rounds.errors import GradingError, suggest
from rounds.grading.course import Course
from rounds.store.folders import make_folder
from rounds.store.lock import locked

LARGEST_MB, MOST_FILES = 20, 200
TIME, SECRET = "timestamp.txt", "submission_secret.txt"  # nbgrader's names
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"  # nbgrader's own
STAGED = ".handing-in-"

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Attempt:
    """One hand-in of one person; `time` is as nbgrader writes it."""

    username: str
    lesson: str
    time: str
    folder: Path

    @property
    def at(self) -> datetime:
        """When it was handed in; long ago where its folder does not say, as of one that somebody copied by hand."""
        try:
            return datetime.strptime(self.time, TIME_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            return datetime.fromtimestamp(0, UTC)

    @property
    def secret(self) -> str:
        """What nbgrader makes the names of this attempt's feedback from."""
        return (self.folder / SECRET).read_text(encoding="utf-8")


def record_attempt(course: Course, username: str, lesson: str, files: Files, now: datetime | None = None) -> Attempt:
    """Keep what somebody hands in and return it; the same files again are the attempt that is there.

    Parameters
    ----------
    files
        The content of each file by its path below the lesson's folder, with slashes.

    Raises
    ------
    GradingError
        When the lesson is not released, one of its notebooks is missing, or the files are too many or too large.
    """
    _check(course, lesson, files)
    inbound = make_folder(course.inbound)
    with locked(inbound, wait=True):
        before = next(reversed(list(find_attempts(course, username, lesson))), None)
        if before is not None and _digest(_read(before.folder)) == _digest(files):
            return before
        return _write(inbound, username, lesson, files, (now or datetime.now(UTC)).astimezone(UTC))


def find_attempts(course: Course, username: str = "", lesson: str = "") -> Iterator[Attempt]:
    """Yield the attempts of a course, of one person or lesson where these are named, the oldest first."""
    if not course.inbound.is_dir():
        return
    parts = (path.name.split("+") for path in course.inbound.iterdir() if not path.name.startswith("."))
    found = sorted((part for part in parts if len(part) >= 3), key=lambda part: part[2])
    for part in found:
        if part[0] == (username or part[0]) and part[1] == (lesson or part[1]):
            yield Attempt(part[0], part[1], part[2], course.inbound / "+".join(part))


def read_submissions(course: Course) -> dict[tuple[str, str], datetime]:
    """Return who has handed in which lesson, and when the last time."""
    return {(attempt.username, attempt.lesson): attempt.at for attempt in find_attempts(course)}


def collect_attempt(course: Course, attempt: Attempt) -> None:
    """Put an attempt where nbgrader's *collect* puts it, in the place of an earlier one."""
    target = course.root / "submitted" / attempt.username / attempt.lesson
    make_folder(target.parent)
    fresh = Path(tempfile.mkdtemp(prefix=STAGED, dir=target.parent))
    shutil.copytree(attempt.folder, fresh, dirs_exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    os.rename(fresh, target)


def find_attempt(course: Course, username: str, lesson: str, time: str) -> Attempt:
    """Return one attempt; raise `GradingError` when there is none."""
    attempts = find_attempts(course, username, lesson)
    found = next((attempt for attempt in attempts if attempt.time == time), None)
    if found is None:
        raise GradingError(f"{username} did not hand in {lesson} at {time}.")
    return found


def _check(course: Course, lesson: str, files: Files) -> None:
    released = course.outbound / lesson
    known = [path.name for path in course.outbound.iterdir() if path.is_dir()] if course.outbound.is_dir() else []
    if lesson not in known:
        raise GradingError(f'There is no released lesson "{lesson}".{suggest(lesson, known)}')
    for name in files:
        _check_name(name)
    needed = [path.relative_to(released).as_posix() for path in sorted(released.rglob("*.ipynb"))]
    missing = [name for name in needed if name not in files]
    if missing:
        raise GradingError(
            f"Not handed in: {', '.join(missing)} is missing in the folder {lesson}. Open the lesson again from your "
            "home page, which puts it back, then hand in."
        )
    megabytes = sum(map(len, files.values())) / 1_000_000
    if megabytes > LARGEST_MB or len(files) > MOST_FILES:
        raise GradingError(
            f"Not handed in: the folder {lesson} has {len(files)} files and {megabytes:.0f} MB. At most {MOST_FILES} "
            f"files and {LARGEST_MB} MB can be handed in: move other files out of the folder, then hand in."
        )


def _check_name(name: str) -> None:
    """Raise `GradingError` for a path that is none of a file below the lesson's folder."""
    path = PurePosixPath(name)
    plain = name == path.as_posix() and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    if not plain or name in (".", TIME, SECRET) or "\\" in name or max(map(len, map(os.fsencode, path.parts))) > 255:
        raise GradingError(f"Not handed in: {name!r} is no name of a file in the lesson's folder. Rename or remove it.")


def _digest(files: Files) -> str:
    parts = [hashlib.sha256(name.encode() + b"\0" + content).digest() for name, content in sorted(files.items())]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _read(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in (TIME, SECRET)]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _write(inbound: Path, username: str, lesson: str, files: Files, now: datetime) -> Attempt:
    """Write the files beside the attempts, on the disk for good, and then give the folder its name in one step."""
    time = now.strftime(TIME_FORMAT)
    own = {TIME: time.encode(), SECRET: secrets.token_hex(64).encode()}
    fresh = Path(tempfile.mkdtemp(prefix=STAGED, dir=inbound))
    try:
        for name, content in (*files.items(), *own.items()):
            _write_file(fresh / name, content)
        final = inbound / f"{username}+{lesson}+{time}+{secrets.token_urlsafe(9).replace('+', '-')}"
        os.rename(fresh, final)
        _settle(inbound)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Attempt(username, lesson, time, final)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Let the disk keep what was renamed in a folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
