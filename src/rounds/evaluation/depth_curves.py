"""How well trees of each depth do on the rows that they learned from, and on rows that were put aside.

Nothing here draws or asks. One tree is grown to the deepest depth and then cut back: a tree that stops at depth 3 makes
the same first three rounds of splits, so that twenty depths cost one fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
DEEPEST, FOLDS, SEED = 20, 5, 0
PATIENTS, ROWS = "patients", "rows"
FEWEST = 50  # rows, and as many people as folds: below that a curve is noise


@dataclass(frozen=True)
class DepthCurve:
    """Trees of depth 1, 2, ...: of 100 pairs (100 times the AUROC), how many rank the row with the outcome higher.

    Attributes
    ----------
    train, test
        Pairs ranked rightly by depth, 0 to 100, means over the folds: on the rows of the fit, on the rows put aside.
    groups
        Into how many groups (leaves) the tree sorts the rows of the fit, by depth.
    shared
        Of 100 people with a row put aside, how many have another row among those of the fit.
    """

    train: tuple[float, ...]
    test: tuple[float, ...]
    groups: tuple[int, ...]
    shared: float

    @property
    def best(self) -> int:
        """Return the depth at which the test curve is highest; the smallest of several."""
        return 1 + int(np.argmax(self.test))


@dataclass(frozen=True)
class Plan:
    """What a curve is made from: the columns to predict from, the true outcome, whose row it is."""

    columns: tuple[str, ...]
    outcome: str
    person: str = "person_id"


def depth_curve(rows: pd.DataFrame, plan: Plan, by: str = PATIENTS) -> DepthCurve:
    """Return the curve of a table, split into five folds by patients or by rows, each put aside once.

    Raises
    ------
    DataError
        Where a column is missing, is no number or has gaps, or where the rows are too few.
    """
    check_rows(rows, plan)
    values = rows[[*plan.columns]].to_numpy(np.float32)
    outcome = rows[plan.outcome].to_numpy(bool)
    people = rows[plan.person].astype("category").cat.codes.to_numpy()
    folds = [(_follow(values, outcome, aside), _share_on_both(people, aside)) for aside in _put_aside(people, by)]
    scores = np.array([curve for curve, _ in folds]).mean(axis=0)
    train, test, groups = scores.T
    shared = float(np.mean([share for _, share in folds]))
    return DepthCurve(_rounded(train), _rounded(test), tuple(round(one) for one in groups.tolist()), round(shared, 1))


def check_rows(rows: pd.DataFrame, plan: Plan) -> None:
    """Raise one sentence where a table cannot give a curve."""
    for name in (*plan.columns, plan.outcome, plan.person):
        if name not in rows.columns:
            raise DataError(f'No column "{name}".{suggest(name, map(str, rows.columns))}')
    for name in (*plan.columns, plan.outcome):
        if rows[name].dtype.kind not in "iufb":
            raise DataError(f'"{name}" holds no numbers. Choose a column of numbers, or of true and false.')
        if gaps := int(rows[name].isna().sum()):
            raise DataError(f'"{name}" is missing in {gaps} rows. Write: rows = rows.dropna(subset=["{name}"])')
    if len(rows) < FEWEST or rows[plan.person].nunique() < FOLDS:
        raise DataError(f"{len(rows)} rows of {rows[plan.person].nunique()} people are too few for a curve.")
    if rows[plan.outcome].astype(bool).nunique() < len((False, True)):
        raise DataError(f'The outcome "{plan.outcome}" is the same in all rows; both kinds are needed.')


def _put_aside(people: Array, by: str) -> Iterator[Array]:
    """Yield for each fold which rows are put aside."""
    if by not in (PATIENTS, ROWS):
        raise DataError(f'A split is by "{PATIENTS}" or by "{ROWS}", not by "{by}".')
    units = people if by == PATIENTS else np.arange(len(people))
    fold_of = np.random.default_rng(SEED).permutation(units.max() + 1) % FOLDS
    for fold in range(FOLDS):
        yield fold_of[units] == fold


def _share_on_both(people: Array, aside: Array) -> float:
    tested = np.unique(people[aside])
    return float(100 * np.isin(tested, people[~aside]).mean())


def _follow(values: Array, outcome: Array, aside: Array) -> Array:
    """Return pairs right in training and test, and the number of groups, by depth: one row for each depth."""
    from sklearn.tree import DecisionTreeClassifier

    fitted = DecisionTreeClassifier(max_depth=DEEPEST, random_state=SEED).fit(values[~aside], outcome[~aside])
    tree = fitted.tree_
    risk = tree.value[:, 0, -1] / tree.value[:, 0, :].sum(axis=1)
    at = np.zeros(len(values), dtype=int)
    scores = []
    for _ in range(DEEPEST):
        at = _one_deeper(tree, values, at)
        seen, tested = (_pairs_right(at[side], outcome[side], risk) for side in (~aside, aside))
        scores.append((seen, tested, len(np.unique(at[~aside]))))
    return np.array(scores)


def _one_deeper(tree: Any, values: Array, at: Array) -> Array:
    """Send each row one question further down; who stands in a leaf stays."""
    inner = tree.children_left[at] >= 0
    asked = values[np.arange(len(values)), np.where(inner, tree.feature[at], 0)]
    below = np.where(asked <= tree.threshold[at], tree.children_left[at], tree.children_right[at])
    return np.where(inner, below, at)


def _pairs_right(at: Array, outcome: Array, risk: Array) -> float:
    """Return of 100 pairs of a row with and one without the outcome how many are ranked rightly; a tie counts half."""
    levels, level = np.unique(risk[at], return_inverse=True)
    sick = np.bincount(level, weights=outcome, minlength=len(levels))
    well = np.bincount(level, minlength=len(levels)) - sick
    below = np.cumsum(well) - well / 2
    return float(100 * (sick * below).sum() / (sick.sum() * well.sum()))


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(round(float(one), 1) for one in values)
