"""An honest baseline for an outcome of yes or no: split by patient, logistic regression, and the field's measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.challenges.baseline import split_rows
from rounds.challenges.brief import Brief
from rounds.challenges.briefs import choose_rows, features_of
from rounds.challenges.intervals import wilson
from rounds.data.dataset import Dataset
from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

DRAWS, GROUPS, FEWEST_A_GROUP = 200, 10, 20
BUDGETS = (0.02, 0.05, 0.1, 0.2)


def measure_auroc(outcome: Any, risk: Any, people: Any) -> tuple[float, float, float]:
    """Return the AUROC with its 95 % interval, from drawing the people again; arrays of shape (n,).

    The same draws for a baseline and for a team's model card: two intervals of one test would look like a mistake.
    """
    from rounds.evaluation.bootstrap import Array, estimate
    from rounds.evaluation.metrics import Levels, auroc

    def measure(weights: Array) -> dict[str, Array]:
        return {"auroc": auroc(Levels.of(outcome, risk, weights))}

    return estimate(measure, people, np.ones(len(outcome)), seed=0, draws=DRAWS)["auroc"]


@dataclass(frozen=True)
class RiskBaseline:
    """One model's risks for rows of patients it never saw."""

    name: str
    features: tuple[str, ...]
    tested: pd.DataFrame

    @cached_property
    def auroc(self) -> tuple[float, float, float]:
        """Return the AUROC with its 95 % interval, from drawing the patients again."""
        return measure_auroc(*self._arrays(), self.tested["person"].to_numpy())

    def score(self) -> dict[str, Any]:
        """Return AUROC with its interval, average precision beside the rate, calibration, and what was tested."""
        from rounds.evaluation import metrics

        outcome, risk = self._arrays()
        once, (auroc, low, high) = np.ones((1, len(outcome))), self.auroc
        return {
            "model": self.name,
            "features": len(self.features),
            "auroc": round(auroc, 3),
            "auroc_95": f"{low:.2f} to {high:.2f}",
            "average_precision": round(metrics.average_precision(metrics.Levels.of(outcome, risk, once))[0], 3),
            "rate": round(outcome.mean(), 3),
            "observed_to_predicted": round(metrics.observed_to_predicted(outcome, risk, once)[0], 2),
            "calibration_slope": round(metrics.calibration_slope(outcome, risk, once)[0], 2),
            "tested": len(outcome),
            "events": int(outcome.sum()),
        }

    def _arrays(self) -> tuple[Any, Any]:
        return self.tested["observed"].to_numpy(dtype=float), self.tested["predicted"].to_numpy(dtype=float)

    def calibration(self, groups: int = GROUPS) -> pd.DataFrame:
        """Return mean risk and observed share in groups of rising risk; fewer groups where rows are few."""
        import pandas as pd

        groups = max(2, min(groups, len(self.tested) // FEWEST_A_GROUP))
        ranks = self.tested["predicted"].rank(method="first")
        rows = [_calibrate(part) for _, part in self.tested.groupby(pd.qcut(ranks, groups), observed=True)]
        return pd.DataFrame(rows)

    def alerts(self, budgets: tuple[float, ...] = BUDGETS) -> pd.DataFrame:
        """Return what an alert budget buys: events found, alerts that are right, alerts for each event found."""
        import pandas as pd

        return pd.DataFrame([self._alert(share) for share in budgets]).set_index("budget")

    def statuses(self, groups: int = 5) -> pd.DataFrame:
        """Return what came first, as shares, in groups of rising risk; a competing event is a row's own answer."""
        import pandas as pd

        if "status" not in self.tested:
            raise DataError("This table has no status of the outcome: competing events cannot be told apart.")
        ranks = self.tested["predicted"].rank(method="first")
        names = [f"group {i + 1}" for i in range(groups)]
        by = pd.qcut(ranks, groups, labels=names).rename("rising risk")
        return pd.crosstab(by, self.tested["status"], normalize="index").round(3)

    def _alert(self, share: float) -> dict[str, Any]:
        ordered = self.tested.sort_values("predicted", ascending=False, kind="stable")["observed"]
        raised = max(1, round(share * len(ordered)))
        found, events = int(ordered.head(raised).sum()), int(ordered.sum())
        return {
            "budget": f"{share:.0%} of rows",
            "alerts": raised,
            "events_found": found,
            "sensitivity": round(found / events, 3) if events else float("nan"),
            "ppv": round(found / raised, 3),
            "alerts_per_event_found": round(raised / found, 1) if found else float("nan"),
        }


def fit_risks(dataset: Dataset, brief: Brief, seed: int = 0) -> list[RiskBaseline]:
    """Fit the rate, one simple predictor alone, and what is known by the prediction; test on other patients."""
    frame = _prepare(dataset, brief)
    known = features_of(dataset, brief)
    plans: dict[str, list[str]] = {"rate of the training rows": []}
    if brief.alone in known:
        plans[f"{brief.alone} alone"] = [brief.alone]
    plans["known by the prediction"] = known
    parts = split_rows(frame, dataset.table().person, seed)
    return [_fit(name, features, (dataset, brief), frame, parts) for name, features in plans.items()]


def fit_shift(dataset: Dataset, brief: Brief) -> RiskBaseline | None:
    """Fit on one part of the table and test on the other; None where the table cannot be divided so."""
    frame, shift = _prepare(dataset, brief), brief.shift
    names = dataset.table().names()
    if shift is None or any(text.split()[0] not in names for text in (*shift.train, *shift.test)):
        return None
    train, test = (frame.query(" and ".join(texts)).index for texts in (shift.train, shift.test))
    fixed = {text.split()[0] for text in (*shift.train, *shift.test)}
    features = [name for name in features_of(dataset, brief) if name not in fixed]
    if frame[brief.outcome].iloc[train].nunique() < 2 or not len(test):
        return None
    return _fit("known by the prediction", features, (dataset, brief), frame, (train, test))


def score_risks(baselines: list[RiskBaseline]) -> pd.DataFrame:
    """Return one column for each baseline, one row for each measure: a table that is not too wide for a notebook."""
    import pandas as pd

    return pd.DataFrame([baseline.score() for baseline in baselines]).set_index("model").astype(object).T


def _prepare(dataset: Dataset, brief: Brief) -> pd.DataFrame:
    return take_logs(choose_rows(dataset, brief).frame(), brief)


def take_logs(frame: pd.DataFrame, brief: Brief) -> pd.DataFrame:
    """Return the rows with skewed columns as logarithms."""
    skewed = {name: np.log(frame[name].where(frame[name] > 0)) for name in brief.logs if name in frame}
    return frame.assign(**skewed)


def _fit(
    name: str, features: list[str], asked: tuple[Dataset, Brief], frame: pd.DataFrame, parts: tuple[Any, Any]
) -> RiskBaseline:
    import pandas as pd

    dataset, brief = asked
    train, test = parts
    y = frame[brief.outcome].astype(float)
    if features:
        x = pd.get_dummies(frame[features], dummy_na=False).astype(float)
        model = build_risk_model().fit(x.iloc[train], y.iloc[train].astype(int))
        predicted = model.predict_proba(x.iloc[test])[:, 1]
    else:
        predicted = float(y.iloc[train].mean())
    rows, person = frame.iloc[test], dataset.table().person
    tested = pd.DataFrame({"observed": y.iloc[test], "predicted": predicted})
    tested["person"] = rows[person] if person else range(len(rows))
    if brief.status in rows:
        tested["status"] = rows[brief.status].replace(brief.outcome, brief.outcome.replace("_", " "))
    return RiskBaseline(name, tuple(features), tested.reset_index(drop=True))


def build_risk_model() -> Any:
    """Return a logistic regression after filling gaps with the median, with a mark where a value was missing."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    imputer = SimpleImputer(strategy="median", add_indicator=True)
    return make_pipeline(imputer, StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def _calibrate(part: pd.DataFrame) -> dict[str, float]:
    events, n = int(part["observed"].sum()), len(part)
    low, high = wilson(events, n)
    return {"rows": n, "predicted": float(part["predicted"].mean()), "observed": events / n, "low": low, "high": high}
