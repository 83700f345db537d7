"""Run a lesson's solution as a learner who knows all would: every cell in a kernel, none may stop."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rounds.lessons.build import build_instructor
from rounds.lessons.check import HERE, STAFF
from rounds.lessons.folder import LessonFolder

CELL_TIMEOUT_S = 120  # as grading allows
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def find_solution_problems(lesson: LessonFolder, widgets: Path | None = None) -> Iterator[str]:
    """Yield the first cell that stops with an error, for others may follow from it.

    ``widgets`` is the event's own folder of widgets.
    """
    from nbclient import NotebookClient

    notebook = build_instructor(lesson)
    with tempfile.TemporaryDirectory() as work, _environment(lesson, widgets):
        resources = {"metadata": {"path": work}}
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_S,
            allow_errors=True,
            kernel_name="python3",
            resources=resources,
            extra_arguments=["--log-level=ERROR"],  # else each says between two bars that loopback is not encrypted
        )
        client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                said = f"{output['ename']}: {_COLOURS.sub('', output['evalue'])}"
                yield f"{lesson.file('lesson.py')}: cell {cell.id} stops: {said}"
                return


@contextmanager
def _environment(lesson: LessonFolder, widgets: Path | None) -> Iterator[None]:
    """Let a kernel find the lesson's two parts, as grading does, and the event's widgets."""
    places = [str(path.parent) for path in (lesson.learner, lesson.staff) if path]
    own = {HERE: places[0], STAFF: places[-1], "ROUNDS_WIDGETS": str(widgets or "")}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
