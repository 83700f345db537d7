"""A1, from a table to a prediction: row, feature, label, the moment of prediction, the error of the simplest rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.choice import is_choice
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Diagnosis, Mistake, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

GROUPS = ("feature", "label", "not known yet")
COLUMNS = (
    "height_cm",
    "smoking",
    "chronic_hypertension",
    "previous_birthweight_g",
    "siblings_mean_birthweight_g",
    "gestational_diabetes",
    "weight_gain_kg",
    "gestation_days",
    "birthweight_g",
)
LABEL, PREVIOUS = "birthweight_g", "previous_birthweight_g"
KNOWN = ("age", "parity", "height_cm", "bmi", PREVIOUS)
LATER = {"gestation_days": "at delivery", "apgar_5": "five minutes after birth"}
ROUNDED = 0.51  # an error in whole grams is as good
GRAMS = 3.0  # two honest models of the same columns lie so near (ridge): measured under 2 g
FAR = 1000.0  # moves a weak column so far that even an error in whole grams shows it


def reference_baseline(y_train: pd.Series[float], y_test: pd.Series[float]) -> float:
    """Return how many grams the mean of the training births is off in the test births."""
    return float((y_test - y_train.mean()).abs().mean())


def measure(train: pd.DataFrame, test: pd.DataFrame, columns: Sequence[str] = KNOWN, measured: str = "test") -> float:
    """Return the mean absolute error of a straight line, fitted on `train` and measured on `test` or on itself."""
    rows = train if measured == "train" else test
    return float(misses_of(train, rows, columns).abs().mean())


def misses_of(train: pd.DataFrame, rows: pd.DataFrame, columns: Sequence[str] = KNOWN) -> pd.Series[float]:
    """Return by how many grams a straight line, fitted on `train`, misses each of the rows."""
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(train[[*columns]], train[LABEL])
    return rows[LABEL] - model.predict(rows[[*columns]])  # type: ignore[no-any-return]


def draw_births(seed: int, number: int = 300, noise: float = 400) -> pd.DataFrame:
    """Draw births of a hospital that the learner has never seen; nothing is missing."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    days, before, bmi = rng.normal(275, 11, number), rng.normal(3200, 500, number), rng.normal(24, 4, number)
    weight = 3200 + 22 * (days - 275) + 0.45 * (before - 3200) + 15 * (bmi - 24) + rng.normal(0, noise, number)
    return pd.DataFrame(
        {
            "mother_id": [f"X{at // 2}" for at in range(number)],
            "age": rng.integers(18, 45, number),
            "parity": rng.integers(1, 5, number),
            "height_cm": rng.normal(162, 6, number).round(),
            "bmi": bmi.round(1),
            PREVIOUS: before.round(),
            "gestation_days": days.round(),
            "apgar_5": rng.integers(6, 11, number),
            LABEL: weight.round(),
        }
    )


@cache
def shown_case() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and test births on which the button tries a model."""
    return draw_births(1), draw_births(2, 200)


def _series(start: int, *grams: float) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(grams, index=range(start, start + len(grams)))


@cache
def weights() -> tuple[tuple[pd.Series[float], pd.Series[float]], ...]:
    """Return pairs of training and test weights: no row on both sides, one test mean above and one below."""
    return (
        (_series(0, 2500, 3000, 3100, 3900, 4100), _series(10, 2900, 3300, 3420)),
        (_series(20, 3300, 3500, 2000), _series(30, 3100, 2800, 4000, 3700)),
    )


def _agrees(other: Callable[..., Any]) -> Callable[[Any], bool]:
    return lambda answer: properties.agrees_with(other, weights(), 1e-6)(answer)


def _ignores(side: int) -> Callable[[Any], bool]:
    """Return the property that the result is the same for other weights on this side: 0 is training, 1 is test."""

    def holds(answer: Any) -> bool:
        first, second = weights()
        cases = (first, (second[0], first[1]) if side == 0 else (first[0], second[1]))
        return properties.ignores(cases)(answer)

    return holds


BASELINE_MISTAKES = (
    Mistake(
        "test-mean",
        _agrees(lambda a, b: (b - b.mean()).abs().mean()),
        "The guess is the mean of the test births, whose weights nobody knows yet. Which births may you learn from?",
    ),
    Mistake(
        "swapped",
        _agrees(lambda a, b: (a - b.mean()).abs().mean()),
        "The two sides are swapped: learn the guess from the training births, and measure it on the test births.",
    ),
    Mistake(
        "on-train",
        _agrees(lambda a, b: (a - a.mean()).abs().mean()),
        "You measured on the births that gave the guess. Measure on the test births.",
    ),
    Mistake(
        "median-guess",
        _agrees(lambda a, b: (b - a.median()).abs().mean()),
        "Your guess is the median, the weight in the middle. This rule says the mean.",
    ),
    Mistake(
        "mean-first",
        _agrees(lambda a, b: abs(a.mean() - b.mean())),
        "This is the distance of two means. Take the distance for each baby first, then the mean of the distances.",
    ),
    Mistake(
        "no-distance",
        _agrees(lambda a, b: (b - a.mean()).mean()),
        "Misses above and below zero cancel each other. Make each miss a distance first, as the worked example does.",
    ),
    Mistake(
        "no-distance",
        _agrees(lambda a, b: (a.mean() - b).mean()),
        "Misses above and below zero cancel each other. Make each miss a distance first, as the worked example does.",
    ),
    Mistake(
        "sum",
        _agrees(lambda a, b: (b - a.mean()).abs().sum()),
        "You added all distances up. Their mean says how far off one guess is.",
    ),
    Mistake(
        "squares",
        _agrees(lambda a, b: ((b - a.mean()) ** 2).mean()),
        "You took squares. Here the error is a mean of distances, in grams.",
    ),
    Mistake(
        "root-of-squares",
        _agrees(lambda a, b: ((b - a.mean()) ** 2).mean() ** 0.5),
        "This is the root of the mean square, another error in grams. Take the mean of the distances.",
    ),
    Mistake(
        "median-error",
        _agrees(lambda a, b: (b - a.mean()).abs().median()),
        "This is the distance in the middle. The mean absolute error is the mean of all distances.",
    ),
    Mistake(
        "largest",
        _agrees(lambda a, b: (b - a.mean()).abs().max()),
        "This is the largest distance. Take the mean of all of them.",
    ),
    Mistake(
        "spread",
        _agrees(lambda a, b: b.std()),
        "This is how widely the test weights spread around their own mean. Measure how far your guess is off.",
    ),
    Mistake(
        "extreme-guess",
        lambda answer: any(_agrees(_from(name))(answer) for name in ("max", "min")),
        "Your guess is the largest or the smallest weight. This rule says the mean.",
    ),
    Mistake(
        "guess-returned",
        _agrees(lambda a, b: a.mean()),
        "The result is the guess itself. Return how far off the guess is.",
    ),
    Mistake(
        "test-mean-returned",
        _agrees(lambda a, b: b.mean()),
        "The result is the mean of the test births, as if the guess were 0 or not used.",
    ),
    Mistake(
        "kilograms",
        _agrees(lambda a, b: (b - a.mean()).abs().mean() / 1000),
        "The result is in kilograms. Leave it in grams.",
    ),
    Mistake(
        "same-for-all",
        lambda answer: _ignores(0)(answer) and _ignores(1)(answer),
        "The result is the same for all weights. Use the names y_train and y_test of this recipe, not a number.",
    ),
    Mistake(
        "train-unused",
        _ignores(0),
        "The result is the same for every y_train. The guess must come from the training births.",
    ),
    Mistake("test-unused", _ignores(1), "The result is the same for every y_test. Measure on the test births."),
)


def _from(name: str) -> Callable[..., Any]:
    return lambda a, b: (b - getattr(a, name)()).abs().mean()


def _ask_one_number(name: str, call: Callable[[Any], Any]) -> Rung:
    """Ask that a function returns one number."""

    def ask(answer: Any) -> str | None:
        said = call(answer)
        if said is ...:
            return f"{name} still holds three dots: replace them, in each line that has them."
        if said is None:
            return f"{name} returns nothing yet: put the mean absolute error into error."
        if getattr(said, "size", 1) != 1 or isinstance(said, list | tuple):
            return Diagnosis(
                f"{name} returns one number for each birth. Take their mean, so that one is left.", "column"
            )
        try:
            number = float(said)
        except (TypeError, ValueError):
            return f"{name} returns something of type {type(said).__name__}; it must return one number."
        return None if number == number else f"{name} returns no number (NaN): do the rows of both sides fit?"

    return Rung("shape", ask)


def _model(other: Callable[..., Any]) -> Callable[[Any], bool]:
    """Return the property that a model is off as this one is, on the births of the button."""
    return lambda answer: properties.agrees_with(other, (shown_case(),), 1e-4)(answer)


def _both(train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([train, test])


def _mix(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows with one column in another order: its values are then those of other births."""
    return rows.assign(**{column: rows[column].to_numpy()[::-1]})


def reads_later(answer: Any) -> str | None:
    """Return which column from after the booking visit changes the result; none where no later one counts."""
    train, test = shown_case()
    before = properties.call(answer, train, test)
    for column in LATER:
        after = properties.call(answer, _mix(train, column), _mix(test, column))
        if not properties.agrees(before, after, 1e-6):
            return column
    return None


def _say_later(answer: Any) -> str:
    column = str(reads_later(answer))
    return f"The result needs {column}, which is known {LATER[column]}. Who could write it down at booking?"


def _forgets_train(answer: Any) -> bool:
    train, test = shown_case()
    return properties.ignores(((train, test), (draw_births(5), test)))(answer)


def _is_exact(answer: Any) -> bool:
    return abs(float(properties.call(answer, *shown_case()))) < 1


def _is_near(answer: Any, columns: Sequence[str]) -> bool:
    said = float(properties.call(answer, *shown_case()))
    return abs(said - measure(*shown_case(), columns)) <= GRAMS


def _is_right_model(answer: Any) -> bool:
    return _is_near(answer, KNOWN)


def find_unused(answer: Any) -> str | None:
    """Return which column that is known at booking does not count, the previous weight before the others."""
    train, test = shown_case()
    before = properties.call(answer, train, test)
    for column in (PREVIOUS, *KNOWN):
        far = test[column] + FAR * test[column].std() * (-1) ** test.index.to_series()
        if properties.agrees(before, properties.call(answer, train, test.assign(**{column: far})), 1e-6):
            return column
    return None


def _say_unused(answer: Any) -> str:
    return f"{find_unused(answer)} is not used. It is known at booking, and the text asks for every such column."


MODEL_MISTAKES = (
    Mistake(
        "no-distance",
        _model(lambda train, test: misses_of(train, test).mean()),
        "Misses above and below zero cancel each other. Make each miss a distance before you take the mean.",
    ),
    Mistake(
        "below-zero",
        lambda answer: float(properties.call(answer, *shown_case())) < 0,
        "An error below zero: a mean of distances is never that. Leave out the sign before it.",
    ),
    Mistake(
        "label-among-columns",
        _is_exact,
        "An error of almost 0 g: the label itself is among your columns, or you compare it with itself.",
    ),
    Mistake(
        "on-train",
        _model(lambda train, test: measure(train, test, measured="train")),
        "You measured on the births that the model learned from. Predict and measure the test births.",
    ),
    Mistake(
        "fitted-on-test",
        _model(lambda train, test: measure(test, test)),
        "The model learned from the test births and was measured on them. Fit it on train.",
    ),
    Mistake(
        "fitted-on-both",
        _model(lambda train, test: measure(_both(train, test), test)),
        "The model learned from train and test together. Then it has seen the test births: fit it on train alone.",
    ),
    Mistake(
        "swapped",
        _model(lambda train, test: measure(test, train)),
        "The two sides are swapped: fit on train, and measure on test.",
    ),
    Mistake(
        "mean-only",
        _model(lambda train, test: reference_baseline(train[LABEL], test[LABEL])),
        "This is the error of the mean for everybody, as in exercise 2. Let the model predict.",
    ),
    Mistake(
        "label-of-before",
        _model(lambda train, test: (test[LABEL] - test[PREVIOUS]).abs().mean()),
        "You took the previous weight itself as the prediction. Let the model learn how much of it counts.",
    ),
    Mistake(
        "squares",
        _model(lambda train, test: (misses_of(train, test) ** 2).mean()),
        "You took squares. Here the error is a mean of distances, in grams.",
    ),
    Mistake(
        "root-of-squares",
        _model(lambda train, test: (misses_of(train, test) ** 2).mean() ** 0.5),
        "This is the root of the mean square, another error in grams. Take the mean of the distances.",
    ),
    Mistake(
        "sum",
        _model(lambda train, test: misses_of(train, test).abs().sum()),
        "You added all distances up. Their mean says how far off one prediction is.",
    ),
    Mistake(
        "median-error",
        _model(lambda train, test: misses_of(train, test).abs().median()),
        "This is the distance in the middle. The mean absolute error is the mean of all distances.",
    ),
    Mistake("later-column", lambda answer: reads_later(answer) is not None, _say_later),
    Mistake(
        "train-unused",
        _forgets_train,
        "The result is the same for every train. Fit on the name train of this recipe, not on another table.",
    ),
    Mistake(
        "without-previous",
        lambda answer: find_unused(answer) == PREVIOUS,
        "The previous child's weight is not used. The midwife reads it at booking: may it be a feature?",
    ),
    Mistake("column-missing", lambda answer: find_unused(answer) is not None, _say_unused),
    properties.changes_table("booking_mae", shown_case),
)


def _is_column(answer: Any) -> bool:
    return getattr(answer, "size", 1) > 1


F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="height_error",
    visible=(
        recognise(
            "type",
            Mistake(
                "column",
                _is_column,
                "height_error is a whole column of misses. Make them distances, then take their mean.",
            ),
        ),
        is_number("height_error", "320.5"),
    ),
    hint="The model predicts from a table with the column height_cm. Then look at step 3 of the worked example.",
    worked_line='age_says = age_model.predict(test[["age"]])  # another model, another column',
)

E1 = Exercise(
    id="e1",
    title="What is known at booking?",
    reads="group_of",
    points=2,
    visible=is_sorting("group_of", COLUMNS, GROUPS),
    hint="Go through the columns one by one: at the end of the booking visit, could the midwife write the value down?",
    worked_line='{"blood_group": "feature", "hours_of_labour": "not known yet"}',
)

E2 = Exercise(
    id="e2",
    title="The simplest rule as a function",
    reads="baseline_mae",
    points=2,
    visible=(
        is_function("baseline_mae", "baseline_mae(y_train, y_test)"),
        _ask_one_number("baseline_mae", lambda answer: properties.call(answer, *weights()[0])),
        recognise(
            "values",
            *BASELINE_MISTAKES,
            right=properties.agrees_with(reference_baseline, weights(), ROUNDED),
            otherwise="Not this error yet: one guess from y_train, the distance to each y_test, then the mean.",
        ),
    ),
    hint="Learn one number from y_train. For each weight in y_test ask how far off it is. Then take the mean.",
    worked_line="typical = age_train.median()  # another rule: the middle age of the training mothers",
)

E3 = Exercise(
    id="e3",
    title="A model for the booking visit",
    reads="booking_mae",
    points=2,
    visible=(
        is_function("booking_mae", "booking_mae(train, test)"),
        _ask_one_number("booking_mae", lambda answer: properties.call(answer, *shown_case())),
        recognise(
            "values",
            *MODEL_MISTAKES,
            right=_is_right_model,
            otherwise="Not this error yet: all columns known at booking, fit on train, measure on test, in grams.",
        ),
    ),
    hint="Five of the seven columns are known at booking. Then: make a model, fit it, predict, measure.",
    worked_line='age_model.fit(train[["age"]], train["bmi"])  # another label: it learns the weight of the mother',
)

E4 = Exercise(
    id="e4",
    title="What may you say?",
    reads="sentence",
    points=2,
    visible=(is_choice("sentence", "ABCD"),),
    hint="Ask of each sentence: is it about many mothers or one, about a prediction or a cause, and known at booking?",
    worked_line='For "the score finds 8 of 10 infections" a sentence about ten patients holds, one about Maya does not',
)

S1 = Question(
    "s1",
    "Three babies weigh 3,000, 3,300 and 3,600 g. You say 3,300 g for each. How far off are you on average?",
    ("0 g", "200 g", "300 g"),
)
S2 = Question(
    "s2", "A mother has three children in our table. How many rows are hers?", ("1", "3", "It depends on her age")
)
Q1 = Question(
    "q1",
    "You pulled your line with care. What makes the error clearly smaller still?",
    ("The computer's line in place of mine", "Another column", "A steeper line with the height of the mother"),
)
Q2 = Question(
    "q2",
    "Who can see that gestation_days must stay out of a model for the booking visit?",
    (
        "The computer, from the numbers in the table",
        "Somebody who knows when the column is written",
        "Nobody: its error is too large",
    ),
)

TITLE = "From a table to a prediction"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
