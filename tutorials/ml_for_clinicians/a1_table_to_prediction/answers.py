"""What learners write in A1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import KNOWN, LABEL, PREVIOUS, draw_births, measure, reference_baseline
from .hidden import FEATURE, IS_LABEL, RIGHT, UNKNOWN

if TYPE_CHECKING:
    from sklearn.linear_model import LinearRegression

EVERYTHING = (*KNOWN, "gestation_days", "apgar_5")


def _moved(**changes: str) -> dict[str, str]:
    """Return the right groups with some columns in another one."""
    return {**RIGHT, **changes}


def _fitted(train: pd.DataFrame, columns: Sequence[str] = KNOWN) -> LinearRegression:
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(train[[*columns]], train[LABEL])


def _misses(train: pd.DataFrame, test: pd.DataFrame, columns: Sequence[str] = KNOWN) -> pd.Series[float]:
    return test[LABEL] - _fitted(train, columns).predict(test[[*columns]])  # type: ignore[no-any-return]


def _with(*columns: str) -> Any:
    """Return exercise 3 with these columns."""
    return lambda train, test: measure(train, test, columns)


def _ridge(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Use another honest model of the same columns."""
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=1.0).fit(train[[*KNOWN]], train[LABEL])
    return float((test[LABEL] - model.predict(test[[*KNOWN]])).abs().mean())


def _of_sklearn(train: pd.DataFrame, test: pd.DataFrame) -> float:
    from sklearn.metrics import mean_absolute_error

    return float(mean_absolute_error(test[LABEL], _fitted(train).predict(test[[*KNOWN]])))


def _spoiling(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Find the right error, but leave a column behind."""
    test["predicted"] = _fitted(train).predict(test[[*KNOWN]])
    return float((test[LABEL] - test["predicted"]).abs().mean())


def _elsewhere(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Fit on a table of the notebook in place of what is given."""
    return measure(draw_births(99), test)


def _peeking(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Fit on both sides together."""
    return measure(pd.concat([train, test]), test)


def _of_first(train: pd.DataFrame, test: pd.DataFrame) -> float:
    """Measure on a fixed number of births."""
    return measure(train, test.head(200))


E3_STUB: Any = None

EXAMPLES = {
    "e1": Examples(
        right=(RIGHT, {item: group.upper() for item, group in RIGHT.items()}, dict(reversed(RIGHT.items()))),
        stub=...,
        wrong=(
            Wrong(dict.fromkeys(RIGHT, FEATURE), "hand over the answer"),
            Wrong(_moved(birthweight_g=FEATURE), "hand over the answer"),
            Wrong(_moved(birthweight_g=UNKNOWN), "do we want to predict"),
            Wrong(_moved(previous_birthweight_g=IS_LABEL), "weight of an older child"),
            Wrong(_moved(previous_birthweight_g=UNKNOWN), "before this pregnancy"),
            Wrong(_moved(siblings_mean_birthweight_g=FEATURE), "born after this one"),
            Wrong(_moved(gestation_days=FEATURE), "ends at delivery"),
            Wrong(_moved(weight_gain_kg=FEATURE), "the whole pregnancy"),
            Wrong(_moved(weight_gain_kg=IS_LABEL), "of the mother"),
            Wrong(_moved(gestational_diabetes=FEATURE), "weeks 24 to 28"),
            Wrong(_moved(chronic_hypertension=UNKNOWN), "know it at booking"),
            Wrong(_moved(smoking=UNKNOWN), "asks about smoking"),
            Wrong(_moved(height_cm=UNKNOWN), "at any visit"),
            Wrong(_moved(height_cm="known"), "choose from"),
            Wrong({"height_cm": FEATURE}, "still has 8 gaps"),
            Wrong(["height_cm"], "curly brackets"),
        ),
    ),
    "e2": Examples(
        right=(
            reference_baseline,
            lambda y_train, y_test: abs(y_test - y_train.mean()).mean(),
            lambda y_train, y_test: sum(abs(one - y_train.mean()) for one in y_test) / len(y_test),
            lambda a, b: (a.mean() - b).abs().mean(),
            lambda a, b: (b - sum(a) / len(a)).abs().sum() / len(b),
            lambda a, b: round((b - a.mean()).abs().mean()),
        ),
        stub=lambda y_train, y_test: ...,
        wrong=(
            Wrong(lambda a, b: (b - b.mean()).abs().mean(), "nobody knows yet"),
            Wrong(lambda a, b: (a - b.mean()).abs().mean(), "are swapped"),
            Wrong(lambda a, b: (a - a.mean()).abs().mean(), "births that gave the guess"),
            Wrong(lambda a, b: (b - a.median()).abs().mean(), "is the median"),
            Wrong(lambda a, b: (b - a.mean()).mean(), "cancel each other"),
            Wrong(lambda a, b: (a.mean() - b).mean(), "cancel each other"),
            Wrong(lambda a, b: abs(a.mean() - b.mean()), "distance of two means"),
            Wrong(lambda a, b: (b - a.mean()).abs().sum(), "added all distances"),
            Wrong(lambda a, b: ((b - a.mean()) ** 2).mean(), "took squares"),
            Wrong(lambda a, b: ((b - a.mean()) ** 2).mean() ** 0.5, "root of the mean square"),
            Wrong(lambda a, b: (b - a.mean()).abs().median(), "distance in the middle"),
            Wrong(lambda a, b: (b - a.mean()).abs().max(), "largest distance"),
            Wrong(lambda a, b: (b - a.max()).abs().mean(), "largest or the smallest"),
            Wrong(lambda a, b: a.mean(), "guess itself"),
            Wrong(lambda a, b: b.mean(), "mean of the test births"),
            Wrong(lambda a, b: b.std(), "how widely"),
            Wrong(lambda a, b: (b - 0).abs().mean(), "guess were 0"),
            Wrong(lambda a, b: (b - a.mean()).abs().mean() / 1000, "in kilograms"),
            Wrong(lambda a, b: (b - 3287).abs().mean(), "the same for every y_train"),
            Wrong(lambda a, b: 402.2, "the same for all weights"),
            Wrong(lambda a, b: (b - a.mean()).abs(), "one number for each birth"),
            Wrong(lambda a, b: (b - a).abs().mean(), "no number"),
            Wrong(lambda a, b: None, "returns nothing"),
            Wrong(lambda a, b: "402 g", "type str"),
            Wrong(402.2, "not a function"),
            Wrong(lambda a, b: (b.head(100) - a.mean()).abs().mean(), "fresh table", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            measure,
            _ridge,
            _of_sklearn,
            _with(*reversed(KNOWN)),
            lambda train, test: round(measure(train, test)),
        ),
        stub=lambda train, test: E3_STUB,
        wrong=(
            Wrong(_with(*KNOWN, "gestation_days"), "needs gestation_days"),
            Wrong(_with(*KNOWN, "apgar_5"), "needs apgar_5"),
            Wrong(_with(*EVERYTHING), "needs gestation_days"),
            Wrong(_with("gestation_days"), "needs gestation_days"),
            Wrong(_with(*KNOWN, LABEL), "almost 0 g"),
            Wrong(lambda train, test: measure(train, test, measured="train"), "learned from"),
            Wrong(lambda train, test: measure(test, test), "Fit it on train"),
            Wrong(lambda train, test: measure(test, train), "are swapped"),
            Wrong(lambda train, test: _misses(train, test).mean(), "cancel each other"),
            Wrong(lambda train, test: _misses(train, test), "one number for each birth"),
            Wrong(lambda train, test: (_misses(train, test) ** 2).mean(), "took squares"),
            Wrong(lambda train, test: (_misses(train, test) ** 2).mean() ** 0.5, "root of the mean square"),
            Wrong(lambda train, test: _misses(train, test).abs().sum(), "added all distances"),
            Wrong(lambda train, test: reference_baseline(train[LABEL], test[LABEL]), "mean for everybody"),
            Wrong(lambda train, test: (test[LABEL] - test[PREVIOUS]).abs().mean(), "previous weight itself"),
            Wrong(_with("age", "parity", "height_cm", "bmi"), "is not used"),
            Wrong(_with("age"), "is not used"),
            Wrong(_elsewhere, "the same for every train"),
            Wrong(_spoiling, "work on a copy"),
            Wrong(lambda train, test: 346.6, "the same for every train"),
            Wrong(lambda train, test: _fitted(train), "type LinearRegression"),
            Wrong(lambda train, test: _fitted(train).predict(train), "stopped"),
            Wrong(347, "not a function"),
            Wrong(_with(PREVIOUS), "age is not used"),
            Wrong(_with(PREVIOUS, "bmi", "parity", "height_cm"), "age is not used"),
            Wrong(_with("age", "parity", "height_cm", PREVIOUS), "bmi is not used"),
            Wrong(_with("age", "bmi", "height_cm", PREVIOUS), "parity is not used"),
            Wrong(_peeking, "train and test together"),
            Wrong(lambda train, test: -measure(train, test), "below zero"),
            Wrong(_of_first, "fresh table", hidden=True),
        ),
    ),
    "e4": Examples(
        right=("B", "b", " B ", ["B"]),
        stub=...,
        wrong=(
            Wrong("A", "one baby"),
            Wrong("a", "one baby"),
            Wrong("C", "speaks of a cause"),
            Wrong("c", "speaks of a cause"),
            Wrong("D", "known at delivery"),
            Wrong("d ", "known at delivery"),
            Wrong("E", "none of these"),
            Wrong("A and B", "none of these"),
            Wrong(2, "in quotes"),
            Wrong(["A"], "one baby"),
            Wrong(["A", "B"], "Choose one only"),
        ),
    ),
}


GAPS = Gaps(
    before=("setup", "aside", "worked-fit"),
    box="""height_model = LinearRegression().fit(train[["height_cm"]], train["birthweight_g"])
height_says = {}
height_error = {}""",
    right=(
        ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().mean()'),
        ('height_model.predict(test[["height_cm"]])', '(height_says - test["birthweight_g"]).abs().mean()'),
        ('height_model.predict(test[["height_cm"]])', 'abs(test["birthweight_g"] - height_says).mean()'),
        ('height_model.predict(test[["height_cm"]])', 'np.abs(test["birthweight_g"] - height_says).mean()'),
        ('height_model.predict(test[["height_cm"]])', "(test[label] - height_says).abs().mean()"),
        ('height_model.predict(test[["height_cm"]])', 'round((test["birthweight_g"] - height_says).abs().mean())'),
        ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().sum() / len(test)'),
        (
            'height_model.intercept_ + height_model.coef_[0] * test["height_cm"]',
            '(test["birthweight_g"] - height_says).abs().mean()',
        ),
    ),
    wrong=(
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).mean()'),
            "cancel each other",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(height_says - test["birthweight_g"]).mean()'),
            "cancel each other",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().sum()'),
            "added all distances",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '((test["birthweight_g"] - height_says) ** 2).mean()'),
            "took squares",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '((test["birthweight_g"] - height_says) ** 2).mean() ** 0.5'),
            "root of the mean square",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().median()'),
            "distance in the middle",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().max()'),
            "largest distance",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs()'),
            "whole column of misses",
        ),
        (
            ('height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - predicted).abs().mean()'),
            "practice model",
        ),
        (('height_model.predict(test[["height_cm"]])', "misses.abs().mean()"), "practice model"),
        (
            ('practice_model.predict(test[["gestation_days"]])', '(test["birthweight_g"] - height_says).abs().mean()'),
            "practice model",
        ),
        (('height_model.predict(test[["height_cm"]])', "height_says.mean()"), "mean of the predictions"),
        (('train["birthweight_g"].mean()', '(test["birthweight_g"] - height_says).abs().mean()'), "mean for everybody"),
        (('test["height_cm"]', '(test["birthweight_g"] - height_says).abs().mean()'), "height itself"),
        (
            ('height_model.predict(test[["height_cm"]])', '-(test["birthweight_g"] - height_says).abs().mean()'),
            "below zero",
        ),
        (
            (
                'LinearRegression().fit(booked[["height_cm"]], booked["birthweight_g"]).predict(test[["height_cm"]])',
                '(test["birthweight_g"] - height_says).abs().mean()',
            ),
            "learned from all births",
        ),
        (
            (
                'LinearRegression().fit(test[["height_cm"]], test["birthweight_g"]).predict(test[["height_cm"]])',
                '(test["birthweight_g"] - height_says).abs().mean()',
            ),
            "learned from the test births",
        ),
        (
            (
                'LinearRegression().fit(train[["bmi"]], train["birthweight_g"]).predict(test[["bmi"]])',
                '(test["birthweight_g"] - height_says).abs().mean()',
            ),
            "another column",
        ),
        (
            (
                'LinearRegression().fit(train[["age", "height_cm"]], train["birthweight_g"])'
                '.predict(test[["age", "height_cm"]])',
                '(test["birthweight_g"] - height_says).abs().mean()',
            ),
            "another column",
        ),
        (
            ('height_model.predict(train[["height_cm"]])', '(train["birthweight_g"] - height_says).abs().mean()'),
            "the training births",
        ),
        (('height_model.predict(test[["height_cm"]])', "height_says"), "whole column of misses"),
        (('height_model.predict(test[["height_cm"]])', "..."), "still empty"),
    ),
)
