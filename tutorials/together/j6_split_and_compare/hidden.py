"""What is checked when the lesson is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.evaluation.figures import draw_again, figures
from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.interval import covers
from rounds.lessons.kinds.order import Steps, is_in_order
from rounds.lessons.kinds.several import are_all
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import NARROW, WIDE, as_pair, draw_case, has_right_values, reference_evaluate, report_of, width_beside

if TYPE_CHECKING:
    import pandas as pd

ROWS, PATIENTS, TIME, SITE = "single rows", "whole patients", "a later time", "another hospital"
RIGHT: dict[str, Any] = {
    "sister hospital": SITE,
    "after the new drug": TIME,
    "rest of the registry": PATIENTS,
    "same clinic, next stay": TIME,
    "any hospital": SITE,
    "new hospital, next year": (SITE, TIME),
}
SAID = {
    "sister hospital": {
        ROWS: "single rows put one patient on both sides. Hospital B has nobody there.",
        PATIENTS: "the patients are new, and so is something that they share. What?",
        TIME: "the years are the same ones. What has the model never met?",
    },
    "after the new drug": {
        ROWS: "single rows mix the years, so the test holds none that is new.",
        PATIENTS: "new patients of the old years do not have the drug yet.",
        SITE: "the ward is the one that gave the data. What changes there?",
    },
    "rest of the registry": {
        ROWS: "the 500 are done. Will the model fill in stays of these people?",
        TIME: "the years are the same ones. Who is it that nobody has read yet?",
        SITE: "the wards are the same ones. Who is it that nobody has read yet?",
    },
    "same clinic, next stay": {
        ROWS: "single rows let the model learn from stays after the tested one. Will the clinic have those?",
        PATIENTS: "these patients are known, with their earlier stays. What about the stay is new?",
        SITE: "the clinic is the one that gave the data.",
    },
    "any hospital": {
        ROWS: "single rows put one patient on both sides. Most hospitals have given no data.",
        PATIENTS: "new patients of known hospitals say nothing of how others measure and treat.",
        TIME: "a later time at known hospitals says nothing of how others measure and treat.",
    },
    "new hospital, next year": {
        ROWS: "two things are new, and single rows hold neither in the test.",
        PATIENTS: "the patients are new, but two larger things are new as well. Choose one.",
    },
}
WHY = {(use, group): f"{use}: {said}" for use, of in SAID.items() for group, said in of.items()}


def _everything_in_one(answer: Any) -> bool:
    return len({str(group).strip().lower() for group in answer.values()}) == 1


SORTED = is_sorted(RIGHT, WHY, "{item} does not fit yet: {right} of {of} do. What has the model never met there?")
E1 = recognise(
    "values",
    Mistake(
        "all-in-one-group",
        _everything_in_one,
        "All uses have one split. Ask for each one: which patients, which years, which place has the model met?",
    ),
    *SORTED.mistakes,
    right=lambda answer: SORTED.ask(answer) is None,
    otherwise="A use does not fit yet. What has the model never met there?",
)


def _widths(answer: Any, seeds: Sequence[int]) -> float:
    cases = [draw_case(seed, 60 + 5 * seed, 2 + seed % 3) for seed in seeds]
    return float(np.mean([width_beside(report_of(answer, case), reference_evaluate(*case)) for case in cases]))  # type: ignore[arg-type]


def _fresh(answer: Any) -> str | None:
    case = draw_case(8, 70, 3)
    if not has_right_values(report_of(answer, case), case):
        return "evaluate gives other values than figures(y, p) on stays that it has not seen."
    ratio = _widths(answer, (2, 3, 4))
    if NARROW <= ratio <= WIDE:
        return None
    return (
        f"On other stays the intervals of evaluate are too {'narrow' if ratio < NARROW else 'wide'}: use what is given."
    )


def _copies(answer: Any) -> str | None:
    """Ask with each stay four times: people are as many as before, so the intervals are as wide as before."""
    once = draw_case(5, 80, 2)
    ratio = width_beside(report_of(answer, tuple(np.repeat(part, 4) for part in once)), report_of(answer, once))  # type: ignore[arg-type]
    return None if ratio > 0.8 else "When each stay is given four times, the intervals get narrow. Nobody new has come."


def _finds_nothing(answer: Any) -> str | None:
    _, risk, person = draw_case(6, 1500, 2)
    outcome = np.random.default_rng(9).integers(0, 2, len(risk))
    return properties.h4_shuffled_labels(report_of(answer, (outcome, risk, person))["auroc"][0])


def _any_order(answer: Any) -> str | None:
    y, p, person = draw_case(7)
    turned = report_of(answer, (y[::-1], p[::-1], person[::-1]))
    return None if has_right_values(turned, (y, p, person)) else "evaluate depends on the order of the stays."


def _keeps_its_input(answer: Any) -> str | None:
    y, p, person = draw_case(5)
    return properties.h6_input_kept(answer, y, p, np.unique(person, return_inverse=True)[1])


MEASURED = ["sodium", "creatinine", "haemoglobin", "systolic", "heart_rate"]
TRAITS = ["birth_year", "female", "region", "health_fund"]


@cache
def stays() -> pd.DataFrame:
    """Return the stays as the cells of the notebook make them."""
    from rounds.data import load

    hospital = load("heart_failure")
    rows = hospital.frame().dropna(subset=["readmitted_30d", *MEASURED])
    rows = rows.merge(hospital.frame("person")[["person_id", "birth_year", "hmo", "sector"]], on="person_id")
    for column, source in {"female": "sex", "region": "sector", "health_fund": "hmo"}.items():
        rows[column] = rows[source].astype("category").cat.codes
    return rows.assign(back=rows["readmitted_30d"].astype(bool))


@cache
def draws() -> dict[str, Any]:
    """Return the AUROC of rule and forest at hospital B in each draw of patients, as the learner has them."""
    from rounds.evaluation.split_scores import Model

    rows = stays()
    of_a, of_b = rows[rows["site"] == "A"], rows[rows["site"] == "B"]
    outcome, person = of_b["back"].to_numpy(int), of_b["person_id"].to_numpy()
    models = {
        "rule": Model(("stays_last_year",)),
        "forest": Model(("stays_last_year", "length_of_stay", *MEASURED, *TRAITS), forest=True),
    }
    risks = {
        name: model.fit(of_a[[*model.columns]].to_numpy(float), of_a["back"].to_numpy(int)).predict_proba(
            of_b[[*model.columns]].to_numpy(float)
        )[:, 1]
        for name, model in models.items()
    }
    again = list(draw_again(person))
    return {
        name: np.array([figures(outcome[rows], risk[rows])["auroc"] for rows in again]) for name, risk in risks.items()
    }


def _ends(of: str, *percentiles: float) -> tuple[float, float]:
    drawn = draws()
    kinds = {
        "difference": drawn["forest"] - drawn["rule"],
        "turned": drawn["rule"] - drawn["forest"],
        "ratio": drawn["forest"] / drawn["rule"],
        **drawn,
    }
    low, high = np.percentile(kinds[of], percentiles)
    return float(low), float(high)


def _is(find: Callable[[], tuple[float, float]], tolerance: float = 0.0012) -> Callable[[Any], bool]:
    """Return the property that a pair is this one; it is worked out when it is asked."""
    return lambda answer: max(abs(np.subtract(as_pair(answer), find()))) <= tolerance


def _shown(name: str) -> tuple[float, float]:
    return _ends(name, 2.5, 97.5)


def _subtracted() -> tuple[float, float]:
    ends = np.subtract(_shown("forest"), _shown("rule"))
    return float(min(ends)), float(max(ends))


def _crossed() -> tuple[float, float]:
    (low, high), (rule_low, rule_high) = _shown("forest"), _shown("rule")
    return low - rule_high, high - rule_low


PAIR_MISTAKES = (
    Mistake(
        "forest-alone",
        _is(lambda: _shown("forest")),
        "That is the interval of the forest itself. Take the rule away, draw by draw.",
    ),
    Mistake(
        "rule-alone",
        _is(lambda: _shown("rule")),
        "That is the interval of the rule itself. Take it away from the forest, draw by draw.",
    ),
    Mistake(
        "turned-round",
        _is(lambda: _ends("turned", 2.5, 97.5)),
        "That is the rule less the forest. Here the forest stands first.",
    ),
    Mistake(
        "ends-subtracted",
        _is(_subtracted, 0.0006),
        "You took the ends of one interval from those of the other. Make one difference for each draw first.",
    ),
    Mistake(
        "ends-crossed",
        _is(_crossed, 0.0025),
        "You set the low end of one against the high end of the other. The same draw is rarely low and high.",
    ),
    Mistake("ratio", _is(lambda: _ends("ratio", 2.5, 97.5), 0.003), "You divided. Take one AUROC away from the other."),
    Mistake(
        "ninety-percent",
        _is(lambda: _ends("difference", 5, 95)),
        "That interval holds 90 % of the draws. How many may lie outside of 95 %, in all?",
    ),
    Mistake(
        "eighty-percent",
        _is(lambda: _ends("difference", 10, 90)),
        "That interval holds 80 % of the draws, as in the worked example. Here 95 % are asked.",
    ),
    Mistake(
        "all-draws",
        _is(lambda: _ends("difference", 0, 100)),
        "That interval holds all draws, also the most unusual. Cut off the outer ones.",
    ),
    Mistake(
        "middle-half",
        _is(lambda: _ends("difference", 25, 75)),
        "That interval holds half of the draws. Most of the others are usual too.",
    ),
    Mistake(
        "ends-as-shares",
        _is(lambda: _ends("difference", 0.025, 0.975)),
        "Both ends are too low. Percentiles run from 0 to 100, not from 0 to 1.",
    ),
)


@cache
def _covered() -> Rung:
    return covers(*_shown("difference"), enough=0.9)


_PAIR = recognise(
    "values",
    *PAIR_MISTAKES,
    right=lambda answer: _covered().ask(as_pair(answer)) is None,
    otherwise="Not these ends yet. One difference for each draw, then the ends that hold 95 of 100; three digits.",
)


STEPS = Steps(
    needs={
        "E": frozenset(),
        "C": frozenset(),
        "D": frozenset("EC"),
        "B": frozenset("EC"),
        "G": frozenset("BD"),
        "A": frozenset("G"),
    },
    needless={
        "F": "Step F chooses the luckiest test. With other seeds one asks again until chance says yes.",
        "H": "Step H learns from the test: after the first change it is training.",
        "I": "Step I chooses the figure after the result is known. One of many looks good by chance.",
    },
)


def _steps(answer: Any) -> list[str]:
    return [str(step).strip().upper() for step in answer]


def _before(first: str, second: str) -> Callable[[Any], bool]:
    """Return the property that two steps are both there, and this one stands first."""

    def shows(answer: Any) -> bool:
        given = _steps(answer)
        return first in given and second in given and given.index(first) < given.index(second)

    return shows


def _needless(step: str) -> Mistake:
    names = {"F": "seed-chosen", "H": "mended-by-the-test", "I": "figure-chosen-last"}
    return Mistake(names[step], lambda answer: step in _steps(answer), STEPS.needless[step])


def _lacks(step: str) -> Callable[[Any], bool]:
    return lambda answer: "G" in _steps(answer) and step not in _steps(answer)


ORDER_MISTAKES = (
    Mistake(
        "as-listed",
        lambda answer: _steps(answer)[:4] == ["A", "B", "C", "D"],
        "The steps stand as the table lists them. Which one can be done on the first day?",
    ),
    *(_needless(step) for step in "FHI"),
    Mistake(
        "locked-after-the-test",
        _before("G", "B"),
        "The plan is locked after the test was opened. Who believes then that it was not changed?",
    ),
    Mistake(
        "not-locked", _lacks("B"), "The test is opened, and nobody outside the team has seen that there is a plan."
    ),
    Mistake(
        "report-before-the-test",
        _before("A", "G"),
        "The figure is reported before the test is opened. Where is it from?",
    ),
    Mistake(
        "locked-too-early",
        lambda answer: _before("B", "E")(answer) or _before("B", "C")(answer),
        "The hash is given away while the plan is not written to its end. What must stand in it?",
    ),
    Mistake(
        "model-after-the-test",
        _before("G", "D"),
        "The model is chosen after the test was opened. Then the test helps to choose.",
    ),
    Mistake(
        "nothing-put-aside",
        _before("D", "C"),
        "The model is chosen while the test patients are still in the training. Put them aside before.",
    ),
    Mistake(
        "figure-after-the-model",
        _before("D", "E"),
        "The figure is named after the models were tried. It is then easily the one that looks best.",
    ),
)
_ORDER = is_in_order(STEPS)


E5_WHY = {
    "A": "A says better. The interval of the difference holds numbers below 0 as well.",
    "C": "C says equally good. Not told apart is not the same as equal, and overlap is not the question.",
    "E": "E speaks of any hospital. The patients come from one.",
}


@cache
def pressures() -> tuple[Any, Any]:
    """Return the first systolic pressure of each stay at hospital B, and its patient."""
    of_b = stays()[stays()["site"] == "B"]
    return of_b["systolic"].to_numpy(), of_b["person_id"].to_numpy()


@cache
def _pressure_ends(
    low: float, high: float, units: str = "person", of: str = "pressure", times: int = 200
) -> tuple[float, float]:
    pressure, person = pressures()
    drawn = person if units == "person" else np.arange(len(pressure))
    value = pressure if of == "pressure" else stays().loc[stays()["site"] == "B", "age"].to_numpy()
    ends = np.percentile([value[rows].mean() for rows in draw_again(drawn, times)], [low, high])
    return float(ends[0]), float(ends[1])


def _near(find: Callable[[], tuple[float, float]]) -> Callable[[Any], bool]:
    return lambda answer: max(abs(np.subtract(as_pair(answer), find()))) <= 0.05  # 80 of 100 are 0.11 away


def _enough_draws(answer: Any) -> bool:
    """Return whether the ends are those of the 200 draws, or of more: for a report the lesson asks for 1,000."""
    return any(_near(partial(_pressure_ends, 5, 95, times=times))(answer) for times in (200, 500, 1000, 2000))


def _spread_of(answer: Any) -> float:
    low, high = as_pair(answer)
    return float(high) - float(low)


def _ask_form(answer: Any) -> str | None:
    pair = as_pair(answer)
    if isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(end, int | float) for end in pair):
        return None
    return "pressure_interval is a pair of numbers. Keep the two ends that np.percentile gives back."


GAP_MISTAKES = (
    Mistake(
        "rows-drawn",
        _near(lambda: _pressure_ends(5, 95, "row")),
        "Single rows were drawn. Whose stays go together? Look at step 2 of the worked example.",
    ),
    Mistake(
        "eighty-percent",
        _near(lambda: _pressure_ends(10, 90)),
        "That holds 80 of 100 draws, as in the worked example. Here 90 are asked.",
    ),
    Mistake("ninety-five", _near(lambda: _pressure_ends(2.5, 97.5)), "That holds 95 of 100 draws. Here 90 are asked."),
    Mistake(
        "one-end", _near(lambda: _pressure_ends(0, 90)), "All are cut off at the upper end. Cut as many at each end."
    ),
    Mistake(
        "other-end",
        _near(lambda: _pressure_ends(10, 100)),
        "All are cut off at the lower end. Cut as many at each end.",
    ),
    Mistake("all-draws", _near(lambda: _pressure_ends(0, 100)), "All draws are inside. Cut off the outer ten of 100."),
    Mistake(
        "as-shares",
        lambda answer: 0 < _spread_of(answer) < 0.5 and float(as_pair(answer)[0]) < _pressure_ends(1, 99)[0],
        "Both ends are too low. Percentiles run from 0 to 100, not from 0 to 1.",
    ),
    Mistake(
        "one-mean",
        lambda answer: _spread_of(answer) == 0,
        "Both ends are the same: each draw has the same mean. Take the rows of the draw, as pressure[rows].",
    ),
    Mistake("turned-round", lambda answer: _spread_of(answer) < 0, "The upper end stands first. Turn the two round."),
    Mistake(
        "the-age",
        lambda answer: float(as_pair(answer)[0]) < 100 and _spread_of(answer) <= 20,
        "That is the age of the worked example. Here the blood pressure is asked.",
    ),
    Mistake(
        "stays-themselves",
        lambda answer: _spread_of(answer) > 20,
        "Those are ends of single stays. The interval is of the means, one for each draw.",
    ),
)

HIDDEN = {
    "e1": (E1,),
    "e2": (
        Rung("values", _fresh),
        Rung("values", _copies),
        Rung("values", _finds_nothing),
        Rung("values", _any_order),
        Rung("values", _keeps_its_input),
    ),
    "e3": (_PAIR,),
    "e4": (recognise("values", *ORDER_MISTAKES), _ORDER),
    "e5": (are_all({"B", "D"}, E5_WHY, "These are supported. {number} more is."),),
    "f1": (
        Rung("type", _ask_form),
        recognise(
            "values",
            *GAP_MISTAKES,
            right=_enough_draws,
            otherwise="Not these ends yet. The mean of each draw of patients, then the ends that hold 90 of 100.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "A patient whom the model has met",
        (
            "The stay is new, the patient is not.",
            "Such a test is too kind to a model that knows people again.",
            "The stay is in the test. But whose is it?",
        ),
    ),
    "s2": Key(
        "It ranks no better than a coin",
        (
            "AUROC counts pairs that are ranked rightly, not patients.",
            "One stay with and one without a return: the model is right in half of such pairs.",
            "How many come back does not change AUROC.",
        ),
    ),
    "q1": Key(
        "The model ranks as well there, and its risks are too low there",
        (
            "AUROC asks who is above whom; the number expected asks how high the risks are.",
            "It still ranks the patients. Its risks can be set right with data of hospital B.",
            "Look at the interval: it does not reach 100.",
            "It was 100 of 100 there, because both hospitals were in the training.",
        ),
    ),
    "q2": Key(
        "The rule ranks better; the whole interval is on its side",
        (
            "Look at the sign: on which side of 0 does the interval lie?",
            "Two intervals that overlap do not answer it. The interval of the difference does.",
            "Right, of this forest: its 15 trees learned much chance. A regression on the same columns beats the rule.",
            "One hospital was tested. Of others the test says nothing.",
        ),
    ),
    "q3": Key(
        "Test it on stays of a place that it has not seen, before it is used",
        (
            "The patients were new, the place was not.",
            "Ask for one more place, or test it in the new town before anybody acts on it.",
            "That asks the same question more often.",
            "A stronger model needs the same test.",
        ),
    ),
}
