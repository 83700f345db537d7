"""The page of feedback: each exercise done or not yet, the sentence, the points, what a mentor wrote.

No test's source is on it, no output of a box and no traceback.  It lies where nbgrader's feedback lies, so that
nbgrader's release and fetch bring it to its learner; nbgrader's own *Generate feedback* makes this page too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from sqlite3 import Connection

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from rounds.grading.course import Course
from rounds.grading.marks import Grade, open_gradebook, read_grades
from rounds.grading.verdicts import Findings, read_findings
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

BESIDE = ("timestamp.txt", "submission_secret.txt")  # what nbgrader's release of feedback reads
TEST, ANSWER = "-test", "-answer"
DONE, NOT_YET, WAITS = "Done", "Not yet", "Waits for a mentor"

_COMMENTS = """
SELECT c.name, m.manual_comment
FROM comment m
JOIN base_cell c ON c.id = m.cell_id
JOIN submitted_notebook sn ON sn.id = m.notebook_id
JOIN submitted_assignment s ON s.id = sn.assignment_id
JOIN assignment a ON a.id = s.assignment_id
WHERE s.student_id = ? AND a.name = ? AND m.manual_comment > ''
"""
_PENALTY = """
SELECT COALESCE(SUM(sn.late_submission_penalty), 0)
FROM submitted_notebook sn
JOIN submitted_assignment s ON s.id = sn.assignment_id
JOIN assignment a ON a.id = s.assignment_id
WHERE s.student_id = ? AND a.name = ?
"""


@dataclass(frozen=True)
class FeedbackPart:
    """One exercise on the page."""

    exercise: str
    title: str
    state: str
    sentence: str
    points: float | None
    max_points: float
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Feedback:
    """What is said of one hand-in; `penalty` is what a late one costs, in points."""

    title: str
    parts: tuple[FeedbackPart, ...]
    penalty: float
    repairs: tuple[str, ...]

    @property
    def points(self) -> float:
        """The points of all exercises, without what a late hand-in costs."""
        return sum(part.points or 0 for part in self.parts) - self.penalty

    @property
    def most(self) -> float:
        """The points that all exercises give."""
        return float(sum(part.max_points for part in self.parts))


def read_feedback(course: Course, lesson: str, who: str) -> Feedback:
    """Return the feedback on what a person handed in last of a lesson and what was graded of it."""
    findings = read_findings(course, lesson, who)
    with closing(open_gradebook(course)) as gradebook:
        parts = tuple(_parts(gradebook, findings, read_grades(course, lesson, who), (who, lesson)))
        penalty = float(gradebook.execute(_PENALTY, (who, lesson)).fetchone()[0])
    return Feedback(findings.title or lesson, parts, penalty, tuple(findings.repairs))


def render_feedback(course: Course, lesson: str, who: str) -> str:
    """Return the page of feedback on what a person handed in last of a lesson, as HTML."""
    stamp = course.root / "submitted" / who / lesson / "timestamp.txt"
    handed_in = stamp.read_text(encoding="utf-8").strip() if stamp.is_file() else ""
    return _template().render(said=read_feedback(course, lesson, who), who=who, handed_in=handed_in)


def write_feedback(course: Course, lesson: str, who: str) -> Path:
    """Write the page where nbgrader's feedback on this hand-in lies, and return its path."""
    submitted = course.root / "submitted" / who / lesson
    folder = course.root / "feedback" / who / lesson
    make_folder(folder)
    for name in BESIDE:
        if (submitted / name).is_file():
            (folder / name).unlink(missing_ok=True)
            shutil.copyfile(submitted / name, folder / name)
    page = folder / f"{_notebook_of(course, lesson)}.html"
    write_whole(page, render_feedback(course, lesson, who))
    return page


def _notebook_of(course: Course, lesson: str) -> str:
    """Return the name of a lesson's notebook."""
    released = sorted((course.root / "release" / lesson).glob("*.ipynb"))
    return released[0].stem if released else lesson.replace("-", "_")


def _parts(
    gradebook: Connection, findings: Findings, grades: Sequence[Grade], whose: tuple[str, str]
) -> Iterator[FeedbackPart]:
    comments = [(str(name), str(text)) for name, text in gradebook.execute(_COMMENTS, whose)]
    order = list(findings.titles)
    for grade in sorted(grades, key=lambda grade: _place(order, grade.cell.removesuffix(TEST))):
        exercise = grade.cell.removesuffix(TEST)
        verdict = findings.verdicts.get(exercise)
        yield FeedbackPart(
            exercise=exercise,
            title=findings.titles.get(exercise, exercise),
            state=_state(grade),
            sentence=verdict.sentence if verdict else "",
            points=grade.points,
            max_points=grade.max_points,
            comments=tuple(text for name, text in comments if name in (exercise, exercise + ANSWER, grade.cell)),
        )


def _place(order: Sequence[str], exercise: str) -> int:
    """Return where an exercise stands in its lesson; one that is unknown stands at the end."""
    return order.index(exercise) if exercise in order else len(order)


def _state(grade: Grade) -> str:
    if grade.points is None:
        return WAITS
    return DONE if grade.points >= grade.max_points else NOT_YET


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("rounds.grading"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["points"] = lambda points: f"{points:g}"
    return environment.get_template("feedback.html")
