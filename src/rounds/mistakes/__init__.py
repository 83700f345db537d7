"""Ordinary errors of a notebook, explained in plain words: what happened, in which line, what to try.

    %load_ext rounds.mistakes          in any IPython shell; the rooms' kernels load it by themselves

The explanation is the first entry of the traceback, bold, behind an arrow.  A page that knows the arrow
(`is_explained`: the entry begins with ``ESC[1m→ ``) shows it and folds all entries behind it; a page that does not, a
terminal, Voila and a file show it as the first line.  The error stays the error that it was.

Nothing here knows lessons: an ordinary notebook of a team has it as well.  friendly-traceback explains more kinds of
errors, in more words; docs/adr/0012 says why it is not used.
"""

from __future__ import annotations

from typing import Any

from rounds.mistakes.explaining import explain
from rounds.mistakes.explanation import Explanation, is_explained
from rounds.mistakes.shell import start

__all__ = ["Explanation", "explain", "is_explained", "load_ipython_extension"]


def load_ipython_extension(shell: Any) -> None:
    """Let this shell explain its errors; loading twice is as loading once."""
    start(shell)
