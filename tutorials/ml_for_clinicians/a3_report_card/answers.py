"""What learners write in A3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Wrong

from .checks import reference_alerts, reference_ppv, reference_threshold

if TYPE_CHECKING:
    import pandas as pd


def _dots(sens: float, spec: float, prev: float) -> Any:
    false_alarms: Any = ...
    return sens * prev / (sens * prev + false_alarms)


def _loop(enough: Any) -> Any:
    """Return the loop of exercise 4 with another condition in its gap."""

    def lowest_threshold(days: pd.DataFrame, limit: float) -> float | None:
        steps = (step / 100 for step in range(101))
        return next((t for t in steps if enough(reference_alerts(days, t), limit)), None)

    return lowest_threshold


def _all_alerts(days: pd.DataFrame, limit: float) -> float | None:
    """Count the alerts of all days together."""
    steps = (step / 100 for step in range(101))
    return next((t for t in steps if (days["warning_score"] >= t).sum() <= limit), None)


def _spoiling(days: pd.DataFrame, limit: float) -> float | None:
    """Find the right threshold, but leave a column behind."""
    days["alert"] = days["warning_score"] >= 0.5
    return reference_threshold(days, limit)


EXAMPLES = {
    "e1": Examples(
        right=(100 * 90 / 5085, 1.8, 1.77),
        stub=...,
        wrong=(
            Wrong(95, "well people test negative"),
            Wrong(5, "well people test positive"),
            Wrong(0.1, "before the test"),
            Wrong(90, "the sensitivity"),
            Wrong(0.0177, "multiply by 100"),
            Wrong(1.96, "not all of them"),
            Wrong("1.8", "type str"),
            Wrong(47, "smaller"),
            Wrong(2.2, "all three numbers"),
        ),
    ),
    "e2": Examples(
        right=(reference_ppv, lambda a, b, c: 1 / (1 + (1 - b) * (1 - c) / (a * c)) if c else 0),
        stub=_dots,
        wrong=(
            Wrong(lambda sens, spec, prev: sens, "returns the sensitivity"),
            Wrong(lambda a, b, c: a * c / (a * c + 1 - b), "multiply with 1 - prev"),
            Wrong(lambda a, b, c: a * c / (a * c + b * (1 - c)), "use 1 - spec"),
            Wrong(lambda a, b, c: None, "returns nothing"),
            Wrong(0.0177, "not a function"),
            Wrong(lambda a, b, c: 100 * reference_ppv(a, b, c), "outside 0 to 1"),
            Wrong(lambda a, b, c: round(reference_ppv(a, b, c), 7), "our own", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(0.105, 0.1047, 0.11 - 0.005),
        stub=...,
        wrong=(
            Wrong(0.189, "published PPV"),
            Wrong(10.5, "write a share"),
            Wrong(0.2, "smaller"),
            Wrong(0.05, "larger"),
            Wrong("10%", "type str"),
            Wrong(0.1001, "Put back"),
        ),
    ),
    "e4": Examples(
        right=(reference_threshold, _loop(lambda alerts, limit: not alerts > limit)),
        stub=_loop(lambda alerts, limit: ...),
        wrong=(
            Wrong(_loop(lambda alerts, limit: alerts >= limit), "more than 3"),
            Wrong(_loop(lambda alerts, limit: alerts < 1), "a lower one does so too"),
            Wrong(_all_alerts, "a lower one does so too"),
            Wrong(_loop(lambda alerts, limit: False), "returns nothing"),
            Wrong(_loop(lambda alerts, limit: alerts <= 3), "fresh table", hidden=True),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
}
