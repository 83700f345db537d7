"""What is checked when A4 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import (
    RIGHT_LEVEL,
    TOO_FEW,
    TOO_HIGH,
    TOO_LOW,
    benefit,
    draw_ward,
    is_level,
    pushed,
    ratio,
    spread_of_push,
)

if TYPE_CHECKING:
    import pandas as pd

STEP = 0.01  # of the thresholds of the curve
KNOWN = ["age", "male", "diseases", "rr", "spo2_first", "oxygen", "confused", "urea"]


@cache
def patients() -> pd.DataFrame:
    """Return the patients as the set-up of the notebook makes them, with the risks that the model of wave 1 tells."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from rounds.data import load

    rows = load("covid").frame().dropna(subset=["urea"])
    rows = rows.assign(male=rows["sex"] == "male", died=rows["died_in_hospital"].astype(bool))
    first = rows[rows["wave"] == 1]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(first[KNOWN], first["died"])
    return rows.assign(risk=model.predict_proba(rows[KNOWN])[:, 1])


@cache
def worth() -> tuple[float, float]:
    """Return the thresholds at which the tree of exercise 4 beats both simple rules."""
    from sklearn.tree import DecisionTreeClassifier

    from rounds.evaluation.decision_curve import decision_curve

    first, second = (patients()[patients()["wave"] == wave] for wave in (1, 2))
    tree = DecisionTreeClassifier(max_depth=8, random_state=0).fit(first[KNOWN], first["died"])
    risk = tree.predict_proba(second[KNOWN])[:, 1]
    curve = decision_curve(second["died"].to_numpy(), risk, [step / 100 for step in range(1, 51)])
    return curve.worth or (0.0, 0.0)


def _range(found: Callable[[float, float, float, float], bool]) -> Callable[[Any], bool]:
    """Return the property that the ends of an answer, and of the right range, show this."""
    return lambda answer: not _is_read(answer) and found(float(answer[0]), float(answer[1]), *worth())


def _is_read(answer: Any) -> bool:
    """Say whether both ends are read from the picture to 0.01: a step further, the lines are seen to lie apart."""
    return all(abs(float(end) - right) < 1.5 * STEP for end, right in zip(answer, worth(), strict=True))


RANGE_OTHERWISE = "Not these ends yet. Where does the blue line cross the red one, and where the grey one?"
RANGE_MISTAKES = (
    Mistake(
        "every-threshold",
        _range(lambda low, high, begins, ends: low <= begins - 0.07 and high >= ends + 0.07),
        "This is nearly the whole plot. At each end of it one of the simple rules is better.",
    ),
    Mistake(
        "everybody-is-better",
        _range(lambda low, high, begins, ends: high <= begins + 0.02),
        "In this range the red line is the highest: flagging everybody is better than the tree.",
    ),
    Mistake(
        "nobody-is-better",
        _range(lambda low, high, begins, ends: low >= ends - 0.02),
        "In this range the tree lies on or below the grey line: flagging nobody is as good or better.",
    ),
    Mistake(
        "beats-nobody-only",
        _range(lambda low, high, begins, ends: low < begins - STEP and high < ends + 2 * STEP),
        "Your range begins where the red line is higher. The tree must beat flagging everybody too.",
    ),
    Mistake(
        "beats-everybody-only",
        _range(lambda low, high, begins, ends: low > begins - 2 * STEP and high > ends + STEP),
        "Your range ends where the blue line is below the grey one. The tree must beat flagging nobody too.",
    ),
    Mistake(
        "a-part-of-it",
        _range(lambda low, high, begins, ends: low > begins - 2 * STEP and high < ends + 2 * STEP),
        "Here the tree is the best rule, but on one side of your range it still is. Follow the blue line.",
    ),
)


def _is_one_of(*values: float) -> Callable[[Any], bool]:
    return lambda answer: any(near(value, 0.002)(answer) for value in values)


THRESHOLD_OTHERWISE = "Not her threshold yet: one true visit, divided by all visits that she accepts for it."
THRESHOLD_MISTAKES = (
    Mistake(
        "in-vain-only",
        _is_one_of(1 / 7),
        "You divided by the visits in vain. The one true visit is a visit too.",
    ),
    Mistake(
        "share-in-vain", _is_one_of(7 / 8), "This is the share of visits in vain. The threshold is the other part."
    ),
    Mistake(
        "one-taken-away",
        _is_one_of(1 / 6),
        "The true visit is not one of the seven: it comes on top.",
    ),
    Mistake("one-too-many", _is_one_of(1 / 9), "You counted one visit too many: seven in vain, and the true one."),
    Mistake("percent", near(12.5, 0.6), "The size is right, the unit is not: write a share, so 20 percent is 0.2."),
    Mistake(
        "of-the-picture", _is_one_of(1 / 5), "This is the threshold of the picture. This nurse accepts more visits."
    ),
    Mistake("tenths", _is_one_of(0.7, 0.07), "Seven is a number of visits. Of how many visits in all is one true?"),
    Mistake(
        "count",
        lambda answer: float(answer) in (7, 8),
        "This is a number of visits. A threshold is a risk between 0 and 1.",
    ),
    Mistake("outside", lambda answer: not 0 < float(answer) < 1, "A threshold here is a risk between 0 and 1."),
    Mistake(
        "rounded",
        lambda answer: 0.0006 < abs(float(answer) - 0.125) <= 0.0061,
        "Near, but rounded too far: keep three numbers behind the point.",
    ),
)


@cache
def gaps() -> dict[str, float]:
    """Return what the gaps of the faded example give, the right way and in the usual wrong ways."""
    second, third = (patients()[patients()["wave"] == wave] for wave in (2, 3))
    counts = {}
    for name, rows, cut in (("right", third, 1 / 4), ("worked", second, 1 / 5), ("other", third, 1 / 5)):
        flags = rows["risk"] >= cut
        counts[name] = (float(flags.sum()), float((flags & rows["died"]).sum()))
    low, high = third["risk"] < 1 / 4, third["risk"] >= 3 / 4
    (flagged, found), (other_flagged, other_found) = counts["right"], counts["other"]
    return {
        "right": flagged / found,
        "worked": counts["worked"][0] / counts["worked"][1],
        "threshold": other_flagged / other_found,
        "turned": found / flagged,
        "vain": (flagged - found) / found,
        "everybody": len(third) / found,
        "all deaths": flagged / float(third["died"].sum()),
        "low": float(low.sum()) / float((low & third["died"]).sum()),
        "high": float(high.sum()) / float((high & third["died"]).sum()),
        "flags": flagged,
        "found": found,
        "mixed flags": counts["worked"][0] / found,
        "mixed found": flagged / counts["worked"][1],
        "accepted": 4.0,
        "nothing": 0.0,
    }


def _gives(*names: str) -> Callable[[Any], bool]:
    return lambda answer: any(abs(float(answer) - gaps()[name]) <= 0.006 for name in names)


GAP_MISTAKES = (
    Mistake(
        "worked-threshold",
        _gives("threshold"),
        "The threshold of the worked example is used. This ward accepts four evaluations, not five.",
    ),
    Mistake("worked-result", _gives("worked"), "This is the result of wave 2. Use the names of this box."),
    Mistake(
        "turned-round",
        _gives("turned"),
        "This is the share of flags that are true. Turn the division round: how many flags for one?",
    ),
    Mistake("in-vain-only", _gives("vain"), "You counted the evaluations in vain only. The true one is one too."),
    Mistake("everybody", _gives("everybody"), "You divided all patients. Only those who are flagged are evaluated."),
    Mistake(
        "all-deaths",
        _gives("all deaths"),
        "You divided by all who died. Some of them were not flagged: divide by those who were found.",
    ),
    Mistake(
        "high",
        _gives("high"),
        "You flag from three quarters on. Of the four evaluations one is true: what part is that?",
    ),
    Mistake("below", _gives("low"), "You flagged the low risks. Turn the comparison round."),
    Mistake(
        "count", _gives("flags", "found"), "This is a count. Divide those who are flagged by those who were found."
    ),
    Mistake(
        "two-waves", _gives("mixed flags", "mixed found"), "Two waves are mixed: one name is of the worked example."
    ),
    Mistake(
        "accepted",
        _gives("accepted"),
        "Four is what the ward accepts at the threshold. How many are needed on average, of all who are flagged?",
    ),
    Mistake(
        "nobody-flagged",
        _gives("nothing"),
        "Here nobody is flagged. Risks are between 0 and 1: write one part of four.",
    ),
)

RISKS_ARE = {"Lake": TOO_HIGH, "Hill": RIGHT_LEVEL, "Port": TOO_LOW, "Glen": TOO_FEW}
WHY = {
    ("Lake", TOO_LOW): "In Lake fewer died than expected. Did the model say too much, or too little?",
    (
        "Lake",
        RIGHT_LEVEL,
    ): "Lake has the most pairs in the right order. Pairs say nothing of the level: compare the deaths.",
    ("Lake", TOO_FEW): "In Lake about a hundred died. Chance moves such a number by about 20, not by more than 60.",
    (
        "Hill",
        TOO_HIGH,
    ): "Hill has fewer pairs in the right order, but that is the order. Compare its two numbers of deaths.",
    ("Hill", TOO_LOW): "In Hill the two numbers of deaths differ by very little. Chance alone makes more.",
    ("Hill", TOO_FEW): "In Hill far more than a hundred died: enough to say something.",
    ("Port", TOO_HIGH): "In Port more died than expected. Did the model say too much, or too little?",
    ("Port", RIGHT_LEVEL): "In Port the deaths differ by half of what was expected. Pairs say nothing of this.",
    ("Port", TOO_FEW): "In Port more than a hundred died: enough to say something.",
    ("Glen", TOO_LOW): "In Glen one or two deaths less would turn this round. How sure can one be with 20 patients?",
    ("Glen", TOO_HIGH): "In Glen more died than expected, and both numbers are small. What could chance do?",
    ("Glen", RIGHT_LEVEL): "In Glen nobody can say that: with 20 patients chance hides a large fault.",
}


def _turned(y: Any, p: Any) -> tuple[Any, Any]:
    return y.iloc[::-1].reset_index(drop=True), p.iloc[::-1].reset_index(drop=True)


def _ignores_order(answer: Any, *rest: Any) -> str | None:
    y, p = draw_ward(21)
    same = properties.agrees(properties.call(answer, y, p, *rest), properties.call(answer, *_turned(y, p), *rest))
    return None if same else "The result is another one when the patients stand in another order."


def _fresh() -> list[tuple[Any, Any]]:
    """Return patients whom nobody saw: columns and arrays, y as True and False and as 1 and 0."""
    (y, p), (other_y, other_p) = draw_ward(22, 1.4, 150), draw_ward(23, -1, 90)
    return [(y, p), (other_y.astype(int), other_p), (y.to_numpy(), p.to_numpy()), (other_y.astype(float), other_p)]


def _is_zero_where_nobody_died(answer: Any) -> str | None:
    y, p = draw_ward(24)
    return None if properties.agrees(properties.call(answer, y & False, p), 0.0) else "Where nobody died, O/E is 0."


def _flags_everybody_alike(answer: Any) -> str | None:
    """Hold what follows from the definition: with a threshold next to 0, and with all risks 1, everybody is flagged.

    Next to 0 and not 0 itself: the weight may be written 1 / (1 / t - 1).
    """
    y, p = draw_ward(25)
    rate = float(y.mean())
    low = 0.0001
    if not properties.agrees(properties.call(answer, y, p * 0 + 0.01, low), rate - (1 - rate) * low / (1 - low)):
        return "With a threshold next to 0 everybody is flagged. There your result is not right."
    for t in (0.15, 0.6):
        if not properties.agrees(properties.call(answer, y, p * 0 + 1, t), rate - (1 - rate) * t / (1 - t)):
            return "With all risks at 1 everybody is flagged, at each threshold. There your result is not right."
    return None


def _flags_nobody(answer: Any) -> str | None:
    y, p = draw_ward(25)
    said = properties.call(answer, y, p * 0, 0.3)
    return None if properties.agrees(said, 0.0) else "Where nobody is flagged, net benefit is 0."


EXACT = ([True, False, True, False], [0.3, 0.3, 0.1, 0.6])


def _boundary(answer: Any) -> str | None:
    import pandas as pd

    y, p = (pd.Series(values) for values in EXACT)
    cases = (((y, p, 0.3), (1 - 2 * 0.3 / 0.7) / 4), ((y, p, 0.6), -1.5 / 4), ((y, p, 0.1), (2 - 2 / 9) / 4))
    said = all(properties.agrees(properties.call(answer, *case), right) for case, right in cases)
    return None if said else "net_benefit is not right where a risk is just the threshold."


def _mends_fresh_wards(answer: Any) -> str | None:
    for seed, lower in ((31, 1.5), (32, -1.2), (33, 0.1)):
        y, p = draw_ward(seed, lower, 250)
        share = float(y.mean())
        risks = pushed(answer, p, share)
        if not is_level(risks, share):
            return "On other patients the mean of the risks does not become the observed share."
        if spread_of_push(risks, p.to_numpy()) > 0.01:
            return "On other patients the push is not the same for everybody."
    return None


def _keeps_the_ranking(answer: Any) -> str | None:
    import numpy as np

    _, p = draw_ward(34)
    risks = pushed(answer, p, 0.5)
    order = np.argsort(p.to_numpy(), kind="stable")
    kept = bool((np.diff(risks[order]) >= 0).all()) and len(np.unique(risks.round(9))) == p.nunique()
    return None if kept else "The ranking of the patients is not the same after the push."


def _copes_with_sure_risks(answer: Any) -> str | None:
    import pandas as pd

    p = pd.Series([1e-6, 0.001, 0.02, 0.3, 0.7, 0.98, 0.999, 1 - 1e-6])
    for share in (0.25, 0.75):
        risks = pushed(answer, p, share)
        if not ((risks > 0).all() and (risks < 1).all() and is_level(risks, share)):
            return "With risks very near 0 and 1 the result leaves 0 to 1, or its mean is not the observed share."
    return None


def _mends_in_any_order(answer: Any) -> str | None:
    y, p = draw_ward(35)
    _, turned = _turned(y, p)
    same = properties.agrees(pushed(answer, p, 0.2)[::-1], pushed(answer, turned, 0.2), 1e-6)
    return None if same else "The risks are other ones when the patients stand in another order."


HIDDEN = {
    "e1": (
        Rung("values", lambda answer: properties.h1_fresh_draw(answer, ratio, _fresh())),
        Rung("values", _is_zero_where_nobody_died),
        Rung("values", _ignores_order),
        Rung("values", lambda answer: properties.h6_input_kept(answer, *draw_ward(26))),
    ),
    "e2": (is_sorted(RISKS_ARE, WHY, "{right} of {of} hospitals are in their group. Look again at {item}."),),
    "e3": (
        Rung("values", _flags_everybody_alike),
        Rung("values", _flags_nobody),
        Rung("values", _boundary),
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                answer, benefit, [(y, p, t) for y, p in _fresh()[:3] for t in (0.05, 0.33, 0.7)]
            ),
        ),
        Rung("values", lambda answer: _ignores_order(answer, 0.2)),
        Rung("values", lambda answer: properties.h6_input_kept(answer, *draw_ward(27), 0.2)),
    ),
    "e4": (recognise("values", *RANGE_MISTAKES, right=_is_read, otherwise=RANGE_OTHERWISE),),
    "e5": (recognise("values", *THRESHOLD_MISTAKES, right=near(0.125, 0.0006), otherwise=THRESHOLD_OTHERWISE),),
    "e6": (
        Rung("values", _mends_fresh_wards),
        Rung("values", _keeps_the_ranking),
        Rung("values", _copes_with_sure_risks),
        Rung("values", _mends_in_any_order),
        Rung("values", lambda answer: properties.h6_input_kept(answer, draw_ward(36)[1], 0.3)),
    ),
    "f1": (
        recognise(
            "values",
            *GAP_MISTAKES,
            right=_gives("right"),
            otherwise="Not this figure yet: all who are flagged in wave 3, divided by those of them who died.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "4",
        (
            "0.25 is the share of flags that are true. How many flags are that for one?",
            "3 is the number in vain. The true one is evaluated too.",
            "40 evaluations find 10: four for each.",
            "10 is the number of true flags. Divide all flags by it.",
        ),
    ),
    "s2": Key(
        "in 80 the first has the higher risk",
        (
            "Right: of 100 such pairs, 80.",
            "One half plays no part. Compare the two risks of a pair with each other.",
            "A pair is two patients. Ask which of the two has the higher risk.",
        ),
    ),
    "q1": Key(
        "All risks moved, but nobody overtook anybody",
        (
            "The deaths that were expected changed a lot. Look at the table again.",
            "Pairs ask only who stands higher, and the order stayed.",
            "The card counts them again at each move. Who stands above whom?",
            "That changes how high the figure is, not why it stands still.",
        ),
    ),
    "q2": Key(
        "In wave 4, fewer than 20 of 100 patients with such a risk died",
        (
            "In wave 1 it was about so. Look at the dot near 20 % in wave 4.",
            "Pairs see the order only. The level moved.",
            "It is what the plot of wave 4 shows, and it speaks of a group.",
            "O/E is a mean over all patients. It promises nothing for one risk, and less for one person.",
        ),
    ),
}
