"""An honest baseline for birthweight: split by mother, train on one side, report the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rounds.challenges.brief import Brief
from rounds.challenges.briefs import choose_rows, honest_features
from rounds.challenges.intervals import mean_interval
from rounds.data.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

PREVIOUS = "previous_birthweight_g"
TEST_SHARE, GROUPS = 0.3, 10
TALLEST_M = 3.0  # a height below it is in metres: nobody is 3 cm tall, and nobody 3 m


@dataclass(frozen=True)
class Baseline:
    """One model's predictions for births it never saw."""

    name: str
    features: tuple[str, ...]
    tested: pd.DataFrame

    def score(self) -> dict[str, Any]:
        """Return the mean absolute error in grams, R2, and the number of tested births."""
        from sklearn.metrics import mean_absolute_error, r2_score

        observed, predicted = self.tested["observed_g"], self.tested["predicted_g"]
        return {
            "model": self.name,
            "features": len(self.features),
            "mae_g": round(float(mean_absolute_error(observed, predicted)), 1),
            "r2": round(float(r2_score(observed, predicted)), 3) + 0.0,
            "tested_births": len(self.tested),
        }

    def calibration(self, groups: int = GROUPS) -> pd.DataFrame:
        """Return mean predicted and mean observed weight in groups of rising prediction."""
        import pandas as pd

        ranks = self.tested["predicted_g"].rank(method="first")
        rows = [_calibrate(part) for _, part in self.tested.groupby(pd.qcut(ranks, groups))]
        return pd.DataFrame(rows)


def describe_split(dataset: Dataset, people: str = "mothers") -> str:
    """Say how rows are divided into training and test, and why."""
    if dataset.table().person is None:
        return f"Split by row: this table names no {people}, so rows of one may stand on both sides."
    return f"Split by {people.removesuffix('s')}: all rows of one {people.removesuffix('s')} stand on the same side."


def mend_heights(births: pd.DataFrame) -> pd.DataFrame:
    """Return the births with heights that were written in metres turned into centimetres."""
    if "height_cm" not in births:
        return births
    height = births["height_cm"]
    return births.assign(height_cm=height.where(~(height < TALLEST_M), height * 100))


def fit_baselines(dataset: Dataset, brief: Brief, seed: int = 0) -> list[Baseline]:
    """Fit the mean, the features known at booking, and those with the previous child's weight."""
    births = mend_heights(choose_rows(dataset, brief).frame())
    known = [name for name in honest_features(dataset) if name != PREVIOUS]
    plans: dict[str, list[str]] = {"mean of the training births": [], "known at booking": known}
    if PREVIOUS in births:
        plans["and the previous child's weight"] = [*known, PREVIOUS]
    train, test = split_rows(births, dataset.table().person, seed)
    fitted = [_fit(name, features, births, births[brief.outcome], (train, test)) for name, features in plans.items()]
    mother = dataset.table().person
    return [_name_mothers(one, births[mother].iloc[test]) for one in fitted] if mother else fitted


def _name_mothers(baseline: Baseline, mothers: pd.Series[Any]) -> Baseline:
    """Return a baseline whose tested births say of which mother they are: births of one mother are alike."""
    return replace(baseline, tested=baseline.tested.assign(person=mothers.to_numpy()))


def score_baselines(baselines: list[Baseline]) -> pd.DataFrame:
    """Return one row for each baseline."""
    import pandas as pd

    return pd.DataFrame([baseline.score() for baseline in baselines]).set_index("model")


def split_rows(rows: pd.DataFrame, person: str | None, seed: int) -> tuple[Any, Any]:
    """Return the places of the training and of the test rows; all rows of a person stand on the same side."""
    from sklearn.model_selection import GroupShuffleSplit

    groups = rows[person] if person else range(len(rows))
    splitter = GroupShuffleSplit(n_splits=1, test_size=TEST_SHARE, random_state=seed)
    train, test = next(splitter.split(rows, groups=groups))
    return train, test


def _fit(
    name: str, features: list[str], births: pd.DataFrame, weight: pd.Series[Any], split: tuple[Any, Any]
) -> Baseline:
    import pandas as pd

    y, (train, test) = weight.astype(float), split
    if features:
        x = pd.get_dummies(births[features], dummy_na=True).astype(float)
        predicted = build_weight_model().fit(x.iloc[train], y.iloc[train]).predict(x.iloc[test])
    else:
        predicted = float(y.iloc[train].mean())
    tested = pd.DataFrame({"observed_g": y.iloc[test], "predicted_g": predicted})
    return Baseline(name, tuple(features), tested.reset_index(drop=True))


def build_weight_model() -> Any:
    """Return a ridge regression after filling gaps with the median, with a mark where a value was missing."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    imputer = SimpleImputer(strategy="median", add_indicator=True)
    return make_pipeline(imputer, StandardScaler(), Ridge(alpha=10.0))


def _calibrate(part: pd.DataFrame) -> dict[str, float]:
    observed = part["observed_g"]
    n = len(part)
    low, high = mean_interval(float(observed.sum()), float((observed**2).sum()), n)
    mean = float(observed.mean())
    predicted = float(part["predicted_g"].mean())
    return {"births": n, "predicted_g": predicted, "observed_g": mean, "low_g": low, "high_g": high}
