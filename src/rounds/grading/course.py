"""Where the course of an event lives, and the nbgrader configuration for each side of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.store.folders import Folders


@dataclass(frozen=True)
class Course:
    """One event's nbgrader course."""

    id: str
    root: Path
    exchange: Path

    @property
    def gradebook_url(self) -> str:
        """The gradebook's database."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def outbound(self) -> Path:
        """The released lessons, one folder each."""
        return self.exchange / self.id / "outbound"

    @property
    def hidden(self) -> Path:
        """What is checked at hand-in, for whoever grades."""
        return self.root / "hidden"

    def released(self, assignment: str) -> Path:
        """The note of what was released last of a lesson, written when that was done."""
        return self.root / "released" / f"{assignment}.sha256"

    @property
    def inbound(self) -> Path:
        """What learners handed in."""
        return self.exchange / self.id / "inbound"


def course_of(event_id: str, folders: Folders) -> Course:
    """Return the course of an event."""
    return Course(event_id, folders.course, folders.exchange)


def learner_settings(course: Course, username: str, work: Path) -> dict[str, Any]:
    """Return nbgrader's configuration in one person's learning server, which works elsewhere than in the folder `work`.

    The student is named here: in one machine account nbgrader would take every learner for the account's owner.
    """
    return {
        "CourseDirectory": {"course_id": course.id, "student_id": username},
        "Exchange": {
            "root": str(course.exchange),
            "path_includes_course": False,
            "assignment_dir": str(work),
        },
        "ExchangeSubmit": {"strict": True},
    }


def staff_settings(course: Course) -> dict[str, Any]:
    """Return nbgrader's configuration for release, collection and autograding."""
    return {
        "CourseDirectory": {
            "course_id": course.id,
            "root": str(course.root),
            "db_url": course.gradebook_url,
        },
        "Exchange": {"root": str(course.exchange), "path_includes_course": False},
        "ExchangeReleaseAssignment": {"force": True},  # a mended lesson takes the place of the one before
        "ExchangeCollect": {"check_owner": False, "update": True},
        "OverwriteCells": {"add_missing_cells": True},
        "ExecutePreprocessor": {"timeout": 120, "shutdown_kernel": "immediate"},
        "Execute": {"timeout": 120, "shutdown_kernel": "immediate"},
        "ClearSolutions": {"code_stub": {"python": ""}},
    }
