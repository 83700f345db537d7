"""A tutorial's source: the solution as a text file, read into a notebook with fixed cell ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rounds.errors import LessonError
from rounds.vocabulary import look_up

NOTICE = "synthetic"
_TERM = re.compile(r"\{term\}`([^`<]+?)(?:\s*<([^>]+)>)?`")


def read_source(path: Path) -> Any:
    """Read a source into a notebook; every cell must name its id."""
    import jupytext

    notebook = jupytext.read(path)
    notebook.metadata.pop("jupytext", None)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        if "id" not in cell.metadata:
            raise LessonError(f'{path}: cell {number} has no id. Write: # %% id="a-short-name"')
        cell.id = cell.metadata.pop("id")
    _check_ids(path, [cell.id for cell in notebook.cells])
    return notebook


def link_terms(text: str) -> str:
    """Turn ``{term}`PPV``` and ``{term}`alerts <cutoff>``` into links that show both meanings."""
    return _TERM.sub(_link, text)


def list_terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the shown word and the looked-up word of every term in a source text."""
    for shown, word in _TERM.findall(text):
        yield shown.strip(), (word or shown).strip()


def _link(match: re.Match[str]) -> str:
    shown = match[1].strip()
    term = look_up((match[2] or shown).strip())
    title = f"Clinic: {term.clinical_definition} Machine learning: {term.ml_definition}"
    return f'[{shown}](#Words-of-this-lesson "{title.replace(chr(34), chr(39))}")'


def _check_ids(path: Path, ids: list[str]) -> None:
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    wrong = [name for name in ids if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)]
    if repeated or wrong:
        raise LessonError(f"{path}: these cell ids repeat or hold odd signs: {repeated + wrong}")
