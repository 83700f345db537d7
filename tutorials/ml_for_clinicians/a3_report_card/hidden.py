"""What is checked when A3 is handed in; this file never enters a room."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_close, near

from .checks import PUBLISHED, reference_ppv, reference_threshold, shown_days

if TYPE_CHECKING:
    import pandas as pd


@cache
def fresh_days(seed: int, patients: int = 15, mean: float = 0.06) -> pd.DataFrame:
    """Draw the patient-days of a ward that nobody saw; their scores are low, so that a loop over them is short."""
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


def _put_back(answer: Any) -> str | None:
    implied = reference_ppv(PUBLISHED["sens"], PUBLISHED["spec"], float(answer))
    if abs(implied - PUBLISHED["ppv"]) <= 0.007:
        return None
    way = "larger" if implied < PUBLISHED["ppv"] else "smaller"
    return f"Put back into the formula, your prevalence gives PPV {implied:.3f}, not 0.189. Try a {way} one."


CHANCE = 100 * 900 / 5850  # of 100,000 people: 1,000 sick, 99,000 well
CHANCE_OTHERWISE = (
    "Not this chance yet. How many sick people test positive, how many well ones? Then start from both together."
)
CHANCE_MISTAKES = (
    Mistake(
        "well-of-all",
        near(100 * 900 / 5900, 0.006),
        "You took 5 % of all 100,000 people. Only the 99,000 well people can be well and positive.",
    ),
    Mistake(
        "well-negative",
        lambda answer: near(100 * 900 / 94_950, 0.004)(answer) or near(100 * 900 / 95_900, 0.004)(answer),
        "You counted the well people who test negative. Which part of the well people tests positive?",
    ),
    Mistake(
        "all-well-positive",
        near(100 * 900 / 99_900, 0.0004),
        "You counted all 99,000 well people as positive. Only a part of them tests positive.",
    ),
    Mistake(
        "sick-not-found",
        near(100 * 900 / 5950, 0.006),
        "You divided by all sick people. Some of them test negative, and we start from those who test positive.",
    ),
    Mistake(
        "missed",
        near(100 * 100 / 5050, 0.006),
        "You counted the sick people who test negative. Start from the sick who test positive.",
    ),
    Mistake(
        "specificity", near(95, 0.2), "95 is how often well people test negative; count the sick among the positive."
    ),
    Mistake(
        "sensitivity", near(90, 0.6), "90 is the sensitivity: it starts from the sick, we start from the positive."
    ),
    Mistake(
        "false-rate", near(5, 0.05), "5 is how often well people test positive; we ask who is sick among the positive."
    ),
    Mistake("prevalence", near(1, 0.02), "1 percent is the chance before the test; now the test is positive."),
    Mistake(
        "share", near(CHANCE / 100, 0.003), "This is a share; multiply by 100, because chance_percent is in percent."
    ),
    Mistake(
        "odds",
        near(100 * 900 / 4950, 0.4),
        "You divided by the well people who test positive. Divide by all who do, the sick ones too.",
    ),
    Mistake(
        "all-found",
        near(100 * 1000 / 5950, 0.4),
        "You are close, but here the test finds 90 of 100 sick people, not all of them.",
    ),
    Mistake(
        "difference", near(85, 0.2), "You took 5 from 90. The two shares are of different people: count people first."
    ),
    Mistake(
        "percentages",
        near(100 * 90 / 95, 0.4),
        "You mixed the percentages 90 and 5. There are many more well people than sick ones: count people.",
    ),
    Mistake(
        "all-positive",
        near(5.85, 0.03),
        "This is the share of all people who test positive. How many of those are sick?",
    ),
    Mistake(
        "of-everybody",
        near(0.9, 0.02),
        "You divided by all 100,000 people. Start from those who test positive.",
    ),
    Mistake("complement", near(100 - CHANCE, 0.4), "This is the chance that the person is well. We ask for the sick."),
    Mistake(
        "count",
        lambda answer: float(answer) in (900, 4950, 5850, 1000, 99000),
        "This is a number of people. Divide by all who test positive, then multiply by 100.",
    ),
    Mistake(
        "rounded",
        lambda answer: 0.25 < abs(float(answer) - CHANCE) <= 0.5,
        "Near, but rounded too far: keep one number behind the point.",
    ),
)


def _is_outside(answer: Any) -> bool:
    return not 0 < float(answer) < 1


def _is_result(answer: Any) -> bool:
    """Say whether the number is what the recipe gives for one of the usual tries, and no try itself."""
    value = float(answer)
    tries = (step / 200 for step in range(1, 200))
    given = (reference_ppv(PUBLISHED["sens"], PUBLISHED["spec"], prev) for prev in tries)
    return round(value, 4) != value and any(abs(value - one) < 1e-9 for one in given)


PREVALENCE_MISTAKES = (
    Mistake(
        "result",
        _is_result,
        "This is what ppv gives back, and that is a predictive value. The prevalence is the third number you put in.",
    ),
    Mistake("percent", near(10.5, 0.6), "The size is right, the unit is not: write a share, so 20 percent is 0.2."),
    Mistake("outside", _is_outside, "A prevalence here is a share between 0 and 1: write 0.2 for 20 percent."),
    Mistake("ppv", near(0.189, 0.0005), "0.189 is the published PPV; the prevalence is what the score began with."),
    Mistake("sensitivity", near(0.783, 0.0005), "0.783 is the sensitivity of the paper. The prevalence is not in it."),
    Mistake("specificity", near(0.607, 0.0005), "0.607 is the specificity of the paper. The prevalence is not in it."),
    Mistake("complement", near(0.895, 0.006), "This is the share of patients who stayed well. We ask for the others."),
    Mistake(
        "first-try", near(0.2, 1e-9), "0.20 was the first try, and smaller is right: yours gives a PPV above 0.189."
    ),
    Mistake(
        "swapped",
        near(0.0769, 0.0006),
        "The prevalence is larger. In ppv the sensitivity comes first, then the specificity: are they swapped?",
    ),
    Mistake(
        "too-small",
        lambda answer: float(answer) < 0.0995,
        "The prevalence is larger: yours gives a PPV below 0.189.",
    ),
    Mistake(
        "too-large",
        lambda answer: float(answer) > 0.110,
        "The prevalence is smaller: yours gives a PPV above 0.189.",
    ),
)


@cache
def _gaps() -> tuple[dict[str, float], ...]:
    """Return the counts that the boxes make, of the days of site A and of all: a room may hold either."""
    from rounds.data import load

    return tuple(_count(days) for days in (shown_days(), load("bsi_days").frame()))


def _count(days: pd.DataFrame) -> dict[str, float]:
    """Return the counts of the faded example at threshold 0.15, and of the worked one at 0.30."""
    infected, counts = days["bsi_next_48h"], {"days": float(len(days))}
    for name, threshold in (("", 0.15), ("_worked", 0.30)):
        alert = days["warning_score"] >= threshold
        counts[f"true{name}"] = float((alert & infected).sum())
        counts[f"false{name}"] = float((alert & ~infected).sum())
        counts[f"missed{name}"] = float((~alert & infected).sum())
        counts[f"quiet{name}"] = float((~alert & ~infected).sum())
    return counts


def _gives(*shares: Callable[[dict[str, float]], float]) -> Callable[[Any], bool]:
    """Return the property that a number is one of these, made of the counts."""

    def shows(answer: Any) -> bool:
        known = (share(counts) for counts in _gaps() for share in shares)
        return any(math.isclose(float(answer), one, rel_tol=1e-9) for one in known)

    return shows


SHARE_MISTAKES = (
    Mistake(
        "brackets",
        _gives(lambda n: 1 + n["false"], lambda n: 1 + n["false_worked"], lambda n: n["true"] / n["false"] + n["true"]),
        "Python divides before it adds. Put round brackets around the sum below the line.",
    ),
    Mistake(
        "percent",
        _gives(lambda n: 100 * n["true"] / (n["true"] + n["false"])),
        "This is in percent. share_of_alerts is a share between 0 and 1: leave out the 100.",
    ),
    Mistake(
        "false-share",
        _gives(lambda n: n["false"] / (n["true"] + n["false"])),
        "This is the share of alerts that are false. The question is which share is true.",
    ),
    Mistake(
        "worked-share",
        _gives(
            lambda n: n["true_worked"] / (n["true_worked"] + n["false_worked"]),
            lambda n: n["true_worked"] / (n["true_worked"] + n["missed_worked"]),
            lambda n: n["quiet_worked"] / (n["quiet_worked"] + n["false_worked"]),
        ),
        "This is a share of the worked example, at threshold 0.30. Divide again, with the counts of this box.",
    ),
    Mistake(
        "of-infections",
        _gives(lambda n: n["true"] / (n["true"] + n["missed_worked"])),
        "missed are mornings without an alert, and a count of the worked example. "
        "Start from all alerts, true and false.",
    ),
    Mistake(
        "found",
        _gives(lambda n: n["true"] / (n["true"] + n["missed"])),
        "You divided by all mornings before an infection, found and missed. "
        "Start from the alerts, with and without (~) infection.",
    ),
    Mistake(
        "same-twice",
        _gives(lambda n: 0.5),
        "false_alerts has the same number as true_alerts. Those mornings have no infection: ~ means not.",
    ),
    Mistake(
        "by-the-false",
        _gives(lambda n: n["true"] / n["false"]),
        "You divided by the false alerts alone. Divide by all alerts, the true ones too.",
    ),
    Mistake(
        "upside-down",
        _gives(lambda n: (n["true"] + n["false"]) / n["true"], lambda n: n["false"] / n["true"]),
        "The division is the wrong way round: the true alerts are divided by all alerts.",
    ),
    Mistake(
        "quiet-counted",
        _gives(
            lambda n: n["true"] / (n["true"] + n["quiet"]),
            lambda n: n["true"] / (n["true"] + n["quiet_worked"]),
        ),
        "false_alerts counts mornings without an alert. A false alert is an alert without an infection.",
    ),
    Mistake(
        "all-well-counted",
        _gives(lambda n: n["true"] / (n["true"] + n["false"] + n["quiet"])),
        "false_alerts counts every morning without infection. Count those with an alert only.",
    ),
    Mistake(
        "old-false",
        _gives(lambda n: n["true"] / (n["true"] + n["false_worked"])),
        "The false alerts are those of the worked example, at threshold 0.30. Count them again in this box.",
    ),
    Mistake(
        "of-all-days",
        _gives(lambda n: n["true"] / n["days"], lambda n: (n["true"] + n["false"]) / n["days"]),
        "You divided by all mornings. Start from the alerts: which share of them is true?",
    ),
    Mistake(
        "count",
        _gives(lambda n: n["true"], lambda n: n["false"], lambda n: n["true"] + n["false"]),
        "This is a count. Divide the true alerts by all alerts.",
    ),
)

HIDDEN = {
    "e1": (recognise("values", *CHANCE_MISTAKES, right=near(CHANCE, 0.25), otherwise=CHANCE_OTHERWISE),),
    "e2": (
        Rung(
            "values",
            lambda answer: properties.h8_boundary(
                answer, (((0.8, 0.9, 0), 0.0), ((0.8, 0.9, 1), 1.0), ((1, 1, 0.3), 1.0))
            ),
        ),
        Rung(
            "meaning",
            lambda answer: properties.h11_reference(
                answer,
                reference_ppv,
                [(se, sp, pr) for se in (0.3, 0.99) for sp in (0.2, 0.97) for pr in (0.004, 0.6)],
            ),
        ),
    ),
    "e3": (
        recognise("values", *PREVALENCE_MISTAKES),
        Rung("meaning", _put_back),
    ),
    "e4": (
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                answer,
                reference_threshold,
                [(fresh_days(seed), limit) for seed, limit in ((1, 3), (2, 10), (3, 1))],
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(answer, fresh_days(4), 5)),
        Rung("values", lambda answer: properties.h6_input_kept(answer, fresh_days(5), 5)),
        Rung(
            "meaning",
            lambda answer: properties.h8_boundary(answer, (((boundary_days(), 10), 0.0), ((boundary_days(), 9), 0.06))),
        ),
    ),
    "f1": (
        recognise("values", *SHARE_MISTAKES),
        is_close(
            0.0340,
            0.0430,
            "The share is larger: divide the true alerts by all alerts, true and false.",
            "The share is smaller: divide the true alerts by all alerts, true and false.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "20 %",
        (
            "10 is the number of patients; divide it by all 50 patients.",
            "10 of 50 patients is 20 %.",
            "25 % is 10 of the 40 others; divide by all 50 patients.",
        ),
    ),
    "s2": Key(
        "Sensitivity",
        (
            "It starts from the sick: 8 of 10 found.",
            "Specificity starts from the people who are well.",
            "The predictive value starts from the positive tests.",
        ),
    ),
    "q1": Key(
        "The sensitivity",
        (
            "It starts from the mornings before an infection alone. How many others there are does not count.",
            "It starts from the alerts, where both kinds of mornings are mixed, so it moved.",
            "Most alerts are false and come from the well; it moved.",
        ),
    ),
    "q2": Key(
        "It ranks a day with infection above a day without in 90 % of pairs",
        (
            "AUROC says nothing about the share of true alerts.",
            "AUROC is about ranking pairs; ask next for the alerts per true alert.",
            "That is sensitivity, and it needs a threshold.",
        ),
    ),
}
