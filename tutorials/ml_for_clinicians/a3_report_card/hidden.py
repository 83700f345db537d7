"""What is checked when A3 is handed in; this file never enters a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_close, near

from .checks import PUBLISHED, reference_ppv, reference_threshold

if TYPE_CHECKING:
    import pandas as pd


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


def _put_back(answer: Any) -> str | None:
    implied = reference_ppv(PUBLISHED["sens"], PUBLISHED["spec"], float(answer))
    if abs(implied - PUBLISHED["ppv"]) <= 0.007:
        return None
    return f"Put back into the formula, your prevalence gives PPV {implied:.3f}, not 0.189."


CHANCE = 100 * 900 / 5850  # of 100,000 people: 1,000 sick, 99,000 well
CHANCE_OTHERWISE = "This does not use all three numbers of the text: count the sick among all who test positive."
CHANCE_MISTAKES = (
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


PREVALENCE_MISTAKES = (
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
        is_close(
            0.0340,
            0.0430,
            "Too small: divide the true alerts by all alerts, true and false.",
            "Too large: count the false alerts with ~infected, then divide by all alerts.",
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
        "The ROC point",
        (
            "It uses the sick and the well one by one.",
            "Precision mixes sick and well, so it moved.",
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
