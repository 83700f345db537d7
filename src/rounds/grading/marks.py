"""Read the marks of nbgrader's gradebook: one query, nothing written.

nbgrader's own API would import its whole application (2 s) into whoever shows a board; the tables are its contract
with other tools (https://nbgrader.readthedocs.io/en/stable/api/models.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
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
WHERE (a.name = ? OR ? = '%') AND (s.student_id = ? OR ? = '%')
ORDER BY s.student_id, a.name, c.name
"""


@dataclass(frozen=True)
class Grade:
    """The mark of one test cell; `points` is None until it is graded."""

    username: str
    lesson: str
    cell: str
    points: float | None
    max_points: float


def read_grades(course: Course, lesson: str = "%", who: str = "%") -> list[Grade]:
    """Return the marks of a course, or of one lesson and one person, in the order of their cells."""
    return list(_read(course, lesson, who))


def _read(course: Course, lesson: str, who: str) -> Iterator[Grade]:
    if not (course.root / "gradebook.db").is_file():
        return
    with closing(open_gradebook(course)) as connection:
        try:
            rows = connection.execute(_MARKS, (lesson, lesson, who, who)).fetchall()
        except OperationalError:  # the gradebook has no tables yet
            return
    for username, lesson, cell, auto, manual, most, needs_hand in rows:
        points = manual if manual is not None else None if needs_hand else auto
        yield Grade(username, lesson, cell, points, most)


def open_gradebook(course: Course) -> Connection:
    """Return a connection to the gradebook that can only read."""
    return connect(f"file:{course.root / 'gradebook.db'}?mode=ro", uri=True, timeout=10)
