"""Signals over time: slots that carry a value on, a slope that one slip cannot turn, hours since the last reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.lessons import properties
from rounds.lessons.entries import is_dictionary, plain
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.kinds.sorting import is_sorting
from rounds.lessons.ladder import Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function, is_number

if TYPE_CHECKING:
    import pandas as pd

ENTRIES = (
    "kind of donor",
    "on a ventilator",
    "central line",
    "weight",
    "mucositis grade",
    "CRP, twice a week",
    "temperature",
    "blood pressure",
)
GROUPS = ("the whole stay", "until its stop is written", "about a day", "a few hours")
LETTERS = tuple("ABCD")
END = 100.0
PEOPLE = ["P2", "P1", "P3", "P4", "P5", "P6", "P7"]
Rule = Callable[[Any], Any]
Values = list[float]


def small_readings() -> pd.DataFrame:
    """Return a few readings around hour 100: in the slot, exactly 8 hours old, older, later, and nobody's."""
    import pandas as pd

    rows = [
        ("P1", 97.5, 39.6),
        ("P1", 99.5, 38.4),
        ("P1", 96.5, 36.2),
        ("P1", 98.5, 37.3),
        ("P1", 104.0, 35.1),
        ("P2", 92.0, 37.1),  # exactly 8 hours old
        ("P2", 70.0, 36.5),
        ("P3", 91.5, 39.0),  # too old
        ("P3", 100.5, 40.2),  # and one that is nearer, but later
        ("P5", 103.0, 39.4),  # only later
        ("P6", 100.0, 37.7),  # exactly at the end
        ("P6", 96.0, 36.9),
        ("P7", 94.0, 37.9),  # before the slot, not too old
    ]
    return pd.DataFrame(rows, columns=["person_id", "hour", "value"])


def _as_numbers(name: str, table: Any, people: Sequence[str]) -> Values:
    """Return one number for each person, or say what a function returns instead."""
    if not hasattr(table, "reindex") or getattr(table, "ndim", 1) != 1:
        raise NotYet(f"{name} returns a {type(table).__name__}; keep the last line, with one number for each person.")
    if sorted(map(str, table.index)) != sorted(people):
        raise NotYet(f"{name} must return one number for each of people, also for those without a reading.")
    if any(value is ... for value in table):
        raise NotYet(f"{name} still holds three dots: replace them.")
    try:
        return [float(value) for value in table.reindex(people)]
    except (TypeError, ValueError):
        raise NotYet(f"{name} returns a text. Write a number without quotes, or np.nan.") from None


def is_usable(age: Any) -> Any:
    """Return which readings may stand in a slot, by their age at its end."""
    return (age >= 0) & (age <= 8)


def slot_with(
    usable: Rule = is_usable, take: Rule = lambda found: found.last(), otherwise: Any = float("nan")
) -> Callable[..., Any]:
    """Return exercise 1 with these in its gaps."""

    def fill_slot(readings: pd.DataFrame, people: Any, end: float) -> Any:
        kept = readings[usable(end - readings["hour"])]
        found = kept.sort_values("hour").groupby("person_id")["value"]
        nobody = readings["value"].mean() if otherwise == "mean" else otherwise
        return take(found).reindex(people).fillna(nobody)

    return fill_slot


reference_slot = slot_with()


def slots(answer: Any, end: float = END) -> Values:
    """Return what a function of exercise 1 says of the small table."""
    table = properties.call(answer, small_readings(), list(PEOPLE), end)
    return _as_numbers("fill_slot", table, PEOPLE)


def _slot(person: str, says: Callable[[float], bool]) -> Callable[[Any], bool]:
    """Return the property that a person's slot holds such a value."""
    return lambda answer: says(slots(answer)[PEOPLE.index(person)])


def _missing(value: float) -> bool:
    return value != value


def _near(number: float) -> Callable[[float], bool]:
    return lambda value: abs(value - number) < 1e-6


SLOT_MISTAKES = (
    Mistake(
        "limit-without-end",
        _slot("P3", _near(39.0)),
        "A value of more than 8 hours is carried on. Say also how old a reading may be.",
    ),
    Mistake(
        "nearest-reading",
        lambda answer: _slot("P3", _near(40.2))(answer) or _slot("P5", _near(39.4))(answer),
        "The slot holds a reading from after its end. Nobody has that one yet.",
    ),
    Mistake(
        "later-reading", _slot("P1", _near(35.1)), "The slot holds a reading from after its end. Nobody has it yet."
    ),
    Mistake(
        "nothing-carried",
        lambda answer: _missing(slots(answer)[PEOPLE.index("P7")]),
        "A reading from before the slot is not carried on. How old may it be?",
    ),
    Mistake(
        "mean-of-slot",
        lambda answer: _slot("P1", _near((38.4 + 36.2 + 39.6 + 37.3) / 4))(answer),
        "The slot holds the mean of several readings. Which one of them does the rule ask for?",
    ),
    Mistake(
        "highest-of-slot",
        _slot("P1", _near(39.6)),
        "The slot holds the highest reading. Which one of them does the rule ask for?",
    ),
    Mistake(
        "first-of-slot",
        _slot("P1", _near(36.2)),
        "The slot holds the first reading, and later ones are lost. Which one does the rule ask for?",
    ),
    Mistake(
        "row-order",
        _slot("P1", _near(37.3)),
        "The last row of the table is not the last in time. Sort by hour first.",
    ),
    Mistake(
        "eight-left-out",
        _slot("P2", _missing),
        "A reading that is exactly 8 hours old still counts. Which sign says so?",
    ),
    Mistake(
        "end-left-out",
        lambda answer: _slot("P6", _near(36.9))(answer) or _slot("P6", _missing)(answer),
        "A reading exactly at the end belongs to the slot. Which sign says so?",
    ),
    Mistake(
        "nobody-is-zero",
        _slot("P4", _near(0)),
        "Somebody without a reading has 0 degrees. Is that a temperature?",
    ),
    Mistake(
        "nobody-is-normal",
        _slot("P4", lambda value: not _missing(value)),
        "Somebody whom nobody measured gets a temperature. A slot may also stay missing.",
    ),
    Mistake(
        "fixed-end",
        lambda answer: properties.agrees(slots(answer, 97.0), slots(answer)),
        "The slot is the same for every end. Use the name age, which follows from end.",
    ),
)


def _right_slots(answer: Any) -> bool:
    return all(properties.agrees(slots(answer, end), slots(reference_slot, end)) for end in (END, 97.0, 80.0, 104.0))


HOURS = [2.0, 6.0, 10.0, 14.0, 18.0, 22.0, 26.0]
DEGREES = [36.9, 36.4, 37.3, 37.0, 37.6, 38.1, 37.7]
OTHER_DEGREES = [36.4, 37.2, 36.7, 37.9, 37.1, 38.6, 38.2]
FEWEST, DAY = 5, 24


def each_two(hours: Sequence[float], values: Sequence[float]) -> Any:
    """Return the slope between each two readings, in degrees an hour."""
    one, other = np.triu_indices(len(hours), 1)
    return (np.asarray(values)[other] - np.asarray(values)[one]) / (np.asarray(hours)[other] - np.asarray(hours)[one])


def middle(hours: Any, values: Any) -> float:
    """Return the median of the slopes between each two readings."""
    return float(np.median(each_two(hours, values)))


def ends_only(hours: Any, values: Any) -> float:
    """Return the slope from the first to the last reading."""
    return float((values[-1] - values[0]) / (hours[-1] - hours[0]))


def least_squares(hours: Any, values: Any) -> float:
    """Return the slope of the line of least squares."""
    return float(np.polyfit(hours, values, 1)[0])


def mean_of_two(hours: Any, values: Any) -> float:
    """Return the mean of the slopes between each two readings."""
    return float(np.mean(each_two(hours, values)))


def neighbours(hours: Any, values: Any) -> float:
    """Return the median of the slopes between readings side by side alone."""
    return float(np.median(np.diff(values) / np.diff(hours)))


def slope_with(per_hour: Any = middle, times: float = DAY, fewest: int = FEWEST) -> Callable[..., float]:
    """Return exercise 2 with these in its gaps."""

    def slope_a_day(hours: Any, values: Any) -> float:
        return float("nan") if len(values) < fewest else times * per_hour(hours, values)

    return slope_a_day


reference_slope = slope_with()


def slope(answer: Any, hours: Sequence[float] = HOURS, values: Sequence[float] = DEGREES) -> float:
    """Return what a function of exercise 2 says, one number, or say what it is instead."""
    said = properties.call(answer, list(hours), list(values))
    if said is ...:
        raise NotYet("slope_a_day still holds three dots: replace them.")
    try:
        return float(said)
    except (TypeError, ValueError):
        raise NotYet(f"slope_a_day returns a {type(said).__name__}; it must return one number.") from None


def _is_slope(per_hour: Any) -> Callable[[Any], bool]:
    """Return the property that a slope is this one, for a day, for an hour, or times another number."""
    return lambda answer: any(
        abs(slope(answer) - times * per_hour(HOURS, DEGREES)) < 1e-9 for times in (1, 4, 6, 7, 12, 24, 60, 1440)
    )


def _factor(answer: Any) -> float:
    """Return what the median slope an hour is multiplied with, the same on both days; 0 for any other slope."""
    first, second = (slope(answer, HOURS, day) / middle(HOURS, day) for day in (DEGREES, OTHER_DEGREES))
    return first if abs(first - second) <= 1e-9 * abs(first) else 0.0


def _starts_at(number: int) -> Callable[[Any], bool]:
    """Return the property that so many readings are the first that have a slope."""

    def shows(answer: Any) -> bool:
        said = [not _missing(slope(answer, HOURS[:length], DEGREES[:length])) for length in (2, 3, 4, 5, 6, 7)]
        return (said.index(True) + 2 if any(said) else 8) == number

    return shows


def _say_pairs(number: int) -> str:
    pairs = number * (number - 1) // 2
    made = "1 pair" if pairs == 1 else f"{pairs} pairs"
    return f"{number} readings make {made}, and one slip is in {number - 1} of them. Are these fewer than half?"


SLOPE_MISTAKES = (
    Mistake(
        "always-missing",
        _starts_at(8),
        "The slope of seven readings is missing. Is one slip not outvoted by the six others?",
    ),
    Mistake(
        "two-ends",
        _is_slope(ends_only),
        "Only the first and the last reading count. What if one of these two is the slip?",
    ),
    Mistake(
        "least-squares",
        _is_slope(least_squares),
        "A line of least squares runs after a slip, the more, the larger the slip. Try it with 379.",
    ),
    Mistake(
        "mean-of-slopes",
        _is_slope(mean_of_two),
        "A mean follows each slope, also those with the slip. Try it with 379.",
    ),
    Mistake(
        "neighbours",
        _is_slope(neighbours),
        "Only readings side by side are compared, so small ups and downs decide. Compare each two readings.",
    ),
    Mistake(
        "for-an-hour",
        lambda answer: abs(slope(answer) - middle(HOURS, DEGREES)) < 1e-9,
        "This is the slope of an hour. Asked is a day.",
    ),
    Mistake(
        "other-time",
        lambda answer: _factor(answer) > 0 and abs(_factor(answer) - DAY) > 1e-9,
        "Your line of the table is right, the factor (times) is not. How many hours has a day?",
    ),
    Mistake(
        "downwards",
        lambda answer: slope(answer) < 0,
        "The temperature rises and the slope falls. Which is taken from which?",
    ),
    Mistake(
        "fewest-too-few",
        lambda answer: any(_starts_at(number)(answer) for number in (2, 3, 4)),
        lambda answer: _say_pairs(next(number for number in (2, 3, 4) if _starts_at(number)(answer))),
    ),
    Mistake(
        "fewest-too-many",
        lambda answer: any(_starts_at(number)(answer) for number in (6, 7)),
        "One reading less would do. Count its pairs, and those that hold the slip.",
    ),
)


def _right_slope(answer: Any) -> bool:
    return all(
        properties.agrees(slope(answer, HOURS[:n], DEGREES[:n]), slope(reference_slope, HOURS[:n], DEGREES[:n]))
        for n in (3, 4, 5, 6, 7)
    )


def since_with(
    counts: Callable[[Any, float], Any] = lambda hour, t0: hour <= t0,
    since: Callable[[Any, float], Any] = lambda hours, t0: t0 - hours.max(),
    never: Any = float("nan"),
) -> Callable[..., Any]:
    """Return exercise 3 with these in its gaps."""

    def hours_since(readings: pd.DataFrame, people: Any, t0: float) -> Any:
        hours = readings[counts(readings["hour"], t0)].groupby("person_id")["hour"]
        return since(hours, t0).reindex(people).fillna(never)

    return hours_since


reference_since = since_with()


def waits(answer: Any, t0: float = END) -> Values:
    """Return what a function of exercise 3 says of the small table."""
    table = properties.call(answer, small_readings(), list(PEOPLE), t0)
    return _as_numbers("hours_since", table, PEOPLE)


def _wait(person: str, says: Callable[[float], bool]) -> Callable[[Any], bool]:
    return lambda answer: says(waits(answer)[PEOPLE.index(person)])


SINCE_MISTAKES = (
    Mistake(
        "turned-round",
        lambda answer: _wait("P1", _near(-0.5))(answer) and _wait("P7", _near(-6))(answer),
        "The hours are less than 0. Which of the two times is later?",
    ),
    Mistake(
        "time-of-reading",
        lambda answer: any(_wait("P7", _near(hour))(answer) for hour in (94, 100)),
        "This is a time. Asked is how many hours lie between two of them.",
    ),
    Mistake(
        "later-counted",
        lambda answer: any(_wait(person, lambda value: value < 0)(answer) for person in ("P1", "P3", "P5")),
        "A reading after t0 is counted, so hours fall below 0. Which rows could somebody know?",
    ),
    Mistake(
        "later-as-past",
        lambda answer: any(_wait("P5", _near(hours))(answer) for hours in (3.0,)),
        "A reading that comes 3 hours later is taken for one of 3 hours ago.",
    ),
    Mistake(
        "since-first",
        lambda answer: _wait("P1", _near(3.5))(answer) and _wait("P2", _near(30))(answer),
        "The hours are counted from the first reading. When did somebody look last?",
    ),
    Mistake(
        "row-order",
        _wait("P1", _near(1.5)),
        "The last row of the table is not the last in time. Which hour is the largest?",
    ),
    Mistake(
        "first-row",
        _wait("P1", _near(2.5)),
        "The first row of the table is not the last in time. Which hour is the largest?",
    ),
    Mistake(
        "at-t0-left-out",
        _wait("P6", _near(4)),
        "A reading exactly at t0 counts: nobody has waited since then.",
    ),
    Mistake(
        "since-middle",
        lambda answer: _wait("P2", _near(19))(answer),
        "The hours are counted from the mean of all readings. When did somebody look last?",
    ),
    Mistake(
        "limit-here",
        lambda answer: _missing(waits(answer)[PEOPLE.index("P3")]) or _missing(waits(answer)[PEOPLE.index("P2")]),
        "A reading of long ago has no number. Here an old reading counts too: its age is what is asked.",
    ),
    Mistake(
        "never-is-zero",
        _wait("P4", _near(0)),
        "Somebody without any reading gets 0 hours, as if measured just now.",
    ),
    Mistake(
        "never-is-number",
        _wait("P4", lambda value: not _missing(value)),
        "Somebody without any reading gets a number of hours. Which number could be true?",
    ),
    Mistake(
        "fixed-time",
        lambda answer: properties.agrees(waits(answer, 110.0), waits(answer)),
        "The hours are the same for every t0. Use the name t0, not a number.",
    ),
)


def _right_waits(answer: Any) -> bool:
    return all(properties.agrees(waits(answer, t0), waits(reference_since, t0)) for t0 in (END, 92.0, 110.0))


def _ask_fever(answer: Any) -> str | None:
    for name in ("simple", "ward"):
        asked = is_number(f"the count {name!r}", "120").ask(answer[name])
        if asked:
            return asked
    for name in ("clinician", "engineer"):
        if plain(answer[name]) not in map(plain, LETTERS):
            return f"{name}: {answer[name]!r} is no letter of the list. Write one from A to D in quotes."
    return None


E1 = Exercise(
    id="e1",
    title="Carry on, but not for ever",
    reads="fill_slot",
    points=2,
    visible=(
        is_function("fill_slot", "fill_slot(readings, people, end)"),
        recognise(
            "values",
            *SLOT_MISTAKES,
            right=_right_slots,
            otherwise="The slots are not right yet. Take one person: how old is each reading at the end?",
        ),
    ),
    hint="age is 0 for a reading at the end, and below 0 for a later one. Two signs make one rule.",
    worked_line="still_warm = (minutes >= 0) & (minutes <= 30)  # for a cup of tea",
)
E2 = Exercise(
    id="e2",
    title="A slope that one slip cannot turn",
    reads="slope_a_day",
    points=2,
    visible=(
        is_function("slope_a_day", "slope_a_day(hours, values)"),
        recognise(
            "values",
            *SLOPE_MISTAKES,
            right=_right_slope,
            otherwise="Not this slope yet. Try each line of the table, with a slip and without.",
        ),
    ),
    hint="Look at the two tries: which line hardly moves? For the number, count pairs: 3 readings have 3, 4 have 6.",
    worked_line="7 * np.median(weights_lost)  # of many days the middle one, for a week",
)
E3 = Exercise(
    id="e3",
    title="How long has nobody looked?",
    reads="hours_since",
    points=2,
    visible=(
        is_function("hours_since", "hours_since(readings, people, t0)"),
        recognise(
            "values",
            *SINCE_MISTAKES,
            right=_right_waits,
            otherwise="The hours are not right yet. Take one person, and find the last reading up to t0.",
        ),
    ),
    hint="First keep the rows that are known at t0, then take the latest of each person, then count the hours.",
    worked_line='today - visits.groupby("person_id")["day"].min()  # days since the first visit',
)
E4 = Exercise(
    id="e4",
    title="What is a fever?",
    reads="fever_answer",
    points=2,
    visible=(
        *is_dictionary("fever_answer", ("simple", "ward", "clinician", "engineer")),
        Rung("values", _ask_fever),
    ),
    hint='"38.3 once OR 38.0 for an hour" has two parts and one word between them. "Or more" has its own sign.',
    worked_line='low = (days["highest"] < 35) | (days["readings"] == 0)  # another rule with two parts',
)
E5 = Exercise(
    id="e5",
    title="How long does it hold?",
    reads="holds_for",
    points=2,
    visible=is_sorting("holds_for", ENTRIES, GROUPS),
    hint="Ask for each entry: after how long would the ward no longer believe the last one?",
    worked_line='"height": "the whole stay", because no adult grows in a month',
)
F1 = Exercise(
    id="f1",
    title="Slots of one hour",
    reads="measured_percent",
    visible=(is_number("measured_percent", "12.5"),),
    hint="The worked example has both lines, for slots of 2 hours. A day has 12 of those.",
    worked_line="np.ceil(day['hour'] / 3), and 8 slots a day: for slots of 3 hours",
)

TITLE = "Signals over time"
EXERCISES = (F1, E1, E2, E3, E4, E5)
QUESTIONS = (
    Question(
        "s1",
        "A table has 36.8 at 3:00. The last visit at the bed was at 22:00. What is 36.8?",
        ("A temperature of 3:00", "The temperature of 22:00, written again", "The mean of the night"),
    ),
    Question(
        "s2",
        "A ward takes six temperatures a day. How many is that?",
        ("One for each hour", "One for every fourth hour, about", "Six for each hour"),
    ),
    Question(
        "q1",
        "At 8:00 all slots of the night were full, and they said: no fever. What had happened?",
        (
            "The patient had no fever",
            "The slots repeat the evening: nobody was there to see the fever",
            "The thermometer was wrong",
            "The slots were too wide",
        ),
    ),
    Question(
        "q2",
        '"Our model needs a value for each minute, so we fill." Six rounds a day are charted. Your answer?',
        (
            "Good, then it learns from more data",
            "Fill with the mean, it is safer",
            "Give it the readings, their age, and slots no finer than the rounds",
            "Take only patients without a gap",
        ),
    ),
)
