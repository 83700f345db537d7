"""What is checked at hand-in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import count_right, plain
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import COLUMNS, _read_mornings, reference_features, reference_label, small_events

if TYPE_CHECKING:
    import pandas as pd

LATER = ("highest temperature", "second CRP", "germ yesterday", "antibiotic", "cultures of the stay", "sepsis code")
RIGHT = {name: "not known yet" if name in LATER else "known" for name in COLUMNS}
WHY = {
    "age": "age was asked at admission, days ago. It is known.",
    "temperature at 6": "temperature at 6 was charted at 6:10, and the column takes no later row. It is known.",
    "highest temperature": "highest temperature takes the whole date, until midnight. At 9:00 the day is not over.",
    "first CRP": "first CRP has its result at 6:20, and the column takes the first result. It is known.",
    "second CRP": "second CRP was taken before 9:00, and its result came at 9:40. Which of the two times counts?",
    "mucositis grade": "mucositis grade was written at 7:50 this morning. It is known.",
    "culture yesterday": "culture yesterday says only that blood was drawn. That was yesterday, so it is known.",
    "germ yesterday": "germ yesterday is a name that the laboratory tells after 1 to 3 days. It was drawn yesterday.",
    "antibiotic": "antibiotic is true when one is ordered on this date. When does the doctor order it?",
    "cultures so far": "cultures so far counts only what was drawn before 9:00. It is known.",
    "cultures of the stay": "cultures of the stay counts all rows of the stay, also those of the days to come.",
    "sepsis code": "sepsis code is written by the coder. When does the coder write it?",
}


def _is_wrong(name: str) -> Callable[[Any], bool]:
    return lambda answer: plain(answer[name]) != RIGHT[name]


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _all_same(answer: Mapping[str, str]) -> bool:
    return len({plain(value) for value in answer.values()}) == 1


def _say_missed(answer: Mapping[str, str]) -> str:
    name = next(name for name in COLUMNS if _is_wrong(name)(answer))
    return f"{count_right(answer, RIGHT)} of 12 are right. {WHY[name]}"


SORT_MISTAKES = (
    Mistake(
        "all-in-one-group", _all_same, "All columns are in one group. Six belong in each: ask when each is written."
    ),
    Mistake(
        "wrong-way-round",
        lambda answer: count_right(answer, RIGHT) == 0,
        "The two groups are the wrong way round: known means that somebody could read it at 9:00.",
    ),
    Mistake("several", lambda answer: count_right(answer, RIGHT) < 11, _say_missed),
    *(Mistake(f"{_slug(name)}-wrong", _is_wrong(name), WHY[name]) for name in COLUMNS),
)


def fresh_events(seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Draw the events of eight people whom the learner has never seen, one without any."""
    import numpy as np
    import pandas as pd

    rng, number = np.random.default_rng(seed), 120
    people = [f"Q{n}" for n in range(8)]
    happened = rng.integers(0, 200, number).astype(float)
    table = {
        "person_id": rng.choice(people[:7], number),
        "what": rng.choice(["CRP", "culture", "temperature"], number),
        "value": rng.integers(1, 300, number).astype(float),
        "happened": happened,
        "known": happened + rng.choice([0, 1, 3, 30], number),
    }
    return pd.DataFrame(table), people


def _in_columns(answer: Any) -> Callable[..., Any]:
    """Return exercise 2 as numbers alone: rows in the order of the people, two columns."""

    def make_features(events: pd.DataFrame, people: list[str], t0: float) -> Any:
        table = properties.call(answer, events, people, t0)
        return table.reindex(people)[["highest_crp", "cultures"]].astype(float).to_numpy()

    return make_features


def _travel(answer: Any) -> str | None:
    events, people = fresh_events(7)
    for t0 in (60.0, 120.0):
        mine = _in_columns(answer)
        if not properties.agrees(mine(events, people, t0), mine(events[events["known"] <= t0], people, t0)):
            return "make_features changes when what was known after time zero is deleted: it sees the future."
    return None


def fresh_stays(seed: int) -> pd.DataFrame:
    """Draw the stays of 40 people, with whole hours so that many lie exactly at an end."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    last_seen = rng.integers(90, 130, 40).astype(float)
    infected = np.where(rng.random(40) < 0.6, rng.integers(85, 130, 40), np.nan)
    infected = np.where(infected > last_seen, np.nan, infected)
    return pd.DataFrame({"infected": infected, "last_seen": last_seen}, index=[f"R{n}" for n in range(40)])


def _as_numbers(answer: Any) -> Callable[..., Any]:
    def label(stays: pd.DataFrame, t0: float, hours: float) -> Any:
        return [float(value) for value in properties.call(answer, stays, t0, hours)]

    return label


@cache
def other_mornings() -> pd.DataFrame:
    """Return the mornings of 900 people of the other site."""
    rows = _read_mornings("A")
    people = sorted(rows["person_id"].unique())[:900]
    return rows[rows["person_id"].isin(people)].reset_index(drop=True)


def _shuffled() -> pd.DataFrame:
    rows = other_mornings()
    return rows.assign(infected=rows["infected"].sample(frac=1, random_state=4).to_numpy())


def _no_leak(answer: Any) -> str | None:
    """Ask on the other site, with the columns of the future as they are and turned round: nothing may change."""
    rows = other_mornings()
    turned = rows.assign(
        antibiotic_today=1 - rows["antibiotic_today"],
        cultures_of_stay=rows["infected"].astype(float),
        sepsis_code=rows["infected"].astype(float),
    )
    first, second = (properties.call(answer, table, 2)["auroc"] for table in (rows, turned))
    same = abs(first - second) < 1e-9
    return None if same else "The score changes when columns that nobody knows at 9:00 are changed."


def _sealed(answer: Any) -> str | None:
    said = properties.call(answer, other_mornings(), 5)
    return properties.h3_group_seal(said["train"], said["test"])


def _finds_nothing(answer: Any) -> str | None:
    return properties.h4_shuffled_labels(properties.call(answer, _shuffled(), 2)["auroc"])


def _computes(answer: Any) -> str | None:
    scores = {round(properties.call(answer, other_mornings(), seed)["auroc"], 9) for seed in (2, 5)}
    return None if len(scores) == 2 else "fair_score gives the same score for every split: use the name seed."


END_MISTAKES = (
    Mistake(
        "length-as-end",
        near(24, 0),
        "24 is how long the horizon is. The second gap, horizon_end, asks when it ends: count on from time zero.",
    ),
    Mistake("time-zero", near(117, 0), "117 is time zero itself. The horizon ends 24 hours later."),
    Mistake("looks-back", near(93, 0), "93 lies before time zero. The horizon looks ahead."),
    Mistake("day-left-out", near(45, 0), "You added the hours without the day. Day 4 begins at hour 96."),
    Mistake("evening-left-out", near(120, 0), "120 is the end of day 4 itself. Time zero is at 21:00 of that day."),
    Mistake(
        "one-day-more", near(165, 0), "That is 24 hours too late: day 4 begins at hour 96, and the horizon is 24 hours."
    ),
    Mistake("nine-oclock", near(4 * 24 + 9 + 24, 0), "You took 9:00. Here time zero is at 21:00."),
    Mistake("seven-days", near(7 * 24 + 21 + 24, 0), "You took day 7. Here time zero is on day 4."),
    Mistake("in-days", lambda answer: float(answer) < 12, "This looks like days. Write hours: a day has 24."),
)

HIDDEN = {
    "e1": (recognise("values", *SORT_MISTAKES),),
    "e2": (
        Rung("values", _travel),
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _in_columns(answer),
                _in_columns(reference_features),
                [(*fresh_events(seed), t0) for seed, t0 in ((1, 60.0), (2, 100.0), (3, 150.0))],
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(_in_columns(answer), *fresh_events(4), 90.0)),
        Rung("values", lambda answer: properties.h6_input_kept(answer, *fresh_events(5), 90.0)),
        Rung(
            "meaning",
            lambda answer: properties.h9_sparse(
                _in_columns(answer), [((small_events(), ["P4", "P9"], 100.0), [[float("nan"), 0], [float("nan"), 0]])]
            ),
        ),
    ),
    "e3": (
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _as_numbers(answer),
                _as_numbers(reference_label),
                [
                    (fresh_stays(seed), t0, hours)
                    for seed, t0, hours in ((1, 95.0, 12.0), (2, 100.0, 24.0), (3, 90.0, 6.0))
                ],
            ),
        ),
        Rung("values", lambda answer: properties.h6_input_kept(answer, fresh_stays(5), 100.0, 24.0)),
    ),
    "e4": (
        Rung("values", _sealed),
        Rung("values", _no_leak),
        Rung("values", _computes),
        Rung("values", _finds_nothing),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, other_mornings(), 2)),
    ),
    "f1": (
        recognise(
            "values",
            *END_MISTAKES,
            right=near(141, 0),
            otherwise="Not this hour yet. Count the hours of the days before, those since midnight, and the horizon.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "Nobody",
        (
            "At 9:00 the laboratory has not told anybody yet.",
            "A model that uses it was trained with what nobody has at 9:00.",
            "The blood was taken, but the number was known at 10:00 only.",
        ),
    ),
    "s2": Key(
        "The same person on both sides",
        (
            "The rows are more, the people are not.",
            "The model may know the person again in place of the disease.",
            "It is larger, but it does not ask about new people.",
        ),
    ),
    "q1": Key(
        "The fever of this morning no longer gives the answer away",
        (
            "The columns and the kind of model are the same. Only the question is another.",
            "On the same day the ward knows as much as the model.",
            "There are more: two days in place of one. And how many there are does not change AUROC.",
        ),
    ),
    "q2": Key(
        "Ask when it is written",
        (
            "A score that comes from the future falls on the ward.",
            "If it is written after time zero, leave it out. If before, be glad.",
            "Good columns exist. First ask when it is written.",
            "The same data give the same leak.",
        ),
    ),
}
