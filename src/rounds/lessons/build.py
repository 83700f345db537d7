"""Build the instructor's and the learner's notebook of a tutorial from its source.

The learner's notebook is what nbgrader itself would release: its own preprocessors make it, with
``release_config``.  A build is a pure function of the source: the same bytes each time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rounds.lessons.source import link_terms, list_sources, list_terms, read_source
from rounds.vocabulary import look_up

Progress = Callable[[str, int, int], None]
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def silent(step: str, done: int, total: int) -> None:
    """Report nothing."""


def release_config() -> Any:
    """Return the nbgrader configuration of a course with Rounds' tutorials.

    An answer cell shows the gaps written in the source and no ``raise NotImplementedError``: a
    learner who runs all cells meets no red text before the first exercise.
    """
    from traitlets.config import Config

    return Config({"ClearSolutions": {"code_stub": {"python": ""}}})


def build_instructor(source: Path) -> Any:
    """Return the notebook with solutions and hidden tests: nbgrader's ``source`` version."""
    notebook = read_source(source)
    words = {word: None for cell in notebook.cells for _, word in list_terms(cell.source)}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = link_terms(cell.source)
        if "WORDS_OF_THIS_LESSON" in cell.source:
            cell.source = cell.source.replace("WORDS_OF_THIS_LESSON", _list_words(list(words)))
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def build_learner(source: Path) -> Any:
    """Return the notebook without solutions, hidden tests and outputs: nbgrader's release."""
    from nbgrader import preprocessors as nbgrader

    config, resources = release_config(), {"unique_key": "lesson", "notebook_path": str(source)}
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
    notebook = build_instructor(source)
    for step in steps:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def render_notebook(notebook: Any) -> str:
    """Render a notebook as the text of its file."""
    import nbformat

    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return str(text).rstrip("\n") + "\n"


def build_all(root: Path, progress: Progress = silent) -> tuple[Path, ...]:
    """Write the learner's notebook beside every source below ``root``; return those changed."""
    sources, changed = list_sources(root), []
    for number, source in enumerate(sources):
        progress(f"build {source.name}", number, len(sources))
        text, target = render_notebook(build_learner(source)), source.with_suffix(".ipynb")
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
            changed.append(target)
    progress("build done", len(sources), len(sources))
    return tuple(changed)


def find_stale(root: Path) -> tuple[Path, ...]:
    """Return the learners' notebooks that are missing or differ from their sources."""
    return tuple(
        source.with_suffix(".ipynb")
        for source in list_sources(root)
        if _read(source.with_suffix(".ipynb")) != render_notebook(build_learner(source))
    )


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
