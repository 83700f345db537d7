"""A0, the first half hour: run numbers, order, restart, one kernel for two, a condition, a count."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.choice import is_choice
from rounds.lessons.kinds.order import is_order
from rounds.lessons.kinds.several import is_several
from rounds.lessons.numbers import is_number

if TYPE_CHECKING:
    import pandas as pd

STEPS = ("A", "B", "C", "D", "E")
THINGS = ("births", "text", "older_count", "printed", "file", "pd")
WHOM = ("under 20", "under 35", "both", "nobody")
BABIES = 300
CHOSEN = 'era == "2022-2024" and site == "A" and birth_order == 1 and plurality == 1'


@cache
def _births() -> pd.DataFrame:
    from rounds.data import load

    births = load("birthweight").frame().query(CHOSEN).head(BABIES)
    births = births.assign(weeks=births["gestation_days"] // 7, weight_g=births["birthweight_g"].astype(int))
    return births[["child_id", "age", "smoking", "weeks", "weight_g"]].reset_index(drop=True)


def shown_births() -> pd.DataFrame:
    """Return the babies as the learner sees them: one row each, weight in grams, completed weeks."""
    return _births().copy()


E1 = Exercise(
    id="e1",
    title="What was printed?",
    reads="printed",
    points=2,
    visible=(is_number("printed", "12"),),
    hint="Write beds, patients and free on paper. Then go from run 1 to run 6, and change one name at each run.",
    worked_line="With beds 10, patients 6, and one run of beds = beds + 1 before free: 11 - 6 is 5",
)
E2 = Exercise(
    id="e2",
    title="An order that works",
    reads="run_order",
    points=2,
    visible=(is_order("run_order", STEPS),),
    hint="In an empty memory, only a box that needs no name can run. Which boxes are that?",
    worked_line="For area = length * width: first length = 3, then width = 2, then area, then print(area)",
)
E3 = Exercise(
    id="e3",
    title="After a restart",
    reads="gone",
    points=2,
    visible=(is_several("gone", THINGS),),
    hint="The kernel forgets what it knew. The page and the files are somewhere else. Three of the six are gone.",
    worked_line="The number behind the name beds is gone; the text beds = 20 stays in its box.",
)
E4 = Exercise(
    id="e4",
    title="The early babies",
    reads="early_count",
    points=2,
    visible=(is_number("early_count", "12"),),
    hint="The condition asks the column weeks for a number under 37. Then count the rows of early with len.",
    worked_line='young = births[births["age"] < 20], and then young_count = len(young)',
)
E5 = Exercise(
    id="e5",
    title="The small babies, alone",
    reads="small_count",
    points=2,
    visible=(is_number("small_count", "12"),),
    hint="Take the two lines of exercise 4, and change the column, the number and the names.",
    worked_line='large = births[births["weight_g"] > 4500], and then large_count = len(large)',
)
E6 = Exercise(
    id="e6",
    title="Two people, one kernel",
    reads="counted",
    points=2,
    visible=(is_choice("counted", WHOM),),
    hint="Go from run 1 to run 4. Which number does limit have when run 3 begins?",
    worked_line="Were Yael's box run [4], after your count, then your count had your own limit.",
)
F1 = Exercise(
    id="f1",
    title="The gap of the faded example",
    reads="heavy_count",
    visible=(is_number("heavy_count", "12"),),
    hint="The worked example counts rows with len, and the name of the rows in round brackets.",
    worked_line="older_count = len(older)",
)

S1 = Question(
    "s1",
    "In a notebook, [7] stands left of a box. What does that say?",
    (
        "It is the seventh box of the page",
        "It was the seventh run since the start",
        "It ran seven times",
    ),
)
S2 = Question(
    "s2",
    'What does births[births["age"] < 20] keep?',
    (
        "The rows of mothers under 20",
        "The first 20 rows",
        "The column age",
    ),
)
Q1 = Question(
    "q1",
    "You change the number in a box, and do not run it. Which number does the computer know?",
    (
        "The new one: it stands on the page",
        "The old one: a box counts when it runs",
        "None: a changed box is empty",
    ),
)
Q2 = Question(
    "q2",
    "When can you be sure that the page, read from top to bottom, is what was run?",
    (
        "When nothing on it is red",
        "When it is saved",
        "Right after a restart and a run of all boxes",
        "When each box has a number",
    ),
)

TITLE = "First half hour"
EXERCISES = (E1, E2, E3, E4, E5, E6, F1)
QUESTIONS = (S1, S2, Q1, Q2)
