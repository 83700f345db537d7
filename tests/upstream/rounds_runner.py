"""A pytest plugin: nbgrader autogrades with Rounds' steps in the place of its own.

python -m pytest -p tests.upstream.rounds_runner --pyargs nbgrader.tests.apps.test_nbgrader_autograde
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from nbgrader.converters.autograde import Autograde
from traitlets.utils.importstring import import_item

from rounds.grading.course import AUTOGRADE, SANITIZE, Course
from rounds.grading.runner.steps import RepairCells, RunAndMark

ROOT = Path(tempfile.mkdtemp(prefix="rounds-runner-"))
COURSE = Course("x", ROOT, ROOT / "exchange")
Autograde.sanitize_preprocessors.default_args = ([import_item(name) for name in SANITIZE],)
Autograde.autograde_preprocessors.default_args = ([import_item(name) for name in AUTOGRADE],)
for step in (RepairCells, RunAndMark):
    step._static_immutable_initial_values["course"] = COURSE  # where traitlets keeps the default of a made class
