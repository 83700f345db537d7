"""The depth slider: a decision tree grows, and two curves say how it does on rows it knows and on rows it does not.

Python fits the trees when the widget is made; the browser gets a few numbers for each depth, and no row of anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError
from rounds.evaluation.depth_curves import DEEPEST, FOLDS, PATIENTS, ROWS, DepthCurve, Plan, depth_curve
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

SPLITS = (PATIENTS, ROWS)
MOST_ROWS, MOST_SETS = 20_000, 3  # two curves of each set are fitted: 0.4 s for 13,500 rows and seven columns


class DepthSlider(anywidget.AnyWidget):
    """Let the learner grow a tree, after a guess, and split its rows by patient or by row.

    Parameters
    ----------
    rows
        One row for each stay: numbers without gaps, the true outcome, and whose stay it is.
    columns
        Sets of columns to predict from, by the name that the learner reads.
    outcome, person
        The columns with the outcome, true or false, and with the patient's id.

    Examples
    --------
    >>> DepthSlider(stays, {"what was measured": ["sodium", "creatinine"]}, outcome="back")   # doctest: +SKIP
    >>> slider.curve().best, slider.curve().test[0]                                           # doctest: +SKIP
    (3, 59.1)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    depth = traitlets.Int(1, min=1, max=DEEPEST).tag(sync=True)
    reached = traitlets.Int(1, min=1, max=DEEPEST).tag(sync=True)  # how far the curves are drawn
    columns = traitlets.Unicode().tag(sync=True)
    split = traitlets.Unicode(PATIENTS).tag(sync=True)
    seen = traitlets.Unicode("").tag(sync=True)  # the curves that were looked at to their end, as "0-patients 1-rows"
    _curves = traitlets.Dict().tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        rows: pd.DataFrame,
        columns: Mapping[str, Sequence[str]],
        *,
        outcome: str,
        person: str = "person_id",
        **traits: Any,
    ) -> None:
        _check_size(rows, columns)
        plans = [Plan(tuple(names), outcome, person) for names in columns.values()]
        self._kept = _fit(rows, plans)
        super().__init__(
            _curves={name: _describe(curve) for name, curve in self._kept.items()},
            _facts=_count(rows, columns, plans[0]),
            **{"columns": next(iter(columns)), **traits},
        )

    def curve(self) -> DepthCurve:
        """Return the curve that is shown."""
        return self._kept[self._shown]

    @property
    def _shown(self) -> str:
        return _name(self._facts["sets"].index(self.columns), self.split)

    @traitlets.validate("columns")
    def _is_a_set(self, proposal: Any) -> str:
        return _one_of(proposal.value, self._facts["sets"], "columns")

    @traitlets.validate("split")
    def _is_a_split(self, proposal: Any) -> str:
        return _one_of(proposal.value, SPLITS, "split")

    @traitlets.validate("seen")
    def _are_curves(self, proposal: Any) -> str:
        return " ".join(name for name in self._curves if name in proposal.value.split())

    def __repr__(self) -> str:
        curve, at = self.curve(), self.depth - 1
        return (
            f"Depth slider, {self.columns}, split by {self.split}: at depth {self.depth} right in {curve.train[at]} of "
            f"100 training pairs and in {curve.test[at]} of 100 test pairs; the test is best at depth {curve.best}, "
            f"with {max(curve.test)}. Of 100 test patients {curve.shared:.0f} stand in the training too."
        )


def _fit(rows: pd.DataFrame, plans: Sequence[Plan]) -> dict[str, DepthCurve]:
    return {_name(at, by): depth_curve(rows, plan, by) for at, plan in enumerate(plans) for by in SPLITS}


def _name(at: int, split: str) -> str:
    return f"{at}-{split}"


def _describe(curve: DepthCurve) -> dict[str, Any]:
    return {
        "train": list(curve.train),
        "test": list(curve.test),
        "groups": list(curve.groups),
        "shared": curve.shared,
        "best": curve.best,
    }


def _count(rows: pd.DataFrame, columns: Mapping[str, Sequence[str]], plan: Plan) -> dict[str, Any]:
    return {
        "sets": list(columns),
        "names": [", ".join(names) for names in columns.values()],
        "fitted": round(len(rows) * (FOLDS - 1) / FOLDS),
        "people": int(rows[plan.person].nunique()),
        "deepest": DEEPEST,
        "folds": FOLDS,
    }


def _check_size(rows: pd.DataFrame, columns: Mapping[str, Sequence[str]]) -> None:
    if not 0 < len(columns) <= MOST_SETS or not all(columns.values()):
        raise DataError(f'DepthSlider: give one to {MOST_SETS} sets, as {{"what was measured": ["sodium"]}}.')
    if len(rows) > MOST_ROWS:
        raise DataError(f"DepthSlider: {len(rows):,} rows take too long. Write: rows = rows.head({MOST_ROWS})")


def _one_of(value: str, known: Sequence[str], trait: str) -> str:
    if value not in known:
        raise traitlets.TraitError(f'DepthSlider: {trait} is one of {", ".join(known)}, not "{value}".')
    return value
