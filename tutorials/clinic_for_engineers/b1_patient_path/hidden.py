"""What is checked at hand-in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import plain
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.order import Steps, share_in_order
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import LETTERS, PEOPLE, reference_available

if TYPE_CHECKING:
    import pandas as pd

# E before H, then B and G in any order, then C, F, A, D.
STEPS = Steps({"E": frozenset(), "H": frozenset("E"), "B": frozenset("EH"), "G": frozenset("EH"),
               "C": frozenset("EHBG"), "F": frozenset("EHBGC"), "A": frozenset("EHBGCF"),
               "D": frozenset("EHBGCFA")})  # fmt: skip


def _letters(answer: Sequence[str]) -> list[str]:
    return [str(letter).strip().upper() for letter in answer]


def _is_before(first: str, second: str) -> Callable[[Any], bool]:
    """Return the property that one letter stands before another."""

    def shows(answer: Sequence[str]) -> bool:
        given = _letters(answer)
        return first in given and second in given and given.index(first) < given.index(second)

    return shows


def _is_any(*properties_of: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda answer: any(shows(answer) for shows in properties_of)


def _say_short(answer: Sequence[str]) -> str:
    number = len(LETTERS) - len(_letters(answer))
    return f"{number} of the eight {'is' if number == 1 else 'are'} missing. Each can be read at some time."


def _say_well(answer: Sequence[str]) -> str:
    well = round(share_in_order(answer, STEPS) * len(LETTERS))
    return f"Not yet: {well} of 8 stand after all that can be read before them. Write an hour next to each letter."


ORDER_MISTAKES = (
    Mistake("not-all", lambda answer: len(_letters(answer)) < len(LETTERS), _say_short),
    Mistake(
        "by-the-alphabet",
        lambda answer: _letters(answer) == list(LETTERS),
        "This is the order of the letters, and the table is not sorted by time. Which can be read first?",
    ),
    Mistake(
        "turned-round",
        lambda answer: STEPS.missing_before(_letters(answer)[::-1]) is None,
        "The order is the wrong way round: begin with what can be read first.",
    ),
    Mistake(
        "by-happening",
        lambda answer: _letters(answer)[0] == "D" and not _is_before("H", "G")(answer),
        "This is the order in which things happened. When can a colleague read each of them?",
    ),
    Mistake(
        "code-at-the-door",
        _is_any(_is_before("D", "C"), _is_before("D", "F")),
        "The disease came with her, and its code did not. When does the coder write?",
    ),
    Mistake(
        "code-at-discharge",
        _is_before("D", "A"),
        "Letter or code: which one is written on the day when she leaves, and which one days later?",
    ),
    Mistake(
        "letter-at-the-start",
        _is_any(_is_before("A", "F"), _is_before("A", "C")),
        "The letter tells of day 1, but on which day is it written?",
    ),
    Mistake(
        "arrival-late",
        lambda answer: _letters(answer)[0] != "E",
        "Something stands before the arrival. Before she is there, who opens a row about her?",
    ),
    Mistake(
        "note-when-seen",
        _is_before("G", "H"),
        "The doctor saw her at once, and the note came later. Which can be read first: note or blood pressure?",
    ),
    Mistake(
        "sodium-when-drawn",
        _is_before("B", "H"),
        "The blood for the sodium was taken early. But when did its number come?",
    ),
    Mistake(
        "dose-when-ordered",
        _is_any(_is_before("C", "B"), _is_before("C", "G")),
        "An order is not a dose. When was the heparin given, and who wrote that down?",
    ),
    Mistake(
        "weight-too-early",
        _is_before("F", "C"),
        "The weight is of day 6. What of day 1 can be read before it?",
    ),
)

WHY = {
    ("another hospital", "hospital"): "another hospital: these tables end at this hospital's own door.",
    (
        "another hospital",
        "no table",
    ): "Another hospital wrote it down, somebody paid for it, and somebody counts all stays. Who?",
    (
        "monitor curve",
        "health fund",
    ): "monitor curve: the fund pays for the stay. It does not get what the bedside shows each second.",
    (
        "monitor curve",
        "ministry",
    ): "monitor curve: the ministry counts stays and registers. Who stands at the monitor?",
    (
        "medicines bought",
        "hospital",
    ): "medicines bought: the hospital knows what it ordered. Who pays when she buys them in town?",
    (
        "medicines bought",
        "ministry",
    ): "medicines bought: the ministry sees the country thinly. Who pays for prescribed boxes, by name?",
    (
        "medicines bought",
        "no table",
    ): "medicines bought: money was paid for them. Where money goes, somebody keeps a row.",
    (
        "deaths in the country",
        "hospital",
    ): "deaths in the country: one hospital sees its own deaths, and few of those at home.",
    (
        "deaths in the country",
        "health fund",
    ): "deaths in the country: each of the four funds sees its own members. Who sees all of them?",
    (
        "deaths in the country",
        "no table",
    ): "deaths in the country: a law asks that each death is reported. To whom do the reports go?",
    (
        "potassium at the door",
        "health fund",
    ): "potassium at the door: the fund may hear of it later. Whose laboratory measured it today?",
    (
        "potassium at the door",
        "ministry",
    ): "potassium at the door: the ministry does not get each result. Whose laboratory measured it?",
    (
        "potassium at the door",
        "no table",
    ): "potassium at the door: a laboratory measured it and wrote a row. Whose laboratory?",
    (
        "stairs at home",
        "hospital",
    ): "stairs at home: nobody of the hospital was there. It is known only if somebody asks her.",
    (
        "stairs at home",
        "health fund",
    ): "stairs at home: nobody pays for them, so nobody sends a bill. Who was there?",
    ("stairs at home", "ministry"): "stairs at home: no law asks anybody to report them. Who was there?",
}
RIGHT_HOLDERS = {
    "another hospital": ("health fund", "ministry"),
    "monitor curve": ("hospital", "no table"),  # it depends on how long this hospital keeps it
    "medicines bought": "health fund",
    "deaths in the country": "ministry",
    "potassium at the door": "hospital",
    "stairs at home": "no table",
}

UNSEEN = ("other door", "never here", "died at home", "left the country")
SEEN = {
    "died on the ward": "died on the ward: the end of the stay says so, here in our tables.",
    "moved wards": "moved wards: that is a second row of our own tables, and it has no end yet. It can be told.",
    "came back here": "came back here: the second stay is a row of our own tables. It can be told.",
    "no blood taken": "no blood taken: the laboratory's table has no row, and the table of stays has one.",
}


def _names(answer: Any) -> set[Any]:
    return {plain(name) for name in answer}


def _names_one(name: str) -> Callable[[Any], bool]:
    return lambda answer: name in _names(answer)


def _lacks(name: str) -> Callable[[Any], bool]:
    return lambda answer: name not in _names(answer)


MISSING_MISTAKES = (
    Mistake(
        "all-of-them",
        lambda answer: len(_names(answer)) == len(PEOPLE),
        "These are all eight. About some of them our own tables do tell.",
    ),
    Mistake(
        "none-of-them",
        lambda answer: not _names(answer),
        "The list is empty, but these tables do not see everybody. Who leaves their sight?",
    ),
    Mistake(
        "turned-round",
        lambda answer: _names(answer) == set(SEEN),
        "These are the four that our tables can tell. Choose those about whom they cannot.",
    ),
    *(Mistake(f"named-{name.replace(' ', '-')}", _names_one(name), says) for name, says in SEEN.items()),
    Mistake(
        "lacks-other-door",
        _lacks("other door"),
        "Somebody is missing still. Think of the next hospital: who looks well here and is not?",
    ),
    Mistake(
        "lacks-never-here",
        _lacks("never here"),
        "Somebody is missing still. Think of those who never come through this hospital's door.",
    ),
    Mistake(
        "lacks-died-at-home",
        _lacks("died at home"),
        "Somebody is missing still. No new stay does not mean well. What else can it mean?",
    ),
    Mistake(
        "lacks-left",
        _lacks("left the country"),
        "Somebody is missing still. Think of all the ways to leave the sight of a hospital.",
    ),
)


@cache
def _waits() -> dict[str, float]:
    """Return the right wait and the well-known wrong ones, in days, of the lesson's first 400 stays of site A."""
    from rounds.data import load

    with load("heart_failure").connect() as database:
        rows = database.sql("""
            SELECT disch_ts, admit_ts, coded_ts FROM diagnosis JOIN (SELECT * FROM encounter
            WHERE class = 'inpatient' AND NOT planned AND transfer_from IS NULL AND site = 'A'
            ORDER BY encounter_id LIMIT 400) USING (encounter_id) WHERE disch_ts IS NOT NULL
        """).df()
    days = 24 * 3600
    waited = (rows["coded_ts"] - rows["disch_ts"]).dt.total_seconds() / days
    whole = (rows["coded_ts"] - rows["admit_ts"]).dt.total_seconds() / days
    stay = (rows["disch_ts"] - rows["admit_ts"]).dt.total_seconds() / days
    return {
        "right": float(waited.median()),
        "mean": float(waited.mean()),
        "from-arrival": float(whole.median()),
        "from-arrival-mean": float(whole.mean()),
        "stay": float(stay.median()),
        "stay-mean": float(stay.mean()),
        "whole-days": float(waited.floordiv(1).median()),
    }


def _is_wait(*names: str, times: float = 1.0) -> Callable[[Any], bool]:
    return lambda answer: any(near(times * _waits()[name], 0.002 * abs(times))(answer) for name in names)


WAIT_MISTAKES = (
    Mistake(
        "turned-round", lambda answer: answer < 0, "It is below zero: take the first time away from the later one."
    ),
    Mistake(
        "from-the-arrival",
        _is_wait("from-arrival", "from-arrival-mean"),
        "This counts from the arrival. The wait begins when she goes home.",
    ),
    Mistake("length-of-stay", _is_wait("stay", "stay-mean"), "This is how long a stay is. When can the code be read?"),
    Mistake(
        "mean-in-place-of-median",
        _is_wait("mean"),
        "This is the mean. A few long waits pull it; the median is asked for.",
    ),
    Mistake(
        "hours", _is_wait("right", "mean", times=24), "The size is that of hours. Divide by a day, not by an hour."
    ),
    Mistake(
        "minutes-or-seconds", lambda answer: answer > 1000, "The number is far too large for days. In which unit is it?"
    ),
    Mistake(
        "hours-from-the-arrival",
        _is_wait("from-arrival", "stay", times=24),
        "These are hours, and from another time than going home. Begin with waited.",
    ),
    Mistake(
        "whole-days",
        _is_wait("whole-days"),
        "Here only whole days are counted, and the rest of each day is lost. Divide by one day.",
    ),
)


@cache
def _fresh(seed: int) -> tuple[pd.DataFrame, ...]:
    """Draw the samples of 12 stays whom the learner has never seen; no two of a stay are taken at one time."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    stays = [f"Q{number}" for number in range(12)]
    taken = rng.permutation(200)[:60] / 4
    table = {
        "encounter_id": rng.choice(stays, 60),
        "value": rng.integers(28, 62, 60) / 10,
        "taken": taken,
        "resulted": taken + rng.choice([0.5, 1.0, 2.0, 9.0], 60),
    }
    return (pd.DataFrame(table),)


def fresh_labs(seed: int) -> pd.DataFrame:
    """Return fresh samples, in a table of their own."""
    return _fresh(seed)[0].copy()


def _in_order(answer: Any) -> Callable[..., Any]:
    """Return exercise 3 as numbers, in the order of the stays' names."""

    def available_at(labs: pd.DataFrame, t0: float) -> Any:
        said = properties.call(answer, labs, t0)
        return [float(said[name]) for name in sorted(set(labs["encounter_id"]))]

    return available_at


def _travel(answer: Any) -> str | None:
    """Change every value that comes after t0: nothing may change."""
    labs = fresh_labs(7)
    for t0 in (8.0, 30.0):
        later = labs.assign(value=labs["value"].where(labs["resulted"] <= t0, 99.0))
        mine = _in_order(answer)
        if not properties.agrees(mine(labs, t0), mine(later, t0)):
            return "available_at changes when results that come after t0 are changed: it sees the future."
    return None


def _single() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"encounter_id": ["Z"], "value": [4.0], "taken": [1.0], "resulted": [2.0]})


HIDDEN = {
    "e1": (
        recognise(
            "values",
            *ORDER_MISTAKES,
            right=lambda answer: STEPS.missing_before(_letters(answer)) is None,
            otherwise="Not this order yet. Next to each letter, write the hour from which it can be read.",
        ),
    ),
    "e2": (is_sorted(RIGHT_HOLDERS, WHY, "{item} is not there yet; {right} of {of} are right."),),
    "e3": (
        Rung("values", _travel),
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _in_order(answer),
                _in_order(reference_available),
                [(fresh_labs(seed), t0) for seed, t0 in ((1, 20.0), (2, 35.5))],
            ),
        ),
        Rung(
            "values",
            lambda answer: properties.h8_boundary(
                _in_order(answer), [((_single(), 2.0), [4.0]), ((_single(), 1.99), [float("nan")])]
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(_in_order(answer), fresh_labs(4), 25.0)),
        Rung(
            "meaning",
            lambda answer: properties.h9_sparse(
                _in_order(answer), [((fresh_labs(3), -1.0), [float("nan")] * fresh_labs(3)["encounter_id"].nunique())]
            ),
        ),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_labs(5), 20.0)),
    ),
    "e4": (recognise("values", *MISSING_MISTAKES),),
    "f1": (
        recognise(
            "values",
            *WAIT_MISTAKES,
            right=lambda answer: near(_waits()["right"], 0.06)(answer),
            otherwise="Not this number yet. Take disch_ts away from coded_ts, then the median, then divide by one day.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "She left the hospital",
        (
            "She went home, or to another place, and the stay ended.",
            "No drug is meant. A discharge is the end of a stay.",
            "That is a transfer: the stay goes on.",
        ),
    ),
    "s2": Key(
        "30 rows",
        (
            "Each result keeps its own row, so the stay is repeated.",
            "The stay's row is repeated for each of its results.",
            "The stay's row is not added as one more: it is repeated with each result.",
        ),
    ),
    "q1": Key(
        "A coder writes it after she went home, to bill and to count",
        (
            "The ward treated her for it from the first hours. The note at the door says so.",
            "It is a person who takes days, not the computer.",
            "The code has another purpose than care, so it comes when care is over.",
            "Nobody hides it. It is simply not written yet.",
        ),
    ),
    "q2": Key(
        "The numbers inside the model",
        (
            "The rows stay where they are, with and without names. That is the point of it.",
            "And these numbers can still tell something about the rows, so they are guarded too.",
            "Then nobody could learn together. Something small must travel.",
            "No copy leaves. The model travels to the tables.",
        ),
    ),
}
