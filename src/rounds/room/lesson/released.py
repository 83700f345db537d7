"""A lesson as it is released: what its page goes by, whatever became of the learner's own copy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from rounds.errors import GradingError, LessonError
from rounds.grading.fetch_lesson import find_notebook
from rounds.grading.put_right import put_right
from rounds.lessons.build import render_notebook
from rounds.store.whole import write_whole
from rounds.vocabulary import RELATIONS, look_up


@dataclass(frozen=True)
class ReleasedLesson:
    """A released lesson: its name in the event, where its notebook lies, and the notebook."""

    name: str
    path: Path
    notebook: Any

    @property
    def id(self) -> str:
        """The lesson's id, as the log has it."""
        return str(self.notebook.metadata.get("rounds", {}).get("lesson", self.name))

    @property
    def title(self) -> str:
        """The lesson's title: its first heading."""
        lines = (line for cell in self.notebook.cells for line in cell.source.split("\n") if line.startswith("# "))
        return next(lines, self.name).removeprefix("# ").strip()

    def cells(self) -> list[dict[str, Any]]:
        """Return each cell without outputs."""
        return [
            {"id": cell.id, "cell_type": cell.cell_type, "source": cell.source, "metadata": cell.metadata}
            for cell in self.notebook.cells
        ]

    def words(self) -> dict[str, dict[str, str]]:
        """Return what a page shows of each word of the glossary, by the word as the text has it."""
        words = self.notebook.metadata.get("rounds", {}).get("words", {})
        return {shown: described for shown, word in words.items() if (described := _describe(str(word)))}

    def put_right(self, copy: Path) -> None:
        """Put the cells of a learner's copy right; a copy that is no notebook stays as it is."""
        try:
            own = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError):
            return
        if put_right(own, self.notebook):
            write_whole(copy, render_notebook(own))


def find_released(name: str, outbound: Path) -> ReleasedLesson:
    """Return a released lesson; raise `GradingError` when there is none of this name."""
    path = find_notebook(name, outbound)
    return _read(name, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(name: str, path: Path, _: int) -> ReleasedLesson:
    try:
        return ReleasedLesson(name, path, nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise GradingError(f'The released lesson "{name}" cannot be read. Tell an organiser.') from None


def _describe(word: str) -> dict[str, str]:
    try:
        term = look_up(word)
    except LessonError:
        return {}
    return {
        "clinic": term.clinical_term,
        "clinicMeans": term.clinical_definition,
        "learning": term.ml_term,
        "learningMeans": term.ml_definition,
        "relation": RELATIONS[term.relation],
        "differ": term.where_they_differ,
    }
