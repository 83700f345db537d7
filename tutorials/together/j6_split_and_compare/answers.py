"""What pairs write in J6."""

from __future__ import annotations

from typing import Any

import numpy as np

from rounds.evaluation.figures import draw_again, figures
from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import REPORTED, by_row, evaluate_with, reference_evaluate
from .hidden import PATIENTS, ROWS, SITE, TIME

RIGHT = {
    "sister hospital": SITE,
    "after the new drug": TIME,
    "rest of the registry": PATIENTS,
    "same clinic, next stay": TIME,
    "any hospital": SITE,
    "new hospital, next year": SITE,
}


def _but(**changed: str) -> dict[str, str]:
    names = {name.replace(" ", "_").replace(",", ""): name for name in RIGHT}
    return {**RIGHT, **{names[name]: group for name, group in changed.items()}}


def _dots(y: Any, p: Any, person: Any) -> Any:
    reported: Any = ...
    return dict.fromkeys(reported, 0)


def _of_sklearn(y: Any, p: Any, person: Any) -> dict[str, Any]:
    """Draw with pandas and another seed, as an engineer would by himself."""
    rng = np.random.default_rng(77)
    rows_of = {name: np.flatnonzero(person == name) for name in np.unique(person)}
    names = np.array(sorted(rows_of))
    value, drawn = figures(y, p), []
    for _ in range(400):
        rows = np.concatenate([rows_of[name] for name in rng.choice(names, len(names))])
        drawn.append(figures(y[rows], p[rows]))
    return {n: [value[n], *np.quantile([one[n] for one in drawn], [0.025, 0.975])] for n in REPORTED}


def _spoiling(y: Any, p: Any, person: Any) -> Any:
    """Find the right report, but leave the risks sorted."""
    said = reference_evaluate(y, p, person)
    p.sort()
    return said


def _numbered(y: Any, p: Any, person: Any) -> Any:
    """Draw patients by the numbers that the shown stays have: always the first ninety people."""
    from .checks import draw_case

    fitting = draw_case(1)[2]
    return evaluate_with(lambda *_: fitting if len(fitting) == len(y) else np.arange(len(y)))(y, p, person)


def _flat(y: Any, p: Any, person: Any) -> Any:
    return list(reference_evaluate(y, p, person).values())


def _values_only(y: Any, p: Any, person: Any) -> Any:
    return {name: figures(y, p)[name] for name in REPORTED}


def _half_values(y: Any, p: Any, person: Any) -> Any:
    """Report the value of the drawn stays in place of that of the test."""
    said = reference_evaluate(y, p, person)
    rows = next(draw_again(person))
    other = figures(y[rows], p[rows])
    return {name: (min(max(other[name], low), high), low, high) for name, (_, low, high) in said.items()}


EXAMPLES = {
    "e1": Examples(
        right=(
            RIGHT,
            _but(new_hospital_next_year=TIME),
            {name: f" {group.capitalize()} " for name, group in RIGHT.items()},
        ),
        stub=...,
        wrong=(
            Wrong(_but(sister_hospital=PATIENTS), "something that they share"),
            Wrong(_but(sister_hospital=ROWS), "Hospital B has nobody"),
            Wrong(_but(sister_hospital=TIME), "never met"),
            Wrong(_but(after_the_new_drug=PATIENTS), "do not have the drug"),
            Wrong(_but(after_the_new_drug=ROWS), "mix the years"),
            Wrong(_but(after_the_new_drug=SITE), "What changes there"),
            Wrong(_but(rest_of_the_registry=ROWS), "the 500 are done"),
            Wrong(_but(rest_of_the_registry=TIME), "the years are the same"),
            Wrong(_but(rest_of_the_registry=SITE), "the wards are the same"),
            Wrong(_but(same_clinic_next_stay=PATIENTS), "these patients are known"),
            Wrong(_but(same_clinic_next_stay=ROWS), "after the tested one"),
            Wrong(_but(same_clinic_next_stay=SITE), "gave the data"),
            Wrong(_but(any_hospital=PATIENTS), "how others measure"),
            Wrong(_but(any_hospital=TIME), "how others measure"),
            Wrong(_but(any_hospital=ROWS), "given no data"),
            Wrong(_but(new_hospital_next_year=PATIENTS), "two larger things"),
            Wrong(_but(new_hospital_next_year=ROWS), "hold neither"),
            Wrong(dict.fromkeys(RIGHT, PATIENTS), "one split"),
            Wrong(dict.fromkeys(RIGHT, SITE), "one split"),
            Wrong({**RIGHT, "any hospital": "all of them"}, "choose from"),
            Wrong({**RIGHT, "any hospital": ...}, "1 gap"),
            Wrong("another hospital", "type str"),
        ),
    ),
    "e2": Examples(
        right=(
            reference_evaluate,
            _of_sklearn,
            evaluate_with(reported=(*reversed(REPORTED),)),
            evaluate_with(units=lambda y, p, person: list(person), ends=(2.5, 97.5)),
        ),
        stub=_dots,
        wrong=(
            Wrong(evaluate_with(units=by_row), "Single rows are drawn"),
            Wrong(evaluate_with(units=by_row, ends=(5, 95)), "Single rows are drawn"),
            Wrong(evaluate_with(units=lambda y, p, person: y), "there are two of them"),
            Wrong(evaluate_with(units=lambda y, p, person: p), "each stay has its own"),
            Wrong(evaluate_with(ends=(5, 95)), "90 % are left"),
            Wrong(evaluate_with(ends=(10, 90)), "80 % of the draws"),
            Wrong(evaluate_with(ends=(0, 100)), "also the most unusual"),
            Wrong(evaluate_with(ends=(25, 75)), "half of the draws"),
            Wrong(evaluate_with(ends=(0.025, 0.975)), "from 0 to 100"),
            Wrong(evaluate_with(ends=(0, 95)), "at one end"),
            Wrong(evaluate_with(ends=(5, 100)), "at one end"),
            Wrong(evaluate_with(ends=(97.5, 2.5)), "Turn the two percentiles"),
            Wrong(evaluate_with(ends=(20, 80)), "too narrow"),
            Wrong(evaluate_with(ends=(0.5, 99.5)), "too wide"),
            Wrong(evaluate_with(reported=(*REPORTED, "accuracy")), "phones nobody"),
            Wrong(evaluate_with(reported=tuple(n for n in REPORTED if n != "prevalence")), "stands alone"),
            Wrong(evaluate_with(reported=REPORTED[:3]), "2 figures that help are missing"),
            Wrong(evaluate_with(reported=("auroc",)), "4 figures that help are missing"),
            Wrong(evaluate_with(units=lambda y, p, person: np.unique(person)), "never drawn"),
            Wrong(evaluate_with(units=lambda y, p, person: "person"), "one value for each row"),
            Wrong(evaluate_with(units=lambda y, p, person: ...), "three dots"),
            Wrong(_flat, "returns a list"),
            Wrong(_values_only, "three numbers for each figure"),
            Wrong(lambda y, p, person: 0.7, "must return a dictionary"),
            Wrong(0.7, "not a function"),
            Wrong(_half_values, "not that of figures"),
            Wrong(_numbered, "too narrow", hidden=True),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            (-0.0584, -0.0251),
            [-0.058, -0.025],
            np.array([-0.05838, -0.02511]),
            (-0.0582, -0.0240),
        ),
        stub=...,
        wrong=(
            Wrong((0.0251, 0.0584), "rule less the forest"),
            Wrong((-0.0545, -0.0267), "90 %"),
            Wrong((-0.0516, -0.0295), "80 %"),
            Wrong((-0.0692, -0.0141), "all draws"),
            Wrong((-0.0464, -0.0348), "half of the draws"),
            Wrong((-0.0691, -0.0631), "from 0 to 100"),
            Wrong((-0.0435, -0.0418), "ends of one interval"),
            Wrong((-0.0884, 0.0031), "rarely low and high"),
            Wrong((0.5679, 0.6129), "forest itself"),
            Wrong((0.6098, 0.6564), "rule itself"),
            Wrong((0.9071, 0.9601), "You divided"),
            Wrong((-0.0251, -0.0584), "lower number first"),
            Wrong((-5.84, -2.51), "outside -1 to 1"),
            Wrong((-0.0406, -0.0406), "one difference for each draw"),
            Wrong(-0.0406, "a pair of numbers"),
            Wrong(np.linspace(-0.07, -0.01, 200), "holds 200 numbers"),
            Wrong((-0.02, 0.02), "Not these ends yet"),
        ),
    ),
    "e4": Examples(
        right=(
            ["E", "C", "D", "B", "G", "A"],
            ["C", "E", "D", "B", "G", "A"],
            ["E", "C", "B", "D", "G", "A"],
            ("c", "e", "b", "d", "g", "a"),
        ),
        stub=...,
        wrong=(
            Wrong(["A", "B", "C", "D", "E", "G"], "as the table lists them"),
            Wrong(["E", "C", "D", "G", "B", "A"], "locked after the test"),
            Wrong(["E", "C", "D", "G", "A", "B"], "locked after the test"),
            Wrong(["E", "C", "D", "G", "A"], "nobody outside the team"),
            Wrong(["E", "D", "C", "B", "G", "A"], "still in the training"),
            Wrong(["C", "D", "E", "B", "G", "A"], "looks best"),
            Wrong(["B", "E", "C", "D", "G", "A"], "not written to its end"),
            Wrong(["E", "B", "C", "D", "G", "A"], "not written to its end"),
            Wrong(["E", "C", "B", "G", "D", "A"], "Then the test helps"),
            Wrong(["E", "C", "D", "B", "A", "G"], "before the test is opened"),
            Wrong(["E", "C", "D", "B", "G", "H", "A"], "learns from the test"),
            Wrong(["E", "C", "F", "D", "B", "G", "A"], "until chance says yes"),
            Wrong(["C", "D", "B", "G", "I", "A"], "after the result is known"),
            Wrong(["E", "C", "D", "B", "G"], "1 step is missing"),
            Wrong(["C", "D", "B", "G", "A"], "too early"),
            Wrong([], "6 steps are missing"),
            Wrong("ECDBGA", "one text"),
            Wrong(["E", "E"], "stands there twice"),
            Wrong(["E", "X"], "no step 'X'"),
        ),
    ),
    "e5": Examples(
        right=(["B", "D"], ("D", "B"), {"b", "d"}),
        stub=...,
        wrong=(
            Wrong(["A"], "A says better"),
            Wrong(["A", "B"], "A says better"),
            Wrong(["B", "C"], "C says equally good"),
            Wrong(["C"], "C says equally good"),
            Wrong(["B", "D", "E"], "any hospital"),
            Wrong(["E"], "any hospital"),
            Wrong(["B"], "1 more is"),
            Wrong(["D"], "1 more is"),
            Wrong(list("ABCDE"), "A says better"),
            Wrong([], "2 more"),
            Wrong("BD", "one text"),
            Wrong(["B", "b"], "twice"),
            Wrong(["F"], "unknown"),
        ),
    ),
}


MEANS = "[pressure[rows].mean() for rows in draw_again(person)]"
GAPS = Gaps(
    before=("setup", "stays", "worked-age"),
    box="""pressure = at_b["systolic"].to_numpy()
means = {}
pressure_interval = {}""",
    right=(
        (MEANS, "np.percentile(means, [5, 95])"),
        (MEANS, "np.quantile(means, (0.05, 0.95))"),
        (
            "[np.mean(pressure[rows]) for rows in draw_again(person)]",
            "(np.percentile(means, 5), np.percentile(means, 95))",
        ),
        ("pd.Series([pressure[rows].mean() for rows in draw_again(person)])", "means.quantile([0.05, 0.95]).tolist()"),
        (MEANS.replace("(person)", "(person, 1000)"), "[round(end, 2) for end in np.percentile(means, [5, 95])]"),
    ),
    wrong=(
        (
            ("[pressure[r].mean() for r in draw_again(np.arange(len(pressure)))]", "np.percentile(means, [5, 95])"),
            "rows",
        ),
        ((MEANS, "np.percentile(means, [10, 90])"), "80 of 100"),
        ((MEANS, "np.percentile(means, [2.5, 97.5])"), "95 of 100"),
        ((MEANS, "np.percentile(means, [0, 90])"), "upper end"),
        ((MEANS, "np.percentile(means, [10, 100])"), "lower end"),
        ((MEANS, "np.percentile(means, [0, 100])"), "outer ten"),
        ((MEANS, "np.percentile(means, [0.05, 0.95])"), "from 0 to 100"),
        ((MEANS, "np.percentile(means, [95, 5])"), "upper end stands first"),
        (("[pressure.mean() for rows in draw_again(person)]", "np.percentile(means, [5, 95])"), "same mean"),
        (("[age[rows].mean() for rows in draw_again(person)]", "np.percentile(means, [5, 95])"), "age of the worked"),
        ((MEANS, "np.percentile(pressure, [5, 95])"), "single stays"),
        ((MEANS, "np.mean(means)"), "a pair of numbers"),
        ((MEANS, "means"), "a pair of numbers"),
        ((MEANS, "..."), "still empty"),
    ),
)
