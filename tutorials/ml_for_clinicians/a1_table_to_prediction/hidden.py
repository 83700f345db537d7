"""What is checked when A1 is handed in; this file never enters a room."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.choice import chose
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import GRAMS, KNOWN, LABEL, ROUNDED, draw_births, measure, misses_of, reference_baseline, weights

if TYPE_CHECKING:
    import pandas as pd

FEATURE, IS_LABEL, UNKNOWN = "feature", "label", "not known yet"
RIGHT = {
    "height_cm": FEATURE,
    "smoking": FEATURE,
    "chronic_hypertension": FEATURE,
    "previous_birthweight_g": FEATURE,
    "siblings_mean_birthweight_g": UNKNOWN,
    "gestational_diabetes": UNKNOWN,
    "weight_gain_kg": UNKNOWN,
    "gestation_days": UNKNOWN,
    "birthweight_g": IS_LABEL,
}
WHY = {
    ("birthweight_g", FEATURE): "birthweight_g is what we want to predict. As a feature it would hand over the answer.",
    ("birthweight_g", UNKNOWN): "It is true that birthweight_g comes later. But which column do we want to predict?",
    (
        "previous_birthweight_g",
        IS_LABEL,
    ): "previous_birthweight_g is the weight of an older child. Which baby do we ask about?",
    (
        "previous_birthweight_g",
        UNKNOWN,
    ): "The older child was born before this pregnancy. Can the mother tell that weight at booking?",
    (
        "siblings_mean_birthweight_g",
        FEATURE,
    ): "siblings_mean_birthweight_g counts children born after this one too. Do they exist at booking?",
    (
        "siblings_mean_birthweight_g",
        IS_LABEL,
    ): "siblings_mean_birthweight_g is about her other children. Which baby do we ask about?",
    ("gestation_days", FEATURE): "gestation_days ends at delivery. Does anybody know that day at booking?",
    ("gestation_days", IS_LABEL): "gestation_days could be predicted too, but here we ask for a weight.",
    ("weight_gain_kg", FEATURE): "weight_gain_kg is about the whole pregnancy. How much of it has passed at booking?",
    ("weight_gain_kg", IS_LABEL): "weight_gain_kg is a weight, but of the mother. Whose weight do we ask about?",
    (
        "gestational_diabetes",
        FEATURE,
    ): "gestational_diabetes is found in weeks 24 to 28. In which week is the booking visit?",
    ("gestational_diabetes", IS_LABEL): "gestational_diabetes could be predicted too, but here we ask for a weight.",
    (
        "chronic_hypertension",
        UNKNOWN,
    ): "chronic_hypertension is from before this pregnancy. Does the woman know it at booking?",
    (
        "chronic_hypertension",
        IS_LABEL,
    ): "chronic_hypertension is a disease of the mother. Which column do we want to predict?",
    ("smoking", UNKNOWN): "The midwife asks about smoking at booking. What she hears may be wrong, but it is there.",
    ("smoking", IS_LABEL): "smoking is something that she tells us. Which column do we want to predict?",
    ("height_cm", UNKNOWN): "height_cm can be measured at any visit, so also at booking.",
    ("height_cm", IS_LABEL): "height_cm is about the mother. Which column do we want to predict?",
}


@cache
def shown_split() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and test births of the cohort, cut as in the notebook."""
    from rounds.data import load

    births = load("birthweight").frame()
    births["height_cm"] = births["height_cm"].where(births["height_cm"] > 3, births["height_cm"] * 100)
    rows = births[(births["plurality"] == 1) & births[LABEL].between(300, 6500)]
    rows = rows.dropna(subset=["height_cm", "bmi", "previous_birthweight_g"])
    put_aside = rows["mother_id"].drop_duplicates().sample(frac=0.3, random_state=0)
    is_test = rows["mother_id"].isin(put_aside)
    columns = [*KNOWN, "gestation_days", "apgar_5", LABEL]
    return rows.loc[~is_test, columns], rows.loc[is_test, columns]


def _is_in_band(answer: Any) -> str | None:
    """Hold on the cohort: within a few grams of our own model."""
    said, ours = float(properties.call(answer, *shown_split())), measure(*shown_split())
    if abs(said - ours) <= GRAMS:
        return None
    return f"On our births booking_mae gives {said:.0f} g. Our own model of the columns known at booking gives another."


def _finds_nothing_in_noise(answer: Any) -> str | None:
    """With the training labels mixed up there is nothing to learn: the error is that of the mean, or above."""
    train, test = draw_births(11), draw_births(12)
    mixed = train.assign(**{LABEL: train[LABEL].sample(frac=1, random_state=3).to_numpy()})
    if float(properties.call(answer, mixed, test)) >= 0.97 * reference_baseline(mixed[LABEL], test[LABEL]):
        return None
    return "With the training weights mixed up, booking_mae still predicts well: it has seen the test weights."


def _is_near_on_fresh_births(answer: Any) -> str | None:
    for seed in (21, 22):
        case = draw_births(seed, 400), draw_births(seed + 10, 250)
        if abs(float(properties.call(answer, *case)) - measure(*case)) > GRAMS:
            return "booking_mae gives another result than ours on a fresh table."
    return None


def _fresh_weights(seed: int) -> tuple[pd.Series[float], pd.Series[float]]:
    return draw_births(seed)[LABEL].astype(float), draw_births(seed + 1, 120)[LABEL].astype(float)


def _holds_on_fresh_weights(answer: Any) -> str | None:
    cases = [_fresh_weights(seed) for seed in (31, 41)]
    if properties.agrees_with(reference_baseline, cases, ROUNDED)(answer):
        return None
    return "baseline_mae gives another result than ours on a fresh table."


@cache
def heights() -> dict[str, float]:
    """Return what the gaps of the faded example give, the right way and in the usual wrong ways."""
    import pandas as pd

    train, test = shown_split()
    misses, others = misses_of(train, test, ["height_cm"]), misses_of(train, test, ["gestation_days"])
    every = pd.concat([train, test])
    return {
        "right": float(misses.abs().mean()),
        "signed": float(misses.mean()),
        "sum": float(misses.abs().sum()),
        "squares": float((misses**2).mean()),
        "root": float((misses**2).mean() ** 0.5),
        "median": float(misses.abs().median()),
        "largest": float(misses.abs().max()),
        "practice": float(others.abs().mean()),
        "prediction": float((test[LABEL] - misses).mean()),
        "mean only": reference_baseline(train[LABEL], test[LABEL]),
        "on train": measure(train, train, ["height_cm"]),
        "cm": float((test[LABEL] - test["height_cm"]).abs().mean()),
        "fitted on all": measure(every, test, ["height_cm"]),
        "fitted on test": measure(test, test, ["height_cm"]),
    }


def _gives(name: str, tolerance: float = 0.2) -> Any:
    return lambda answer: abs(abs(float(answer)) - abs(heights()[name])) <= tolerance


def _is_right_error(answer: Any) -> bool:
    """Accept our number as it is or rounded, and nothing near it: a model of another column lies 0.1 g away."""
    said, ours = float(answer), heights()["right"]
    return abs(said - ours) < 1e-6 or any(abs(said - round(ours, digits)) < 1e-9 for digits in range(5))


@cache
def other_columns() -> tuple[float, ...]:
    """Return the errors of straight lines of other columns than the height, alone or beside it."""
    others = [column for column in KNOWN if column != "height_cm"]
    columns = [*([one] for one in others), *(["height_cm", one] for one in others), [*KNOWN]]
    return tuple(measure(*shown_split(), some) for some in columns)


GAP_MISTAKES = (
    Mistake(
        "no-distance",
        _gives("signed"),
        "Misses above and below zero cancel each other. Make each miss a distance before you take the mean.",
    ),
    Mistake(
        "below-zero",
        lambda answer: float(answer) < 0,
        "An error below zero: a mean of distances is never that. Leave out the sign before it.",
    ),
    Mistake("sum", _gives("sum", 20), "You added all distances up. Their mean says how far off one prediction is."),
    Mistake("squares", _gives("squares", 20), "You took squares. Here the error is a mean of distances, in grams."),
    Mistake(
        "root-of-squares",
        _gives("root"),
        "This is the root of the mean square, another error in grams. Take the mean of the distances.",
    ),
    Mistake(
        "median-error",
        _gives("median"),
        "This is the distance in the middle. The mean absolute error is the mean of all distances.",
    ),
    Mistake("largest", _gives("largest"), "This is the largest distance. Take the mean of all of them."),
    Mistake(
        "practice-model",
        _gives("practice"),
        "This is the error of the practice model. Use height_says in the second gap.",
    ),
    Mistake(
        "prediction-itself",
        _gives("prediction"),
        "This is the mean of the predictions. How far is each from the weight in test?",
    ),
    Mistake(
        "fitted-on-all",
        _gives("fitted on all", 1e-6),
        "The model learned from all births, the test births too. The first line fits it on train: keep that model.",
    ),
    Mistake(
        "fitted-on-test",
        _gives("fitted on test", 1e-6),
        "The model learned from the test births. The first line fits it on train: keep that model.",
    ),
    Mistake(
        "another-column",
        lambda answer: any(abs(float(answer) - one) < 1e-6 for one in other_columns()),
        "This is the error with another column. Here the model predicts from height_cm alone.",
    ),
    Mistake(
        "mean-only",
        _gives("mean only"),
        "This is how far off the mean for everybody is. Let height_model predict.",
    ),
    Mistake(
        "on-train", _gives("on train"), "You measured on the training births. Predict and measure the test births."
    ),
    Mistake(
        "height-as-weight",
        _gives("cm", 2),
        "You took the height itself as the prediction. Let height_model predict from it.",
    ),
)

HIDDEN = {
    "f1": (
        recognise(
            "values",
            *GAP_MISTAKES,
            right=_is_right_error,
            otherwise="Not this error yet: predict the test births, then take the mean of the distances.",
        ),
    ),
    "e1": (is_sorted(RIGHT, WHY, "{right} of {of} columns are in their group. Look again at {item}."),),
    "e2": (
        Rung("values", _holds_on_fresh_weights),
        Rung("values", lambda answer: properties.h6_input_kept(answer, *weights()[0])),
        Rung("values", lambda answer: properties.h10_not_hard_coded(answer, weights())),
    ),
    "e3": (
        Rung("values", _is_near_on_fresh_births),
        Rung("values", _finds_nothing_in_noise),
        Rung("meaning", _is_in_band),
    ),
    "e4": (
        recognise(
            "meaning",
            Mistake(
                "one-patient",
                chose("A"),
                "A speaks of one baby. The error is a mean over many, and single misses are often far larger.",
            ),
            Mistake(
                "cause",
                chose("C"),
                "C speaks of a cause. That a column helps to predict does not say what causes what.",
            ),
            Mistake(
                "not-usable",
                chose("D"),
                "D uses a column that is known at delivery. At booking the midwife cannot write it down.",
            ),
            right=chose("B"),
            otherwise="Choose the sentence that the three numbers support.",
        ),
    ),
}

KEYS = {
    "s1": Key(
        "200 g",
        (
            "The misses are 300 below, 0 and 300 above. As distances they do not cancel each other.",
            "Right: the distances are 300, 0 and 300, and their mean is 200 g.",
            "300 g is the largest distance. Take the mean of all three.",
        ),
    ),
    "s2": Key(
        "3",
        (
            "One row is one birth here, not one mother.",
            "Right: one row is one birth, so each child has its own row.",
            "Her age is a column of each row. The number of rows follows from what a row is.",
        ),
    ),
    "q1": Key(
        "Another column",
        (
            "With care, your error comes near the computer's. Pull until it stops falling, then compare two columns.",
            "Right: with a poor column nobody draws a good line, and with a good one both do.",
            "Try it: a steeper line with the height of the mother makes the error larger again.",
        ),
    ),
    "q2": Key(
        "Somebody who knows when the column is written",
        (
            "In the table the column looks like any other. Nothing in its numbers says when it was written.",
            "Right: when a column is known stands in no number. That is what a clinician brings.",
            "Its error is small. That is what makes the mistake so easy.",
        ),
    ),
}
