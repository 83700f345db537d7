"""Build the instructor's and the learner's notebook of a tutorial from its source.

The learner's notebook is what nbgrader itself would release: its own preprocessors make it, with
``release_config``.  A build is a pure function of the source: the same bytes each time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rounds.errors import LessonError
from rounds.lessons.folder import FOR_CLINICIANS, FOR_TWO, LessonFolder
from rounds.lessons.source import link_terms, list_terms, read_source
from rounds.lessons.view.cell_roles import add_minutes, note_roles
from rounds.lessons.view.forms import check_gaps, note_forms, read_forms
from rounds.meter import Progress, silent
from rounds.vocabulary import look_up

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def release_config() -> Any:
    """Return the nbgrader configuration of a course with Rounds' tutorials.

    An answer cell shows the gaps written in the source, and not nbgrader's own line that raises an error: a learner
    who runs all cells meets no red text before the first exercise.
    """
    from traitlets.config import Config

    return Config({"ClearSolutions": {"code_stub": {"python": ""}}})


def build_instructor(lesson: LessonFolder) -> Any:
    """Return the notebook with solutions and hidden tests: nbgrader's ``source`` version."""
    notebook = read_source(_source(lesson))
    note_roles(notebook.cells)
    forms = lesson.file("forms.toml")
    note_forms(notebook.cells, read_forms(forms), forms, opened=lesson.track == FOR_CLINICIANS)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    words = {shown: word for cell in notebook.cells for shown, word in list_terms(cell.source)}
    for cell in notebook.cells:
        _check_marks(lesson, cell)
        if cell.cell_type == "markdown":
            cell.source = _link(lesson, cell)
        if "WORDS_OF_THIS_LESSON" in cell.source:
            cell.source = cell.source.replace("WORDS_OF_THIS_LESSON", _list_words(list(words.values())))
    notebook.metadata["kernelspec"] = dict(KERNEL)
    named: dict[str, str | bool] = {"assignment": lesson.assignment, "lesson": lesson.id}
    if lesson.track == FOR_TWO:
        named["for_two"] = True  # the page's bar leads to where two join
    notebook.metadata["rounds"] = {**named, "minutes": add_minutes(text), "words": words}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _link(lesson: LessonFolder, cell: Any) -> str:
    try:
        return link_terms(cell.source)
    except LessonError as error:
        raise LessonError(f"{_source(lesson)}: cell {cell.id}: {error}") from None


def _check_marks(lesson: LessonFolder, cell: Any) -> None:
    """Raise for a mark of nbgrader that is opened and not closed, or closed and not opened."""
    for what in ("SOLUTION", "HIDDEN TESTS"):
        begins, ends = (len(re.findall(rf"(?m)^\s*### {word} {what}$", cell.source)) for word in ("BEGIN", "END"))
        if begins != ends:
            raise LessonError(
                f"{_source(lesson)}: cell {cell.id} has {begins} times ### BEGIN {what}, {ends} times ### END {what}."
            )


def build_learner(lesson: LessonFolder) -> Any:
    """Return the notebook without solutions, hidden tests and outputs: nbgrader's release."""
    from nbgrader import preprocessors as nbgrader

    config, resources = release_config(), {"unique_key": "lesson", "notebook_path": str(_source(lesson))}
    steps = (
        nbgrader.LockCells,
        nbgrader.ClearSolutions,
        nbgrader.ClearOutput,
        nbgrader.CheckCellMetadata,
        nbgrader.ClearHiddenTests,
        nbgrader.ClearMarkScheme,
        nbgrader.ComputeChecksums,
        nbgrader.CheckCellMetadata,
    )
    notebook = build_instructor(lesson)
    for step in steps:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    check_gaps(notebook.cells, lesson.file("forms.toml"))
    return notebook


def render_notebook(notebook: Any) -> str:
    """Render a notebook as the text of its file."""
    import nbformat

    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"


def build_all(lessons: Iterable[LessonFolder], progress: Progress = silent) -> tuple[Path, ...]:
    """Write the learner's notebook of every lesson that has a source; return those changed."""
    sources, changed = [lesson for lesson in lessons if lesson.file("lesson.py")], []
    for number, lesson in enumerate(sources):
        progress(f"build {lesson.name}", number, len(sources))
        text, target = render_notebook(build_learner(lesson)), notebook_of(lesson)
        if _read(target) != text:
            target.write_text(text, encoding="utf-8")
            changed.append(target)
    progress("build done", len(sources), len(sources))
    return tuple(changed)


def find_stale(lessons: Iterable[LessonFolder]) -> tuple[Path, ...]:
    """Return the learners' notebooks that are missing or differ from their sources."""
    return tuple(
        notebook_of(lesson)
        for lesson in lessons
        if lesson.file("lesson.py") and _read(notebook_of(lesson)) != render_notebook(build_learner(lesson))
    )


def notebook_of(lesson: LessonFolder) -> Path:
    """Return where the learner's notebook of a lesson lies."""
    return lesson.parts[0] / "lesson.ipynb"


def _source(lesson: LessonFolder) -> Path:
    source = lesson.file("lesson.py")
    if source is None:
        raise LessonError(f'The lesson "{lesson.id}" has no lesson.py: the notebook is built from it.')
    return source


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _list_words(words: list[str]) -> str:
    """Return one line per term of the lesson, both definitions in it."""
    terms = dict.fromkeys(look_up(word) for word in words)
    return "\n".join(
        f"- **{term.clinical_term}** (clinic): {term.clinical_definition}  \n"
        f"  **{term.ml_term}** (machine learning): {term.ml_definition}"
        for term in terms
    )
