"""A3, the report card of a classifier: base rates, predictive value, threshold, alerts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.ladder import Rung
from rounds.lessons.numbers import is_function, is_number

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


@cache
def _site_a() -> pd.DataFrame:
    from rounds.data import load

    days = load("bsi_days").frame()
    return days[days["site"] == "A"]


def shown_days() -> pd.DataFrame:
    """Return the patient-days of site A, as the learner sees them."""
    return _site_a().copy()


@cache
def _shown_threshold() -> float | None:
    return reference_threshold(shown_days(), LIMIT)


def _ask_ppv_values(answer: Any) -> str | None:
    if not 0 <= float(properties.call(answer, 0.9, 0.95, 0.001)) <= 1:
        return "ppv returns a number outside 0 to 1: all shares are between 0 and 1."
    first, second = properties.call(answer, 0.9, 0.95, 0.001), properties.call(answer, 0.8, 0.9, 0.2)
    if properties.agrees(first, 0.9) and properties.agrees(second, 0.8):
        return "ppv returns the sensitivity: the false alarms are not counted yet."
    if properties.agrees(second, 0.8 * 0.2 / (0.8 * 0.2 + (1 - 0.9)), 1e-6):
        return "The false alarms come from the well people only: multiply with 1 - prev too."
    if properties.agrees(second, 0.8 * 0.2 / (0.8 * 0.2 + 0.9 * 0.8), 1e-6):
        return "The specificity counts well people without an alarm: use 1 - spec for false alarms."
    right = properties.agrees(first, reference_ppv(0.9, 0.95, 0.001), 1e-6)
    right = right and properties.agrees(second, reference_ppv(0.8, 0.9, 0.2), 1e-6)
    return None if right else "ppv is not right yet: true alarms are divided by all alarms."


def _ask_ppv_shape(answer: Any) -> str | None:
    said = properties.call(answer, 0.8, 0.9, 0.2)
    if said is None:
        return "ppv returns nothing: end it with a line that begins with return."
    try:
        float(said)
    except (TypeError, ValueError):
        return f"ppv returns something of type {type(said).__name__}; it must return one number."
    return None


def _ask_threshold_shape(answer: Any) -> str | None:
    said = properties.call(answer, shown_days(), LIMIT)
    if said is None:
        return "lowest_threshold returns nothing: no step of the loop was enough."
    if isinstance(said, bool) or not isinstance(said, int | float):
        return f"lowest_threshold returns a {type(said).__name__}; it must return one threshold."
    if not 0 <= said <= 1:
        return f"lowest_threshold returns {said}; a threshold lies between 0 and 1."
    return None


def _ask_threshold_value(answer: Any) -> str | None:
    days = shown_days()
    said, wanted = float(properties.call(answer, days, LIMIT)), _shown_threshold()
    alerts = reference_alerts(days, said)
    if alerts > LIMIT:
        return f"At threshold {said:.2f} the ward gets {alerts:.1f} alerts a day, more than {LIMIT}."
    if not properties.agrees(said, wanted, 1e-6):
        return f"Threshold {said:.2f} keeps the limit, but a lower one does so too."
    return None


E1 = Exercise(
    id="e1",
    title="Count people, not percentages",
    reads="chance_percent",
    points=2,
    visible=(is_number("chance_percent", "12.5"),),
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
    hint="A false alarm is a person who is well (1 - prev) and tests positive (1 - spec).",
    worked_line="false_alarms = (1 - spec) * (1 - prev)",
)

E3 = Exercise(
    id="e3",
    title="The prevalence behind a published score",
    reads="prevalence",
    points=2,
    visible=(is_number("prevalence", "0.2"),),
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
    hint="Compare alerts with limit. Exactly as many alerts as the limit are still allowed.",
    worked_line="enough = alerts <= limit",
)

F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="share_of_alerts",
    visible=(is_number("share_of_alerts", "0.25"),),
    hint="All alerts are true_alerts + false_alerts.",
    worked_line="share_of_alerts = true_alerts / (true_alerts + false_alerts)",
)

S1 = Question(
    "s1",
    "A ward has 50 patients. 10 have an infection. What is the prevalence?",
    (
        "10 %",
        "20 %",
        "25 %",
    ),
)
S2 = Question(
    "s2",
    "A test finds 8 of the 10 infections. What is this share called?",
    (
        "Sensitivity",
        "Specificity",
        "Predictive value",
    ),
)
Q1 = Question(
    "q1",
    "You moved only the prevalence. What stayed as it was?",
    (
        "The ROC point",
        "The precision-recall point",
        "The alerts per day",
    ),
)
Q2 = Question(
    "q2",
    "A model for an infection on 2 % of days has AUROC 0.90. What do you know?",
    (
        "90 % of its alerts are true",
        "It ranks a day with infection above a day without in 90 % of pairs",
        "It finds 90 % of infections",
    ),
)

TITLE = "The report card of a classifier"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
