"""Read the marks of nbgrader's gradebook: one query, nothing written.

nbgrader's own API would import its whole application (2 s) into whoever shows a board; the tables are its contract
with other tools (https://nbgrader.readthedocs.io/en/stable/api/models.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, OperationalError, connect

from rounds.grading.course import Course

_MARKS = """
SELECT s.student_id, a.name, c.name, g.auto_score, g.manual_score, gc.max_score, g.needs_manual_grade
FROM grade g
JOIN base_cell c ON c.id = g.cell_id
JOIN grade_cells gc ON gc.id = g.cell_id
JOIN submitted_notebook sn ON sn.id = g.notebook_id
JOIN submitted_assignment s ON s.id = sn.assignment_id
JOIN assignment a ON a.id = s.assignment_id
"""


@dataclass(frozen=True)
class Grade:
    """The mark of one test cell; `points` is None until it is graded."""

    username: str
    lesson: str
    cell: str
    points: float | None
    max_points: float


def read_grades(course: Course) -> Iterator[Grade]:
    """Yield every mark of a course; none when nothing was graded yet."""
    gradebook = course.root / "gradebook.db"
    if not gradebook.is_file():
        return
    with closing(_open(gradebook)) as connection:
        try:
            rows = connection.execute(_MARKS).fetchall()
        except OperationalError:  # the gradebook has no tables yet
            return
    for username, lesson, cell, auto, manual, most, needs_hand in rows:
        points = manual if manual is not None else None if needs_hand else auto
        yield Grade(username, lesson, cell, points, most)


def _open(path: Path) -> Connection:
    return connect(f"file:{path}?mode=ro", uri=True, timeout=10)


def read_submissions(course: Course) -> set[tuple[str, str]]:
    """Return who has handed in which lesson."""
    if not course.inbound.is_dir():
        return set()
    parts = (path.name.split("+") for path in course.inbound.iterdir() if path.is_dir())
    return {(part[0], part[1]) for part in parts if len(part) >= 3}
