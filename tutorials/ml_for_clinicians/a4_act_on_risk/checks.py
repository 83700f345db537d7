"""A4, probabilities you can act on: observed and expected, net benefit, thresholds, a level that is put right."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from numbers import Real
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.interval import is_interval
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

HOSPITALS = ("Lake", "Hill", "Port", "Glen")
TOO_HIGH, TOO_LOW, RIGHT_LEVEL, TOO_FEW = "too high", "too low", "about right", "too few deaths"
WEIGHTED = (0.1, 0.2, 0.4)  # the thresholds at which the button tries net_benefit
CLOSE, LOWEST, HIGHEST = 1e-9, 0.95, 1.05  # a mended level: observed deaths for each expected one
Column = Any  # a column of pandas, or an array


@cache
def draw_ward(seed: int, lower: float = 0.9, number: int = 300) -> tuple[pd.Series[bool], pd.Series[float]]:
    """Return who died and the risks of patients whom nobody knows; the risks are too high by so many log-odds."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-1.3, 1.2, number)
    risk = (1 / (1 + np.exp(-log_odds))).round(2).clip(0.01, 0.99)
    died = rng.random(number) < 1 / (1 + np.exp(-(log_odds - lower)))
    index = pd.Index(range(500, 500 + number))
    return pd.Series(died, index=index), pd.Series(risk, index=index)


def ratio(y: Column, p: Column) -> float:
    """Return observed deaths for each expected one."""
    return float(sum(y)) / float(sum(p))


def benefit(y: Column, p: Column, t: float) -> float:
    """Return the net benefit of flagging everybody from a risk on."""
    return _benefit_with(y, p, t)


def _benefit_with(
    y: Column,
    p: Column,
    t: float,
    flags: Callable[[Any, float], Any] = lambda p, t: p >= t,
    false: Callable[[Any, Any], Any] = lambda flags, died: flags & ~died,
    weight: Callable[[float], float] = lambda t: t / (1 - t),
) -> float:
    """Return what exercise 3 gives with these in its three gaps."""
    import numpy as np

    died, flagged = np.asarray(y) == 1, flags(np.asarray(p), t)
    true = np.count_nonzero(flagged & died)
    return float((true - weight(t) * np.count_nonzero(false(flagged, died))) / len(died))


def cases() -> list[tuple[Column, Column]]:
    """Return the patients on whom the button tries observed_expected: y as True and False, then as 1 and 0."""
    (y, p), (other_y, other_p) = draw_ward(11), draw_ward(12, -0.6, 220)
    return [(y, p), (other_y.astype(int), other_p)]


def flagged_cases() -> list[tuple[Column, Column, float]]:
    """Return the patients and thresholds on which the button tries net_benefit; some risks are just the threshold."""
    return [(y, p, t) for y, p in cases() for t in WEIGHTED]


def _is_like(other: Callable[..., Any]) -> Callable[[Any], bool]:
    return properties.agrees_with(other, cases())


def _ask_ratio(answer: Any) -> str | None:
    return _find_no_number("observed_expected", properties.call(answer, *cases()[0]))


def _find_no_number(name: str, said: Any) -> str | None:
    """Say what came back in place of one number."""
    if said is ...:
        return f"{name} still holds three dots: replace them."
    if said is None:
        return f"{name} returns nothing: keep its last line, which begins with return."
    if isinstance(said, tuple | list) or getattr(said, "shape", ()) not in ((), (1,)):
        return f"{name} returns many values. Count or add up inside, so that one number comes back."
    try:
        return (
            None if float(said) == float(said) else f"{name} returns no number (NaN): something was divided by nothing."
        )
    except (TypeError, ValueError):
        return f"{name} returns a {type(said).__name__}; it must return one number."


def _fails_at_1_and_0(answer: Any) -> bool:
    try:
        return not properties.agrees_with(ratio, cases()[1:])(answer)
    except NotYet:
        return True


RATIO_OTHERWISE = "Not O/E yet: how many died, and how many deaths do the risks add up to? Divide the first."
RATIO_MISTAKES = (
    Mistake(
        "upside-down",
        _is_like(lambda y, p: sum(p) / sum(y)),
        "This is expected deaths for each observed one. O/E puts the observed deaths first.",
    ),
    Mistake(
        "difference",
        _is_like(lambda y, p: sum(y) - sum(p)),
        "This is a difference. A ratio divides: how many observed for each one expected?",
    ),
    Mistake(
        "share-that-died",
        lambda answer: _is_like(lambda y, p: sum(y) / len(y))(answer) or _is_like(lambda y, p: sum(y) / len(p))(answer),
        "This is the share that died. The risks p must count: what do they add up to?",
    ),
    Mistake(
        "patients-counted",
        lambda answer: _is_like(lambda y, p: len(y) / sum(p))(answer),
        "You counted all patients as deaths. Count those who died.",
    ),
    Mistake(
        "share-by-sum",
        lambda answer: _is_like(lambda y, p: sum(y) / len(y) / sum(p))(answer),
        "A share is divided by a number of deaths. Take two numbers of deaths, or two means.",
    ),
    Mistake(
        "above-one-half",
        lambda answer: any(_is_like(lambda y, p, cut=cut: sum(y) / sum(p > cut))(answer) for cut in (0.5, 0.49)),
        "You counted patients above one half. A patient with a risk of 0.2 is one fifth of an expected death.",
    ),
    Mistake(
        "above-one-half-died",
        _is_like(lambda y, p: sum(p > 0.5) / sum(p)),
        "For the observed deaths you counted high risks. Who died stands in y.",
    ),
    Mistake(
        "highest-risk",
        _is_like(lambda y, p: sum(y) / max(p)),
        "You divided by the highest risk. All risks together make the expected deaths.",
    ),
    Mistake(
        "mean-risk",
        _is_like(lambda y, p: sum(y) / (sum(p) / len(p))),
        "A number of deaths is divided by a mean risk. Take two numbers of deaths, or two means.",
    ),
    Mistake(
        "percent",
        _is_like(lambda y, p: 100 * sum(y) / sum(p)),
        "This is in percent. O/E is 1 where the level is right.",
    ),
    Mistake(
        "only-for-true-and-false",
        lambda answer: properties.agrees_with(ratio, cases()[:1])(answer) and _fails_at_1_and_0(answer),
        "It holds where y is True and False, and not where y is 1 and 0. Add y up instead.",
    ),
)


def _nets(**gaps: Any) -> Callable[[Any], bool]:
    """Return the property that net_benefit has this in its gaps."""
    return properties.agrees_with(lambda y, p, t: _benefit_with(y, p, t, **gaps), flagged_cases())


def _nets_any(name: str, *ways: Any) -> Callable[[Any], bool]:
    return lambda answer: any(_nets(**{name: way})(answer) for way in ways)


def _ask_benefit(answer: Any) -> str | None:
    return _find_no_number("net_benefit", properties.call(answer, *flagged_cases()[0]))


BENEFIT_OTHERWISE = (
    "Not net benefit yet. Ask each gap alone: who is flagged, who of them lived, and what does one weigh?"
)
FLAGS: tuple[Any, ...] = (
    lambda p, t: p >= t,  # the first of each gap is right
    lambda p, t: p > t,
    lambda p, t: p >= 0.5,
    lambda p, t: p < t,
)
IN_VAIN: tuple[Any, ...] = (
    lambda flags, died: flags & ~died,
    lambda flags, died: flags,
    lambda flags, died: ~flags & died,
    lambda flags, died: ~died,
)
WEIGHTS: tuple[Any, ...] = (lambda t: t / (1 - t), lambda t: t, lambda t: (1 - t) / t, lambda t: 1 - t)
GAPS_OF_BENEFIT = ("who is flagged", "who of them lived", "the weight")


def find_wrong_gaps(answer: Any) -> list[str]:
    """Return which gaps of net_benefit are wrong, where two or three of the usual mistakes were made at once."""
    ways = sorted(product(range(4), repeat=3), key=lambda way: sum(map(bool, way)))
    for way in (way for way in ways if sum(map(bool, way)) > 1):
        flags, false, weight = FLAGS[way[0]], IN_VAIN[way[1]], WEIGHTS[way[2]]
        if _nets(flags=flags, false=false, weight=weight)(answer):
            return [name for name, wrong in zip(GAPS_OF_BENEFIT, way, strict=True) if wrong]
    return []


def _say_gaps(answer: Any) -> str:
    return f"More than one gap is wrong. Look again at {' and at '.join(find_wrong_gaps(answer))}."


BENEFIT_MISTAKES = (
    Mistake(
        "above-the-threshold",
        _nets(flags=lambda p, t: p > t),
        "A patient whose risk is just the threshold is flagged too. Which sign says that?",
    ),
    Mistake(
        "one-half",
        _nets_any("flags", lambda p, t: p >= 0.5, lambda p, t: p > 0.5),
        "You flag from one half on, whatever t is. The ward chooses the threshold.",
    ),
    Mistake(
        "below-the-threshold",
        _nets_any("flags", lambda p, t: p < t, lambda p, t: p <= t),
        "You flag the patients with low risks. Turn the comparison round.",
    ),
    Mistake(
        "all-flags",
        _nets(false=lambda flags, died: flags),
        "You took away all who are flagged. In vain are only those who did not die.",
    ),
    Mistake(
        "missed",
        _nets(false=lambda flags, died: ~flags & died),
        "You counted patients who died and were not flagged. In vain means: flagged, and did not die.",
    ),
    Mistake(
        "all-alive",
        _nets(false=lambda flags, died: ~died),
        "You counted everybody who lived. Only those who were flagged cost the ward work.",
    ),
    Mistake(
        "rightly-quiet",
        _nets(false=lambda flags, died: ~flags & ~died),
        "You counted patients who were neither flagged nor died. They cost nothing.",
    ),
    Mistake(
        "true-flags-twice",
        _nets(false=lambda flags, died: flags & died),
        "The true flags are taken away from themselves. In vain means: flagged, and did not die.",
    ),
    Mistake(
        "weight-is-the-threshold",
        _nets(weight=lambda t: t),
        "Your weight is t itself. Look at the table: at 1/2 the weight is 1.",
    ),
    Mistake(
        "weight-upside-down",
        _nets(weight=lambda t: (1 - t) / t),
        "Your weight is turned round: at 1/5 it is 4. One in vain weighs less than one true there.",
    ),
    Mistake(
        "weight-of-the-rest",
        _nets(weight=lambda t: 1 - t),
        "Your weight is 1 - t. In the table, the weight grows with the threshold.",
    ),
    Mistake(
        "weight-one-over",
        _nets_any("weight", lambda t: 1 / t, lambda t: 1 / (1 - t)),
        "At 1/2 your weight is 2. The table says 1 there.",
    ),
    Mistake(
        "no-weight",
        _nets(weight=lambda t: 1),
        "All false flags count 1 here. Their weight follows from t.",
    ),
    Mistake(
        "weight-brackets",
        _nets(weight=lambda t: 0),
        "Your weight is 0. Python divides before it takes away: which part needs round brackets?",
    ),
    Mistake(
        "weight-written-in",
        _nets_any("weight", lambda t: 1 / 4, lambda t: 1 / 9, lambda t: 1 / 2),
        "Your weight is the same at every threshold. Make it from t.",
    ),
    Mistake(
        "of-the-flagged",
        properties.agrees_with(lambda y, p, t: benefit(y, p, t) * len(p) / (p >= t).sum(), flagged_cases()),
        "You divided by those who are flagged. Keep the last line: it divides by all patients.",
    ),
    Mistake(
        "not-divided",
        properties.agrees_with(lambda y, p, t: benefit(y, p, t) * len(p), flagged_cases()),
        "This is a number of patients. Keep the last line: it divides by all patients.",
    ),
    Mistake(
        "threshold-unused",
        lambda answer: properties.ignores([(*cases()[0], t) for t in WEIGHTED])(answer),
        "The result is the same for every t. Flags and weight must follow from t.",
    ),
    Mistake("two-gaps", lambda answer: bool(find_wrong_gaps(answer)), _say_gaps),
)


def pushed(answer: Any, p: Column, share: float) -> Any:
    """Return the risks that shift_to makes, as an array; anything else that it returns is said."""
    import numpy as np

    said = properties.call(answer, p, share)
    if said is ... or said is None:
        raise NotYet("shift_to returns no risks: replace the three dots, and keep the last line.")
    try:
        risks = np.asarray(said, dtype=float)
    except (TypeError, ValueError):
        raise NotYet("shift_to returns something that is no column of numbers.") from None
    if risks.shape != (len(p),):
        raise NotYet("shift_to returns one number. It must return all risks: one for each patient.")
    return risks


def _shown() -> tuple[Column, float]:
    y, p = cases()[0]
    return p, float(y.mean())


def _shows(found: Callable[[Any, Any, float], bool]) -> Callable[[Any], bool]:
    """Return the property that the pushed risks of the shown ward show this."""

    def shows(answer: Any) -> bool:
        p, share = _shown()
        return found(pushed(answer, p, share), p.to_numpy(), share)

    return shows


def is_level(risks: Any, share: float) -> bool:
    """Say whether the observed share is 0.95 to 1.05 of the mean risk."""
    mean = float(risks.mean())
    return mean > 0 and LOWEST <= share / mean <= HIGHEST


def spread_of_push(risks: Any, p: Any) -> float:
    """Return by how much the push differs between patients, on the scale of log-odds."""
    import numpy as np

    kept = (risks > 0) & (risks < 1)
    push = np.log(risks[kept] / (1 - risks[kept])) - np.log(p[kept] / (1 - p[kept]))
    return float(np.ptp(push)) if kept.any() else float("inf")


def _is_by_means(risks: Any, p: Any, share: float) -> bool:
    import numpy as np

    push = np.log(share / (1 - share)) - np.log(p.mean() / (1 - p.mean()))
    return bool(np.allclose(risks, 1 / (1 + np.exp(-(np.log(p / (1 - p)) + push)))))


def _is_constant(values: Any) -> bool:
    return bool(values.std() < CLOSE)


def _say_level(answer: Any) -> str:
    p, share = _shown()
    mean = float(pushed(answer, p, share).mean())
    return f"The mean of your risks is {mean:.3f} where {share:.3f} was observed. Look at both gaps once more."


def _is_at_the_end(risks: Any, p: Any, share: float) -> bool:
    return bool(risks.mean() > 0.99 or risks.mean() < 0.01)


SHIFT_OTHERWISE = "Not right yet: the same push for everybody, on the scale of log-odds, until the means agree."
SHIFT_MISTAKES = (
    Mistake(
        "unchanged",
        _shows(lambda risks, p, share: bool(abs(risks - p).max() < CLOSE)),
        "The risks come back as they were. Use push before you look at their mean.",
    ),
    Mistake(
        "same-for-everybody",
        _shows(lambda risks, p, share: _is_constant(risks)),
        "Everybody gets the same risk now. The ranking is lost: push each patient's own log-odds.",
    ),
    Mistake(
        "multiplied",
        _shows(lambda risks, p, share: _is_constant(risks / p)),
        "All risks are multiplied. In a hospital with more deaths, high ones would pass 1. Push log-odds instead.",
    ),
    Mistake(
        "added",
        _shows(lambda risks, p, share: _is_constant(risks - p)),
        "The same is added to each risk, so low ones fall below 0. Push the log-odds, then turn them back.",
    ),
    Mistake(
        "brackets",
        _shows(lambda risks, p, share: bool(risks.min() >= 1)),
        "All risks are 1 or more. Python divides before it adds: put round brackets around the sum below the line.",
    ),
    Mistake(
        "outside",
        _shows(lambda risks, p, share: bool(risks.min() < 0 or risks.max() > 1)),
        "Some risks are outside 0 to 1. Turn the log-odds back into risks, as the text says.",
    ),
    Mistake(
        "by-means",
        _shows(lambda risks, p, share: _is_by_means(risks, p, share) and not is_level(risks, share)),
        "You pushed by the distance between the log-odds of two means. That is near, not enough: look for it.",
    ),
    Mistake(
        "order-turned",
        _shows(lambda risks, p, share: bool(risks[p.argmax()] < risks[p.argmin()])),
        "Who had the highest risk has a low one now. Look at the signs inside np.exp().",
    ),
    Mistake(
        "wrong-way",
        _shows(_is_at_the_end),
        "The push ran to its end. too_high must be true when the mean is above the share.",
    ),
    Mistake(
        "slope-changed",
        _shows(lambda risks, p, share: spread_of_push(risks, p) > 0.01),
        "The push differs from patient to patient. Add the same number to each log-odds, and change nothing else.",
    ),
    Mistake("level", _shows(lambda risks, p, share: not is_level(risks, share)), _say_level),
    Mistake(
        "input-changed",
        lambda answer: properties.h6_input_kept(answer, *_shown()) is not None,
        "shift_to changes the column that it is given. Work on a copy.",
    ),
)


def _ask_push(answer: Any) -> str | None:
    pushed(answer, *_shown())
    return None


def _is_in_percent(answer: Any) -> bool:
    ends = answer if isinstance(answer, list | tuple) else ()
    return any(isinstance(end, Real) and 1 <= float(end) <= 100 for end in ends)


IN_PERCENT = Mistake("percent", _is_in_percent, "Write shares, as the picture does: 0.41 for 41 %.")

F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="evaluations",
    visible=(is_number("evaluations", "12.5"),),
    hint="Steps 1 and 2 of the worked example give the flags, steps 3 and 4 the figure. This ward accepts four.",
    worked_line='missed = (~flagged & second["died"]).sum()  # another count of the same ward',
)

E1 = Exercise(
    id="e1",
    title="Observed and expected",
    reads="observed_expected",
    points=2,
    visible=(
        is_function("observed_expected", "observed_expected(y, p)"),
        Rung("shape", _ask_ratio),
        recognise("values", *RATIO_MISTAKES, right=_is_like(ratio), otherwise=RATIO_OTHERWISE),
    ),
    hint="True counts 1 when a column is added up. Risks of 0.2, 0.3 and 0.5 make one expected death.",
    worked_line="mean_age = age.sum() / len(age)  # a sum of a column, and a division",
)

E2 = Exercise(
    id="e2",
    title="Four hospitals, one model",
    reads="risks_are",
    points=2,
    visible=is_sorting("risks_are", HOSPITALS, (TOO_HIGH, RIGHT_LEVEL, TOO_LOW, TOO_FEW)),
    hint="Compare the last two columns of the table. Then ask: could this be chance? Pairs say nothing here.",
    worked_line="With 100 deaths expected and 50 observed, risks are too high; with 1 expected, nobody can say.",
)

E3 = Exercise(
    id="e3",
    title="Net benefit",
    reads="net_benefit",
    points=2,
    visible=(
        is_function("net_benefit", "net_benefit(y, p, t)"),
        Rung("shape", _ask_benefit),
        recognise(
            "values",
            *BENEFIT_MISTAKES,
            right=properties.agrees_with(benefit, flagged_cases()),
            otherwise=BENEFIT_OTHERWISE,
        ),
    ),
    hint="For the weight, try a few recipes with t = 0.2 by hand: which one gives 0.25, and at 0.5 gives 1?",
    worked_line="missed = (~flags & died).sum()  # died, and was not flagged",
)

E4 = Exercise(
    id="e4",
    title="Where is a model worth its work?",
    reads="worth_it",
    points=2,
    visible=(recognise("type", IN_PERCENT), is_interval("worth_it", 0, 0.5)),
    hint="Where does the blue line leave the red one, going up from it? And where does it fall to the grey one?",
    worked_line="If a curve lies above both lines from 0.41 to 0.44 only, the answer is (0.41, 0.44).",
)

E5 = Exercise(
    id="e5",
    title="A ward's words as a threshold",
    reads="her_threshold",
    points=2,
    visible=(is_number("her_threshold", "0.75"),),
    hint="How many visits does she accept in all, for one patient who would have died?",
    worked_line="Two visits in vain for one true one are three visits: the threshold is 1 / 3, about 0.333.",
)

E6 = Exercise(
    id="e6",
    title="Mend the level, keep the ranking",
    reads="shift_to",
    points=2,
    visible=(
        is_function("shift_to", "shift_to(p, observed_share)"),
        Rung("shape", _ask_push),
        recognise("values", *SHIFT_MISTAKES, otherwise=SHIFT_OTHERWISE),
    ),
    hint="Add push to each log-odds, then turn the sum into a risk as the text says. Then compare mean and share.",
    worked_line="halved_odds = 1 / (1 + np.exp(-(np.log(0.2 / 0.8) - np.log(2))))  # one risk, pushed by hand",
)

S1 = Question(
    "s1",
    "Of 40 patients who are flagged, 10 die. How many evaluations is that for one true flag?",
    ("0.25", "3", "4", "10"),
)
S2 = Question(
    "s2",
    "AUROC 0.80 means: of 100 pairs of one who died and one who did not ...",
    (
        "in 80 the first has the higher risk",
        "in 80 the first has a risk above one half",
        "80 of the risks are right",
    ),
)
Q1 = Question(
    "q1",
    "You pushed all risks, and the pairs did not change. Why?",
    (
        "The push was too small to matter",
        "All risks moved, but nobody overtook anybody",
        "The card counts the pairs only once",
        "The model learned from these patients",
    ),
)
Q2 = Question(
    "q2",
    "The model of wave 1 gives Ruth 20 % in wave 4. Which sentence may you tell the ward?",
    (
        "Of 100 patients like Ruth, 20 will die",
        "The pairs are as good as before, so 20 % holds",
        "In wave 4, fewer than 20 of 100 patients with such a risk died",
        "Her true risk is 20 % times O/E",
    ),
)

TITLE = "Probabilities you can act on"
EXERCISES = (E1, E2, E3, E4, E5, E6, F1)
QUESTIONS = (S1, S2, Q1, Q2)
