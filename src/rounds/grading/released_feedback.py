"""Feedback on an attempt, where nbgrader releases it: one page a notebook, under a name that only its attempt knows."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

from rounds.grading.attempts import Attempt
from rounds.grading.course import Course


def find_feedback(course: Course, attempt: Attempt) -> dict[str, Path]:
    """Return where the pages on one attempt lie, by the name of their notebook; none before it is graded."""
    pages = {path.stem: _page(course, attempt, path.stem) for path in sorted(attempt.folder.glob("*.ipynb"))}
    return {name: page for name, page in pages.items() if page.is_file()}


def _page(course: Course, attempt: Attempt, notebook: str) -> Path:
    """Return where nbgrader releases a notebook's feedback: `nbgrader.utils.notebook_hash`, without its imports."""
    name = md5((attempt.secret + notebook).encode(), usedforsecurity=False).hexdigest()
    return course.exchange / course.id / "feedback" / f"{name}.html"
