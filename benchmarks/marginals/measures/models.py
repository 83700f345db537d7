"""The models of the measurements: fixed seeds, folds by person, predictions as a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import average_precision_score, r2_score, roc_auc_score
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5


def linear() -> Any:
    """Return a linear regression after filling with the median."""
    return make_pipeline(SimpleImputer(strategy="median"), LinearRegression())


def logistic() -> Any:
    """Return a logistic regression after filling with the median and scaling."""
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(max_iter=2000))


def forest(kind: str) -> Any:
    """Return a forest that learns single patients by heart, on purpose."""
    model = RandomForestRegressor if kind == "number" else RandomForestClassifier
    leaf = 1 if kind == "number" else 2
    return make_pipeline(SimpleImputer(strategy="median"), model(60, min_samples_leaf=leaf, n_jobs=2, random_state=0))


def predict(model: Any, d: pd.DataFrame, features: list[str], outcome: str, group: str | None) -> pd.Series:
    """Return out-of-fold predictions; folds keep a group together, or are drawn by row without one."""
    x, y = d[features].astype(float).to_numpy(), d[outcome].to_numpy()
    folds = GroupKFold(FOLDS).split(x, y, d[group]) if group else KFold(FOLDS, shuffle=True, random_state=0).split(x)
    made = np.empty(len(d))
    for learn, ask in folds:
        fitted = clone(model).fit(x[learn], y[learn])
        made[ask] = fitted.predict_proba(x[ask])[:, 1] if hasattr(fitted, "predict_proba") else fitted.predict(x[ask])
    return pd.Series(made, index=d.index)


def sample(d: pd.DataFrame, person: str, most: int) -> pd.DataFrame:
    """Return the rows of the first persons in the order of their pseudonyms: a random sample that never changes."""
    chosen = np.sort(d[person].unique())[:most]
    return d[d[person].isin(chosen)].reset_index(drop=True)


def auroc(outcome: str, score: str) -> Any:
    """Return a measure of discrimination."""
    return lambda d: float(roc_auc_score(*_known(d, outcome, score)))


def precision(outcome: str, score: str) -> Any:
    """Return a measure of average precision."""
    return lambda d: float(average_precision_score(*_known(d, outcome, score)))


def r2(outcome: str, score: str) -> Any:
    """Return a measure of explained variance."""
    return lambda d: float(r2_score(*_known(d, outcome, score)))


def odds_ratio(d: pd.DataFrame, exposure: str, outcome: str, others: list[str] | None = None) -> float:
    """Return the odds ratio of an exposure, adjusted for other columns when they are given."""
    columns = [exposure, *(others or [])]
    x = d[columns].astype(float)
    x = x.fillna(x.median())
    scaled = (x - x.mean()) / x.std().replace(0, 1)
    scaled[exposure] = x[exposure]
    fitted = LogisticRegression(C=1e6, max_iter=3000).fit(scaled.to_numpy(), d[outcome].astype(int))
    return float(np.exp(fitted.coef_[0][0]))


def _known(d: pd.DataFrame, outcome: str, score: str) -> tuple[Any, Any]:
    both = d[[outcome, score]].dropna()
    return both[outcome].astype(float), both[score].astype(float)
