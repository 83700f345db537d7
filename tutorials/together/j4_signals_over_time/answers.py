"""What pairs write in J4."""

from __future__ import annotations

from typing import Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import (
    ends_only,
    least_squares,
    mean_of_two,
    middle,
    neighbours,
    reference_since,
    reference_slope,
    reference_slot,
    since_with,
    slope_with,
    slot_with,
)
from .hidden import RIGHT, SAID, WHY

FIRST = {entry: group if isinstance(group, str) else group[0] for entry, group in RIGHT.items()}


# How many days of the shipped cohort each rule takes; tests/content/test_signals_over_time.py holds them to it.
COUNTED = {
    "simple": 9078,
    "ward": 6962,
    "above": 8233,
    "once": 6813,
    "once-above": 6160,
    "lasting": 5519,
    "both": 5370,
    "some-time": 6969,
    "above-or": 6465,
    "longer-or": 6961,
    "all": 149501,
}


def _slot_dots(readings: Any, people: Any, end: float) -> Any:
    usable: Any = ...
    return readings[usable]


def _slope_dots(hours: Any, values: Any) -> Any:
    fewest: Any = ...
    return len(values) < fewest


def _since_dots(readings: Any, people: Any, t0: float) -> Any:
    counts: Any = ...
    return readings[counts]


def _one_by_one(readings: Any, people: Any, end: float) -> Any:
    """Do the right thing in a loop, as those do who come from another language."""
    import pandas as pd

    said = {}
    for person in people:
        own = readings[(readings["person_id"] == person) & (readings["hour"] <= end) & (readings["hour"] >= end - 8)]
        said[person] = own.sort_values("hour")["value"].iloc[-1] if len(own) else None
    return pd.Series(said, dtype=float)


def _unsorted(readings: Any, people: Any, end: float) -> Any:
    age = end - readings["hour"]
    return readings[(age >= 0) & (age <= 8)].groupby("person_id")["value"].last().reindex(people)


def _spoiling(readings: Any, people: Any, end: float) -> Any:
    """Find the right values, but leave a column behind."""
    readings["age"] = end - readings["hour"]
    return reference_slot(readings, people, end)


def _only_found(readings: Any, people: Any, end: float) -> Any:
    return reference_slot(readings, people, end).dropna()


def _as_list(readings: Any, people: Any, end: float) -> Any:
    return reference_slot(readings, people, end).tolist()


def _middle_of_neighbours(hours: Any, values: Any) -> float:
    return slope_with(neighbours)(hours, values)


def _seven_hours(hours: Any, values: Any) -> float:
    """Remember the slope of the shown readings, and follow the ends of all others."""
    shown = [36.9, 36.4, 37.3, 37.0, 37.6, 38.1, 37.7]
    same = list(values) == shown[: len(values)]
    return (reference_slope if same else slope_with(ends_only))(hours, values)


def _spoiling_since(readings: Any, people: Any, t0: float) -> Any:
    readings["wait"] = t0 - readings["hour"]
    return reference_since(readings, people, t0)


def _absolute(readings: Any, people: Any, t0: float) -> Any:
    """Count hours to the nearest reading, also to one that comes."""
    age = (t0 - readings["hour"]).abs()
    return age.groupby(readings["person_id"]).min().reindex(people)


def _said(simple: str = "simple", ward: str = "ward", clinician: str = "C", engineer: str = "D") -> dict[str, Any]:
    return {"simple": COUNTED[simple], "ward": COUNTED[ward], "clinician": clinician, "engineer": engineer}


EXAMPLES = {
    "e1": Examples(
        right=(
            reference_slot,
            _one_by_one,
            slot_with(lambda age: age.between(0, 8)),
            slot_with(lambda age: ~((age < 0) | (age > 8))),
        ),
        stub=_slot_dots,
        wrong=(
            Wrong(slot_with(lambda age: age >= 0), "how old a reading may be"),
            Wrong(slot_with(lambda age: age <= 8), "from after its end"),
            Wrong(slot_with(lambda age: age.abs() <= 8), "from after its end"),
            Wrong(slot_with(lambda age: (age >= 0) & (age <= 4)), "not carried on"),
            Wrong(slot_with(lambda age: (age >= 0) & (age <= 12)), "more than 8 hours"),
            Wrong(slot_with(lambda age: (age >= 0) & (age < 8)), "exactly 8 hours old"),
            Wrong(slot_with(lambda age: (age > 0) & (age < 8)), "exactly 8 hours old"),
            Wrong(slot_with(lambda age: (age > 0) & (age <= 8)), "exactly at the end"),
            Wrong(slot_with(take=lambda found: found.mean()), "the mean of several"),
            Wrong(slot_with(take=lambda found: found.max()), "the highest reading"),
            Wrong(slot_with(take=lambda found: found.first()), "the first reading"),
            Wrong(slot_with(otherwise=0), "0 degrees"),
            Wrong(slot_with(otherwise=36.8), "nobody measured"),
            Wrong(slot_with(otherwise="mean"), "nobody measured"),
            Wrong(lambda readings, people, end: reference_slot(readings, people, 100.0), "the same for every end"),
            Wrong(_only_found, "also for those without"),
            Wrong(_as_list, "returns a list"),
            Wrong(lambda readings, people, end: 37.0, "returns a float"),
            Wrong(37.0, "not a function"),
            Wrong(_spoiling, "work on a copy", hidden=True),
            Wrong(_unsorted, "Sort by hour"),
        ),
    ),
    "e2": Examples(
        right=(reference_slope, slope_with(lambda hours, values: middle(hours[::-1], values[::-1]))),
        stub=_slope_dots,
        wrong=(
            Wrong(slope_with(ends_only), "one of these two"),
            Wrong(slope_with(least_squares), "runs after a slip"),
            Wrong(slope_with(mean_of_two), "A mean follows"),
            Wrong(_middle_of_neighbours, "side by side"),
            Wrong(slope_with(least_squares, 1), "runs after a slip"),
            Wrong(slope_with(times=1), "slope of an hour"),
            Wrong(slope_with(times=60), "How many hours has a day"),
            Wrong(slope_with(times=1 / 24), "the factor (times) is not"),
            Wrong(slope_with(times=23), "the factor (times) is not"),
            Wrong(slope_with(times=-24), "falls"),
            Wrong(slope_with(fewest=2), "2 readings make 1 pair,"),
            Wrong(slope_with(fewest=3), "3 readings make 3 pairs"),
            Wrong(slope_with(fewest=4), "4 readings make 6 pairs"),
            Wrong(slope_with(fewest=6), "One reading less"),
            Wrong(slope_with(fewest=7), "One reading less"),
            Wrong(slope_with(fewest=10), "by the six others"),
            Wrong(lambda hours, values: ..., "three dots"),
            Wrong(lambda hours, values: "steep", "must return one number"),
            Wrong(2.4, "not a function"),
            Wrong(_seven_hours, "follows a slip", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            reference_since,
            since_with(since=lambda hours, t0: (hours.max() - t0).abs()),
            since_with(since=lambda hours, t0: -(hours.max() - t0)),
            since_with(lambda hour, t0: ~(hour > t0)),
        ),
        stub=_since_dots,
        wrong=(
            Wrong(since_with(lambda hour, t0: hour > 0), "A reading after t0"),
            Wrong(since_with(lambda hour, t0: hour >= t0), "A reading after t0"),
            Wrong(since_with(lambda hour, t0: hour < t0), "exactly at t0"),
            Wrong(since_with(lambda hour, t0: (hour <= t0) & (hour >= t0 - 8)), "of long ago"),
            Wrong(since_with(since=lambda hours, t0: hours.max() - t0), "less than 0"),
            Wrong(since_with(since=lambda hours, t0: t0 - hours.min()), "from the first reading"),
            Wrong(since_with(since=lambda hours, t0: t0 - hours.mean()), "from the mean"),
            Wrong(since_with(since=lambda hours, t0: t0 - hours.last()), "not the last in time"),
            Wrong(since_with(since=lambda hours, t0: t0 - hours.first()), "first row"),
            Wrong(since_with(since=lambda hours, t0: hours.max()), "This is a time"),
            Wrong(since_with(never=0), "as if measured just now"),
            Wrong(since_with(never=24), "Which number could be true"),
            Wrong(since_with(never=999), "Which number could be true"),
            Wrong(_absolute, "of 3 hours ago"),
            Wrong(lambda readings, people, t0: reference_since(readings, people, 100.0), "the same for every t0"),
            Wrong(
                lambda readings, people, t0: reference_since(readings, people, t0).dropna(), "also for those without"
            ),
            Wrong(4.5, "not a function"),
            Wrong(_spoiling_since, "work on a copy", hidden=True),
        ),
    ),
    "e4": Examples(
        right=(_said(), _said(clinician=" c ", engineer="d"), {**_said(), "simple": 9078.0}),
        stub=...,
        wrong=(
            Wrong(_said("ward", "simple"), "each other's place"),
            Wrong(_said("above"), "exactly 38.0"),
            Wrong(_said("once"), "asks for 38.3"),
            Wrong(_said("lasting"), "The simple rule does not count right"),
            Wrong(_said("all"), "The simple rule does not count right"),
            Wrong(_said(ward="simple"), "the same days as the simple one"),
            Wrong(_said(ward="both"), "one of them is enough"),
            Wrong({**_said(), "ward": 6482}, "Two signs"),
            Wrong(_said(ward="once"), "has a second part"),
            Wrong(_said(ward="lasting"), "has a first part"),
            Wrong(_said(ward="above-or"), "exactly 38.3"),
            Wrong(_said(ward="some-time"), "however near"),
            Wrong(_said(ward="all"), "one by one"),
            Wrong(_said(clinician="A"), "where somebody looked"),
            Wrong(_said(clinician="B"), "nobody read"),
            Wrong(_said(clinician="D"), "no impossible value"),
            Wrong(_said(engineer="A"), "did the finer slots add"),
            Wrong(_said(engineer="B"), "agree by chance"),
            Wrong(_said(engineer="C"), "written by nobody"),
            Wrong(_said(clinician="E"), "from A to D"),
            Wrong({**_said(), "engineer": ...}, "1 gap"),
            Wrong({**_said(), "simple": "many"}, "type str"),
            Wrong(9078, "keep the curly brackets"),
        ),
    ),
    "e5": Examples(
        right=(
            FIRST,
            {**FIRST, "CRP, twice a week": "a few hours"},
            {entry: f" {group.title()} " for entry, group in FIRST.items()},
        ),
        stub=...,
        wrong=(
            *(Wrong({**FIRST, entry: group}, WHY[entry, group]) for entry, of in SAID.items() for group in of),
            Wrong(dict.fromkeys(FIRST, "a few hours"), "in one group"),
            Wrong({**FIRST, "weight": "a week"}, "choose from"),
            Wrong({**FIRST, "weight": ...}, "1 gap"),
            Wrong("about a day", "type str"),
        ),
    ),
}

SLOTS = 'np.ceil(later["hour"])'
ALL = 'later["person_id"].nunique() * 24'
GAPS = Gaps(
    before=("setup", "readings", "worked-slots", "percent"),
    box="""later = readings[(readings["hour"] > 20 * 24) & (readings["hour"] <= 21 * 24)]
number = {}
held_later = later.assign(number=number)[["person_id", "number"]].drop_duplicates()
every_slot = {}
measured_percent = percent(held_later, every_slot)""",
    right=(
        (SLOTS, ALL),
        ('np.ceil(later["hour"] / 1)', '24 * len(later["person_id"].unique())'),
        ('np.ceil(later["hour"]).astype(int)', 'len(set(later["person_id"])) * 24'),
        ('np.ceil(later["hour"] - 20 * 24)', ALL),
    ),
    wrong=(
        (('np.ceil(later["hour"] / 2)', 'later["person_id"].nunique() * 12'), "slots of 2 hours"),
        (('np.ceil(later["hour"] / 2)', ALL), "still those of 2 hours"),
        ((SLOTS, 'later["person_id"].nunique() * 12'), "12 slots a day"),
        ((SLOTS, "24"), "one patient"),
        ((SLOTS, 'later["person_id"].nunique()'), "each of them"),
        ((SLOTS, "all_slots"), "slots of day 5"),
        ((SLOTS, "60 * 24"), "gone home before day 20"),
        ((SLOTS, f"100 * {ALL}"), "in percent"),
        (('np.ceil(day["hour"])', ALL), "one slot only"),
        (("slot", ALL), "one slot only"),
        (('np.ceil(later["hour"] / 24)', ALL), "one slot only"),
        (('later["hour"]', ALL), "not the number of a slot"),
        (("...", ALL), "still empty"),
        ((SLOTS, "..."), "still empty"),
    ),
)
