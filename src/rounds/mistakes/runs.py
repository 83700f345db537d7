"""How the last run of each cell ended: what was run, and in which line it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rounds.mistakes.explanation import Explanation
from rounds.mistakes.place import find_place
from rounds.mistakes.reading import kind_name


def digest(source: str) -> str:
    """Return a short mark of a text: spaces at the ends of lines and below the last one do not count."""
    lines = [line.rstrip() for line in source.rstrip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True)
class Run:
    """One run of a cell: the mark of its text; where it stopped, the error's kind, line and sentences."""

    mark: str
    kind: str = ""
    line: int = 0
    words: str = ""

    @property
    def stopped(self) -> bool:
        """Whether it stopped with an error."""
        return bool(self.kind)


class Runs:
    """The last run of each cell that has an id."""

    def __init__(self) -> None:
        self.source = ""  # of the cell that runs, or ran last
        self.cell = ""  # its id
        self._said: Explanation | None = None
        self._last: dict[str, Run] = {}

    def begin(self, cell: str, source: str) -> None:
        """A cell with this id and text begins to run."""
        self.cell, self.source, self._said = cell, source, None

    def explained(self, said: Explanation | None) -> None:
        """The cell that runs has stopped, and this was said."""
        self._said = said

    def end(self, error: BaseException | None, names: Mapping[str, Any]) -> None:
        """The cell that runs has ended, well or with an error."""
        if not self.cell:
            return
        mark = digest(self.source)
        if error is None:
            self._last[self.cell] = Run(mark)
            return
        line = self._said.line if self._said else _line_of(error, names)
        self._last[self.cell] = Run(mark, kind_name(type(error)), line, self._said.words if self._said else "")

    def last(self, cell: str) -> Run | None:
        """Return the last run of a cell, None when it has not run in this kernel."""
        return self._last.get(cell)


def _line_of(error: BaseException, names: Mapping[str, Any]) -> int:
    if isinstance(error, SyntaxError) and error.lineno:
        return int(error.lineno)
    return find_place(error, names).line
