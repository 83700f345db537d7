"""What is checked when the lesson is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import plain
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import (
    DEGREES,
    HOURS,
    PEOPLE,
    _as_numbers,
    reference_since,
    reference_slope,
    reference_slot,
    small_readings,
)

if TYPE_CHECKING:
    import pandas as pd

FEVER_DAYS = """
    WITH cut AS (SELECT encounter_id, CAST(charted_ts AS DATE) AS day, charted_ts, value_num AS value,
        sum(CAST(value_num < 38 AS INT)) OVER (PARTITION BY encounter_id, day ORDER BY charted_ts) AS stretch
        FROM vital WHERE loinc = '8310-5' AND unit = 'Cel' AND value_num < 50),
    stretches AS (SELECT encounter_id, day, max(value) AS highest, date_diff('minute',
        min(charted_ts) FILTER (value >= 38), max(charted_ts) FILTER (value >= 38)) / 60.0 AS hours FROM cut
        GROUP BY encounter_id, day, stretch)
    SELECT encounter_id, day, max(highest) AS highest, round(coalesce(max(hours), 0), 2) AS lasting
    FROM stretches GROUP BY 1, 2
"""


def fresh_readings(seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Draw readings of nine people, one of whom has none; many lie exactly on a whole hour, and no two together."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    people = [f"Q{number}" for number in range(9)]
    rows = [
        (person, float(hour), float(rng.integers(355, 405)) / 10)
        for person in people[:8]
        for hour in rng.choice(60, int(rng.integers(1, 14)), replace=False)
    ]
    table = pd.DataFrame(rows, columns=["person_id", "hour", "value"])
    return table.sample(frac=1, random_state=seed).reset_index(drop=True), people


def _numbers(name: str, answer: Any) -> Callable[..., Any]:
    """Return an exercise as numbers alone, in the order of the people."""

    def ask(readings: pd.DataFrame, people: list[str], time: float) -> Any:
        return _as_numbers(name, properties.call(answer, readings, people, time), people)

    ask.__name__ = name
    return ask


def _hold(name: str, reference: Callable[..., Any]) -> tuple[Rung, ...]:
    """Return what a function of readings, people and a time must hold: nothing later, fresh data, any order."""
    ours = _numbers(name, reference)

    def travel(answer: Any) -> str | None:
        mine = _numbers(name, answer)
        for seed, time in ((7, 20.0), (8, 41.0)):
            table, people = fresh_readings(seed)
            if not properties.agrees(mine(table, people, time), mine(table[table["hour"] <= time], people, time)):
                return f"{name} changes when later rows are deleted: it sees the future."
        return None

    def fresh(answer: Any) -> str | None:
        cases = [(*fresh_readings(seed), time) for seed, time in ((1, 24.0), (2, 30.0), (3, 48.0), (4, 60.0))]
        return properties.h1_fresh_draw(_numbers(name, answer), ours, cases)

    def sparse(answer: Any) -> str | None:
        nobody = small_readings()[:0], ["P4", "P9"], 50.0
        one = small_readings()[4:5], ["P2"], 100.0
        return properties.h9_sparse(_numbers(name, answer), [(case, ours(*case)) for case in (nobody, one)])

    return (
        Rung("values", travel),
        Rung("values", fresh),
        Rung("values", lambda answer: properties.h5_row_order(_numbers(name, answer), *fresh_readings(5), 33.0)),
        Rung("values", lambda answer: properties.h6_input_kept(answer, small_readings(), list(PEOPLE), 100.0)),
        Rung("meaning", sparse),
    )


SLIPS = ((0, 3.8), (3, 399.0), (6, 3.8), (6, 379.0))


def _slope(answer: Any, hours: Sequence[float], values: Sequence[float]) -> float:
    return float(properties.call(answer, list(hours), list(values)))


def _stands_still(answer: Any) -> str | None:
    """Ask with one reading in place of another (H7): the slope may move a little, not run away."""
    for length in (5, 7):
        for at, slip in SLIPS:
            values = list(DEGREES[:length])
            values[min(at, length - 1)] = slip
            if abs(_slope(answer, HOURS[:length], values) - _slope(reference_slope, HOURS[:length], values)) > 1e-9:
                return f"slope_a_day follows a slip: with {slip:g} written for one reading it runs away."
    return None


def _fresh_slope(answer: Any) -> str | None:
    import numpy as np

    for seed in range(6):
        rng = np.random.default_rng(seed)
        hours = np.sort(rng.choice(48, 4 + seed, replace=False)).astype(float).tolist()
        values = rng.normal(37, 0.8, len(hours)).round(1).tolist()
        if not properties.agrees(_slope(answer, hours, values), _slope(reference_slope, hours, values)):
            return "slope_a_day gives another slope than ours on readings that it has not seen."
    return None


@cache
def _days() -> pd.DataFrame:
    from rounds.data import load

    with load("bsi").connect() as database:
        days: pd.DataFrame = database.sql(FEVER_DAYS).df()
    return days


COUNTS: dict[str, Callable[[Any, Any], Any]] = {
    "simple": lambda highest, lasting: highest >= 38,
    "ward": lambda highest, lasting: (highest >= 38.3) | (lasting >= 1),
    "above": lambda highest, lasting: highest > 38,
    "once": lambda highest, lasting: highest >= 38.3,
    "once-above": lambda highest, lasting: highest > 38.3,
    "lasting": lambda highest, lasting: lasting >= 1,
    "both": lambda highest, lasting: (highest >= 38.3) & (lasting >= 1),
    "some-time": lambda highest, lasting: (highest >= 38.3) | (lasting > 0),
    "above-some-time": lambda highest, lasting: (highest > 38.3) | (lasting > 0),
    "above-or": lambda highest, lasting: (highest > 38.3) | (lasting >= 1),
    "longer-or": lambda highest, lasting: (highest >= 38.3) | (lasting > 1),
    "both-above": lambda highest, lasting: (highest > 38.3) | (lasting > 1),
    "all": lambda highest, lasting: highest > 0,
}


@cache
def count_days(rule: str) -> int:
    """Return how many days of the cohort such a rule takes."""
    days = _days()
    return int(COUNTS[rule](days["highest"], days["lasting"]).sum())


def _counts(name: str, *rules: str) -> Callable[[Any], bool]:
    return lambda answer: any(float(answer[name]) == count_days(rule) for rule in rules)


def _says(who: str, letter: str) -> Callable[[Any], bool]:
    return lambda answer: bool(plain(answer[who]) == plain(letter))


FEVER_MISTAKES = (
    Mistake(
        "rules-swapped",
        lambda answer: _counts("simple", "ward")(answer) and _counts("ward", "simple")(answer),
        "The two counts stand in each other's place.",
    ),
    Mistake(
        "simple-above", _counts("simple", "above"), "The simple rule leaves out exactly 38.0. Which sign takes it in?"
    ),
    Mistake(
        "simple-by-once",
        _counts("simple", "once", "once-above"),
        "The simple rule asks for 38.3. Read its number again.",
    ),
    Mistake(
        "simple-other",
        lambda answer: not _counts("simple", "simple")(answer),
        "The simple rule does not count right. It needs one column, one sign and one number.",
    ),
    Mistake("ward-as-simple", _counts("ward", "simple"), "The ward's rule counts the same days as the simple one."),
    Mistake(
        "ward-both",
        _counts("ward", "both"),
        "Your ward_rule takes only days on which both parts hold. By the ward's rule one of them is enough.",
    ),
    Mistake("ward-first-part", _counts("ward", "once"), "The ward's rule has a second part, for a fever that lasts."),
    Mistake("ward-second-part", _counts("ward", "lasting"), "The ward's rule has a first part, for one high reading."),
    Mistake(
        "ward-above",
        _counts("ward", "above-or", "both-above", "once-above"),
        "The ward's rule leaves out exactly 38.3. Which sign takes it in?",
    ),
    Mistake(
        "ward-longer",
        _counts("ward", "longer-or"),
        "The ward's rule leaves out exactly one hour. Which sign takes it in?",
    ),
    Mistake(
        "ward-some-time",
        _counts("ward", "some-time"),
        "The ward's rule takes any two warm readings, however near. For how long must it last?",
    ),
    Mistake(
        "ward-both-signs",
        _counts("ward", "above-some-time"),
        "Two signs of your ward_rule are not right. Is exactly 38.3 in? For how long must 38.0 last?",
    ),
    Mistake(
        "ward-other",
        lambda answer: not _counts("ward", "ward")(answer),
        "The ward's rule does not count right. Write its two parts one by one, then join them.",
    ),
    Mistake(
        "rule-is-truth",
        _says("clinician", "A"),
        "A rule can only say no where somebody looked. Who looked between 6:00 and 10:00?",
    ),
    Mistake("value-changed", _says("clinician", "B"), "B writes down what nobody read. A record must stay true."),
    Mistake(
        "device-blamed",
        _says("clinician", "D"),
        "38.1 is no impossible value. What would show whether the thermometer is right?",
    ),
    Mistake("finer-is-true", _says("engineer", "A"), "How many readings did the finer slots add?"),
    Mistake(
        "tuned-to-agree",
        _says("engineer", "B"),
        "Two errors may agree by chance. Ask first where the new days come from.",
    ),
    Mistake("mean-instead", _says("engineer", "C"), "A mean is written by nobody either, and it hides a high reading."),
)

STAY, STOP, DAY, HOURS_FEW = "the whole stay", "until its stop is written", "about a day", "a few hours"
RIGHT: dict[str, Any] = {
    "kind of donor": STAY,
    "on a ventilator": STOP,
    "central line": STOP,
    "weight": DAY,
    "mucositis grade": DAY,
    "CRP, twice a week": (DAY, HOURS_FEW),
    "temperature": HOURS_FEW,
    "blood pressure": HOURS_FEW,
}
SAID = {
    "kind of donor": {
        STOP: "nobody writes a stop for it. Does it ever change in the stay?",
        DAY: "it is written once. Is it unknown on the second day?",
        HOURS_FEW: "it is written once. Is it unknown in the evening?",
    },
    "on a ventilator": {
        STAY: "it would go on after somebody has ended it. Look at the engineer's card.",
        DAY: "a day may be too long or too short. The record has a second time for it.",
        HOURS_FEW: "a few hours may be far too short. The record has a second time for it.",
    },
    "central line": {
        STAY: "it would stay in after somebody took it out. Look at the engineer's card.",
        DAY: "it may stay in for weeks. The record has a second time for it.",
        HOURS_FEW: "it may stay in for weeks. The record has a second time for it.",
    },
    "weight": {
        STAY: "some hundred grams a morning add up over weeks.",
        STOP: "a weight has no stop. How often is there a new one?",
        HOURS_FEW: "it moves little, and the next one comes tomorrow. It would be missing each evening.",
    },
    "mucositis grade": {
        STAY: "a mouth heals or gets worse within days. The first grade is soon old.",
        STOP: "a grade has no stop. How often is there a new one?",
        HOURS_FEW: "it changes over days, and the next one comes tomorrow.",
    },
    "CRP, twice a week": {
        STAY: "it can double in a day. On Sunday Thursday's value is old.",
        STOP: "a result has no stop. How fast does it change?",
    },
    "temperature": {
        STAY: "that is what the card did with the night, and longer.",
        STOP: "a reading has no stop. How fast can it rise?",
        DAY: "it can rise by two degrees before breakfast.",
    },
    "blood pressure": {
        STAY: "it can fall within minutes.",
        STOP: "a reading has no stop. How fast can it fall?",
        DAY: "it can fall within minutes. Would the ward believe yesterday's?",
    },
}
WHY = {(entry, group): f"{entry}: {said}" for entry, of in SAID.items() for group, said in of.items()}
SORTED = is_sorted(RIGHT, WHY, "{item} does not fit yet: {right} of {of} do.")


@cache
def find_share(kind: str) -> float:
    """Return how many percent such a count gives, for day 20 of the shown patients."""
    import numpy as np

    from rounds.data import load

    with load("bsi").connect() as database:
        rows = database.sql("""
            SELECT person_id, round(date_diff('minute', CAST(day0 AS TIMESTAMP), charted_ts) / 60.0, 2) AS hour
            FROM (SELECT * FROM transplant ORDER BY person_id LIMIT 60) JOIN encounter USING (person_id)
            JOIN vital USING (encounter_id) WHERE loinc = '8310-5' AND unit = 'Cel' AND value_num < 50
        """).df()
    first = 5 if kind == "other-day" else 20
    day = rows[(rows["hour"] > first * 24) & (rows["hour"] <= (first + 1) * 24)]
    wide = 2 if kind in ("wide-slots", "wide-both") else 1
    rounded = {"hour-itself": day["hour"], "begins": np.floor(day["hour"])}.get(kind, np.ceil(day["hour"] / wide))
    held = day.assign(slot=1 if kind == "one-slot" else rounded)[["person_id", "slot"]].drop_duplicates()
    people = 60 if kind == "all-patients" else day["person_id"].nunique()
    each = {"twelve": 12, "wide-both": 12, "one-patient": 24 / people, "left-over": 720 / people, "no-hours": 1}.get(
        kind, 24
    )
    return float(100 * len(held) / (people * each))


def _gives(kind: str) -> Callable[[Any], bool]:
    return lambda answer: abs(float(answer) - find_share(kind)) < 0.02


SHARE_MISTAKES = (
    Mistake("wide-both", _gives("wide-both"), "Those are slots of 2 hours, as in the worked example."),
    Mistake("twelve-slots", _gives("twelve"), "You divided by 12 slots a day. How many slots of 1 hour has a day?"),
    Mistake("wide-slots", _gives("wide-slots"), "The slots are still those of 2 hours. What is divided by 2 there?"),
    Mistake(
        "one-patient", _gives("one-patient"), "You divided by the slots of one patient. How many patients are there?"
    ),
    Mistake(
        "left-over",
        _gives("left-over"),
        "all_slots counts the slots of day 5, of 2 hours each. Count those of day 20, of 1 hour.",
    ),
    Mistake("no-hours", _gives("no-hours"), "You divided by the patients. How many slots has each of them?"),
    Mistake("other-day", _gives("other-day"), "That is day 5. Take the readings of later."),
    Mistake(
        "all-patients",
        _gives("all-patients"),
        "These had gone home before day 20, and are counted too. Take those of later.",
    ),
    Mistake(
        "one-slot",
        _gives("one-slot"),
        "Each patient has one slot only. Number the slots by the hour, from the readings of later.",
    ),
    Mistake(
        "hour-itself",
        _gives("hour-itself"),
        "An hour with minutes is not the number of a slot. Which word rounds it up?",
    ),
    Mistake("as-share", lambda answer: 0 < float(answer) < 1, "That is a share. Write it in percent."),
)

HIDDEN = {
    "e1": _hold("fill_slot", reference_slot),
    "e2": (
        Rung("values", _stands_still),
        Rung("values", _fresh_slope),
        Rung("values", lambda answer: properties.h6_input_kept(answer, list(HOURS), list(DEGREES))),
    ),
    "e3": _hold("hours_since", reference_since),
    "e4": (recognise("values", *FEVER_MISTAKES),),
    "e5": (
        recognise(
            "values",
            Mistake(
                "all-in-one-group",
                lambda answer: len({plain(group) for group in answer.values()}) == 1,
                "All entries are in one group. Which of them changes in an hour, and which never?",
            ),
            *SORTED.mistakes,
            right=lambda answer: SORTED.ask(answer) is None,
            otherwise="An entry does not fit yet. For how long would the ward believe it?",
        ),
    ),
    "f1": (
        recognise(
            "values",
            *SHARE_MISTAKES,
            right=lambda answer: _gives("right")(answer) or _gives("begins")(answer),
            otherwise="Not this share yet. Number the slots by the hour, and count all slots of that day.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "The temperature of 22:00, written again",
        (
            "Nobody was at the bed at 3:00.",
            "The value is five hours old at 3:00, and does not say so.",
            "No reading of the night exists, so there is no mean of it.",
        ),
    ),
    "s2": Key(
        "One for every fourth hour, about",
        (
            "24 hours share six values. Most hours have none.",
            "Six values in 24 hours: most hours have none.",
            "Six a day, not six an hour.",
        ),
    ),
    "q1": Key(
        "The slots repeat the evening: nobody was there to see the fever",
        (
            "Look at the open circles: it was measured, and put aside.",
            "A calm night came out of a night without readings.",
            "The readings are right. Which of them did the slots hold?",
            "They held one hour each. What stood in them?",
        ),
    ),
    "q2": Key(
        "Give it the readings, their age, and slots no finer than the rounds",
        (
            "It learns from copies. How many readings are there?",
            "A mean is a copy of many, and also of later ones.",
            "What was measured, how old it is, and no made-up minutes.",
            "Those without a gap are the ones whom somebody worried about.",
        ),
    ),
}
