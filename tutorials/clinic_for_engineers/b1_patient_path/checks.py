"""A patient's path: the order in which things can be read, who can answer, what a result is worth at a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.order import is_order
from rounds.lessons.kinds.several import is_several
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

LETTERS = tuple("ABCDEFGH")
ASKED = (
    "another hospital",
    "monitor curve",
    "medicines bought",
    "deaths in the country",
    "potassium at the door",
    "stairs at home",
)
HOLDERS = ("hospital", "health fund", "ministry", "no table")
PEOPLE = (
    "other door",
    "never here",
    "died at home",
    "left the country",
    "died on the ward",
    "moved wards",
    "came back here",
    "no blood taken",
)
T0 = 10.0
Rule = Callable[["pd.DataFrame", float], Any]


def small_labs() -> pd.DataFrame:
    """Return the samples of six stays around hour 10: one readable exactly then, a slow one, stays without any yet."""
    import pandas as pd

    rows = [
        ("S1", 4.0, 1.0, 2.0),
        ("S1", 4.6, 3.0, 3.5),
        ("S1", 5.0, 8.0, 12.0),  # taken before, read after
        ("S2", 4.4, 2.0, 3.0),
        ("S2", 3.5, 7.0, 10.0),  # readable exactly at t0
        ("S3", 4.9, 6.0, 6.8),
        ("S3", 5.8, 4.0, 9.5),  # a slow result of an older sample
        ("S4", 3.1, 9.5, 11.0),
        ("S5", 4.2, 11.0, 12.0),
        ("S6", 4.1, 10.0, 10.5),
    ]
    return pd.DataFrame(rows, columns=["encounter_id", "value", "taken", "resulted"])


def available_with(could_read: Rule, newest_by: str = "taken", which_stays: Rule | None = None) -> Callable[..., Any]:
    """Return exercise 3 with these in its gaps."""

    def available_at(labs: pd.DataFrame, t0: float) -> Any:
        readable = labs[could_read(labs, t0)]
        values = readable.sort_values(newest_by).groupby("encounter_id")["value"].last()
        return values.reindex(labs["encounter_id"].unique() if which_stays is None else which_stays(labs, t0))

    return available_at


def resulted_by(labs: pd.DataFrame, t0: float) -> Any:
    """Return which rows can be read at a moment."""
    return labs["resulted"] <= t0


reference_available = available_with(resulted_by)


def _said(answer: Any, t0: float = T0) -> dict[str, float]:
    """Return the value of each stay of the small table, as a function of exercise 3 says it."""
    said = properties.call(answer, small_labs(), t0)
    return {str(name): float(value) for name, value in said.items()}


def _says(stay: str, *values: float) -> Callable[[Any], bool]:
    """Return the property that a stay of the small table has one of these values; -1 is missing."""

    def shows(answer: Any) -> bool:
        value = _said(answer).get(stay, float("nan"))
        return (value != value and -1 in values) or value in values

    return shows


def _is_as(rule: Rule) -> Callable[[Any], bool]:
    """Return the property that the values follow from the rows that this rule takes, by any column for newest."""
    others = [available_with(rule, by) for by in ("taken", "resulted", "value")]
    return lambda answer: any(_agree(_said(answer), _said(other)) for other in others)


def _agree(mine: dict[str, float], theirs: dict[str, float]) -> bool:
    return set(mine) == set(theirs) and all(properties.agrees(mine[name], theirs[name]) for name in theirs)


AVAILABLE_MISTAKES = (
    Mistake(
        "whole-record",
        _is_as(lambda labs, t0: labs["resulted"] > 0),
        "Results that come after t0 are in the answer: all rows of the record are used. Keep what can be read by t0.",
    ),
    Mistake(
        "after-t0",
        _is_as(lambda labs, t0: labs["resulted"] > t0),
        "Only results that come after t0 are kept: the sign looks into the future.",
    ),
    Mistake(
        "from-t0-on",
        _is_as(lambda labs, t0: labs["resulted"] >= t0),
        "Only results from t0 on are kept: the sign looks into the future.",
    ),
    Mistake(
        "only-at-t0",
        _is_as(lambda labs, t0: labs["resulted"] == t0),
        "Only what comes exactly at t0 is kept. What came earlier can be read too.",
    ),
    Mistake(
        "by-taken",
        _says("S1", 5.0),
        "A value is used that nobody could read at t0. Its blood was taken before, but when did the result come?",
    ),
    Mistake(
        "newest-by-value",
        lambda answer: _said(answer, 10.2).get("S2") == 4.4 and _said(answer, 10.2).get("S1") == 4.6,
        "The highest value is taken in place of the newest. Which column tells the age of a sample?",
    ),
    Mistake(
        "oldest-sample",
        _says("S1", 4.0),
        "The first of the samples is taken, not the newest. Sort by time, then take the last.",
    ),
    Mistake(
        "strictly-before",
        _says("S2", 4.4),
        "A result that comes exactly at t0 can be read as well. Which sign says so?",
    ),
    Mistake(
        "newest-by-result",
        _says("S3", 5.8),
        "A slow result of an older sample wins here. Newest means: taken last. Which column says so?",
    ),
    Mistake(
        "missing-as-number",
        lambda answer: any(not _says(stay, -1)(answer) for stay in ("S4", "S5", "S6")),
        "A stay with nothing to read yet gets a number. Nothing is known of it: the value is missing.",
    ),
    Mistake(
        "fixed-t0",
        lambda answer: _agree(_said(answer, 5.0), _said(answer, 12.5)),
        "The answer is the same for every t0. Compare with the name t0, not with a number.",
    ),
)


def _ask_stays(answer: Any) -> str | None:
    """Ask for one value for each stay: what is returned, and whose."""
    said = properties.call(answer, small_labs(), T0)
    if not hasattr(said, "index") or hasattr(said, "columns") or isinstance(said, list | tuple | str):
        return f"available_at returns a {type(said).__name__}; it must return one value for each stay."
    stays = [str(name) for name in said.index]
    if len(stays) != len(set(stays)):
        return "A stay is in the answer more than once. Name each stay of labs once."
    lost = sorted(set(small_labs()["encounter_id"]) - set(stays))
    if lost:
        return f"{len(lost)} stays are lost: with nothing to read at t0, they stay in the answer, as missing."
    return None


def _is_right(answer: Any) -> bool:
    return all(_agree(_said(answer, t0), _said(reference_available, t0)) for t0 in (T0, 0.5, 3.0, 6.9, 11.0, 12.5))


def _ask_length(answer: Any) -> str | None:
    """Ask for a number where a length of time, or a column of them, was left."""
    if type(answer).__name__ in ("Timedelta", "timedelta", "timedelta64"):
        return "days_waited is a length of time. Divide it by one day, so that a number is left."
    return None


E1 = Exercise(
    id="e1",
    title="In which order can it be read?",
    reads="reading_order",
    points=2,
    visible=(is_order("reading_order", LETTERS),),
    hint="Next to each letter, write the first hour at which somebody could open the table and read it.",
    worked_line='An order written at 9:00 and a tablet given at 11:00: "tablet given" can be read from 11:00 on',
)
E2 = Exercise(
    id="e2",
    title="Who can answer?",
    reads="holder",
    points=2,
    visible=is_sorting("holder", ASKED, HOLDERS),
    hint="Whose door, whose money, or whose law made somebody write it down? If nobody's, it is in no table.",
    worked_line='"vaccines of all newborns": "ministry", because a law asks that each one is reported',
)
E3 = Exercise(
    id="e3",
    title="What could be read at t0?",
    reads="available_at",
    points=2,
    visible=(
        is_function("available_at", "available_at(labs, t0)"),
        Rung("shape", _ask_stays),
        recognise(
            "values",
            *AVAILABLE_MISTAKES,
            right=_is_right,
            otherwise="The values are not right yet. Take one stay, and write down when each of its results came.",
        ),
    ),
    hint="Two times, two jobs: one says whether a value can be read, the other says how new the blood is.",
    worked_line='In another table: letters[letters["sent"] < t0].sort_values("written")',
)
E4 = Exercise(
    id="e4",
    title="Who is missing?",
    reads="cannot_tell",
    points=2,
    visible=(is_several("cannot_tell", PEOPLE),),
    hint="Go to each person in your mind. Does anything of these 30 days make somebody of this hospital write?",
    worked_line='"born here": her birth is in our tables, so this one can be told',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="days_waited",
    visible=(Rung("type", _ask_length), is_number("days_waited", "2.5")),
    hint="Take the first time away from the later one. A length of time divided by one day is a number.",
    worked_line='(stays["seen_ts"] - stays["called_ts"]).median() / pd.Timedelta("1h")  # hours from a call to a visit',
)

S1 = Question(
    "s1",
    'A doctor says: "She was discharged on Sunday." What happened on Sunday?',
    ("She left the hospital", "She was given a drug", "She was moved to another ward"),
)
S2 = Question(
    "s2",
    "One stay has 30 blood results in another table. You join the two tables. How many rows?",
    ("1 row", "30 rows", "31 rows"),
)
Q1 = Question(
    "q1",
    "Heart failure was there when she arrived. Why could its code not be read for days?",
    (
        "Nobody knew the disease before",
        "The computer of the hospital was slow",
        "A coder writes it after she went home, to bill and to count",
        "Codes are secret while somebody is on the ward",
    ),
)
Q2 = Question(
    "q2",
    "Three hospitals train one model by federated learning. What leaves each hospital?",
    ("Rows without names", "The numbers inside the model", "Nothing at all", "A copy of the tables, locked"),
)

TITLE = "A patient's path and the trace it leaves"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1, Q2)
