"""nbgrader's steps of autograding that are Rounds' own: repair the cells, then run and mark them.

They are named in the course's configuration (`rounds.grading.course.staff_settings`), so that every part of nbgrader
that autogrades goes this way: the command, Formgrader, the programming interface.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Any as AnyTrait
from traitlets import Float

from rounds.errors import GradingError
from rounds.grading.judge.bench import borrow
from rounds.grading.repair import repair
from rounds.grading.runner.marking import Marking
from rounds.grading.runner.runner import open_runner
from rounds.grading.verdicts import Findings, write_findings

REPAIRS = "rounds_repairs"
PYTHON = ("python3", "python")  # how Jupyter calls the kernel of the interpreter at hand


class RepairCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Put the cells right before nbgrader looks at them."""

    course = AnyTrait(help="The course; its release says which cells a notebook has.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Change the notebook in its place and note what was done."""
        own = resources["nbgrader"]
        released = self.course.root / "release" / own["assignment"] / f"{own['notebook']}.ipynb"
        nb.metadata.pop(REPAIRS, None)
        if released.is_file():
            said = repair(nb.cells, _read(released).cells)
            if said:
                nb.metadata[REPAIRS] = said
        return nb, resources


class RunAndMark(NbGraderPreprocessor):  # type: ignore[misc]
    """Run a submission's cells in a process of their own, and let the judge mark its exercises."""

    course = AnyTrait(help="The course: its checks, its datasets.").tag(config=True)
    cell_s = Float(120, help="The most seconds for one cell.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Change the notebook in its place: outputs of cells, and of test cells what nbgrader's marks are read from."""
        own = resources["nbgrader"]
        lesson = str(own["assignment"])
        check_language(nb, lesson)
        with tempfile.TemporaryDirectory(prefix="rounds-run-") as folder, borrow(self.course) as judge:
            work = copy_files(Path(resources["metadata"]["path"]), Path(folder) / lesson)
            exercises = judge.exercises(lesson)
            runner = open_runner(self.course, work, self.cell_s)
            marking = Marking(runner, judge, exercises)
            try:
                marking.mark(nb.cells)
            finally:
                runner.close()
        for verdict in marking.verdicts.values():
            if verdict.fault:
                self.log.error(verdict.fault)
        findings = Findings(marking.verdicts, nb.metadata.get(REPAIRS, ()), exercises.title, exercises.titles)
        write_findings(self.course, lesson, own["student"], findings)
        return nb, resources


def check_language(notebook: Any, lesson: str) -> None:
    """Raise `GradingError` for a notebook that is not Python's: no other kernel is run here."""
    spec = notebook.metadata.get("kernelspec", {})
    if spec.get("name", PYTHON[0]) not in PYTHON:
        raise GradingError(
            f"{lesson} is released for the kernel {spec['name']!r}, and Rounds grades Python alone. "
            f'Write "kernelspec": {{"name": "{PYTHON[0]}"}} into its source, and release it again.'
        )


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def copy_files(source: Path, target: Path) -> Path:
    """Copy what was handed in beside the notebook to a folder of its own; links are left out."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.is_symlink() or any(parent.is_symlink() for parent in path.relative_to(source).parents):
            continue
        if path.is_dir():
            copy.mkdir(exist_ok=True)
        elif path.is_file() and path.suffix != ".ipynb":
            shutil.copyfile(path, copy)
    return target
