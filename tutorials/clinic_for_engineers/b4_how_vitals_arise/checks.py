"""Vital signs: what is believed, who made a value, how much was charted, how often an oximeter hides a danger."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any

from rounds.challenges.intervals import wilson
from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.choice import is_choice
from rounds.lessons.kinds.order import is_order
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

PULSE, BREATHS, HEAT, OXIMETER, PRESSURE = "8867-4", "9279-1", "8310-5", "59408-5", "8480-6"
LIMITS: dict[str, tuple[float, float]] = {
    PULSE: (20, 250),
    BREATHS: (4, 70),
    HEAT: (30, 43),
    OXIMETER: (40, 100),
    PRESSURE: (40, 280),
}
VALUES = (
    "pulse 128",
    "saturation 71",
    "breaths 18",
    "pulse 999",
    "temperature 35.0",
    "saturation 84",
    "pulse 0",
    "pressure 140",
)
MAKERS = ("body", "sensor", "hand", "software")
ON_TUESDAY = ("as before", "all high", "all low", "better")
STEPS = tuple("ABCDEFGH")
Rate = tuple[float, float, float]

# Exercise 1: inside, outside on both sides, at both limits, and with decimals.
INSIDE = ((140, PULSE), (16, BREATHS), (37, HEAT), (93, OXIMETER), (120, PRESSURE))
BELOW = ((5, PULSE), (1, BREATHS), (4.2, HEAT), (12, OXIMETER), (14, PRESSURE))
ABOVE = ((320, PULSE), (99, BREATHS), (101.3, HEAT), (140, OXIMETER), (999, PRESSURE))
AT_LOW, AT_HIGH = ((30, HEAT), (20, PULSE)), ((43, HEAT), (100, OXIMETER))


def reference_plausible(value: float, loinc: str, limits: dict[str, tuple[float, float]]) -> bool:
    """Say whether a value is believed; both limits are."""
    low, high = limits[loinc]
    return low <= value <= high


def _says(answer: Any, case: tuple[float, str]) -> Any:
    return properties.call(answer, *case, LIMITS)


def _is(said: Any, truth: bool) -> bool:
    """Say whether an answer means true or false: 0 and 1, and NumPy's own, count."""
    return not isinstance(said, str) and said is not None and bool(said == truth)


def _all_say(cases: tuple[tuple[float, str], ...], truth: bool) -> Callable[[Any], bool]:
    return lambda answer: all(_is(_says(answer, case), truth) for case in cases)


def _any_says(cases: tuple[tuple[float, str], ...], truth: bool) -> Callable[[Any], bool]:
    return lambda answer: any(_is(_says(answer, case), truth) for case in cases)


def _accepts_unknown(answer: Any) -> bool:
    """Say whether a code without limits gets an answer."""
    try:
        properties.call(answer, 70, "8287-5", LIMITS)
    except AssertionError:
        return False
    return True


def _ask_flag(answer: Any) -> str | None:
    """Ask for true or false: nothing deleted, nothing bent."""
    for case in (*INSIDE, *BELOW, *ABOVE):
        said = _says(answer, case)
        if said is ...:
            return "plausible still holds three dots: replace them."
        if said is None:
            return f"plausible returns nothing for {case[0]}: a strange value is marked with False, never deleted."
        if isinstance(said, str):
            return f"plausible returns the text {said!r}. Return True or False, without quotes."
        if not isinstance(said, bool) and said not in (0, 1):
            return f"plausible returns {said} for {case[0]}. It says True or False, and leaves the value as it is."
    return None


PLAUSIBLE_MISTAKES = (
    Mistake(
        "always-possible", _all_say(INSIDE + BELOW + ABOVE, True), "plausible says True to all, also to a pulse of 320."
    ),
    Mistake(
        "never-possible",
        _all_say(INSIDE + BELOW + ABOVE, False),
        "plausible says False to all, also to a pulse of 140.",
    ),
    Mistake(
        "turned-round",
        lambda answer: (
            _all_say(BELOW + ABOVE, True)(answer)
            or (_all_say(INSIDE, False)(answer) and _any_says(BELOW + ABOVE, True)(answer))
        ),
        "True and False are the wrong way round: True means that the value is believed.",
    ),
    Mistake("no-upper-limit", _all_say(ABOVE, True), "A pulse of 320 is believed. Is the upper limit read?"),
    Mistake("no-lower-limit", _all_say(BELOW, True), "A pulse of 5 is believed. Is the lower limit read?"),
    Mistake(
        "one-sign-for-all",
        _any_says(BELOW + ABOVE, True),
        "The limits of one sign are used for another. Each code has its own pair.",
    ),
    Mistake(
        "whole-numbers-only",
        _all_say(((37.5, HEAT), (36.9, HEAT)), False),
        "37.5 °C is not believed. Are decimals lost? Compare with the limits themselves.",
    ),
    Mistake(
        "both-limits-out",
        lambda answer: _all_say(AT_LOW, False)(answer) and _all_say(AT_HIGH, False)(answer),
        "A value exactly at a limit is not believed. The limits themselves are.",
    ),
    Mistake("lower-limit-out", _all_say(AT_LOW, False), "Exactly at the lower limit a value is believed as well."),
    Mistake("upper-limit-out", _all_say(AT_HIGH, False), "Exactly at the upper limit a value is believed as well."),
    Mistake(
        "unknown-code",
        _accepts_unknown,
        "A code without limits gets an answer. It must stop with an error: nobody knows its limits.",
    ),
)


def small_pairs() -> pd.DataFrame:
    """Return a few pairs with values at both ends of the range: nine of light skin that look fine, none of medium."""
    import pandas as pd

    rows = [("light", 92, 87.9), ("light", 92, 95.0), ("light", 96, 85.0), ("light", 96, 97.0), ("light", 96, 94.0)]
    rows += [("light", 94, 88.0), ("light", 94, 92.0), ("light", 95, 93.0), ("light", 93, 90.0)]
    rows += [("light", 97, 80.0), ("light", 91, 85.0), ("light", 90, 89.0), ("light", 89, 88.5)]
    rows += [("dark", 94, 86.0), ("dark", 95, 91.0), ("dark", 93, 92.0), ("dark", 94, 93.0), ("dark", 95, 94.0)]
    rows += [("medium", 97, 86.0), ("medium", 90, 84.0)]
    return pd.DataFrame(rows, columns=["skin_tone", "oximeter", "blood"]).assign(person_id="P")


def reference_rate(pairs: pd.DataFrame, tone: str) -> Rate:
    """Return how often the blood is below 88 where the oximeter shows 92 to 96, with the ends of its interval."""
    fine = pairs[(pairs["skin_tone"] == tone) & pairs["oximeter"].between(92, 96)]
    n, k = len(fine), int((fine["blood"] < 88).sum())
    return (k / n, *wilson(k, n)) if n else (float("nan"), 0.0, 1.0)


def _rate(answer: Any, tone: str = "light") -> Rate:
    rate, low, high = (float(part) for part in properties.call(answer, small_pairs(), tone))
    return rate, low, high


def _is_rate(*shares: float) -> Callable[[Any], bool]:
    """Return the property that the rate of light skin is one of these."""
    return lambda answer: any(abs(_rate(answer)[0] - share) < 0.001 for share in shares)


def _ask_three(answer: Any) -> str | None:
    """Ask for a rate and the two ends of its interval."""
    said = properties.call(answer, small_pairs(), "light")
    if said is ... or (isinstance(said, list | tuple) and ... in said):
        return "hidden_rate still holds three dots: replace them."
    if hasattr(said, "columns"):
        return "hidden_rate returns a table. Return three numbers: the rate and both ends."
    if said is None:
        return "hidden_rate returns nothing: end it with return answer."
    if not hasattr(said, "__len__"):
        return "hidden_rate returns one number, as for 10 pairs so for 10,000. Return both ends of the interval too."
    if len(said) == 2 and isinstance(said[1], list | tuple):
        return "The interval is a pair inside a pair. Return three numbers: the rate, the lower and the upper end."
    if len(said) != 3:
        return f"hidden_rate returns {len(said)} numbers; three are wanted: the rate, the lower end, the upper end."
    if not all(isinstance(part, Real) for part in said):
        return "hidden_rate returns something that is no number. Return the rate, the lower and the upper end."
    return None


RATE_MISTAKES = (
    Mistake("count", _is_rate(2, 3), "The first number is a count. Divide by the number of pairs that look fine."),
    Mistake("percent", _is_rate(200 / 9, 100 / 3), "This is in percent; a rate lies between 0 and 1."),
    Mistake("other-share", _is_rate(7 / 9), "This is the share of those with enough oxygen. Count the others."),
    Mistake("all-tones", _is_rate(3 / 14), "All groups are counted together. Begin with the rows of group."),
    Mistake(
        "same-for-each-tone",
        lambda answer: abs(_rate(answer)[0] - _rate(answer, "dark")[0]) < 1e-9,
        "Every skin tone gets the same rate. Is the name tone used?",
    ),
    Mistake(
        "oximeter-not-read", _is_rate(4 / 13), "Pairs outside 92 to 96 are counted too. Choose by the oximeter first."
    ),
    Mistake("no-upper-end", _is_rate(3 / 10), "Readings above 96 are counted as well. The range has two ends."),
    Mistake("no-lower-end", _is_rate(3 / 12), "Readings below 92 are counted as well. The range has two ends."),
    Mistake(
        "divided-by-group", _is_rate(2 / 13), "The count is divided by the whole group. Divide by those that look fine."
    ),
    Mistake(
        "divided-by-low-blood",
        _is_rate(2 / 4),
        "This asks how often low blood looks fine. Asked is how often what looks fine is low.",
    ),
    Mistake("88-counted", _is_rate(3 / 9), "A blood value of exactly 88 is not below 88."),
    Mistake("ends-out", _is_rate(0), "Readings of 92 and of 96 are lost. Both ends belong to the range."),
    Mistake("92-out", _is_rate(1 / 7), "Readings of exactly 92 are lost. Both ends belong to the range."),
    Mistake("96-out", _is_rate(1 / 6), "Readings of exactly 96 are lost. Both ends belong to the range."),
    Mistake(
        "ends-swapped", lambda answer: _rate(answer)[1] > _rate(answer)[2], "The lower end comes before the upper end."
    ),
    Mistake(
        "nobody-is-zero",
        lambda answer: _rate(answer, "medium")[0] == 0,
        "0 of 0 is not 0: without a pair that looks fine nobody knows.",
    ),
    properties.changes_table("hidden_rate", lambda: (small_pairs(), "light")),
    Mistake(
        "other-interval",
        lambda answer: _is_rate(2 / 9)(answer) and not is_right_rate(answer),
        "The rate is right, the ends are not: use with_interval with the two counts of the rate.",
    ),
)


def is_right_rate(answer: Any) -> bool:
    """Say whether the three numbers are right for each skin tone of the small table."""
    tones = ("light", "dark", "medium")
    return all(properties.agrees(_rate(answer, t), reference_rate(small_pairs(), t), 1e-4) for t in tones)


RATE_OTHERWISE = "Not these numbers yet. Choose by the oximeter, count by the blood, divide by those that look fine."


def _ask_column(answer: Any) -> str | None:
    """Ask for one mean for each skin tone."""
    if not hasattr(answer, "items") or hasattr(answer, "columns"):
        return f"mean_error is a {type(answer).__name__}; it is one number for each skin tone: use groupby, then mean."
    names = sorted(map(str, dict(answer.items())))
    if names != ["dark", "light", "medium"]:
        return f"mean_error has {len(names)} entries, like {', '.join(names[:3])}. Wanted is one for each skin tone."
    return None


E1 = Exercise(
    id="e1",
    title="Would you believe this value?",
    reads="plausible",
    points=2,
    visible=(
        is_function("plausible", "plausible(value, loinc, limits)"),
        Rung("shape", _ask_flag),
        recognise(
            "values",
            *PLAUSIBLE_MISTAKES,
            right=lambda answer: _all_say(INSIDE + AT_LOW + AT_HIGH, True)(answer),
            otherwise="Not right for each value yet. Take one, and write its two limits next to it.",
        ),
    ),
    hint="A value is believed between its two limits, and on each of them. Python can compare twice in a row.",
    worked_line="In a school: allowed = 6 < age < 19  # here the two ends themselves are out",
)
E2 = Exercise(
    id="e2",
    title="Who made this value?",
    reads="made_by",
    points=2,
    visible=is_sorting("made_by", VALUES, MAKERS),
    hint="Ask for each: does a second way of measuring agree? Is it the same for many patients at once? Is it a habit?",
    worked_line='"weight 70": "hand", when 30 patients who came in one night all weigh 70',
)
E3 = Exercise(
    id="e3",
    title="Is the number of rows a feature?",
    reads="auroc_rows",
    points=2,
    visible=(is_number("auroc_rows", "0.71"),),
    hint="roc_auc_score takes first who died, then one number for each stay. Which column is known after 24 hours?",
    worked_line='roc_auc_score(day["died"], day["breaths"])  # for the first breaths',
)
E4 = Exercise(
    id="e4",
    title="How often is a lack of oxygen hidden?",
    reads="hidden_rate",
    points=2,
    visible=(
        is_function("hidden_rate", "hidden_rate(pairs, tone)"),
        Rung("shape", _ask_three),
        recognise("values", *RATE_MISTAKES, right=is_right_rate, otherwise=RATE_OTHERWISE),
    ),
    hint="Choose rows twice: first by the oximeter, with both ends; then, among these, by the blood.",
    worked_line='tall = people[people["height"].between(180, 200)]; heavy = tall[tall["weight"] > 100]',
)
E5 = Exercise(
    id="e5",
    title="The ward changes its habit",
    reads="on_tuesday",
    points=2,
    visible=(is_choice("on_tuesday", ON_TUESDAY),),
    hint="Count: how many pulses does each patient have on Tuesday? What did the forest learn about such a number?",
    worked_line='Nobody is charted any more: the column is 0 for all, and the forest says "all low"',
)
E6 = Exercise(
    id="e6",
    title="From a finger to a feature",
    reads="path",
    points=2,
    visible=(is_order("path", STEPS),),
    hint="Follow the thing itself: blood, light, a number on a screen, a number in a chart, a row, a mark, a feature.",
    worked_line="For a weight: he stands on the scale, the scale shows 70, the nurse writes 70",
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="mean_error",
    visible=(Rung("type", _ask_column),),
    hint="Take one column away from the other. Then group the result by the skin tone of the same rows.",
    worked_line='ages.groupby(people["town"]).mean()  # one mean age for each town',
)

S1 = Question(
    "s1",
    "The monitor shows an oxygen saturation of 96 %. What touches the patient?",
    ("A clip with light on a finger", "A needle in an artery", "A band round the chest"),
)
S2 = Question(
    "s2",
    '100 stays have 7 pulses each. How many rows has pulses.groupby("stay")["pulse"].max()?',
    ("1", "100", "700"),
)
Q1 = Question(
    "q1",
    'With "worst", why is nobody left near 75?',
    (
        "On their first day these patients are never near 75",
        "The rule takes the value farthest from 75, so what is near it loses",
        "Nurses do not chart a normal pulse",
        "Values near 75 are artefacts, and were taken out",
    ),
)
Q2 = Question(
    "q2",
    "An oximeter reads a point too high in dark skin. What is left in a mean of 1,000 people's readings?",
    ("Nothing: errors cancel out", "The shift; the noise is almost gone", "The noise; the shift is gone", "Both"),
)

TITLE = "How vital signs arise"
EXERCISES = (E1, E2, E3, E4, E5, E6, F1)
QUESTIONS = (S1, S2, Q1, Q2)
