"""Put explanations before the tracebacks of a shell, and keep how each cell's last run ended.

IPython sends an error by `_showtraceback`, private by name: `set_custom_exc` never sees an error of syntax.  A test
holds that it is there, and that what is wrapped is called in any case.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from rounds.mistakes.explaining import explain
from rounds.mistakes.explanation import Explanation
from rounds.mistakes.runs import Runs

MARK = "rounds_mistakes"  # where a shell keeps its `Explainer`
Show = Callable[[type, BaseException, list[str]], None]


class Explainer:
    """What one shell has of this package."""

    def __init__(self, shell: Any, show: Show) -> None:
        self._shell = shell
        self._show = show
        self.runs = Runs()

    def begin(self, info: Any) -> None:
        """Remember the cell that begins to run."""
        self.runs.begin(str(getattr(info, "cell_id", None) or ""), str(info.raw_cell or ""))

    def end(self, result: Any) -> None:
        """Remember how it ended."""
        self.runs.end(result.error_before_exec or result.error_in_exec, self._shell.user_ns)

    def show(self, kind: type, value: BaseException, traceback: list[str]) -> None:
        """Show an error as IPython does, with its explanation before it."""
        said = self.explain(value)
        self._show(kind, value, [said.entry(), *traceback] if said is not None else traceback)

    def explain(self, value: BaseException) -> Explanation | None:
        """Return what an error means, None where no rule knows it or a rule itself fails."""
        if hasattr(type(value), "_render_traceback_"):  # it is a sentence already
            return None
        with contextlib.suppress(Exception):
            said = explain(value, self._shell.user_ns, self.runs.source)
            self.runs.explained(said)
            return said
        return None


def start(shell: Any) -> Explainer:
    """Let a shell explain its errors; a shell that does so already stays as it is."""
    known: Explainer | None = getattr(shell, MARK, None)
    if known is not None:
        return known
    explainer = Explainer(shell, shell._showtraceback)
    shell._showtraceback = explainer.show
    setattr(shell, MARK, explainer)
    shell.events.register("pre_run_cell", explainer.begin)
    shell.events.register("post_run_cell", explainer.end)
    return explainer


def explainer_of(shell: Any) -> Explainer | None:
    """Return what a shell has of this package, None where it was never started."""
    return getattr(shell, MARK, None)
