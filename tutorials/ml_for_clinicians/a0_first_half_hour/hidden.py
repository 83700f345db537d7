"""What is checked when A0 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from rounds.lessons.entries import plain
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.choice import chose
from rounds.lessons.kinds.order import Steps, is_in_order
from rounds.lessons.kinds.several import are_all
from rounds.lessons.ladder import Mistake, recognise
from rounds.lessons.numbers import near

from .checks import shown_births

if TYPE_CHECKING:
    import pandas as pd

PRINTED = 40 - 4 - 4 - 25


def _is(value: float) -> Callable[[Any], bool]:
    return near(value, 1e-6)


PRINTED_MISTAKES = (
    Mistake(
        "page-read",
        _is(40 - 25),
        "That is the page, read from top to bottom. By the run numbers the fourth box ran before the third.",
    ),
    Mistake(
        "run-once",
        _is(40 - 4 - 25),
        "You let the fourth box run once. It ran twice, as run 3 and as run 4.",
    ),
    Mistake(
        "run-thrice",
        _is(40 - 12 - 25),
        "That is one run too many, or the missing run number. The fourth box ran twice.",
    ),
    Mistake(
        "beds", lambda answer: float(answer) in (32, 36, 40), "That is a number of beds. The last box prints free."
    ),
    Mistake("patients", _is(25), "25 is the number of patients. The last box prints free."),
    Mistake(
        "added",
        lambda answer: float(answer) in (19, 23),
        "You added 4. The fourth box takes 4 beds away at each run.",
    ),
    Mistake("run-number", _is(6), "6 is the run number of the last box. What stands behind the name free?"),
    Mistake(
        "taken-away",
        lambda answer: float(answer) in (4, 8),
        "That is what the fourth box takes away. The last box prints free.",
    ),
    Mistake("turned", _is(-PRINTED), "The sign is wrong way round: free is beds minus patients."),
    Mistake(
        "sum", lambda answer: float(answer) in (57, 61, 65), "You added the patients. free is beds minus patients."
    ),
)


def _first(answer: Collection[str]) -> str:
    return str(plain(next(iter(answer), "")))


def _letters(answer: Collection[str]) -> list[str]:
    return [str(plain(one)) for one in answer]


def _lacks_one(answer: Collection[str]) -> bool:
    """Say whether A runs with one of its two names only."""
    given = _letters(answer)
    before = set(given[: given.index("a")]) if "a" in given else set()
    return len(before & {"b", "d"}) == 1


STEPS = Steps(
    {"A": frozenset("BD"), "B": frozenset(), "C": frozenset("A"), "D": frozenset()},
    {"E": "It prints a height, and no box makes that name."},
)
ORDER_MISTAKES = (
    Mistake("nothing", lambda answer: not answer, "The list is empty. Write the letters of four boxes."),
    Mistake(
        "as-listed",
        lambda answer: _letters(answer)[:4] == ["a", "b", "c", "d"],
        "These are the boxes as they stand in the list. Which of them can run when the memory is empty?",
    ),
    Mistake(
        "print-first",
        lambda answer: _first(answer) == "c",
        "Box C prints dose_mg, and nothing has made that name yet. Which box makes it?",
    ),
    Mistake(
        "dose-first",
        lambda answer: _first(answer) == "a",
        "Box A needs the names weight_kg and mg_per_kg. In an empty memory there are none.",
    ),
    Mistake("one-name", _lacks_one, "When box A runs, one of its two names is still missing."),
)

STAYS = {
    "text": "The text of your boxes is on the page, and a restart changes no page.",
    "printed": "What was printed stays on the page until its box runs again.",
    "file": "A saved file is not in the memory. A restart empties the memory only.",
}


def _has(*words: str) -> Callable[[Any], bool]:
    return lambda answer: set(_letters(answer)) == set(words)


GONE_MISTAKES = (
    Mistake("nothing", lambda answer: not answer, "The list is empty. Something is gone: what did the kernel know?"),
    Mistake(
        "all",
        _has("births", "text", "older_count", "printed", "file", "pd"),
        "Not everything is gone. What is on the page or in a file stays.",
    ),
    Mistake("turned", _has("text", "printed", "file"), "These three are what stays. Choose the others."),
    Mistake(
        "without-import",
        _has("births", "older_count"),
        "Right so far. What the first box brought in has a name in the memory too.",
    ),
    Mistake(
        "numbers-only",
        _has("older_count"),
        "Right so far. A table behind a name lies in the same memory as a number.",
    ),
)


def _counts(count: Callable[[pd.DataFrame], float]) -> Callable[[Any], bool]:
    """Return the property that a number is this count of the learner's table."""
    return lambda answer: _is(float(count(shown_births())))(answer)


def _other_rows(own: str) -> tuple[Mistake, ...]:
    """Return the counts of other boxes, which a learner may take for this one, and wrong ways to count `own`."""
    return (
        Mistake(
            "all-rows",
            _counts(len),
            f"That is every row of births. Keep the rows first, between births[ and ], then count {own}.",
        ),
        Mistake("columns", _is(5), "5 is the number of columns. Count the rows with len."),
        Mistake(
            "older",
            _counts(lambda births: (births["age"] >= 35).sum()),
            "That is the number of older mothers, from the worked example.",
        ),
        Mistake(
            "heavy",
            _counts(lambda births: (births["weight_g"] >= 4000).sum()),
            "That is the number of heavy babies, from the gap above.",
        ),
    )


EARLY_MISTAKES = (
    *_other_rows("early"),
    Mistake(
        "limit-itself",
        _counts(lambda births: (births["weeks"] <= 37).sum()),
        "Babies with 37 full weeks are among these, and they are not early. Which sign leaves 37 out?",
    ),
    Mistake(
        "limit-only",
        _counts(lambda births: (births["weeks"] == 37).sum()),
        "These are the babies of week 37 alone. The sign must ask for less than 37.",
    ),
    Mistake(
        "one-too-low",
        _counts(lambda births: (births["weeks"] < 36).sum()),
        "Week 36 is missing here, and it is early too. Look at the number behind the sign.",
    ),
    Mistake(
        "turned",
        _counts(lambda births: (births["weeks"] >= 37).sum()),
        "These are the babies who are not early. Turn the sign.",
    ),
    Mistake(
        "turned-above",
        _counts(lambda births: (births["weeks"] > 37).sum()),
        "These babies came after week 37. Turn the sign.",
    ),
    Mistake(
        "age",
        _counts(lambda births: (births["age"] < 37).sum()),
        "The condition asks the age of the mother. Which column holds the weeks?",
    ),
    Mistake(
        "weight",
        _counts(lambda births: (births["weight_g"] < 37).sum()),
        "No row was kept. The weeks stand in the column weeks.",
    ),
    Mistake(
        "fields",
        _counts(lambda births: births[births["weeks"] < 37].size),
        "size counts each field of the rows: rows times columns. Count the rows with len.",
    ),
    Mistake(
        "share",
        _counts(lambda births: (births["weeks"] < 37).mean()),
        "That is a share of all rows. The question is how many rows these are.",
    ),
    Mistake(
        "added-up",
        _counts(lambda births: births.loc[births["weeks"] < 37, "weeks"].sum()),
        "You added the weeks of these babies up. Count the rows with len.",
    ),
    Mistake(
        "small",
        _counts(lambda births: (births["weight_g"] < 2500).sum()),
        "These babies are small. Early asks for the weeks, not for the weight.",
    ),
)
SMALL_MISTAKES = (
    *_other_rows("small"),
    Mistake(
        "limit-itself",
        _counts(lambda births: (births["weight_g"] <= 2500).sum()),
        "Babies of exactly 2,500 g are among these. Which sign leaves 2,500 out? "
        "Does your line that counts stand below the line that keeps?",
    ),
    Mistake(
        "limit-only",
        _counts(lambda births: (births["weight_g"] == 2500).sum()),
        "These babies weigh exactly 2,500 g. The sign must ask for less.",
    ),
    Mistake(
        "turned",
        _counts(lambda births: (births["weight_g"] >= 2500).sum()),
        "These are the babies who are not small. Turn the sign.",
    ),
    Mistake(
        "turned-above",
        _counts(lambda births: (births["weight_g"] > 2500).sum()),
        "These babies weigh more than 2,500 g. Turn the sign.",
    ),
    Mistake(
        "early",
        _counts(lambda births: (births["weeks"] < 37).sum()),
        "That is the number of early babies, from exercise 4. Ask the column weight_g now.",
    ),
    Mistake(
        "nobody",
        _is(0),
        "No row was kept. weight_g is in grams, so 2.5 kg is 2500.",
    ),
    Mistake(
        "fields",
        _counts(lambda births: births[births["weight_g"] < 2500].size),
        "size counts each field of the rows: rows times columns. Count the rows with len.",
    ),
    Mistake(
        "share",
        _counts(lambda births: (births["weight_g"] < 2500).mean()),
        "That is a share of all rows. The question is how many rows these are.",
    ),
    Mistake(
        "small-and-early",
        _counts(lambda births: ((births["weight_g"] < 2500) & (births["weeks"] < 37)).sum()),
        "These babies are small and early. Small asks for the weight alone: begin with births, not with early.",
    ),
)
HEAVY_MISTAKES = (
    *(mistake for mistake in _other_rows("heavy") if mistake.name != "heavy"),
    Mistake(
        "fields",
        _counts(lambda births: births[births["weight_g"] >= 4000].size),
        "size counts each field of the rows: rows times columns. Count the rows with len.",
    ),
    Mistake(
        "limit-itself",
        _counts(lambda births: (births["weight_g"] > 4000).sum()),
        "Babies of 4,000 g itself are missing. The first line keeps them, so count the rows of heavy.",
    ),
    Mistake(
        "share",
        _counts(lambda births: (births["weight_g"] >= 4000).mean()),
        "That is a share of all rows. The question is how many rows these are.",
    ),
    Mistake(
        "added-up",
        _counts(lambda births: births.loc[births["weight_g"] >= 4000, "weight_g"].sum()),
        "You added the weights up. Count the rows with len.",
    ),
    Mistake(
        "mean",
        _counts(lambda births: births.loc[births["weight_g"] >= 4000, "weight_g"].mean()),
        "That is the mean weight of these babies. The question is how many they are.",
    ),
)
WHOM_MISTAKES = (
    Mistake(
        "own-page",
        chose("under 20"),
        "So says your page alone. Which run gave limit its number last, before run 3?",
    ),
    Mistake(
        "both",
        chose("both"),
        "A name has one number at a time. Run 3 takes the one that is there then.",
    ),
    Mistake(
        "stops",
        chose("nobody"),
        "limit has a number when run 3 begins, so nothing stops. Which number is it?",
    ),
)

HIDDEN = {
    "e1": (
        recognise(
            "values",
            *PRINTED_MISTAKES,
            right=_is(PRINTED),
            otherwise="Not this number yet. Write the names on paper, and go from run 1 to run 6.",
        ),
    ),
    "e2": (recognise("values", *ORDER_MISTAKES), is_in_order(STEPS)),
    "e3": (
        recognise("values", *GONE_MISTAKES),
        are_all(("births", "older_count", "pd"), STAYS, "All that you named is gone, and {number} more."),
    ),
    "e4": (
        recognise(
            "values",
            *EARLY_MISTAKES,
            right=_counts(lambda births: (births["weeks"] < 37).sum()),
            otherwise="Not this number yet. Keep the rows with fewer than 37 weeks, then count them with len.",
        ),
    ),
    "e5": (
        recognise(
            "values",
            *SMALL_MISTAKES,
            right=_counts(lambda births: (births["weight_g"] < 2500).sum()),
            otherwise="Not this number yet. Keep the rows under 2500 in the column weight_g, then count them with len.",
        ),
    ),
    "e6": (recognise("values", *WHOM_MISTAKES),),
    "f1": (
        recognise(
            "values",
            *HEAVY_MISTAKES,
            right=_counts(lambda births: (births["weight_g"] >= 4000).sum()),
            otherwise="Not this number yet. Count the rows of heavy, as the worked example counts those of older.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "It was the seventh run since the start",
        (
            "The place on the page has no number. The number says when a box ran.",
            "It says when the box ran last.",
            "How often a box ran is not shown. The number says when it ran last.",
        ),
    ),
    "s2": Key(
        "The rows of mothers under 20",
        (
            "It keeps each row where the condition is true.",
            "The first rows are births.head(20). Here a condition chooses.",
            'The column alone is births["age"]. Here whole rows are kept.',
        ),
    ),
    "q1": Key(
        "The old one: a box counts when it runs",
        (
            "The page shows it, and the computer has not read it yet.",
            "Until the box runs again, the old number stays in the memory.",
            "What was run before stays in the memory.",
        ),
    ),
    "q2": Key(
        "Right after a restart and a run of all boxes",
        (
            "A page may be without red, and its boxes may have run in another order.",
            "A saved page keeps its text and its printed lines, not what was run.",
            "Then nothing older is in the memory, and the run numbers are 1, 2, 3 and so on.",
            "The numbers may be in another order, and a box may have run twice.",
        ),
    ),
}
