"""What pairs write in J3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import FAIR, fair_with, features_with, known_by_then, label_with, reference_features, reference_label
from .hidden import RIGHT, WHY

if TYPE_CHECKING:
    import pandas as pd

OTHER = {"known": "not known yet", "not known yet": "known"}


def _other(*names: str) -> dict[str, str]:
    """Return the sorting with some columns in the other group."""
    return {**RIGHT, **{name: OTHER[RIGHT[name]] for name in names}}


def _by(could_know: Any, counted: Any = known_by_then, none_drawn: Any = 0) -> Any:
    return features_with(could_know, counted, none_drawn)


def _counted(rule: Any) -> Any:
    return features_with(known_by_then, rule)


def _dots(events: pd.DataFrame, people: Any, t0: float) -> Any:
    could_know: Any = ...
    return events[could_know]


def _label_dots(stays: pd.DataFrame, t0: float, hours: float) -> Any:
    not_asked: Any = ...
    return stays["infected"].mask(~not_asked)


def _score_dots(rows: pd.DataFrame, seed: int) -> Any:
    together: Any = ...
    return rows[together]


def _only_people_with_rows(events: pd.DataFrame, people: Any, t0: float) -> Any:
    return reference_features(events, people, t0).dropna()


def _spoiling(events: pd.DataFrame, people: Any, t0: float) -> Any:
    """Find the right table, but leave a column behind."""
    events["late"] = events["known"] > t0
    return reference_features(events, people, t0)


def _one_by_one(events: pd.DataFrame, people: Any, t0: float) -> Any:
    """Do the right thing in a loop, as those do who come from another language."""
    import pandas as pd

    rows = []
    for person in people:
        own = events[(events["person_id"] == person) & (events["known"] <= t0)]
        crp = own[(own["what"] == "CRP") & (own["happened"] >= t0 - 48)]
        rows.append({"highest_crp": crp["value"].max(), "cultures": int((own["what"] == "culture").sum())})
    return pd.DataFrame(rows, index=list(people))


def _fixed_time(events: pd.DataFrame, people: Any, t0: float) -> Any:
    return reference_features(events, people, 100.0)


def _fixed_horizon(stays: pd.DataFrame, t0: float, hours: float) -> Any:
    return reference_label(stays, t0, 48.0)


def _swapped(stays: pd.DataFrame, t0: float, hours: float) -> Any:
    return 1 - reference_label(stays, t0, hours)


def _stretched(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Report half the way from the fair score to a perfect one."""
    said = fair_with()(rows, seed)
    return {**said, "auroc": (said["auroc"] + 1) / 2}


def _halved(rows: pd.DataFrame, seed: int) -> dict[str, Any]:
    """Report half the way from the fair score to chance."""
    said = fair_with()(rows, seed)
    return {**said, "auroc": (said["auroc"] + 0.5) / 2}


EXAMPLES = {
    "e1": Examples(
        right=(RIGHT, {name: f" {group.title()} " for name, group in RIGHT.items()}),
        stub=...,
        wrong=(
            *(Wrong(_other(name), WHY[name]) for name in RIGHT),
            Wrong(dict.fromkeys(RIGHT, "known"), "in one group"),
            Wrong(dict.fromkeys(RIGHT, "not known yet"), "in one group"),
            Wrong({name: OTHER[group] for name, group in RIGHT.items()}, "wrong way round"),
            Wrong(_other("second CRP", "sepsis code"), "10 of 12"),
            Wrong(_other("age", "first CRP", "cultures so far"), "9 of 12"),
            Wrong({**RIGHT, "age": "yes"}, "choose from"),
            Wrong({**RIGHT, "age": ...}, "1 gap"),
            Wrong("known", "type str"),
        ),
    ),
    "e2": Examples(
        right=(
            reference_features,
            _one_by_one,
            _by(lambda events, t0: ~(events["known"] > t0)),
            _by(lambda events, t0: events["known"].between(0, t0), none_drawn=0.0),
        ),
        stub=_dots,
        wrong=(
            Wrong(_by(lambda events, t0: events["happened"] <= t0), "who could read the number"),
            Wrong(_by(lambda events, t0: events["known"] < t0), "exactly at t0"),
            Wrong(_by(lambda events, t0: events["known"] > t0), "into the future"),
            Wrong(_by(lambda events, t0: events["known"] >= t0), "into the future"),
            Wrong(_by(lambda events, t0: events["known"] == t0), "the very hour"),
            Wrong(_by(lambda events, t0: events["known"] > 0), "whole record"),
            Wrong(_counted(lambda events, t0: events["known"] > 0), "Count up to t0"),
            Wrong(_counted(lambda events, t0: events["happened"] <= t0), "before anybody could know it"),
            Wrong(_counted(lambda events, t0: events["known"] < t0), "A culture that is known exactly"),
            Wrong(_counted(lambda events, t0: events["known"].between(t0 - 48, t0)), "last 48 hours"),
            Wrong(_counted(lambda events, t0: events["known"] >= t0), "into the future"),
            Wrong(_by(known_by_then, none_drawn=float("nan")), "is a number: which"),
            Wrong(_by(known_by_then, none_drawn=1), "How many did they have"),
            Wrong(_by(known_by_then, none_drawn="0"), "without quotes"),
            Wrong(_only_people_with_rows, "one row for each of people"),
            Wrong(_fixed_time, "the same for every t0"),
            Wrong(lambda events, people, t0: 3, "must return a table"),
            Wrong(lambda events, people, t0: events, "without the column"),
            Wrong(12, "not a function"),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(
            reference_label,
            label_with(watched=lambda stays, t0, end: ~(stays["last_seen"] < end)),
            label_with(infected=lambda stays, t0, end: stays["infected"].between(t0, end)),
            label_with(infected=lambda stays, t0, end: stays["infected"] <= end),
            lambda stays, t0, hours: reference_label(stays, t0, hours).astype("Int64"),
        ),
        stub=_label_dots,
        wrong=(
            Wrong(label_with(watched=lambda stays, t0, end: stays["last_seen"] > end), "exactly until the end"),
            Wrong(label_with(watched=lambda stays, t0, end: stays["last_seen"] >= t0), "left before the end"),
            Wrong(label_with(watched=lambda stays, t0, end: stays["infected"].isna()), "left before the end"),
            Wrong(label_with(watched=lambda stays, t0, end: stays["last_seen"] < end), "left before the end"),
            Wrong(label_with(infected=lambda stays, t0, end: stays["infected"].notna()), "after the end"),
            Wrong(label_with(infected=lambda stays, t0, end: stays["infected"] > t0), "after the end"),
            Wrong(label_with(infected=lambda stays, t0, end: stays["infected"] < end), "the last hour belongs"),
            Wrong(label_with(infected=lambda stays, t0, end: stays["infected"] <= t0), "second condition"),
            Wrong(label_with(not_asked=lambda stays, t0, end: stays["infected"] < t0), "exactly at t0"),
            Wrong(label_with(not_asked=lambda stays, t0, end: stays["infected"] > t0), "the third condition round"),
            Wrong(
                label_with(
                    infected=lambda stays, t0, end: stays["infected"] <= end,
                    not_asked=lambda stays, t0, end: stays["last_seen"] <= t0,
                ),
                "before t0 gets a 1",
            ),
            Wrong(label_with(not_asked=lambda stays, t0, end: stays["last_seen"] <= t0), "as if still well"),
            Wrong(_fixed_horizon, "every number of hours"),
            Wrong(_swapped, "wrong way round"),
            Wrong(lambda stays, t0, hours: 1, "one label for each row"),
            Wrong(lambda stays, t0, hours: stays["infected"], "other numbers than 0 and 1"),
            Wrong(0, "not a function"),
        ),
    ),
    "e4": Examples(
        right=(
            fair_with(),
            fair_with(tuple(reversed(FAIR))),
            fair_with(("temperature", "anc", "day", "crp", "heart_rate")),
        ),
        stub=_score_dots,
        wrong=(
            Wrong(fair_with((*FAIR, "sepsis_code")), "label in disguise"),
            Wrong(fair_with((*FAIR, "cultures_of_stay")), "a count of the whole record"),
            Wrong(fair_with((*FAIR, "antibiotic_today")), "ordered after 9:00"),
            Wrong(fair_with((*FAIR, "infected")), "the label itself"),
            Wrong(fair_with((*FAIR, "row")), "the place of a row"),
            Wrong(fair_with(together="row"), "on both sides"),
            Wrong(fair_with(together="day"), "on both sides"),
            Wrong(fair_with(usual_from="all"), "from all rows"),
            Wrong(fair_with(usual_from="test"), "from the test rows"),
            Wrong(fair_with(("heart_rate",)), "day is known at 9:00"),
            Wrong(fair_with(("day", "temperature", "heart_rate", "anc")), "crp is known at 9:00"),
            Wrong(fair_with(("day", "temperature", "heart_rate", "anc"), usual_from="all"), "crp is known at 9:00"),
            Wrong(fair_with(("day", "anc", "crp")), "temperature is known at 9:00"),
            Wrong(_halved, "lower than a fair one"),
            Wrong(fair_with((*FAIR, "antibiotic_today", "cultures_of_stay", "sepsis_code"), "row", "all"), "label in"),
            Wrong(_stretched, "still higher"),
            Wrong(lambda rows, seed: 0.69, "keep the last line"),
            Wrong(0.69, "not a function"),
        ),
    ),
}


GAPS = Gaps(
    before=(),
    box="""evening = {}
horizon_end = {}""",
    right=(
        ("4 * 24 + 21", "evening + 24"),
        ("117", "141"),
        ("5 * 24 - 3", "141.0"),
    ),
    wrong=(
        (("4 * 24 + 21", "24"), "The second gap, horizon_end"),
        (("4 * 24 + 21", "evening"), "time zero itself"),
        (("4 * 24 + 21", "evening - 24"), "looks ahead"),
        (("4 * 24 + 21", "evening + 48"), "24 hours too late"),
        (("5 * 24 + 21", "evening + 24"), "24 hours too late"),
        (("21", "evening + 24"), "without the day"),
        (("4 * 24", "evening + 24"), "the end of day 4"),
        (("4 * 24 + 9", "evening + 24"), "You took 9:00"),
        (("7 * 24 + 21", "evening + 24"), "You took day 7"),
        (("4", "evening + 1"), "looks like days"),
        (("4 * 24 + 21", "'21:00'"), "without quotes"),
        (("4 * 24 + 21", "..."), "still empty"),
    ),
)
