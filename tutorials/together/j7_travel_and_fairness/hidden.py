"""What only the judge knows of this lesson: causes, level, groups, sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from rounds.evaluation.level import find_push, push_risks, ratio_interval
from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.several import are_all
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import CAUSES, Columns, draw_columns, read_table, reference_table, same_table

UNIT, OLDER, TREATMENT, MISSING, CODED = CAUSES
CHANGED = {"Ash": UNIT, "Birch": OLDER, "Cedar": TREATMENT, "Elm": MISSING, "Fir": CODED}
SEEN = {
    "Ash": "Ash: one number of the blood is nearly three times that of all others.",
    "Birch": "Birch: the level is nearly right, and much more die. Who comes there?",
    "Cedar": "Cedar: the patients look as at home, and half as many die. What could do that?",
    "Elm": "Elm: one line is empty there. Look at the share that is missing.",
    "Fir": "Fir: one share is zero there. Can it be that nobody needs it?",
}
WHY = {(name, cause): SEEN[name] for name in CHANGED for cause in CAUSES if cause != CHANGED[name]}
KNOWN = ["age", "male", "diseases", "rr", "spo2_first", "oxygen", "confused", "urea"]


@cache
def hospitals() -> tuple[Any, Any]:
    """Return hospital B and Cedar as the lesson makes them, with the risks of hospital A's model."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from rounds.data import load

    rows = load("covid").frame().dropna(subset=["urea"])
    rows = rows[rows["wave"] <= 3].assign(male=lambda table: table["sex"] == "male")
    rows["died"] = rows["died_in_hospital"].astype(bool)
    at_a, at_b = (rows[rows["site"] == site].copy() for site in ("A", "B"))
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(at_a[KNOWN], at_a["died"])
    at_b["risk"] = model.predict_proba(at_b[KNOWN])[:, 1]
    lives = np.random.default_rng(10).random(len(at_b)) < 0.5
    in_turn = at_b.sample(frac=1, random_state=7)
    return at_b, in_turn.assign(died=in_turn["died"] & ~lives)


@cache
def cedar() -> Mapping[str, float]:
    """Return deaths for each one expected in Cedar: by whom the push was found, and on whom it was tested."""
    _, rows = hospitals()
    parts = {"first": rows.iloc[:200], "others": rows.iloc[200:], "all": rows}
    found: dict[str, float] = {}
    for learned, those in parts.items():
        push = find_push(those["died"], those["risk"])
        for tested, people in parts.items():
            found[f"{learned} {tested}"] = ratio_interval(people["died"], push_risks(people["risk"], push))[0]
    for tested, people in parts.items():
        found[f"none {tested}"] = ratio_interval(people["died"], people["risk"])[0]
    found["push"] = find_push(parts["first"]["died"], parts["first"]["risk"])
    return found


def _is(*names: str) -> Callable[[Any], bool]:
    return lambda answer: any(abs(float(answer) - cedar()[name]) <= 0.0025 for name in names)


def _is_rounded(answer: Any) -> bool:
    """Return whether it is the right number with two decimals, as the printed tables have it."""
    return float(answer) == round(cedar()["first others"], 2)


RATIO_MISTAKES = (
    Mistake(
        "no-push", _is("none others", "none all", "none first"), "These are the old risks. Push them, then count again."
    ),
    Mistake(
        "tested-where-found",
        _is("first first", "others others", "all all"),
        "It is just 1: the push was tested on those with whom it was found.",
    ),
    Mistake(
        "found-with-all",
        _is("all others"),
        "The push was found with all patients of Cedar, those of the test among them. Take the first 200 only.",
    ),
    Mistake(
        "tested-on-all",
        lambda answer: _is("first all")(answer) and not _is_rounded(answer),
        "The first 200 are in the test, too. Test on the others.",
    ),
    Mistake(
        "turned-round",
        lambda answer: abs(float(answer) * cedar()["first others"] - 1) <= 0.004,
        "This is expected for each death. Turn it round.",
    ),
    Mistake("push-itself", _is("push"), "This is the push. What does it do to the others?"),
    Mistake(
        "percent",
        lambda answer: abs(float(answer) / 100 - cedar()["first others"]) <= 0.004,
        "This is for 100 expected. Write it for one.",
    ),
    Mistake(
        "others-first",
        _is("others first", "others all", "all first"),
        "Learned and tested are the wrong way round: the push comes from the first 200.",
    ),
)


@cache
def flags() -> Mapping[str, float]:
    """Return what the gaps of the faded example may give."""
    at_b, _ = hospitals()
    flagged = at_b[at_b["risk"] >= 0.3]
    return {
        "right": 100 * flagged["died"].mean(),
        "share": flagged["died"].mean(),
        "found": 100 * flagged["died"].sum() / at_b["died"].sum(),
        "flagged": 100 * len(flagged) / len(at_b),
        "low": 100 * at_b[at_b["risk"] < 0.3]["died"].mean(),
        "all": 100 * at_b["died"].mean(),
        "count": float(flagged["died"].sum()),
        "half": 100 * at_b[at_b["risk"] >= 0.5]["died"].mean(),
        "twenty": 100 * at_b[at_b["risk"] >= 0.2]["died"].mean(),
        "everybody": 100.0,
    }


def _flag(name: str) -> Callable[[Any], bool]:
    return lambda answer: abs(float(answer) - flags()[name]) <= (0.0006 if name == "share" else 0.06)


FLAG_MISTAKES = (
    Mistake("share", _flag("share"), "That is a share of 1. How many is it of 100?"),
    Mistake("found", _flag("found"), "That is how many of 100 who died were flagged. Start from the flags."),
    Mistake("flagged", _flag("flagged"), "That is how many of 100 patients are flagged. How many of the flagged died?"),
    Mistake("below", _flag("low"), "These are the patients below the threshold. Turn the comparison round."),
    Mistake("nobody-flagged", _flag("all"), "That is the share of all patients who died. Keep the flagged ones first."),
    Mistake("count", _flag("count"), "That is a count of deaths. How many is it of 100 flags?"),
    Mistake(
        "other-threshold",
        lambda answer: _flag("half")(answer) or _flag("twenty")(answer),
        "That is another threshold. Here it is 0.3.",
    ),
    Mistake("the-dead", _flag("everybody"), "You kept those who died. Keep those who are flagged."),
)


def _fresh() -> list[Columns]:
    return [
        draw_columns(11, {"x": (30, 70), "y": (11, 12), "z": (10, 50)}),
        draw_columns(12, {"a": (9, 90), "b": (40, 80)}),
        draw_columns(13, {"only": (14, 30)}),
    ]


def _holds_on_fresh(answer: Any) -> str | None:
    for columns in _fresh():
        if not same_table(read_table(answer, columns), read_table(reference_table, columns)):
            return "On other patients the table is not right: other groups, other numbers of deaths."
    return None


def _ignores_order(answer: Any) -> str | None:
    died, risk, group = draw_columns(14, {"x": (20, 50), "y": (5, 40)})
    turned = died.iloc[::-1], risk.iloc[::-1], group.iloc[::-1]
    same = same_table(read_table(answer, (died, risk, group)), read_table(answer, turned))
    return None if same else "The table is another one when the patients stand in another order."


def _leaves_out_nobodys_group(answer: Any) -> str | None:
    columns = draw_columns(15, {"x": (20, 60)})
    return None if set(read_table(answer, columns)) == {"x"} else "Patients without a group are no group of their own."


SENTENCE_WHY = {
    "B": "B: look at the rule under which as many are found. What is a flag worth in each group?",
    "D": "D: look at the second table. Are the two groups alike in any of its columns?",
    "F": "F: the tables show three rules, and none has both. That another one has it, they do not say.",
}
HIDDEN = {
    "f1": (
        recognise(
            "values",
            *FLAG_MISTAKES,
            right=lambda answer: _flag("right")(answer) or float(answer) == round(flags()["right"]),
            otherwise="Not this number yet: of those with a risk of 0.3 or more, how many of 100 died?",
        ),
    ),
    "e1": (is_sorted(CHANGED, WHY, "{right} of {of} hospitals are right. Look again at {item}."),),
    "e2": (
        Rung("values", _holds_on_fresh),
        Rung("values", _ignores_order),
        Rung("values", _leaves_out_nobodys_group),
        Rung(
            "values", lambda answer: properties.h6_input_kept(answer, *draw_columns(16, {"x": (20, 40), "y": (3, 30)}))
        ),
    ),
    "e3": (
        recognise(
            "values",
            *RATIO_MISTAKES,
            right=lambda answer: _is("first others")(answer) or _is_rounded(answer),
            otherwise="Not this number yet: find with the first 200, push the others, then count and divide.",
        ),
    ),
    "e4": (
        are_all(
            {"A", "C", "E"},
            SENTENCE_WHY,
            "These are supported. {number} more: compare the two groups column by column.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "The level of its risks",
        (
            "It ranks well: the order is right.",
            "Half of the deaths were expected, and the order may still be right.",
            "A ward that acts on a risk acts too late for half of them.",
        ),
    ),
    "s2": Key(
        "Hardly anything: the numbers are too small",
        (
            "One death less would change all. The interval of two deaths is very wide.",
            "Two deaths may be one or five in the next 15 patients.",
            "One death more would change all.",
        ),
    ),
    "q1": Key(
        "The deaths for 100 expected",
        (
            "Look again: they hardly moved. Urea is one column of eight, and here it counts for little.",
            "Right here: the order hardly changed, the level moved. Where such a column counts for much, both move.",
            "Change it once more, and look at the second line.",
            "Look at the first line: it hardly moved.",
        ),
    ),
    "q2": Key(
        "Find out what has changed, then repair the data or reset the level",
        (
            "It ranks as well as at home. Much of it can be kept.",
            "A ward that acts from a risk on would flag far too many.",
            "A wrong unit, a new treatment and other patients want different things.",
            "In so few patients a few die: too few to learn from.",
        ),
    ),
}
