"""Predict a challenge's hold-out with the baseline, as a file to hand in on the desk: a first try to beat."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rounds.challenges.baseline import build_weight_model, mend_heights
from rounds.challenges.brief import Brief
from rounds.challenges.briefs import brief_of, choose_rows, features_of
from rounds.challenges.risk import build_risk_model, take_logs
from rounds.data.dataset import Dataset
from rounds.data.shelf.attachments import attached
from rounds.data.shelf.shelf import HOLD_OUT, load, open_shelf
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

FILE = "predictions.csv"


def write_predictions(challenge: str, folder: Path | str = ".") -> str:
    """Write the baseline's predictions for the challenge's hold-out and say what comes next."""
    brief = brief_of(challenge)
    name = attached(challenge + HOLD_OUT)
    if not open_shelf().has(name):
        return "Not yet: no hold-out is open here. Your organisers prepare one before the tries begin."
    try:
        asked = load(name)
    except DataError as error:
        return f"Not yet: {error}"
    predicted = predict_rows(load(attached(challenge)), brief, asked)
    predicted.to_csv(Path(folder) / FILE, index=False)
    return (
        f"{FILE} holds {len(predicted):,} predictions. Look at them first; then hand them in on the desk, under Scores."
    )


def predict_rows(dataset: Dataset, brief: Brief, asked: Dataset) -> pd.DataFrame:
    """Return a prediction for each row of ``asked``, from a baseline that has learned from all rows of ``dataset``."""
    import pandas as pd

    learn, ask = _prepare(choose_rows(dataset, brief).frame(), brief), asked.frame()
    features = [name for name in features_of(dataset, brief) if name in ask]
    x = pd.get_dummies(learn[features]).astype(float)
    new = pd.get_dummies(_prepare(ask, brief)[features]).astype(float).reindex(columns=x.columns, fill_value=0.0)
    y = learn[brief.outcome].astype(float)
    if dataset.table().column(brief.outcome).type == "boolean":
        predicted = build_risk_model().fit(x, y.astype(int)).predict_proba(new)[:, 1]
    else:
        predicted = build_weight_model().fit(x, y).predict(new)
    return ask[list(brief.unit)].assign(prediction=predicted)


def _prepare(frame: pd.DataFrame, brief: Brief) -> pd.DataFrame:
    return take_logs(mend_heights(frame), brief)
