"""A3, the report card of a classifier: base rates, predictive value, threshold, alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons import properties as hidden
from rounds.lessons.checks.numbers import is_close, is_function, is_none_of, is_number
from rounds.lessons.exercise import Exercise, Lesson
from rounds.lessons.ladder import Rung
from rounds.lessons.questions.a3 import QUESTIONS

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 3
PUBLISHED = {"sens": 0.783, "spec": 0.607, "ppv": 0.189}


def reference_ppv(sens: float, spec: float, prev: float) -> float:
    """Return the share of positive tests that are right."""
    return sens * prev / (sens * prev + (1 - spec) * (1 - prev))


def reference_alerts(days: pd.DataFrame, threshold: float) -> float:
    """Return the mean number of alerts on one ward and day."""
    ward_days = len(days[["ward", "calendar_day"]].drop_duplicates())
    return float((days["warning_score"] >= threshold).sum() / ward_days)


def reference_threshold(days: pd.DataFrame, limit: float) -> float | None:
    """Return the lowest threshold, in steps of 0.01, that keeps the limit of alerts."""
    steps = (step / 100 for step in range(101))
    return next((t for t in steps if reference_alerts(days, t) <= limit), None)


def shown_days() -> pd.DataFrame:
    """Return the patient-days of site A, as the learner sees them."""
    from rounds.data import load

    days = load("bsi_days").frame()
    return days[days["site"] == "A"]


def fresh_days(seed: int, patients: int = 15, mean: float = 0.2) -> pd.DataFrame:
    """Draw the patient-days of a ward that the learner has never seen."""
    import numpy as np
    import pandas as pd

    rng, number = np.random.default_rng(seed), patients * 40
    return pd.DataFrame(
        {
            "ward": rng.choice(["X1", "X2"], number),
            "calendar_day": rng.integers(1, 21, number),
            "warning_score": rng.beta(2, 2 / mean - 2, number).round(3),
            "bsi_next_48h": rng.random(number) < 0.03,
        }
    )


def boundary_days() -> pd.DataFrame:
    """Return one ward-day with ten patients whose scores are 0.05, 0.15, ... 0.95."""
    import pandas as pd

    scores = [step / 100 for step in range(5, 100, 10)]
    return pd.DataFrame({"ward": "X1", "calendar_day": 1, "warning_score": scores})


def _ask_ppv_values(answer: Any) -> str | None:
    if not 0 <= float(hidden.call(answer, 0.9, 0.95, 0.001)) <= 1:
        return "ppv returns a number outside 0 to 1: all shares are between 0 and 1."
    first, second = hidden.call(answer, 0.9, 0.95, 0.001), hidden.call(answer, 0.8, 0.9, 0.2)
    if hidden.agrees(first, 0.9) and hidden.agrees(second, 0.8):
        return "ppv returns the sensitivity: the false alarms are not counted yet."
    if hidden.agrees(second, 0.8 * 0.2 / (0.8 * 0.2 + (1 - 0.9)), 1e-6):
        return "The false alarms come from the well people only: multiply with 1 - prev too."
    if hidden.agrees(second, 0.8 * 0.2 / (0.8 * 0.2 + 0.9 * 0.8), 1e-6):
        return "The specificity counts well people without an alarm: use 1 - spec for false alarms."
    right = hidden.agrees(first, reference_ppv(0.9, 0.95, 0.001), 1e-6)
    right = right and hidden.agrees(second, reference_ppv(0.8, 0.9, 0.2), 1e-6)
    return None if right else "ppv is not right yet: true alarms are divided by all alarms."


def _ask_ppv_shape(answer: Any) -> str | None:
    said = hidden.call(answer, 0.8, 0.9, 0.2)
    if said is None:
        return "ppv returns nothing: end it with a line that begins with return."
    try:
        float(said)
    except (TypeError, ValueError):
        return f"ppv returns something of type {type(said).__name__}; it must return one number."
    return None


def _ask_threshold_shape(answer: Any) -> str | None:
    said = hidden.call(answer, shown_days(), LIMIT)
    if said is None:
        return "lowest_threshold returns nothing: no step of the loop was enough."
    if isinstance(said, bool) or not isinstance(said, int | float):
        return f"lowest_threshold returns a {type(said).__name__}; it must return one threshold."
    if not 0 <= said <= 1:
        return f"lowest_threshold returns {said}; a threshold lies between 0 and 1."
    return None


def _ask_threshold_value(answer: Any) -> str | None:
    days = shown_days()
    said, wanted = float(hidden.call(answer, days, LIMIT)), reference_threshold(days, LIMIT)
    alerts = reference_alerts(days, said)
    if alerts > LIMIT:
        return f"At threshold {said:.2f} the ward gets {alerts:.1f} alerts a day, more than {LIMIT}."
    if not hidden.agrees(said, wanted, 1e-6):
        return f"Threshold {said:.2f} keeps the limit, but a lower one does so too."
    return None


def _put_back(answer: Any) -> str | None:
    implied = reference_ppv(PUBLISHED["sens"], PUBLISHED["spec"], float(answer))
    if abs(implied - PUBLISHED["ppv"]) <= 0.007:
        return None
    return f"Put back into the formula, your prevalence gives PPV {implied:.3f}, not 0.189."


def _ask_prevalence_unit(answer: Any) -> str | None:
    if 0 < float(answer) < 1:
        return None
    return "A prevalence here is a share between 0 and 1: write 0.2 for 20 percent."


E1 = Exercise(
    id="e1",
    title="Count people, not percentages",
    reads="chance_percent",
    points=2,
    visible=(
        is_number("chance_percent", "12.5"),
        is_none_of(
            {
                95: "95 is how often well people test negative; count the sick among the positive.",
                90: "90 is the sensitivity: it starts from the sick, we start from the positive.",
                5: "5 is how often well people test positive; we ask who is sick among the positive.",
                0.1: "0.1 percent is the chance before the test; now the test is positive.",
            },
            0.05,
        ),
        is_none_of(
            {1.96: "You are close, but here the test finds 90 of 100 sick people, not all of them."},
            0.03,
        ),
        is_none_of({0.0177: "This is a share; multiply by 100, because chance_percent is in percent."}, 0.002),
        is_close(
            90 / 50.85 - 0.5,
            90 / 50.85 + 0.5,
            "The chance is larger: count the sick positives among all positives.",
            "The chance is smaller: count all positives, also the many who are well.",
        ),
    ),
    hidden=(
        Rung(
            "meaning",
            lambda answer: (
                None
                if abs(float(answer) - 90 / 50.85) <= 0.25
                else "The percentage is near, but it does not use all three numbers of the text."
            ),
        ),
    ),
    hint="Of 100,000 people 100 are sick and 99,900 are well. How many of each test positive?",
    worked_line="chance_percent = 100 * 90 / (90 + 0.05 * 99_900)",
)

E2 = Exercise(
    id="e2",
    title="The predictive value as a function",
    reads="ppv",
    points=2,
    visible=(
        is_function("ppv", "ppv(sens, spec, prev)"),
        Rung("shape", _ask_ppv_shape),
        Rung("values", _ask_ppv_values),
    ),
    hidden=(
        Rung(
            "values",
            lambda answer: hidden.h8_boundary(answer, (((0.8, 0.9, 0), 0.0), ((0.8, 0.9, 1), 1.0), ((1, 1, 0.3), 1.0))),
        ),
        Rung(
            "meaning",
            lambda answer: hidden.h11_reference(
                answer,
                reference_ppv,
                [(se, sp, pr) for se in (0.3, 0.99) for sp in (0.2, 0.97) for pr in (0.004, 0.6)],
            ),
        ),
    ),
    hint="A false alarm is a person who is well (1 - prev) and tests positive (1 - spec).",
    worked_line="false_alarms = (1 - spec) * (1 - prev)",
)

E3 = Exercise(
    id="e3",
    title="The prevalence behind a published score",
    reads="prevalence",
    points=2,
    visible=(
        is_number("prevalence", "0.2"),
        is_none_of({10.5: "The size is right, the unit is not: write a share, so 20 percent is 0.2."}, 0.6),
        Rung("values", _ask_prevalence_unit),
        is_none_of(
            {0.189: "0.189 is the published PPV; the prevalence is what the score began with."},
            0.0005,
        ),
        is_close(
            0.100,
            0.110,
            "The prevalence is larger: yours gives a PPV below 0.189.",
            "The prevalence is smaller: yours gives a PPV above 0.189.",
        ),
    ),
    hidden=(Rung("meaning", _put_back),),
    hint="Call ppv(0.783, 0.607, 0.05). Is the result above or below 0.189? Move and try again.",
    worked_line="for prev in (0.05, 0.08, 0.10, 0.12): print(prev, ppv(0.783, 0.607, prev))",
)

E4 = Exercise(
    id="e4",
    title="A threshold that the ward can bear",
    reads="lowest_threshold",
    points=2,
    visible=(
        is_function("lowest_threshold", "lowest_threshold(days, limit)"),
        Rung("shape", _ask_threshold_shape),
        Rung("values", _ask_threshold_value),
    ),
    hidden=(
        Rung(
            "values",
            lambda answer: hidden.h1_fresh_draw(
                answer,
                reference_threshold,
                [(fresh_days(seed), limit) for seed, limit in ((1, 3), (2, 10), (3, 1))],
            ),
        ),
        Rung("values", lambda answer: hidden.h5_row_order(answer, fresh_days(4), 5)),
        Rung("values", lambda answer: hidden.h6_input_kept(answer, fresh_days(5), 5)),
        Rung(
            "meaning",
            lambda answer: hidden.h8_boundary(answer, (((boundary_days(), 10), 0.0), ((boundary_days(), 9), 0.06))),
        ),
    ),
    hint="Compare alerts with limit. Exactly as many alerts as the limit are still allowed.",
    worked_line="enough = alerts <= limit",
)

F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="share_of_alerts",
    visible=(
        is_number("share_of_alerts", "0.25"),
        is_close(
            0.0340,
            0.0430,
            "Too small: divide the true alerts by all alerts, true and false.",
            "Too large: count the false alerts with ~infected, then divide by all alerts.",
        ),
    ),
    hidden=(),
    hint="All alerts are true_alerts + false_alerts.",
    worked_line="share_of_alerts = true_alerts / (true_alerts + false_alerts)",
)

LESSON = Lesson(
    id="a3",
    title="The report card of a classifier",
    assignment="a3-report-card",
    exercises=(E1, E2, E3, E4, F1),
    questions=QUESTIONS,
)
