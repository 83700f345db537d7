"""What models score when the test holds other rows, other patients, a later time, or another hospital.

Rows and patients are cut into five folds, each tested once; a later time and another hospital are one cut.  Nothing
here draws or asks.  People are drawn again for all models at once, so that two models can be compared draw by draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.errors import DataError, suggest
from rounds.evaluation.figures import DRAWS
from rounds.evaluation.metrics import Levels, auroc, observed_to_predicted

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
ROWS, PATIENTS, TIME, SITE = SPLITS = ("rows", "patients", "time", "site")
FOLDS, SEED, TREES, LEVELS = 5, 0, 15, 100
FEWEST = 50  # rows on each side of a cut: below that a figure is noise


@dataclass(frozen=True)
class Model:
    """What predicts: a logistic regression on these columns, or a forest of decision trees."""

    columns: tuple[str, ...]
    forest: bool = False

    def fit(self, values: Array, outcome: Array) -> Any:
        """Return what has learned from these rows."""
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        if self.forest:
            return RandomForestClassifier(TREES, min_samples_leaf=3, random_state=SEED).fit(values, outcome)
        return make_pipeline(StandardScaler(), LogisticRegression()).fit(values, outcome)


@dataclass(frozen=True)
class Plan:
    """What is asked of a table: its outcome, whose row it is, where and when; from where and from when on is tested."""

    outcome: str
    tested_site: str = "B"
    tested_from: int = 2021
    person: str = "person_id"
    site: str = "site"
    year: str = "year"


@dataclass(frozen=True)
class Spread:
    """A figure on the test, and what it is when the test is drawn again.

    Attributes
    ----------
    value
        The figure on all rows of the test.
    draws
        The figure of each draw, in the order of the draws.
    """

    value: float
    draws: Array

    @property
    def ends(self) -> tuple[float, float]:
        """Return the 95 % percentile interval."""
        low, high = np.percentile(self.draws, [2.5, 97.5])
        return float(low), float(high)

    def less(self, other: Spread) -> Spread:
        """Return the difference to another figure of the same draws."""
        return Spread(self.value - other.value, self.draws - other.draws)


def find_folds(rows: pd.DataFrame, plan: Plan, split: str) -> list[Array]:
    """Return for each fold of a split which rows are tested; the others are learned from."""
    if split == TIME:
        return [(rows[plan.year] >= plan.tested_from).to_numpy()]
    if split == SITE:
        return [(rows[plan.site] == plan.tested_site).to_numpy()]
    if split not in SPLITS:
        raise DataError(f'A split is one of {", ".join(SPLITS)}, not "{split}".{suggest(split, SPLITS)}')
    units = rows[plan.person].astype("category").cat.codes.to_numpy() if split == PATIENTS else np.arange(len(rows))
    fold_of = np.random.default_rng(SEED).permutation(units.max() + 1) % FOLDS
    return [fold_of[units] == fold for fold in range(FOLDS)]


def predict(rows: pd.DataFrame, plan: Plan, model: Model, folds: Sequence[Array]) -> Array:
    """Return the risk of each tested row, from a model that has not learned from it; NaN where no fold tests it."""
    values = rows[[*model.columns]].to_numpy(float)
    outcome = rows[plan.outcome].to_numpy(int)
    risk = np.full(len(rows), np.nan)
    for tested in folds:
        risk[tested] = model.fit(values[~tested], outcome[~tested]).predict_proba(values[tested])[:, 1]
    return risk


@dataclass(frozen=True)
class Draws:
    """A test drawn again: which unit each row belongs to, and how often each draw holds each unit."""

    places: Array
    times: Array

    @classmethod
    def of(cls, units: Array) -> Draws:
        """Draw as many units as there are, each as often as chance will; rows of one unit go together."""
        places = np.unique(units, return_inverse=True)[1]
        number = int(places.max()) + 1
        rng = np.random.default_rng(SEED)
        times = [np.bincount(rng.integers(0, number, number), minlength=number) for _ in range(DRAWS)]
        return cls(places, np.array(times, dtype=np.float32))

    def gather(self, level: Array, weight: Array) -> Array:
        """Return the weights of each draw added up, one column for each level."""
        shape = (self.times.shape[1], LEVELS)
        cells = np.bincount(self.places * LEVELS + level, weights=weight, minlength=shape[0] * LEVELS)
        added: Array = self.times @ cells.reshape(shape).astype(np.float32)
        return added.astype(float)


def spread_figures(outcome: Array, risk: Array, draws: Draws) -> dict[str, Spread]:
    """Return ``auroc`` and ``observed_expected`` of a test, each with its draws."""
    whole = np.ones((1, len(outcome)))
    value = auroc(Levels.of(outcome, risk, whole))[0], observed_to_predicted(outcome, risk, whole)[0]
    level = _find_levels(risk)
    sick, everybody, expected = (draws.gather(level, weight) for weight in (outcome, np.ones(len(risk)), risk))
    drawn = auroc(Levels(sick, everybody)), sick.sum(axis=1) / expected.sum(axis=1)
    names = ("auroc", "observed_expected")
    return {name: Spread(float(one), each) for name, one, each in zip(names, value, drawn, strict=True)}


def share_met(rows: pd.DataFrame, plan: Plan, folds: Sequence[Array]) -> float:
    """Return of 100 tested rows how many are of a person whom the model has met in its training."""
    people = rows[plan.person].to_numpy()
    met = [np.isin(people[tested], people[~tested]) for tested in folds]
    return float(100 * np.concatenate(met).mean())


def check_rows(rows: pd.DataFrame, plan: Plan, models: Mapping[str, Model]) -> None:
    """Raise one sentence where a table cannot be split in these ways or learned from."""
    used = [plan.outcome, *(name for model in models.values() for name in model.columns)]
    for name in (plan.person, plan.site, plan.year, *used):
        if name not in rows.columns:
            raise DataError(f'No column "{name}".{suggest(name, map(str, rows.columns))}')
    for name in used:
        if rows[name].dtype.kind not in "iufb":
            raise DataError(f'"{name}" holds no numbers. Choose a column of numbers, or of true and false.')
        if gaps := int(rows[name].isna().sum()):
            raise DataError(f'"{name}" is missing in {gaps} rows. Write: rows = rows.dropna(subset=["{name}"])')
    for split, what in ((TIME, f"{plan.year} {plan.tested_from}"), (SITE, f"{plan.site} {plan.tested_site}")):
        (tested,) = find_folds(rows, plan, split)
        if min(tested.sum(), (~tested).sum()) < FEWEST:
            raise DataError(f"A cut at {what} leaves fewer than {FEWEST} rows on one side. Choose another cut.")


def _find_levels(risk: Array) -> Array:
    """Return the level of each risk, from 0 for the highest hundredth down."""
    rank = np.unique(-risk, return_inverse=True)[1]
    cut: Array = np.searchsorted(np.quantile(rank, np.arange(1, LEVELS) / LEVELS), rank)
    return cut
