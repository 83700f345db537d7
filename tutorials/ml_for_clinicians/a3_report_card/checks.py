"""A3, the report card of a classifier: base rates, predictive value, threshold, alerts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.ladder import Mistake, Rung, recognise
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
    """Return the patient-days of site A, as the learner sees them; who changes them takes a copy."""
    return _site_a()


@cache
def _shown_threshold() -> float | None:
    return reference_threshold(shown_days(), LIMIT)


PPV_OTHERWISE = "ppv is not right yet: true alarms are divided by all alarms, true and false."
CASES = ((0.9, 0.95, 0.001), (0.8, 0.9, 0.2), (0.7, 0.6, 0.4))


def _with_false(false_alarms: Callable[[float, float, float], float]) -> Callable[[Any], bool]:
    """Return the property that the recipe takes this for the false alarms."""

    def other(sens: float, spec: float, prev: float) -> float:
        alarms = sens * prev + false_alarms(sens, spec, prev)
        return sens * prev / alarms if alarms else 0.0

    return properties.agrees_with(other, CASES)


def _is_no_share(answer: Any) -> bool:
    return not all(0 <= float(properties.call(answer, *case)) <= 1 for case in CASES)


HUNDRED = "Shares run from 0 to 1 here: the whole is 1, and not 100."
OF_HUNDRED: tuple[Callable[[float, float, float], float], ...] = (
    lambda sens, spec, prev: (100 - spec) * (100 - prev),
    lambda sens, spec, prev: (100 - spec) * (1 - prev),
    lambda sens, spec, prev: (1 - spec) * (100 - prev),
    lambda sens, spec, prev: (100 - spec) * prev,
    lambda sens, spec, prev: 100 - spec,
    lambda sens, spec, prev: 100 - prev,
)
PPV_MISTAKES = (
    Mistake(
        "sensitivity",
        properties.agrees_with(lambda sens, spec, prev: sens, CASES),
        "ppv returns the sensitivity: the false alarms, well people who test positive, are not counted yet.",
    ),
    Mistake(
        "no-false-alarms",
        properties.agrees_with(lambda sens, spec, prev: 1.0, CASES),
        "ppv is always 1, as if no alarm were false. Count the well people who test positive.",
    ),
    Mistake(
        "rate-alone",
        _with_false(lambda sens, spec, prev: 1 - spec),
        "The false alarms come from the well people only: multiply with 1 - prev too.",
    ),
    Mistake(
        "well-alone",
        _with_false(lambda sens, spec, prev: 1 - prev),
        "Not every well person tests positive: multiply 1 - prev with the share that does.",
    ),
    Mistake(
        "rightly-quiet",
        _with_false(lambda sens, spec, prev: spec * (1 - prev)),
        "The specificity counts well people without an alarm: use 1 - spec for false alarms.",
    ),
    Mistake(
        "of-the-sick",
        _with_false(lambda sens, spec, prev: (1 - spec) * prev),
        "A false alarm is a well person. You multiplied with prev, which is the share of the sick.",
    ),
    Mistake(
        "spec-of-the-sick",
        _with_false(lambda sens, spec, prev: spec * prev),
        "A false alarm is a well person who tests positive: neither spec nor prev counts those.",
    ),
    Mistake(
        "missed-of-the-well",
        _with_false(lambda sens, spec, prev: (1 - sens) * (1 - prev)),
        "1 - sens says how many sick are missed. For the well people use the specificity.",
    ),
    Mistake(
        "sens-of-the-well",
        _with_false(lambda sens, spec, prev: sens * (1 - prev)),
        "sens says how often sick people test positive. For the well people use the specificity.",
    ),
    Mistake(
        "no-true-alarm",
        _with_false(lambda sens, spec, prev: 1 - sens * prev),
        "Here everybody who is no true alarm counts as a false one. Count well people who test positive only.",
    ),
    *(Mistake("of-hundred", _with_false(other), HUNDRED) for other in OF_HUNDRED),
    Mistake(
        "divided",
        _with_false(lambda sens, spec, prev: (1 - spec) / (1 - prev)),
        "You divided by 1 - prev. To be well and to test positive are two shares: multiply them.",
    ),
    Mistake(
        "added",
        _with_false(lambda sens, spec, prev: (1 - spec) + (1 - prev)),
        "To be well and to test positive are two shares: multiply them, do not add.",
    ),
    Mistake(
        "brackets",
        _with_false(lambda sens, spec, prev: 1 - spec * 1 - prev),
        "Python multiplies before it takes away. Put round brackets around 1 - spec, and around 1 - prev.",
    ),
    Mistake(
        "brackets",
        _with_false(lambda sens, spec, prev: 1 - spec * (1 - prev)),
        "Python multiplies before it takes away. Put round brackets around 1 - spec too.",
    ),
    Mistake(
        "brackets",
        _with_false(lambda sens, spec, prev: (1 - spec) * 1 - prev),
        "Python multiplies before it takes away. Put round brackets around 1 - prev too.",
    ),
    Mistake(
        "percent",
        properties.agrees_with(lambda sens, spec, prev: 100 * reference_ppv(sens, spec, prev), CASES),
        "ppv returns a number outside 0 to 1, in percent: leave out the 100.",
    ),
    Mistake("no-share", _is_no_share, "ppv returns a number outside 0 to 1: all shares are between 0 and 1."),
    Mistake(
        "spec-unused",
        properties.ignores([(0.8, spec, 0.2) for spec in (0.5, 0.7, 0.9)]),
        "The result is the same for every spec. The false alarms must follow from the name spec of this recipe.",
    ),
    Mistake(
        "prev-unused",
        properties.ignores([(0.8, 0.9, prev) for prev in (0.1, 0.3, 0.6)]),
        "The result is the same for every prev. The share of the sick must count.",
    ),
)


def _is_right_ppv(answer: Any) -> bool:
    return properties.agrees_with(reference_ppv, CASES)(answer)


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


def small_ward(scores: int = 4) -> pd.DataFrame:
    """Return one ward-day with some patients, whose scores are 0.10, 0.20, and so on."""
    import pandas as pd

    return pd.DataFrame({"ward": "X", "calendar_day": 1, "warning_score": [n / 10 for n in range(1, scores + 1)]})


@cache
def quiet_ward() -> pd.DataFrame:
    """Return one ward-day with twenty low scores, 0.01 to 0.20: a learner's loop stops after a few steps."""
    import pandas as pd

    return pd.DataFrame({"ward": "X", "calendar_day": 1, "warning_score": [n / 100 for n in range(1, 21)]})


def _is_first_step(answer: Any) -> bool:
    return all(properties.agrees(properties.call(answer, quiet_ward(), limit), 0.0) for limit in (LIMIT, 8))


def _stops_under_the_limit(answer: Any) -> bool:
    """Say whether the first step is enough where it has fewer alerts than the limit."""
    return properties.agrees(properties.call(answer, quiet_ward(), 25), 0.0)


def _ignores_limit(answer: Any) -> bool:
    return properties.ignores([(quiet_ward(), limit) for limit in (LIMIT, 8, 16)])(answer)


def _is_one_too_high(answer: Any) -> bool:
    """Say whether as many alerts as the limit count as too many."""
    return properties.agrees(properties.call(answer, small_ward(), 2), 0.31)


def _say_alerts(answer: Any) -> str:
    said = float(properties.call(answer, shown_days(), LIMIT))
    alerts = reference_alerts(shown_days(), said)
    return f"At threshold {said:.2f} the ward gets {alerts:.1f} alerts a day, more than {LIMIT}."


def _has_too_many(answer: Any) -> bool:
    return reference_alerts(shown_days(), float(properties.call(answer, shown_days(), LIMIT))) > LIMIT


def _say_lower(answer: Any) -> str:
    said = float(properties.call(answer, shown_days(), LIMIT))
    return f"Threshold {said:.2f} keeps the limit, but a lower one does so too."


THRESHOLD_MISTAKES = (
    Mistake(
        "equal-only",
        lambda answer: properties.call(answer, small_ward(), 2.5) is None,
        "The loop stops only where the alerts are exactly the limit. Fewer alerts keep the limit too.",
    ),
    Mistake(
        "turned-round",
        lambda answer: _is_first_step(answer) and not _stops_under_the_limit(answer),
        "It stops where the alerts are above the limit, so at threshold 0.00 already. Turn the sign round.",
    ),
    Mistake(
        "always-enough",
        _is_first_step,
        "It stops at threshold 0.00, whatever the alerts are. Compare alerts with limit. "
        "Write no quotes: Python takes any text as true.",
    ),
    Mistake(
        "limit-unused",
        _ignores_limit,
        "The result is the same for every limit. Compare alerts with the name limit, not with a number.",
    ),
    Mistake("too-many", _has_too_many, _say_alerts),
    Mistake(
        "limit-itself",
        _is_one_too_high,
        "As many alerts as the limit are still allowed, and a lower threshold gives those too. Which sign says that?",
    ),
    Mistake(
        "too-few",
        lambda answer: not properties.agrees(properties.call(answer, shown_days(), LIMIT), _shown_threshold(), 1e-6),
        _say_lower,
    ),
    properties.changes_table("lowest_threshold", lambda: (shown_days(), LIMIT)),
)


def _is_column(answer: Any) -> bool:
    return hasattr(answer, "to_numpy") and answer.size > 1


def _counts_no_false(answer: Any) -> bool:
    """Say whether a count was divided by itself plus True or False: the shares are 1, and a little less than 1."""
    if not _is_column(answer) or answer.dtype.kind != "f":
        return False
    low, high = float(answer.min()), float(answer.max())
    return high == 1 and 0.9 < low < 1 and answer.nunique() == 2


COLUMN_MISTAKES = (
    Mistake(
        "false-not-counted",
        _counts_no_false,
        "false_alerts is a whole column of True and False. Count it, as the line above does with true_alerts.",
    ),
    Mistake(
        "not-counted",
        _is_column,
        "share_of_alerts is a whole column. A .sum() is missing in it, or in a line above it.",
    ),
)

E1 = Exercise(
    id="e1",
    title="Count people, not percentages",
    reads="chance_percent",
    points=2,
    visible=(is_number("chance_percent", "12.5"),),
    hint="First count the sick people who test positive, then the well ones. All positive people are both together.",
    worked_line="With 1 in 4 sick, 80 % found and 10 % false: 100 * 20_000 / (20_000 + 0.10 * 75_000) is 73",
)

E2 = Exercise(
    id="e2",
    title="The predictive value as a function",
    reads="ppv",
    points=2,
    visible=(
        is_function("ppv", "ppv(sens, spec, prev)"),
        Rung("shape", _ask_ppv_shape),
        recognise("values", *PPV_MISTAKES, right=_is_right_ppv, otherwise=PPV_OTHERWISE),
    ),
    hint="A false alarm is a well person who tests positive. Which share is well? Which part of these tests positive?",
    worked_line="missed_share = (1 - sens) * prev  # sick people who test negative",
)

E3 = Exercise(
    id="e3",
    title="The prevalence behind a published score",
    reads="prevalence",
    points=2,
    visible=(is_number("prevalence", "0.2"),),
    hint="Call ppv(0.783, 0.607, 0.05). Is the result above or below 0.189? Move and try again.",
    worked_line="For sens 0.9, spec 0.8 and PPV 0.5: ppv(0.9, 0.8, 0.20) is 0.53 and ppv(0.9, 0.8, 0.18) is 0.50",
)

E4 = Exercise(
    id="e4",
    title="A threshold that the ward can bear",
    reads="lowest_threshold",
    points=2,
    visible=(
        is_function("lowest_threshold", "lowest_threshold(days, limit)"),
        Rung("shape", _ask_threshold_shape),
        recognise("values", *THRESHOLD_MISTAKES),
    ),
    hint="Compare alerts with limit. Exactly as many alerts as the limit are still allowed.",
    worked_line="is_young = age < oldest  # true below oldest; at oldest itself it is false",
)

F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="share_of_alerts",
    visible=(
        recognise("type", *COLUMN_MISTAKES),
        is_number("share_of_alerts", "0.25"),
    ),
    hint="All alerts are true_alerts + false_alerts.",
    worked_line="share_of_misses = missed / (missed + true_alerts)  # of mornings before an infection",
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
    "You moved only the prevalence. What stayed as it was, but for a few percent?",
    (
        "The sensitivity",
        "The predictive value",
        "The alerts per day",
    ),
)
Q2 = Question(
    "q2",
    "A model for an infection on 2 % of days has AUROC 0.90. What do you know?",
    (
        "90 % of its alerts are true",
        "It ranks a day with infection above a day without in 90 % of pairs",
        "It finds 90 % of the days with infection",
    ),
)

TITLE = "The report card of a classifier"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
