"""The cohort explorer: every column's chart, linked; inclusion steps, their flow, and the code.

Python counts and applies the disclosure policy; the browser draws.  The browser sends five kinds of
small messages with column numbers and bin numbers, never code, SQL or paths.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.data.dataset import Dataset
from rounds.explore.cohort import Cohort
from rounds.explore.crossfilter import Crossfilter, Filter
from rounds.explore.disclosure import Disclosure
from rounds.explore.source import open_source
from rounds.explore.steps import check_step
from rounds_widgets.explorers.explorer_messages import parse_message
from rounds_widgets.explorers.explorer_view import render_spec, render_state, render_text
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

LONGEST_HISTORY = 100
_OWN = frozenset({"_esm", "_css", "_spec", "_state"})


class CohortExplorer(anywidget.AnyWidget):
    """Look at a dataset's columns, choose a cohort, and take the code with you.

    Parameters
    ----------
    data
        A dataset from ``rounds.data.load`` or a DataFrame.
    outcome
        The column whose rate or mean is drawn for each bin; the package's outcome without one.
    disclosure
        Which counts may be shown; read from the environment without one.
    person
        The column that names a person, for a DataFrame.

    Examples
    --------
    >>> explorer = CohortExplorer(rounds.data.load("birthweight"))      # doctest: +SKIP
    >>> explorer.n_selected, explorer.cohort().to_sql()                 # doctest: +SKIP
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    filters = traitlets.Tuple(help="The filters in order, as rounds.explore.crossfilter.Filter")
    n_selected = traitlets.Int(read_only=True)
    _spec = traitlets.Dict().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        data: Dataset | pd.DataFrame,
        outcome: str | None = None,
        disclosure: Disclosure | None = None,
        *,
        person: str | None = None,
    ) -> None:
        self._disclosure = disclosure or Disclosure.from_environ(os.environ)
        self._crossfilter = Crossfilter.build(open_source(data, person), outcome)
        self._history: list[tuple[Filter, ...]] = []
        self._gesture: int | None = None
        super().__init__(_spec=render_spec(self._crossfilter, self._disclosure))
        self.observe(self._refresh, "filters")
        self.on_msg(self._receive)
        self._refresh()

    def cohort(self) -> Cohort:
        """Return the selection as a cohort: its flow, its frame, its code."""
        table = self._crossfilter.source.table
        steps = (check_step(self._crossfilter.step(f), table) for f in self.filters)
        return Cohort(self._crossfilter.source, tuple(steps))

    def frame(self) -> pd.DataFrame:
        """Return the selected rows."""
        return self.cohort().frame()

    def undo(self) -> None:
        """Go back by one change."""
        if self._history:
            self.filters = self._history.pop()

    def reset(self) -> None:
        """Take all filters away."""
        self._change(())

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take no code, style or state from the browser."""
        super().set_state({k: v for k, v in sync_data.items() if k not in _OWN})

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        return render_text(self._spec, self._state)

    def _receive(self, _: Any, content: Any, buffers: Any) -> None:
        """Apply a message when it is well formed; ignore it otherwise."""
        message = parse_message(content, self._crossfilter.charts)
        if message is None:
            return
        if message.kind in ("undo", "reset"):
            self._gesture = None
            getattr(self, message.kind)()
            return
        same = message.gesture is not None and message.gesture == self._gesture
        self._gesture = message.gesture
        self._change(message.change(self.filters), keep_history=not same)

    def _change(self, filters: tuple[Filter, ...], *, keep_history: bool = True) -> None:
        if filters == self.filters:
            return
        if keep_history:
            self._history = [*self._history, self.filters][-LONGEST_HISTORY:]
        self.filters = filters

    @traitlets.validate("filters")
    def _check_filters(self, proposal: Any) -> tuple[Filter, ...]:
        table = self._crossfilter.source.table
        for chosen in proposal["value"]:
            check_step(self._crossfilter.step(chosen), table)
        return tuple(proposal["value"])

    def _refresh(self, _: Any = None) -> None:
        state, rows = render_state(
            self._crossfilter, self.filters, self._disclosure, self.cohort(), bool(self._history)
        )
        self.set_trait("n_selected", rows)
        self._state = state
