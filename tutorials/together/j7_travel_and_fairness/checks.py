"""Does it travel, is it fair: five changed hospitals, a table by groups, a level that is reset, two wishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rounds.evaluation.level import ratio_interval
from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, NotYet, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

HOSPITALS = ("Ash", "Birch", "Cedar", "Elm", "Fir")
CAUSES = ("another unit", "older patients", "a new treatment", "a test not done", "always coded as no")
SENTENCES = tuple("ABCDEF")
TOO_FEW, FEWEST = "too few", 10
Columns = tuple["pd.Series[bool]", "pd.Series[float]", "pd.Series[str]"]
Choice = Callable[[Any, Any, Any], Any]


Sizes = dict[str, tuple[int, int]]  # of each group: how many died, of how many


def draw_columns(seed: int, sizes: Sizes) -> Columns:
    """Return who died, the risk, and the group of each patient, in any order; some have no group."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    parts: list[tuple[str | None, int, int]] = [(name, *size) for name, size in sizes.items()]
    parts.append((None, 12, 30))
    died = np.concatenate([np.arange(people) < deaths for _, deaths, people in parts])
    group = np.concatenate([np.full(people, name, dtype=object) for name, _, people in parts])
    risk = rng.uniform(0.05, 0.5, len(died)).round(3)
    order = rng.permutation(len(died))
    index = pd.Index(range(300, 300 + len(died)))
    return pd.Series(died[order], index), pd.Series(risk[order], index), pd.Series(group[order], index, dtype=object)


def shown() -> Columns:
    """Return the patients on whom the button tries slice_table: with 10 and with 9 deaths, small groups."""
    sizes = {"north": (25, 60), "south": (10, 40), "west": (9, 30), "east": (0, 20), "isle": (3, 8), "cape": (14, 18)}
    return draw_columns(1, sizes)


def table_with(here: Choice, enough: Choice) -> Callable[..., Any]:
    """Return exercise 2 with these in its gaps; each gets died, the group's rows or name, and the groups."""

    def slice_table(died: Any, risk: Any, group: Any) -> Any:
        table: dict[str, Any] = {}
        for name in group.dropna().unique():
            rows = here(died, group, name)
            told = enough(died, rows, group)
            table[name] = ratio_interval(died[rows], risk[rows]) if told else TOO_FEW
        return table

    return slice_table


def in_group(died: Any, group: Any, name: Any) -> Any:
    """Return which patients are in a group."""
    return group == name


def enough_deaths(died: Any, rows: Any, group: Any) -> bool:
    """Return whether ten or more of them died."""
    return bool(died[rows].sum() >= FEWEST)


reference_table = table_with(in_group, enough_deaths)


def read_table(answer: Any, columns: Columns) -> Any:
    """Return what slice_table gives, as a dictionary of lists and texts; say what it gives otherwise."""
    said = properties.call(answer, *columns)
    if said is None:
        raise NotYet("slice_table returns nothing: keep its last line, which begins with return.")
    if not isinstance(said, dict):
        raise NotYet(f"slice_table returns a {type(said).__name__}; it must return the dictionary.")
    return {str(name): one if isinstance(one, str) else [float(x) for x in one] for name, one in said.items()}


def _gives(other: Callable[..., Any]) -> Callable[[Any], bool]:
    def gives(answer: Any) -> bool:
        try:
            return same_table(read_table(answer, shown()), read_table(other, shown()))
        except NotYet:
            return False

    return gives


def same_table(one: Any, other: Any) -> bool:
    """Return whether two tables have the same groups, texts and figures."""
    return one.keys() == other.keys() and all(
        one[name] == other[name]
        if isinstance(one[name], str) or isinstance(other[name], str)
        else properties.agrees(one[name], other[name])
        for name in one
    )


def _names(*texts: str) -> Callable[[Any], bool]:
    return lambda answer: (
        [name for name, one in sorted(read_table(answer, shown()).items()) if one == TOO_FEW] == list(texts)
    )


TABLE_MISTAKES = (
    Mistake(
        "more-than-ten",
        _gives(table_with(in_group, lambda died, rows, group: died[rows].sum() > FEWEST)),
        "A group with just ten deaths is told, too. Which sign says that?",
    ),
    Mistake(
        "patients-counted",
        _gives(table_with(in_group, lambda died, rows, group: rows.sum() >= FEWEST)),
        "You counted the patients of the group. How many of them died?",
    ),
    Mistake(
        "all-deaths",
        _gives(table_with(in_group, lambda died, rows, group: died.sum() >= FEWEST)),
        "You counted all deaths. Count those of this group: take the rows of here.",
    ),
    Mistake(
        "the-others",
        _gives(table_with(lambda died, group, name: group != name, enough_deaths)),
        "You took everybody who is not in the group. Which sign says equal?",
    ),
    Mistake(
        "everybody",
        _gives(table_with(lambda died, group, name: group.notna(), enough_deaths)),
        "Each group has the same figures: everybody is in it. Compare group with name.",
    ),
    Mistake(
        "fewer-told",
        _gives(table_with(in_group, lambda died, rows, group: died[rows].sum() < FEWEST)),
        "The wrong groups are told: those with fewer deaths. Turn the comparison round.",
    ),
    Mistake(
        "survivors",
        _gives(table_with(in_group, lambda died, rows, group: (~died[rows]).sum() >= FEWEST)),
        "You counted those who lived. Ten or more must have died.",
    ),
    Mistake(
        "share-that-died",
        _names("cape", "east", "isle", "north", "south", "west"),
        "Every group is too few. Add up the deaths of the group, and compare the sum with 10.",
    ),
    Mistake(
        "none-too-few",
        _names(),
        "No group is too few, also where nobody died. Say it where fewer than ten died.",
    ),
)


def _is_right(answer: Any) -> bool:
    return same_table(read_table(answer, shown()), read_table(reference_table, shown()))


E1 = Exercise(
    id="e1",
    title="What has changed there?",
    reads="changed_there",
    points=2,
    visible=is_sorting("changed_there", HOSPITALS, CAUSES),
    hint="Read each line next to hospital A: which number is far from the one at home?",
    worked_line='A hospital where 80 of 100 are men, and 56 at home: "more men"',
)
E2 = Exercise(
    id="e2",
    title='A table by groups, and "too few"',
    reads="slice_table",
    points=2,
    visible=(
        is_function("slice_table", "slice_table(died, risk, group)"),
        recognise(
            "values",
            *TABLE_MISTAKES,
            right=_is_right,
            otherwise="Not this table yet. Look at each gap alone: who is in the group, and how many of them died?",
        ),
    ),
    hint="A comparison of a whole column with one name gives true or false for each patient.",
    worked_line='women = sex == "female"  # true for each woman',
)
E3 = Exercise(
    id="e3",
    title="Two hundred patients of Cedar",
    reads="mended_ratio",
    points=2,
    visible=(is_number("mended_ratio", "0.9"),),
    hint="Those who were used to find the push cannot test it.",
    worked_line="find_push(spring_died, spring_risk)  # found in spring, then tested in summer",
)
E4 = Exercise(
    id="e4",
    title="Two wishes",
    reads="supported",
    points=2,
    visible=(is_several("supported", SENTENCES),),
    hint="For each sentence find its two numbers: one of each group, in the same column and under the same rule.",
    worked_line='"With one threshold for all, more under 70 are flagged in vain" needs the number of all flags.',
)
F1 = Exercise(
    id="f1",
    title="How many flags are right?",
    reads="right_of_100",
    visible=(is_number("right_of_100", "12.5"),),
    hint="First keep the rows that are flagged. The mean of true and false is a share.",
    worked_line='100 * at_b["male"].mean()  # how many of 100 patients are men',
)

TITLE = "Does it travel, and is it fair?"
EXERCISES = (F1, E1, E2, E3, E4)
QUESTIONS = (
    Question(
        "s1",
        "A model ranks well and expects 50 deaths where 100 come. What is wrong?",
        ("Its ranking", "The level of its risks", "Nothing"),
    ),
    Question(
        "s2",
        "In a group 2 of 15 patients died, and 1 was expected. What do we know of the model there?",
        ("It is wrong by half", "Hardly anything: the numbers are too small", "It is right"),
    ),
    Question(
        "q1",
        "Urea came in the wrong unit. Which figure would have told you?",
        (
            "The pairs that are ranked rightly",
            "The deaths for 100 expected",
            "None of the three",
            "All three in the same way",
        ),
    ),
    Question(
        "q2",
        "At your hospital fewer die than the model expects, and it ranks as well as at home. What do you do first?",
        (
            "Throw it away",
            "Use it: the ranking is what counts",
            "Find out what has changed, then repair the data or reset the level",
            "Learn a new model from the first 50 patients",
        ),
    ),
)
