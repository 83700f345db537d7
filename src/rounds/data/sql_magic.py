"""SQL cells in a notebook: ``%load_ext rounds.data.sql_magic``, then ``%sql covid`` once, then ``%%sql`` cells.

%%sql                     the answer is shown
%%sql sick <<             the answer is kept in ``sick``
%%sql bsi                 another dataset, from now on
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import publish_display_data
from traitlets import Float, Int

from rounds.data.shelf.shelf import load
from rounds.data.sql_session import SqlAnswer, SqlSession
from rounds.errors import DataError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

KEEP = "<<"


@magics_class
class SqlMagic(Magics):
    """The ``%sql`` and ``%%sql`` magics."""

    row_limit = Int(1000, min=1, help="How many rows a query may return.").tag(config=True)
    time_limit_s = Float(30.0, min=0.1, help="How many seconds a query may take.").tag(config=True)

    def __init__(self, shell: Any, **settings: Any) -> None:
        """Begin without a dataset."""
        super().__init__(shell, **settings)
        self.session: SqlSession | None = None

    @line_cell_magic
    def sql(self, line: str, cell: str | None = None) -> Any:
        """Choose a dataset (``%sql covid``), or run the query of a cell on it."""
        dataset, keep = parse_line(line)
        if dataset is not None:
            self.session = SqlSession(load(dataset), self.row_limit, self.time_limit_s)
        if self.session is None:
            raise DataError("No dataset is chosen. Write its name first, for example: %sql covid")
        if cell is None:
            say(f"{self.session.dataset.name}: {', '.join(self.session.dataset.columns())}")
            return None
        answer = self.session.ask(cell)
        say(self._cut(answer))
        if keep is None:
            return answer.frame
        self.keep(keep, answer)
        return None

    def keep(self, name: str, answer: SqlAnswer) -> None:
        """Keep an answer in the notebook under a name."""
        if self.shell is not None:
            self.shell.user_ns[name] = answer.frame

    def _cut(self, answer: SqlAnswer) -> str:
        if not answer.cut:
            return ""
        return f"Only the first {self.row_limit:,} rows are here; the query has more. Count or group in SQL instead."


def parse_line(line: str) -> tuple[str | None, str | None]:
    """Return the dataset and the variable that the line of a magic names."""
    words = line.replace(KEEP, f" {KEEP} ").split()
    keep = None
    if KEEP in words:
        place = words.index(KEEP)
        keep = words[place - 1] if place else ""
        if not keep.isidentifier() or place != len(words) - 1:
            raise DataError('Write a name before "<<" and nothing after it, for example: %%sql sick <<')
        words = words[: place - 1]
    if len(words) > 1:
        raise DataError(f'"{line.strip()}" names more than one dataset. Write, for example: %sql covid')
    return (words[0] if words else None), keep


def say(text: str) -> None:
    """Show a sentence under the cell."""
    if text:
        publish_display_data({"text/plain": text})  # type: ignore[no-untyped-call]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add the magics to a notebook."""
    shell.register_magics(SqlMagic)
