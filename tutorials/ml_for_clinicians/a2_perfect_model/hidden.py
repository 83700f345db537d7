"""What is checked when A2 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.choice import chose
from rounds.lessons.kinds.order import Steps, is_in_order
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import DEEPEST, draw_stays, has_one_fifth, shared_people, split_of

if TYPE_CHECKING:
    import pandas as pd

MEASURED = ["sodium", "creatinine", "haemoglobin", "systolic", "heart_rate", "length_of_stay", "stays_last_year"]
ASKED = ("age", "heart_rate")


@cache
def stays() -> pd.DataFrame:
    """Return the stays as the set-up of the notebook makes them."""
    from rounds.data import load

    rows = load("heart_failure").frame().dropna(subset=["readmitted_30d", *MEASURED])
    return rows.assign(back=rows["readmitted_30d"].astype(bool))


@cache
def peak() -> int:
    """Return the depth at which the test curve of exercise 1 is highest."""
    from rounds.evaluation.depth_curves import Plan, depth_curve

    return depth_curve(stays(), Plan(ASKED, outcome="af")).best


def _range(found: Callable[[float, float], bool]) -> Callable[[Any], bool]:
    return lambda answer: found(float(answer[0]), float(answer[1]))


# The first depth that is worse is asked for; the top itself is read so, too, and at the end both curves are flat.
_covers_it = _range(lambda low, high: 0 <= low - peak() <= 1 and high >= DEEPEST - 2)


RANGE_MISTAKES = (
    Mistake(
        "all-depths",
        _range(lambda low, high: low <= 1 and high >= DEEPEST - 2),
        "At the first depths the test curve climbs too: there the tree learns what holds for other patients.",
    ),
    Mistake(
        "both-climb",
        _range(lambda low, high: high <= peak() + 1),
        "In most of this range both curves rise. Over-fitting begins where the test curve turns down.",
    ),
    Mistake(
        "around-the-peak",
        _range(lambda low, high: low < peak() < high <= peak() + 4),
        "This is the range around the best depth. Where does the test curve fall while the training climbs?",
    ),
    Mistake(
        "begins-early",
        _range(lambda low, high: low < peak() and high > peak() + 4),
        "Your range begins where the test curve still climbs. Where is its highest point?",
    ),
    Mistake(
        "begins-late",
        _range(lambda low, high: low >= peak() + 2 and high >= DEEPEST - 2),
        "The test curve falls before your range begins. Over-fitting begins long before the training is perfect.",
    ),
    Mistake(
        "ends-early",
        _range(lambda low, high: low < peak() + 2 and high < DEEPEST - 2),
        "Behind your range the training still climbs and the test still falls. How far does this go?",
    ),
    Mistake(
        "a-part-of-it",
        _range(lambda low, high: low >= peak() + 2 and high < DEEPEST - 2),
        "The tree over-fits here, but before and behind this range too. Mark all depths where it happens.",
    ),
)


@cache
def gaps() -> dict[str, float]:
    """Return what the gaps of the faded example give, the right way and in the usual wrong ways."""
    from sklearn.model_selection import GroupShuffleSplit
    from sklearn.tree import DecisionTreeClassifier

    rows = stays()
    aside = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=0).split(rows, groups=rows["person_id"])
    train, test = (rows.iloc[places] for places in next(aside))
    middle, perfect = (
        DecisionTreeClassifier(max_depth=depth, random_state=0).fit(train[MEASURED], train["back"])
        for depth in (10, None)
    )
    known, other, every = (_pairs(middle, part) for part in (train, test, rows))
    best, worst = _pairs(perfect, train), _pairs(perfect, test)
    return {
        "right": known - other,
        "turned": other - known,
        "ratio": known / other,
        "known": known,
        "other": other,
        "coin": known - 50,
        "coin of the test": other - 50,
        "perfect": best - worst,
        "mixed": best - other,
        "every": every - other,
        "best": best,
        "all stays": every,
        "nothing": 0.0,
        "share": (known - other) / 100,
    }


def _pairs(tree: Any, rows: pd.DataFrame) -> float:
    from sklearn.metrics import roc_auc_score

    return float(100 * roc_auc_score(rows["back"], tree.predict_proba(rows[MEASURED])[:, 1]))


def _gives(name: str, tolerance: float = 0.06, gap: int = 1) -> Callable[[Any], bool]:
    """Return the property that a gap holds this number: 0 is the training result, 1 the difference."""
    return lambda answer: abs(float(answer[gap]) - gaps()[name]) <= tolerance


def _is_filled_well(answer: Any) -> bool:
    return _gives("known", gap=0)(answer) and _gives("right")(answer)


GAP_MISTAKES = (
    Mistake(
        "turned-round",
        _gives("turned"),
        "The order is turned round: take the test away from the training, not the training from the test.",
    ),
    Mistake("nothing", _gives("nothing", 0.001), "The difference is 0: both results are of the same stays."),
    Mistake("ratio", _gives("ratio", 0.02), "You divided. Take the second result from the first."),
    Mistake(
        "share", _gives("share", 0.001), "Here pairs are counted of 100. Leave the result as pairs_right gives it."
    ),
    Mistake(
        "training-alone", _gives("known"), "This is the training result itself. Take the test result away from it."
    ),
    Mistake("test-alone", _gives("other"), "This is the test result itself. Take it away from the training result."),
    Mistake(
        "against-a-coin",
        lambda answer: _gives("coin")(answer) or _gives("coin of the test")(answer),
        "This compares with guessing. How does the same tree do on stays of other patients?",
    ),
    Mistake("perfect-tree", _gives("perfect"), "This is the difference for the perfect tree. Here it is middle_tree."),
    Mistake("two-trees", _gives("mixed"), "Two trees are mixed here. Ask middle_tree both times."),
    Mistake(
        "all-stays",
        _gives("every"),
        "All stays together hold the test too. Ask on the training stays, then on the test stays.",
    ),
    Mistake(
        "first-gap-of-the-test",
        _gives("other", gap=0),
        "known_pairs is the test result. Ask on the stays that the tree learned from.",
    ),
    Mistake(
        "first-gap-perfect",
        _gives("best", gap=0),
        "known_pairs is of the perfect tree. Here the tree is middle_tree.",
    ),
    Mistake(
        "first-gap-all-stays",
        _gives("all stays", gap=0),
        "known_pairs is of all stays together. Take the training stays alone.",
    ),
)


def _letters(answer: Any) -> list[str]:
    return [str(letter).strip().upper() for letter in answer]


def _before(early: str, late: str) -> Callable[[Any], bool]:
    """Return the property that both steps are there, and the first of these two stands first."""

    def stands(answer: Any) -> bool:
        given = _letters(answer)
        return early in given and late in given and given.index(early) < given.index(late)

    return stands


STEPS = Steps(
    {
        "A": frozenset("F"),
        "B": frozenset(),
        "C": frozenset("A"),
        "D": frozenset(),
        "E": frozenset("B"),
        "F": frozenset("DE"),
    },
    {
        "G": "Then the test helps to choose the depth, and it is no longer new.",
        "H": "It makes another tree than the one that was measured, and the measured one is reported.",
    },
)
ORDER_MISTAKES = (
    Mistake("nothing", lambda answer: not len(answer), "The list is empty. Write the letters of six steps."),
    Mistake(
        "as-listed",
        lambda answer: _letters(answer)[:6] == list("ABCDEF"),
        "These are the steps as the table lists them. What must be there before a tree of the chosen depth is fitted?",
    ),
    Mistake(
        "test-chooses",
        lambda answer: "G" in _letters(answer) and "H" not in _letters(answer),
        "Step G chooses the depth by the test. Then the test is used up: its best result is partly luck.",
    ),
    Mistake(
        "learns-from-the-test",
        lambda answer: "H" in _letters(answer) and not _before("C", "H")(answer),
        "Step H lets the tree learn from the test. On whom could it be measured then?",
    ),
    Mistake(
        "split-before-the-test",
        _before("E", "B"),
        "Step E comes before B: then patients who help to choose may stand in the test later.",
    ),
    Mistake(
        "tried-before-split",
        _before("F", "E"),
        "Step F needs two parts of the training. Which step makes them?",
    ),
    Mistake(
        "opened-early",
        lambda answer: _before("C", "A")(answer) or _before("C", "F")(answer),
        "Step C opens the test before the last tree is fitted. What would it count?",
    ),
    Mistake(
        "fitted-before-choosing",
        _before("A", "F"),
        "Step A uses the chosen depth, and nothing is chosen yet.",
    ),
    Mistake(
        "figure-after-results",
        lambda answer: _before("F", "D")(answer) or _before("C", "D")(answer),
        "A measure that is chosen after results are seen is easily the one that looks best. Write it down before.",
    ),
    Mistake(
        "no-test",
        lambda answer: "B" not in _letters(answer),
        "Nobody is put aside as the test. Then on whom is the last tree measured?",
    ),
    Mistake(
        "no-second-split",
        lambda answer: "F" in _letters(answer) and "E" not in _letters(answer),
        "Many depths are tried, but on the stays that the trees learned from, or on the test. Which step is missing?",
    ),
)


def _seals_groups(answer: Any) -> str | None:
    """Hold on fresh stays: nobody on both sides, nobody lost, one fifth."""
    for seed in (21, 22):
        problem = _find_problem(answer, draw_stays(seed, 110))
        if problem:
            return problem
    return None


def _find_problem(answer: Any, table: pd.DataFrame) -> str | None:
    parts = split_of(answer, table)
    both = properties.h3_group_seal(parts[0]["person_id"], parts[1]["person_id"])
    if both:
        return f"On a fresh table {both}"
    if sorted([*parts[0]["encounter_id"], *parts[1]["encounter_id"]]) != sorted(table["encounter_id"]):
        return "On a fresh table some stays are lost, or stand in the parts twice."
    return None if has_one_fifth(parts) else "On a fresh table the test does not hold one fifth of the patients."


def _holds_in_any_order(answer: Any) -> str | None:
    """Hold in another order of rows, with an index that starts again, and with one index for all rows (H5)."""
    table = draw_stays(23)
    shuffled = table.sample(frac=1, random_state=5)
    for changed in (shuffled, shuffled.set_axis(range(500, 500 + len(table)))):
        if _find_problem(answer, changed):
            return "With the rows in another order, or another index, split_by_patient does not split by patient."
    return None


def _holds_on_sparse(answer: Any) -> str | None:
    """Hold where each patient has one stay, where one has most of them, and where values are missing (H9)."""
    one_each = draw_stays(24).drop_duplicates("person_id").assign(sodium=float("nan"))
    if _find_problem(answer, one_each):
        return "Where each patient has one stay and values are missing, split_by_patient is not right."
    many = draw_stays(25)
    heavy = many.assign(person_id=many["person_id"].where(many.index % 3 > 0, "X-many"))
    if shared_people(split_of(answer, heavy)):
        return "A patient with very many stays stands on both sides."
    return None


HIDDEN = {
    "f1": (
        recognise(
            "values",
            *GAP_MISTAKES,
            right=_is_filled_well,
            otherwise="Not this difference yet: the same tree, on the training stays and on the test stays.",
        ),
    ),
    "e1": (
        recognise(
            "values",
            *RANGE_MISTAKES,
            right=_covers_it,
            otherwise="Not this range yet: from the first depth after the best one on, training climbs and test falls.",
        ),
    ),
    "e2": (
        Rung("patients", _seals_groups),
        Rung("patients", _holds_in_any_order),
        Rung("patients", _holds_on_sparse),
    ),
    "e3": (recognise("values", *ORDER_MISTAKES), is_in_order(STEPS)),
    "e4": (
        recognise(
            "meaning",
            Mistake(
                "honest-middle",
                chose("A"),
                "A's two results are nearly the same, and its patients add up to all. Nobody stands on both sides.",
            ),
            Mistake(
                "over-fitted",
                chose("B"),
                "B over-fits, and its test says so. A leak hides such a thing. Do B's patients add up?",
            ),
            Mistake(
                "lucky-test",
                chose("C"),
                "C's test is small, so chance moves it, here up. Do its patients add up to all?",
            ),
            Mistake(
                "too-simple",
                chose("E"),
                "E's tree asks one question: poor, but honest. Do its patients add up to all?",
            ),
            right=chose("D"),
            otherwise="Choose the team whose patients on the two sides are more than there are.",
        ),
    ),
}

KEYS = {
    "s1": Key(
        "About 52",
        (
            "97 is how well it knows what it has seen. A new patient is not among these.",
            "Right: a new patient is like the others, not like those that it learned from.",
            "It would be fine if the two could be averaged. A new patient is like the others alone.",
        ),
    ),
    "s2": Key(
        "How it does on patients it has never met",
        (
            "Right: the model has met her. Others may be quite unlike her.",
            "That is the one thing it does tell, a little: how it does on her.",
            "No single test stay can tell this. What is the model used for?",
        ),
    ),
    "q1": Key(
        "The tree knows patients again by these columns, from their other stays",
        (
            "If they did, they would also tell it of patients whom the tree has never met.",
            "Right: these columns hardly change from stay to stay, so they point to one patient.",
            "Each of the five tests has one fifth of the stays, or of the patients.",
        ),
    ),
    "q2": Key(
        "Was it measured on patients that it did not learn from?",
        (
            "Right: on its own stays every tree that is deep enough is perfect.",
            "Worth asking later. A deep tree is fine when it is right for others.",
            "Many stays help, but a perfect result on them says nothing about others.",
        ),
    ),
}
