"""Split, evaluate, compare: which split fits, a report with intervals, a model against a rule, a locked plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.evaluation.figures import draw_again, figures
from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.interval import is_interval
from rounds.lessons.kinds.order import is_order
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function

if TYPE_CHECKING:
    Array = np.ndarray[Any, Any]

USES = (
    "sister hospital",
    "after the new drug",
    "rest of the registry",
    "same clinic, next stay",
    "any hospital",
    "new hospital, next year",
)
GROUPS = ("single rows", "whole patients", "a later time", "another hospital")
LETTERS, SENTENCES = tuple("ABCDEFGHI"), tuple("ABCDE")
REPORTED = ("auroc", "average_precision", "prevalence", "observed_expected", "net_benefit")
ENDS = (2.5, 97.5)
NARROW, WIDE = 0.9, 1.11  # an interval of other draws is as wide as ours within this
Case = tuple["Array", "Array", "Array"]
Rule = Callable[["Array", "Array", "Array"], Any]


def draw_case(seed: int, people: int = 90, each: int = 4) -> Case:
    """Return outcome, risk and person of stays in any order; the stays of one person are nearly the same."""
    rng = np.random.default_rng(seed)
    own = rng.uniform(0.05, 0.6, people)
    outcome = np.repeat((rng.random(people) < own).astype(int), each)
    risk = np.repeat(own, each) + rng.uniform(-0.01, 0.01, people * each)
    person = np.repeat([f"P{number}" for number in range(people)], each)
    order = rng.permutation(len(person))
    return outcome[order], risk[order], person[order]


def by_person(y: Array, p: Array, person: Array) -> Any:
    """Return what is drawn again."""
    return person


def by_row(y: Array, p: Array, person: Array) -> Any:
    """Return a number of its own for each row."""
    return np.arange(len(y))


def evaluate_with(
    units: Rule = by_person, ends: Any = ENDS, reported: Any = REPORTED
) -> Callable[..., dict[str, tuple[float, ...]]]:
    """Return exercise 2 with these in its gaps."""

    def evaluate(y: Array, p: Array, person: Array) -> dict[str, tuple[float, ...]]:
        value = figures(y, p)
        drawn = [figures(y[rows], p[rows]) for rows in draw_again(units(y, p, person))]
        return {name: (value[name], *np.nanpercentile([one[name] for one in drawn], ends)) for name in reported}

    return evaluate


reference_evaluate = evaluate_with()
Report = Mapping[str, tuple[float, float, float]]


@cache
def expected_report(units: Rule = by_person, ends: tuple[float, float] = ENDS) -> Report:
    """Return what this rule says of the shown case."""
    return evaluate_with(units, ends)(*draw_case(1))  # type: ignore[return-value]


def report_of(answer: Any, case: Case) -> Report:
    """Return a report of an answer, three numbers for each figure, or say what it is instead."""
    said = properties.call(answer, *case)
    if not isinstance(said, Mapping):
        raise NotYet(f"evaluate returns a {type(said).__name__}; it must return a dictionary, as the last line does.")
    try:
        report = {str(name): tuple(float(number) for number in numbers) for name, numbers in said.items()}
    except (TypeError, ValueError):
        raise NotYet("evaluate must return three numbers for each figure: the value and the two ends.") from None
    if not report or any(len(numbers) != 3 for numbers in report.values()):
        raise NotYet("evaluate must return three numbers for each figure: the value and the two ends.")
    return report  # type: ignore[return-value]


def width_beside(report: Report, other: Report) -> float:
    """Return how wide the intervals of a report are, compared with another one."""
    names = [name for name in REPORTED if name in report]
    return float(np.mean([(report[n][2] - report[n][1]) / (other[n][2] - other[n][1]) for n in names]))


def _same_ends(report: Report, units: Rule, ends: tuple[float, float]) -> bool:
    other = expected_report(units, ends)
    return all(properties.agrees(report[name], other[name], 1e-6) for name in REPORTED if name in report)


def _drawn(units: Rule, *ends: tuple[float, float]) -> Callable[[Report], bool]:
    return lambda report: any(_same_ends(report, units, pair) for pair in ends)


def _missing(report: Report) -> int:
    return sum(name not in report for name in REPORTED)


def _say_missing(report: Report) -> str:
    number = _missing(report)
    lacks = "1 figure that helps is" if number == 1 else f"{number} figures that help are"
    return f"{lacks} missing. Go through the table: what does each say to the nurse?"


USUAL_ENDS = ((2.5, 97.5), (5, 95), (10, 90), (0, 100), (25, 75), (0.025, 0.975))
REPORT_MISTAKES = (
    Mistake(
        "accuracy",
        lambda report: "accuracy" in report,
        "accuracy is reported. Where most stay at home, a model that phones nobody has a high one.",
    ),
    Mistake(
        "no-prevalence",
        lambda report: "average_precision" in report and "prevalence" not in report,
        "average_precision stands alone. Report also what a list by chance would have.",
    ),
    Mistake("figure-missing", lambda report: _missing(report) > 0, _say_missing),
    Mistake(
        "ends-swapped",
        lambda report: all(report[name][1] > report[name][2] for name in REPORTED),
        "The upper end stands before the lower end. Turn the two percentiles round.",
    ),
    Mistake(
        "rows-drawn",
        _drawn(by_row, *USUAL_ENDS),
        "Single rows are drawn again, as if each stay were somebody else. What belongs together?",
    ),
    Mistake(
        "outcome-drawn",
        _drawn(lambda y, p, person: y, *USUAL_ENDS),
        "The units are the outcome, so there are two of them. Whose stays go together?",
    ),
    Mistake(
        "risk-drawn",
        _drawn(lambda y, p, person: p, *USUAL_ENDS),
        "The units are the risks, and each stay has its own. Whose stays go together?",
    ),
    Mistake(
        "list-of-patients",
        _drawn(lambda y, p, person: np.unique(person), *USUAL_ENDS),
        "The units name each patient once, so most stays are never drawn. Give one value for each stay.",
    ),
    Mistake(
        "ends-as-shares",
        lambda report: (
            _drawn(by_person, (0.025, 0.975), (0.05, 0.95))(report)
            or all(report[name][2] < report[name][0] for name in ("auroc", "prevalence", "average_precision"))
        ),
        "Percentiles run from 0 to 100, not from 0 to 1. Both of your ends are too low.",
    ),
    Mistake(
        "ninety-percent",
        _drawn(by_person, (5, 95)),
        "Five percent are cut off at each end, so 90 % are left. How many may lie outside in all?",
    ),
    Mistake(
        "eighty-percent",
        _drawn(by_person, (10, 90)),
        "That interval holds 80 % of the draws, as in the worked example. Here 95 % are asked.",
    ),
    Mistake(
        "all-draws",
        _drawn(by_person, (0, 100)),
        "The interval holds all draws, also the most unusual. Cut off the outer ones.",
    ),
    Mistake(
        "middle-half",
        _drawn(by_person, (25, 75)),
        "The interval holds half of the draws only. Most of the others are usual too.",
    ),
    Mistake(
        "one-end",
        _drawn(by_person, (0, 95), (5, 100)),
        "All five percent are cut off at one end. Cut as many at each end.",
    ),
    Mistake(
        "value-outside",
        lambda report: any(not low <= value <= high for value, low, high in (report[name] for name in REPORTED)),
        "A value lies outside its own interval. Compute both from the same stays.",
    ),
    Mistake(
        "too-narrow",
        lambda report: width_beside(report, expected_report()) < NARROW,
        "The intervals are too narrow. Look at what is drawn together, and at how much is cut off.",
    ),
    Mistake(
        "too-wide",
        lambda report: width_beside(report, expected_report()) > WIDE,
        "The intervals are too wide. Draw as many units as there are, and cut off the outer draws.",
    ),
)


def has_right_values(report: Report, case: Case) -> bool:
    """Return whether the values are those of `figures`."""
    true = figures(*case[:2])
    return all(abs(report[name][0] - true[name]) < 1e-6 for name in REPORTED)


_RECOGNISED = recognise(
    "values",
    *REPORT_MISTAKES,
    right=lambda report: has_right_values(report, draw_case(1)),
    otherwise="A value is not that of figures(y, p). Keep the line that computes value.",
)
REPORT = Rung("values", lambda answer: _RECOGNISED.ask(report_of(answer, draw_case(1))), REPORT_MISTAKES)


def as_pair(answer: Any) -> Any:
    """Return an array or a column of two numbers as a pair, anything else as it is."""
    return tuple(answer.tolist()) if hasattr(answer, "tolist") and np.ndim(answer) == 1 else answer


_PAIR = is_interval("difference_interval", -1, 1)


def _ask_pair(answer: Any) -> str | None:
    pair = as_pair(answer)
    if isinstance(pair, tuple) and len(pair) > 2:
        return f"difference_interval holds {len(pair)} numbers, one for each draw. Keep its two ends."
    if isinstance(pair, tuple) and len(pair) == 2 and pair[0] == pair[1]:
        return "Both ends are the same number. Make one difference for each draw, not one of the two means."
    return _PAIR.ask(pair)


E1 = Exercise(
    id="e1",
    title="Which split fits?",
    reads="fitting_split",
    points=2,
    visible=is_sorting("fitting_split", USES, GROUPS),
    hint="Ask for each use: has the model met these patients, this place, these years? What it has not met is new.",
    worked_line='"a scanner of another make": "another scanner", because the machine is what will be new',
)
E2 = Exercise(
    id="e2",
    title="A report with intervals",
    reads="evaluate",
    points=2,
    visible=(is_function("evaluate", "evaluate(y, p, person)"), REPORT),
    hint="Of 100 draws 95 lie inside; as many are cut off below as above. One unit is one human, with all stays.",
    worked_line="ends = [0.5, 99.5]  # an interval that holds 99 of 100 draws",
)
E3 = Exercise(
    id="e3",
    title="First the simple rule",
    reads="difference_interval",
    points=2,
    visible=(Rung("type", _ask_pair),),
    hint="Both figures of a row come from the same patients. Make one number of each row first, then cut.",
    worked_line='weight_lost = visits["before"] - visits["after"]  # one number for each visitor, then its ends',
)
E4 = Exercise(
    id="e4",
    title="Lock the plan, then open the test",
    reads="locked_plan",
    points=2,
    visible=(is_order("locked_plan", LETTERS),),
    hint="Ask of each step: could it still be changed by somebody who has seen the test?",
    worked_line="First the soup is cooked, then it is tasted: a step comes after what it needs.",
)
E5 = Exercise(
    id="e5",
    title="What may stand on a results page?",
    reads="supported",
    points=2,
    visible=(is_several("supported", SENTENCES),),
    hint="Look at the third line of the table: it holds the difference. Then ask where the patients came from.",
    worked_line='For "8 mmHg less (3 to 13)" the sentence "less, by 3 to 13" is supported.',
)
F1 = Exercise(
    id="f1",
    title="A blood pressure, with its interval",
    reads="pressure_interval",
    visible=(),
    hint="The worked example has both lines. Another column, and another share of the draws.",
    worked_line="np.percentile(by_patient, [1, 99])  # an interval that holds 98 of 100 draws",
)

TITLE = "Split, evaluate, compare"
EXERCISES = (F1, E1, E2, E3, E4, E5)
QUESTIONS = (
    Question(
        "s1",
        "Of a patient's six stays, chance puts one into the test. Whom does it ask about?",
        ("A new patient", "A patient whom the model has met", "Nobody: the stay is lost"),
    ),
    Question(
        "s2",
        "A model has AUROC 0.5. What does that say?",
        ("It is right for half of the patients", "It ranks no better than a coin", "Half of the patients come back"),
    ),
    Question(
        "q1",
        "At hospital B more came than predicted, AUROC was nearly the same. Why?",
        (
            "The model ranks as well there, and its risks are too low there",
            "The model is worthless at hospital B",
            "The test was too small",
            "Cross-validation had told it already",
        ),
    ),
    Question(
        "q2",
        "What does the interval of exercise 3 say about hospital B?",
        (
            "The forest is better: it sees more columns",
            "Nothing can be told: the intervals of the two overlap",
            "The rule ranks better; the whole interval is on its side",
            "The rule is better in every hospital",
        ),
    ),
    Question(
        "q3",
        '"Cross-validation by patient was fine. We begin in another town." Your answer?',
        (
            "Good, the patients were new",
            "Test it on stays of a place that it has not seen, before it is used",
            "Use more folds first",
            "Take the forest, it is stronger",
        ),
    ),
)
