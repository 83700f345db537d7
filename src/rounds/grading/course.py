"""Where the course of an event lives, and the nbgrader configuration for each side of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.event import Event
from rounds.grading.exchange import room_exchange, staff_exchange
from rounds.lessons.view.kept import FOLDER
from rounds.store.folders import Folders
from rounds.store.versions import LINK

CELL_S = 120.0
LEFT_OUT = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", FOLDER)  # at hand-in: nbgrader's four, and ours
_OWN, _NBGRADERS = "rounds.grading.runner.steps.", "nbgrader.preprocessors."
SANITIZE = [
    _NBGRADERS + "ClearOutput",
    _OWN + "RepairCells",
    *(_NBGRADERS + name for name in ("DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")),
]
AUTOGRADE = [  # nbgrader checks the cells' metadata here once more; nothing between has touched them
    _OWN + "RunAndMark",
    *(_NBGRADERS + name for name in ("IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties")),
]


@dataclass(frozen=True)
class Course:
    """One event's nbgrader course.

    Parameters
    ----------
    id, root, exchange
        Its name, its folder, and nbgrader's exchange.
    lessons
        The learner's part of each lesson, as rooms read it; a submission finds its checks there.
    data
        The datasets that rooms open.
    cell_s
        The most seconds for one cell, at the button as at grading.
    """

    id: str
    root: Path
    exchange: Path
    lessons: Path | None = None
    data: Path | None = None
    cell_s: float = CELL_S

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
        """What the judge reads of each lesson: the checks that are shown, and those that are not."""
        return self.root / "hidden"

    def released(self, assignment: str) -> Path:
        """The note of what was released last of a lesson, written when that was done."""
        return self.root / "released" / f"{assignment}.sha256"

    @property
    def inbound(self) -> Path:
        """What learners handed in."""
        return self.exchange / self.id / "inbound"


def course_of(event: Event, folders: Folders) -> Course:
    """Return the course of an event."""
    lessons, cell_s = folders.lessons / LINK, event.policy.cell_s
    return Course(event.event.id, folders.course, folders.exchange, lessons, folders.data, cell_s)


def learner_settings(course: Course, username: str, work: Path) -> dict[str, Any]:
    """Return nbgrader's configuration in one person's learning server, which works elsewhere than in the folder `work`.

    The student is named here, for what nbgrader shows; who hands in is what the hub says of the server's token.
    """
    return {
        "CourseDirectory": {"course_id": course.id, "student_id": username, "ignore": list(LEFT_OUT)},
        "Exchange": {
            "root": str(course.exchange),
            "path_includes_course": False,
            "assignment_dir": str(work),
        },
        "ExchangeFactory": room_exchange(),
        "Execute": {"timeout": int(course.cell_s)},  # what Validate runs with
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
        "ExchangeFactory": staff_exchange(),
        "ExchangeReleaseAssignment": {"force": True},  # a mended lesson takes the place of the one before
        "ExchangeCollect": {"check_owner": False, "update": True},
        "Autograde": {"sanitize_preprocessors": SANITIZE, "autograde_preprocessors": AUTOGRADE},
        "GenerateFeedback": {"preprocessors": [], "exporter_class": "rounds.grading.exporter.FeedbackExporter"},
        "FeedbackExporter": {"course": course},
        "Exporter": {"optimistic_validation": True},  # once at the end, not after each of twelve steps
        "RepairCells": {"course": course},
        "RunAndMark": {"course": course, "cell_s": course.cell_s},
        "ClearSolutions": {"code_stub": {"python": ""}},
    }
