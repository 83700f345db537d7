"""What is checked when A3 is handed in; this file never enters a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.ladder import Rung

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


HIDDEN = {
    "e1": (
        Rung(
            "meaning",
            lambda answer: (
                None
                if abs(float(answer) - 90 / 50.85) <= 0.25
                else "The percentage is near, but it does not use all three numbers of the text."
            ),
        ),
    ),
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
    "e3": (Rung("meaning", _put_back),),
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
}
