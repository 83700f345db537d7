"""What learners write in A3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

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


def _ppv(false_alarms: Any) -> Any:
    """Return exercise 2 with something else in its gap."""

    def ppv(sens: float, spec: float, prev: float) -> float:
        true_alarms = sens * prev
        return float(true_alarms / (true_alarms + false_alarms(sens, spec, prev)))

    return ppv


def _long_names(sens: float, spec: float, prev: float) -> float:
    """Use the names of the text in place of those of the recipe."""
    return sens * prev / (sens * prev + (1 - spec) * (1 - prevalence))  # type: ignore[name-defined,no-any-return] # noqa: F821 - as learners write it


def _counting(days: pd.DataFrame, limit: float) -> float:
    """Return the alerts in place of the threshold."""
    return reference_alerts(days, 0.3)


EXAMPLES = {
    "e1": Examples(
        right=(100 * 900 / 5850, 15.4, 15.38, 15.2, 15.3, 100 / 6.5, 15.385),
        stub=...,
        wrong=(
            Wrong(95, "well people test negative"),
            Wrong(5, "well people test positive"),
            Wrong(1, "before the test"),
            Wrong(90, "the sensitivity"),
            Wrong(0.1538, "multiply by 100"),
            Wrong(16.8, "not all of them"),
            Wrong(100 * 900 / 4950, "the sick ones too"),
            Wrong(85, "different people"),
            Wrong(94.7, "count people"),
            Wrong(5.85, "all people who test positive"),
            Wrong(0.9, "all 100,000"),
            Wrong(84.6, "the person is well"),
            Wrong(900, "a number of people"),
            Wrong(5850, "a number of people"),
            Wrong(15, "keep one number"),
            Wrong("15.4", "type str"),
            Wrong("15.4 %", "without quotes"),
            Wrong((15, 4), "a comma inside a number"),
            Wrong(47, "How many sick people"),
            Wrong(100 * 900 / 5900, "5 % of all"),
            Wrong(15.25, "5 % of all"),
            Wrong(100 * 0.9 / (0.9 + 5), "5 % of all"),
            Wrong(900 / (900 + 94050) * 100, "test negative"),
            Wrong(100 * 900 / (900 + 0.95 * 100_000), "test negative"),
            Wrong(0.948, "test negative"),
            Wrong(100 * 900 / (900 + 99_000), "all 99,000 well"),
            Wrong(100 * 900 / 5950, "by all sick people"),
            Wrong(100 * 100 / 5050, "sick people who test negative"),
        ),
    ),
    "e2": Examples(
        right=(
            reference_ppv,
            _ppv(lambda a, b, c: (1 - c) - b * (1 - c)),
            _ppv(lambda a, b, c: (1 - c) * (1 - b)),
            _ppv(lambda a, b, c: 1 - b - c + b * c),
            lambda a, b, c: a * c / (a * c + (1 - b) * (1 - c)) if a * c else 0.0,
            lambda a, b, c: 1 / (1 + (1 - b) * (1 - c) / (a * c)) if c else 0,
        ),
        stub=_dots,
        wrong=(
            Wrong(lambda sens, spec, prev: sens, "returns the sensitivity"),
            Wrong(lambda a, b, c: a * c / (a * c + 1 - b), "multiply with 1 - prev"),
            Wrong(lambda a, b, c: a * c / (a * c + b * (1 - c)), "use 1 - spec"),
            Wrong(_ppv(lambda a, b, c: 0), "no alarm were false"),
            Wrong(_ppv(lambda a, b, c: 1 - c), "Not every well person"),
            Wrong(_ppv(lambda a, b, c: (1 - b) * c), "the share of the sick"),
            Wrong(_ppv(lambda a, b, c: b * c), "neither spec nor prev"),
            Wrong(_ppv(lambda a, b, c: (1 - a) * c), "returns the sensitivity"),
            Wrong(_ppv(lambda a, b, c: (1 - a) * (1 - c)), "use the specificity"),
            Wrong(_ppv(lambda a, b, c: 1 - b + 1 - c), "do not add"),
            Wrong(_ppv(lambda a, b, c: 1 - b * 1 - c), "before it takes away"),
            Wrong(_ppv(lambda a, b, c: 1 - b * (1 - c)), "around 1 - spec too"),
            Wrong(_ppv(lambda a, b, c: (1 - 0.607) * (1 - c)), "the same for every spec"),
            Wrong(_ppv(lambda a, b, c: (1 - b) * 0.9), "true and false"),
            Wrong(_ppv(lambda a, b, c: 1 - a * c), "no true alarm"),
            Wrong(_ppv(lambda a, b, c: a * (1 - c)), "use the specificity"),
            Wrong(_ppv(lambda a, b, c: (100 - b) * (100 - c)), "the whole is 1"),
            Wrong(_ppv(lambda a, b, c: (100 - b) * (1 - c)), "the whole is 1"),
            Wrong(_ppv(lambda a, b, c: 100 - b), "the whole is 1"),
            Wrong(_ppv(lambda a, b, c: (1 - b) / (1 - c)), "multiply them"),
            Wrong(_long_names, 'Did you mean "prev"?'),
            Wrong(lambda a, b, c: 0.5, "the same for every spec"),
            Wrong(lambda a, b, c: None, "returns nothing"),
            Wrong(lambda a, b, c: "0.5 percent", "one number"),
            Wrong(_ppv(lambda a, b, c: unknown), "There is no name"),  # type: ignore[name-defined] # noqa: F821 - as learners write it
            Wrong(_ppv(lambda a, b, c: "five"), "A text and a number"),
            Wrong(0.0177, "not a function"),
            Wrong(lambda a, b, c: 100 * reference_ppv(a, b, c), "outside 0 to 1"),
            Wrong(lambda a, b, c: a * c * 7, "outside 0 to 1"),
            Wrong(lambda a, b, c: round(reference_ppv(a, b, c), 7), "our own", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(0.105, 0.1047, 0.11 - 0.005, 0.1046970, 21 / 200, 0.104),
        stub=...,
        wrong=(
            Wrong(0.189, "published PPV"),
            Wrong(10.5, "write a share"),
            Wrong(0.2, "smaller"),
            Wrong(0.05, "larger"),
            Wrong("10%", "type str"),
            Wrong(0.1001, "Try a larger one"),
            Wrong(0.783, "the sensitivity"),
            Wrong(0.607, "the specificity"),
            Wrong(0.895, "stayed well"),
            Wrong(20, "between 0 and 1"),
            Wrong(0.12, "smaller"),
            Wrong(reference_ppv(0.783, 0.607, 0.20), "what ppv gives back"),
            Wrong(reference_ppv(0.783, 0.607, 0.10), "what ppv gives back"),
            Wrong(reference_ppv(0.783, 0.607, 0.055), "what ppv gives back"),
            Wrong(0.077, "are they swapped"),
            Wrong(0.13, "smaller"),
            Wrong((0, 105), "a comma inside a number"),
            Wrong(reference_ppv, "is a function"),
            Wrong(0, "between 0 and 1"),
        ),
    ),
    "e4": Examples(
        right=(
            reference_threshold,
            _loop(lambda alerts, limit: not alerts > limit),
            _loop(lambda alerts, limit: limit >= alerts),
            _loop(lambda alerts, limit: limit - alerts >= 0),
            _loop(lambda alerts, limit: alerts < limit or alerts == limit),
        ),
        stub=_loop(lambda alerts, limit: ...),
        wrong=(
            Wrong(_loop(lambda alerts, limit: alerts >= limit), "Turn the sign round"),
            Wrong(_loop(lambda alerts, limit: alerts > limit), "Turn the sign round"),
            Wrong(_loop(lambda alerts, limit: True), "stops at threshold 0.00"),
            Wrong(_loop(lambda alerts, limit: "alerts <= limit"), "takes any text as true"),
            Wrong(_loop(lambda alerts, limit: alerts), "stops at threshold 0.00"),
            Wrong(_loop(lambda alerts, limit: limit), "stops at threshold 0.00"),
            Wrong(_loop(lambda alerts, limit: alerts < 1), "the same for every limit"),
            Wrong(_loop(lambda alerts, limit: alerts <= 3), "the same for every limit"),
            Wrong(_loop(lambda alerts, limit: alerts < limit), "are still allowed"),
            Wrong(_loop(lambda alerts, limit: alerts <= limit - 1), "are still allowed"),
            Wrong(_loop(lambda alerts, limit: alerts <= limit + 1), "more than 3"),
            Wrong(_all_alerts, "a lower one does so too"),
            Wrong(_loop(lambda alerts, limit: False), "returns nothing"),
            Wrong(_loop(lambda alerts, limit: alerts == limit), "Fewer alerts"),
            Wrong(_loop(lambda alerts, limit: alerts <= "limit"), "A text cannot be compared"),
            Wrong(_loop(lambda alerts, limit: alert <= limit), "There is no name"),  # type: ignore[name-defined] # noqa: F821 - as learners write it
            Wrong(_counting, "lies between 0 and 1"),
            Wrong(lambda days, limit: True, "returns a bool"),
            Wrong(0.3, "not a function"),
            Wrong(_spoiling, "work on a copy"),
        ),
    ),
}


GAPS = Gaps(
    before=("setup", "worked-count", "worked-divide"),
    box="""alert = days["warning_score"] >= 0.15
true_alerts = (alert & infected).sum()
false_alerts = {}
share_of_alerts = {}""",
    right=(
        ("(alert & ~infected).sum()", "true_alerts / (true_alerts + false_alerts)"),
        ("(alert & (infected == False)).sum()", "true_alerts / (true_alerts + false_alerts)"),
        ("alert.sum() - true_alerts", "true_alerts / (true_alerts + false_alerts)"),
        ("len(days[alert & ~infected])", "true_alerts / (true_alerts + false_alerts)"),
        ("(alert & ~infected).sum()", "true_alerts / alert.sum()"),
        ("(alert & ~infected).sum()", "infected[alert].mean()"),
        ("(alert & ~infected).sum()", "round(true_alerts / (true_alerts + false_alerts), 3)"),
        ("(alert & ~infected).sum()", "1 - false_alerts / (true_alerts + false_alerts)"),
    ),
    wrong=(
        (("(alert & ~infected)", "true_alerts / (true_alerts + false_alerts)"), "false_alerts is a whole column"),
        (
            ("alert & (infected == False)", "true_alerts / (true_alerts + false_alerts)"),
            "false_alerts is a whole column",
        ),
        (("(alert & ~infected).sum()", "(alert & infected) / (true_alerts + false_alerts)"), "A .sum() is missing"),
        (("(alert & ~infected).sum()", "predictive_value"), "at threshold 0.30"),
        (("(alert & ~infected).sum()", "specificity"), "at threshold 0.30"),
        (("(alert & ~infected).sum()", "false_alerts / (true_alerts + false_alerts)"), "that are false"),
        (("(alert & ~infected).sum()", "1 - true_alerts / (true_alerts + false_alerts)"), "that are false"),
        (("(alert & ~infected).sum()", "100 * true_alerts / (true_alerts + false_alerts)"), "in percent"),
        (("(alert & ~infected).sum()", "true_alerts / true_alerts + false_alerts"), "round brackets"),
        (("(alert & ~infected).sum()", "true_alerts / false_alerts + true_alerts"), "round brackets"),
        (("(alert & ~infected).sum()", "true_alerts / (true_alerts + missed)"), "a count of the worked example"),
        (("(~alert & infected).sum()", "true_alerts / (true_alerts + false_alerts)"), "all mornings before"),
        (("(alert & ~infected).sum()", "true_alerts / infected.sum()"), "all mornings before"),
        (("(alert & infected).sum()", "true_alerts / (true_alerts + false_alerts)"), "~ means not"),
        (("true_alerts", "true_alerts / (true_alerts + false_alerts)"), "~ means not"),
        (("(alert & ~infected).sum()", "true_alerts / false_alerts"), "false alerts alone"),
        (("(alert & ~infected).sum()", "(true_alerts + false_alerts) / true_alerts"), "wrong way round"),
        (("(alert & ~infected).sum()", "false_alerts / true_alerts"), "wrong way round"),
        (("(~alert & ~infected).sum()", "true_alerts / (true_alerts + false_alerts)"), "without an alert"),
        (("quiet", "true_alerts / (true_alerts + false_alerts)"), "without an alert"),
        (("(~infected).sum()", "true_alerts / (true_alerts + false_alerts)"), "every morning without infection"),
        (("(alert & ~infected).sum()", "true_alerts / len(days)"), "all mornings"),
        (("(alert & ~infected).sum()", "alert.mean()"), "all mornings"),
        (("(alert & ~infected).sum()", "true_alerts + false_alerts"), "a count"),
        (("(alert & ~infected).sum()", "..."), "still empty"),
    ),
)
