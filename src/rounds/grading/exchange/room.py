"""nbgrader's exchange in a room: fetch from what is released, everything else from the grading service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.exchange.abc import ExchangeFetchFeedback, ExchangeSubmit
from nbgrader.exchange.default import ExchangeFetchAssignment, ExchangeList
from nbgrader.utils import ignore_patterns

from rounds.errors import UserError
from rounds.grading.exchange.files import read_files
from rounds.grading.service.client import find_client
from rounds.own_room import ask_room
from rounds.slugs import is_slug
from rounds.store.whole import write_whole


def ask_service(kind: str, **fields: Any) -> dict[str, Any]:
    """Ask the grading service: the server of a room directly, what runs in the room through that server."""
    client = find_client(os.environ)
    return ask_room(kind, **fields) if client is None else client.ask({"kind": kind, **fields})


def check_names(exchange: Any, *, one: bool = True) -> None:
    """Fail for a course or a lesson whose name may lead elsewhere: nbgrader makes paths of both, as they come.

    A page asks the *server* of a room, with any text for a name, and the server reaches more than the page may.
    Without ``one`` all lessons may be meant.
    """
    directory = exchange.coursedir
    every = () if one else ("", "*")
    for what, name in (("course", directory.course_id), ("lesson", directory.assignment_id)):
        if not is_slug(name) and not (what == "lesson" and name in every):
            exchange.fail(f"{name!r} is no name of a {what}; it has letters, digits and hyphens alone.")


class RoomFetchAssignment(ExchangeFetchAssignment):  # type: ignore[misc]
    """Fetch a released lesson; nothing of the exchange needs to be writable."""

    def ensure_root(self) -> None:
        """Ask nothing of the exchange's folder."""

    def init_src(self) -> None:
        """Find the released lesson."""
        check_names(self)
        super().init_src()


class RoomSubmit(ExchangeSubmit):  # type: ignore[misc]
    """Hand a lesson in; the service itself knows who does."""

    def init_src(self) -> None:
        """Find the lesson's folder in the room."""
        check_names(self)
        self.source = Path(self.assignment_dir, self.coursedir.assignment_id).absolute()
        if not self.source.is_dir() or self.source.is_symlink():
            self.fail(f"There is no lesson in {self.source}. Fetch it first: nbgrader fetch {self.source.name}")

    def init_dest(self) -> None:
        """Leave the place to the service."""

    def copy_files(self) -> None:
        """Send the files; the answer is when they were handed in."""
        directory = self.coursedir
        ignored = ignore_patterns(directory.ignore, directory.include, directory.max_file_size, self.log)
        try:
            said = ask_service("hand-in", lesson=directory.assignment_id, files=read_files(self.source, ignored))
        except (UserError, OSError) as error:
            self.fail(str(error))
        self.timestamp = said["time"]
        self.log.info("Submitted as: %s %s %s", directory.course_id, directory.assignment_id, self.timestamp)


class RoomList(ExchangeList):  # type: ignore[misc]
    """List what is released from its folder, and what one handed in oneself from the service."""

    def ensure_root(self) -> None:
        """Ask nothing of the exchange's folder."""

    def init_dest(self) -> None:
        """Find the released lessons; one's own attempts are asked for later."""
        check_names(self, one=False)
        if not (self.inbound or self.cached):
            super().init_dest()

    def parse_assignments(self) -> list[dict[str, Any]]:
        """Return lessons or attempts as nbgrader's lists have them."""
        if not (self.inbound or self.cached):
            return list(super().parse_assignments())
        try:
            attempts = ask_service("attempts", lesson=_one(self.coursedir.assignment_id))["attempts"]
        except UserError as error:
            self.fail(str(error))
        by_lesson: dict[str, list[dict[str, Any]]] = {}
        for attempt in attempts:
            by_lesson.setdefault(attempt["lesson"], []).append(self._describe(attempt))
        return [self._group(lesson, submissions) for lesson, submissions in sorted(by_lesson.items())]

    def remove_files(self) -> list[dict[str, Any]]:
        """Refuse: what was handed in stays, what is released is the event's."""
        self.fail("Nothing is removed: attempts are kept, and lessons are released by the organiser.")
        return []

    def _group(self, lesson: str, submissions: list[dict[str, Any]]) -> dict[str, Any]:
        own = {"course_id": self.coursedir.course_id, "student_id": self.coursedir.student_id}
        return {**own, "assignment_id": lesson, "status": "submitted", "submissions": submissions}

    def _describe(self, attempt: dict[str, Any]) -> dict[str, Any]:
        folder = Path(self.assignment_dir, attempt["lesson"]).absolute() / "feedback" / attempt["time"]
        notebooks = [_describe_notebook(name, folder, attempt["feedback"]) for name in attempt["notebooks"]]
        here = bool(notebooks) and all(notebook["has_local_feedback"] for notebook in notebooks)
        ready = bool(notebooks) and all(notebook["has_exchange_feedback"] for notebook in notebooks)
        return {
            "course_id": self.coursedir.course_id,
            "student_id": self.coursedir.student_id,
            "assignment_id": attempt["lesson"],
            "timestamp": attempt["time"],
            "status": "submitted",
            "path": str(folder),
            "notebooks": notebooks,
            "has_local_feedback": here,
            "has_exchange_feedback": ready,
            "feedback_updated": False,
            "local_feedback_path": str(folder) if here else None,
        }


class RoomFetchFeedback(ExchangeFetchFeedback):  # type: ignore[misc]
    """Fetch the feedback on one's own attempts into the lesson's folder."""

    def init_src(self) -> None:
        """Ask which attempts have feedback."""
        check_names(self)
        try:
            attempts = ask_service("attempts", lesson=self.coursedir.assignment_id)["attempts"]
        except UserError as error:
            self.fail(str(error))
        self.attempts = [attempt for attempt in attempts if attempt["feedback"]]

    def init_dest(self) -> None:
        """Find where the feedback goes."""
        self.lessons = Path(self.assignment_dir).absolute()

    def copy_files(self) -> None:
        """Write each page below `<lesson>/feedback/<time>/`."""
        for attempt in self.attempts:
            folder = self.lessons / attempt["lesson"] / "feedback" / attempt["time"]
            folder.mkdir(parents=True, exist_ok=True)
            pages = ask_service("feedback", lesson=attempt["lesson"], time=attempt["time"])["files"]
            for name, page in pages.items():
                write_whole(folder / f"{Path(name).name}.html", page)
                self.log.info("Fetched feedback: %s", folder / f"{name}.html")


def _one(assignment: str) -> str:
    return "" if assignment in ("", "*") else assignment


def _describe_notebook(name: str, folder: Path, ready: list[str]) -> dict[str, Any]:
    page = folder / f"{name}.html"
    return {
        "notebook_id": name,
        "path": str(folder.parent.parent / f"{name}.ipynb"),
        "has_local_feedback": page.is_file(),
        "has_exchange_feedback": name in ready,
        "local_feedback_path": str(page) if page.is_file() else None,
        "feedback_updated": False,
    }
