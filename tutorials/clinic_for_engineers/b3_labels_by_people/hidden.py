"""What is checked at hand-in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.several import are_all
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import (
    COLI,
    COLUMNS,
    COMMENSALS,
    CORYNE,
    EPI,
    HOMINIS,
    list_cases,
    list_flow,
    nine_stays,
    reference_cases,
    reference_flow,
)

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

Row = tuple[Any, ...]


def micro_of(*rows: Row) -> pd.DataFrame:
    """Return a table as that of exercise 1 from rows of stay, draw, germ, day and hour; draw_site and bottle change."""
    import pandas as pd

    whole = [
        (stay, draw, ("arm", "catheter")[at % 2], ("aerobic", "anaerobic")[at % 2], germ, day, 24.0 * (day - 1) + clock)
        for at, (stay, draw, germ, day, clock) in enumerate(rows)
    ]
    return pd.DataFrame(whole, columns=list(COLUMNS))


@cache
def _fresh(seed: int) -> tuple[pd.DataFrame, ...]:
    """Draw bottles of 30 stays whom the learner has never seen."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    number = 120
    draw = rng.integers(0, 70, number)
    stay, day, clock = (draw % 30, 1 + (draw * 7) % 5, (draw * 11) % 24)
    germs = np.array([EPI, HOMINIS, CORYNE, COLI, "Klebsiella pneumoniae", ""], dtype=object)
    organism = germs[rng.choice(len(germs), number, p=[0.3, 0.18, 0.1, 0.03, 0.02, 0.37])]
    table = {
        "encounter_id": [f"F{one}" for one in stay],
        "set_id": [f"d{one}" for one in draw],
        "draw_site": np.where(draw % 3 > 0, "catheter", "arm"),
        "bottle": rng.choice(["aerobic", "anaerobic"], number),
        "organism": pd.Series(organism).replace("", None),
        "day": day,
        "hours": 24.0 * (day - 1) + clock,
    }
    return (pd.DataFrame(table),)


def fresh_micro(seed: int) -> pd.DataFrame:
    """Return fresh bottles, in a table of their own."""
    return _fresh(seed)[0].copy()


def _sorted_cases(answer: Any) -> Callable[..., Any]:
    def find_cases(micro: pd.DataFrame) -> list[str]:
        return list_cases(answer, micro)

    return find_cases


def _flow_numbers(answer: Any) -> Callable[..., Any]:
    def count_flow(codes: pd.DataFrame, stays: pd.DataFrame) -> list[float]:
        return list_flow(answer, stays, codes)

    return count_flow


# the next day at its end, the day after; another germ between; two stays; a pathogen days after a skin germ
BOUNDARIES: tuple[tuple[tuple[Row, ...], list[str]], ...] = (
    ((("Z", "a", EPI, 30, 23.5), ("Z", "b", EPI, 31, 23.9)), ["Z"]),
    ((("Z", "a", EPI, 30, 23.5), ("Z", "b", EPI, 32, 0.1)), []),
    ((("Z", "a", EPI, 1, 8.0), ("Z", "b", HOMINIS, 2, 8.0), ("Z", "c", EPI, 3, 8.0)), []),
    ((("Z", "a", COMMENSALS[3], 2, 8.0), ("Y", "b", COMMENSALS[3], 2, 8.0)), []),
    ((("Z", "a", EPI, 1, 8.0), ("Z", "b", "Candida albicans", 9, 8.0)), ["Z"]),
)


@cache
def _numbers() -> dict[str, float]:
    """Count, of 100 transplants of hospital B unless they are counts, what people count."""
    from rounds.data import load

    at_b, bottles = _count_b(load("bsi"))
    everybody = len(at_b)
    sure, skin, pair = at_b["pathogen"], at_b["skin_bottles"] > 0, at_b["skin_pair"]
    single = at_b["skin_bottles"] == 1
    rule, team = sure | pair, sure | skin
    counts = {
        "right": team.sum() - rule.sum(),
        "team": team.sum(),
        "rule": rule.sum(),
        "sure": sure.sum(),
        "pair": pair.sum(),
        "any-skin": skin.sum(),
        "skin-alone": (skin & ~sure).sum(),
        "single": single.sum(),
        "single-new": (single & ~rule).sum(),
        "pairs-off": skin.sum() - pair.sum(),
        "pairs-for-rule": team.sum() - pair.sum(),
        "bottles": bottles,
        "skin-rule": skin.sum() - rule.sum(),
        "skin-sure": skin.sum() - sure.sum(),
        "single-rule": single.sum() - rule.sum(),
        "single-sure": single.sum() - sure.sum(),
        "single-pair": single.sum() - pair.sum(),
        "one-bottle-team": (sure | single).sum() - rule.sum(),
    }
    shares = {name: 100 * float(count) / everybody for name, count in counts.items()}
    of_cases = {f"{name}-of-cases": 100 * float(counts["right"] / counts[name]) for name in ("rule", "team")}
    return shares | of_cases | {"count": float(counts["right"])}


def _count_b(hospital: Dataset) -> tuple[pd.DataFrame, int]:
    from rounds.evaluation.case_definition import LIKE_NHSN, find_pairs, pair_up, read_growth

    growth = read_growth(hospital, "B")
    skin = growth[growth["organism"].isin(COMMENSALS)]
    at_b = hospital.connect().sql("SELECT encounter_id FROM encounter WHERE site = 'B'").df()
    stay = at_b["encounter_id"]
    at_b["pathogen"] = stay.isin(growth.loc[~growth["organism"].isin(COMMENSALS), "encounter_id"])
    at_b["skin_bottles"] = stay.map(skin.groupby("encounter_id").size()).fillna(0)
    at_b["skin_pair"] = stay.isin(find_pairs(pair_up(growth), LIKE_NHSN))
    return at_b, len(skin)


def _is(*names: str, times: float = 1.0) -> Callable[[Any], bool]:
    return lambda answer: any(near(times * _numbers()[name], 0.06 * abs(times))(answer) for name in names)


# Differences in which the second group has lost its pathogens; the last has no twin, for it is near another number.
NO_PATHOGENS = ("skin-rule", "skin-sure", "single-rule", "single-sure", "single-pair")
EXTRA_MISTAKES = (
    Mistake(
        "pathogens-not-in-the-team",
        lambda answer: _is(*NO_PATHOGENS)(answer) or _is(*NO_PATHOGENS[:-1], times=-1)(answer),
        "By your second group a pathogen alone makes no case. The team only adds cases: keep the pathogens.",
    ),
    Mistake(
        "turned-round",
        _is("right", times=-1),
        "The size is right, and it is below zero. Take the smaller group from the larger one.",
    ),
    Mistake(
        "one-bottle-exactly",
        _is("one-bottle-team"),
        "By your second group, two skin bottles make no case. The team asks for one bottle or more.",
    ),
    Mistake(
        "below-zero",
        lambda answer: answer < 0,
        "It is below zero, but the team only adds cases. Who is a case by exercise 1 and not in your second group?",
    ),
    Mistake(
        "a-count",
        lambda answer: near(_numbers()["count"], 0.5)(answer),
        "This is a number of transplants. How many are that of 100?",
    ),
    Mistake(
        "a-share",
        lambda answer: near(_numbers()["right"] / 100, 0.0006)(answer),
        "The size is that of a share between 0 and 1. Of 100 is asked.",
    ),
    Mistake(
        "of-the-cases",
        _is("rule-of-cases", "team-of-cases"),
        "You divided by the cases. Of 100 transplants is asked: everybody in the table.",
    ),
    Mistake(
        "one-bottle-exactly",
        _is("single-new"),
        "Who has two bottles of one draw is missing. A skin germ in any bottle counts, not in one only.",
    ),
    Mistake(
        "all-with-one-bottle",
        _is("single"),
        "Here stand all with exactly one bottle. Who is new by the team, and was no case before?",
    ),
    Mistake(
        "all-skin-germs",
        _is("any-skin"),
        "Everybody with a skin germ is in it. Many of them are cases already: take them off.",
    ),
    Mistake(
        "pairs-not-taken-off",
        _is("skin-alone"),
        "By your first definition only pathogens count. The definition of exercise 1 has a second half.",
    ),
    Mistake(
        "pathogens-not-taken-off",
        _is("pairs-off"),
        "Some with a skin germ have a pathogen too, and are cases already. Put the pathogens into both groups.",
    ),
    Mistake(
        "pairs-for-the-rule",
        _is("pairs-for-rule"),
        "By your first definition only the pairs count. A pathogen makes a case as well.",
    ),
    Mistake(
        "all-of-the-team",
        _is("team"),
        "These are all cases of the team. Take off those who are cases by the definition; is that group empty?",
    ),
    Mistake("all-of-the-rule", _is("rule", "sure", "pair"), "This is a group of the old cases. Who is new is asked."),
    Mistake(
        "bottles",
        _is("bottles"),
        "Bottles are counted here, several for one transplant. Ask for each row whether it has any.",
    ),
)

WHY_ACCESS = {
    "death register": "death register: the law counts every death. Easy access to care adds nobody to it.",
    "birth weight": "birth weight: this ward puts every newborn on the scales. Nobody has to ask for it.",
    "sodium at the door": "sodium at the door: in this ward everybody who arrives is measured, rich or poor.",
}
FOLLOWS_ACCESS = ("depression code", "cost of care", "private scan")
ACCESS_MISTAKES = (
    Mistake("none-named", lambda answer: len(answer) == 0, "The list is empty. Which label needs a visit, or money?"),
    Mistake("all-named", lambda answer: len(answer) == 6, "All six are named. Which are the same for rich and poor?"),
)
MISSED_ACCESS = {
    "depression code": "One label is missing: what must happen before a doctor can write a code?",
    "cost of care": "One label is missing: who stays away from care costs little. Is that the same as being well?",
    "private scan": "One label is missing: some findings are only found in those who can pay.",
}


def _misses(label: str) -> Callable[[Any], bool]:
    def shows(answer: Any) -> bool:
        named = {str(one).strip().lower() for one in answer}
        return set(FOLLOWS_ACCESS) - named == {label} and named < set(FOLLOWS_ACCESS)

    return shows


RIGHT_PURPOSES = {
    "tumour register": "count",
    "price group": "bill",
    "germ by phone": "care",
    "back in 30 days": "rule",
    "cause of death": "count",
    "pain score": "care",
}
WHY = {
    (
        "tumour register",
        "care",
    ): "tumour register: the patient is treated without it. Who wants to know how many there are?",
    ("tumour register", "bill"): "tumour register: nobody is paid by it. The law asks for it, to know what?",
    (
        "tumour register",
        "rule",
    ): "tumour register: a person reports it, because a law says so. What does the country do with it?",
    ("price group", "count"): "price group: it is counted later, too. But what does it set first?",
    ("price group", "care"): "price group: no nurse needs it at the bed. Who does?",
    ("price group", "rule"): "price group: a rule makes it, but for whom? Read what depends on it.",
    ("germ by phone", "count"): "germ by phone: somebody cannot wait for it. For what?",
    ("germ by phone", "bill"): "germ by phone: nobody is paid by a phone call. What does the ward do after it?",
    ("germ by phone", "rule"): "germ by phone: a person saw it grow and called. No query found it.",
    ("back in 30 days", "care"): "back in 30 days: nobody at the bed wrote it. Where does it come from?",
    (
        "back in 30 days",
        "count",
    ): "back in 30 days: nobody wrote it down to count it. A query made it out of other entries.",
    ("back in 30 days", "bill"): "back in 30 days: each stay was paid by itself. What put the two stays together?",
    ("cause of death", "care"): "cause of death: care is over by then. Who reads the code?",
    ("cause of death", "bill"): "cause of death: it is an ICD code, but nobody is paid for it. Who wants to know it?",
    ("cause of death", "rule"): "cause of death: people wrote it, no query. What does the country make of it?",
    ("pain score", "count"): "pain score: a number, but not for the statistics. What does the nurse do when it is 8?",
    ("pain score", "bill"): "pain score: nobody is paid by it. Why does the nurse ask each shift?",
    ("pain score", "rule"): "pain score: the nurse asks, and the patient answers. No query is needed.",
}


@cache
def _one_bottle() -> dict[str, float]:
    """Return the share of the draws of hospital B with one bottle of a skin germ, and what people take for it."""
    from rounds.data import load
    from rounds.evaluation.case_definition import read_growth

    growth = read_growth(load("bsi"), "B")
    skin = growth[growth["organism"].isin(COMMENSALS)]
    by_draw = skin.groupby("set_id")["bottle"].nunique()
    by_stay = skin.groupby("encounter_id")["bottle"].nunique()
    return {
        "right": float((by_draw == 1).mean()),
        "count": float((by_draw == 1).sum()),
        "mean": float(by_draw.mean()),
        "both": float((by_draw == 2).mean()),
        "stays": float((by_stay == 1).mean()),
        "rows-of-stays": float((skin.groupby("encounter_id").size() == 1).mean()),
        "draws-of-stays": float((skin.groupby("encounter_id")["set_id"].nunique() == 1).mean()),
        "stays-both": float((by_stay == 2).mean()),
        "stays-mean": float(by_stay.mean()),
        "draws": float(len(by_draw)),
        "rows": float(len(skin)),
        "rows-share": float((by_draw == 1).sum() / len(skin)),
    }


def _is_bottle(*names: str, times: float = 1.0) -> Callable[[Any], bool]:
    return lambda answer: any(near(times * _one_bottle()[name], 0.0035 * times)(answer) for name in names)


BOTTLE_MISTAKES = (
    Mistake("percent", _is_bottle("right", times=100), "The size is right, the unit is not: write a share, under 1."),
    Mistake("a-count", _is_bottle("count"), "This is a number of draws. Which share of all draws is it?"),
    Mistake("draws-counted", _is_bottle("draws", "rows"), "This counts rows or draws. A share of the draws is asked."),
    Mistake(
        "mean-bottles",
        _is_bottle("mean", "stays-mean"),
        "This is the mean number of bottles. Ask for each draw whether it is one, then take the mean.",
    ),
    Mistake("both-bottles", _is_bottle("both"), "This is the share with both bottles. One of the two is asked."),
    Mistake(
        "by-stay",
        _is_bottle("stays", "stays-both", "rows-of-stays", "draws-of-stays"),
        "Stays are counted here. One line of the answer is a draw: which column names a draw?",
    ),
    Mistake(
        "of-the-bottles",
        _is_bottle("rows-share"),
        "You divided by all bottles. Divide by the draws.",
    ),
    Mistake(
        "none-or-all", lambda answer: answer in (0, 1), "All draws are the same here. What names a draw? Group by it."
    ),
)


@cache
def _fresh_codes(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw codes and stays that the learner has never seen; some stays have no code."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    number = 60
    stays = pd.DataFrame({"encounter_id": [f"G{at}" for at in range(number)]})
    stays["person_id"] = [f"p{one}" for one in rng.integers(0, 25, number)]
    pool = ["I50.0", "I50.1", "I50.9", "I10", "I51.8", "E11", "J18", "D50.0", "N18"]
    rows = [
        (stay, person, str(rng.choice(pool)), rank)
        for stay, person in stays.itertuples(index=False)
        for rank in range(1, int(rng.integers(0, 5)) + 1)
    ]
    return pd.DataFrame(rows, columns=["encounter_id", "person_id", "icd10", "rank"]), stays


def fresh_codes(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return fresh codes and stays, in tables of their own."""
    codes, stays = _fresh_codes(seed)
    return codes.copy(), stays.copy()


def _without_hearts() -> tuple[pd.DataFrame, pd.DataFrame]:
    codes, stays = fresh_codes(8)
    return codes[~codes["icd10"].str.startswith("I50")], stays


HIDDEN = {
    "e1": (
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _sorted_cases(answer), _sorted_cases(reference_cases), [(fresh_micro(seed),) for seed in (1, 2, 3)]
            ),
        ),
        Rung(
            "values",
            lambda answer: properties.h8_boundary(
                _sorted_cases(answer), [((micro_of(*rows),), expected) for rows, expected in BOUNDARIES]
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(_sorted_cases(answer), fresh_micro(4))),
        Rung(
            "meaning",
            lambda answer: properties.h9_sparse(
                _sorted_cases(answer),
                [((nine_stays().iloc[:0],), []), ((nine_stays().query("encounter_id == 'C7'"),), [])],
            ),
        ),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_micro(5))),
    ),
    "e2": (
        recognise(
            "values",
            *EXTRA_MISTAKES,
            right=_is("right"),
            otherwise="Not this number yet. Print how many are cases by each definition, then compare.",
        ),
    ),
    "e3": (
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _flow_numbers(answer), _flow_numbers(reference_flow), [fresh_codes(seed) for seed in (1, 2)]
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(_flow_numbers(answer), *fresh_codes(3))),
        Rung(
            "meaning",
            lambda answer: properties.h9_sparse(_flow_numbers(answer), [(_without_hearts(), [60.0, 0.0, 0.0])]),
        ),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, *fresh_codes(5)[::-1])),
    ),
    "e4": (
        recognise(
            "values",
            *ACCESS_MISTAKES,
            *(
                Mistake(f"missed-{label.replace(' ', '-')}", _misses(label), MISSED_ACCESS[label])
                for label in FOLLOWS_ACCESS
            ),
        ),
        are_all(FOLLOWS_ACCESS, WHY_ACCESS, "{number} labels are missing. Which need a visit, a booking or money?"),
    ),
    "e5": (is_sorted(RIGHT_PURPOSES, WHY, "{item} is not there yet; {right} of {of} are right."),),
    "f1": (
        recognise(
            "values",
            *BOTTLE_MISTAKES,
            right=_is_bottle("right"),
            otherwise="Not this number yet. Count the bottles of each draw, then take the share of draws with one.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "Where one of them or both are True",
        (
            "That is a & b.",
            "The sign | is an or that takes both as well.",
            "That is a != b. The sign | takes both as well.",
        ),
    ),
    "s2": Key(
        "9",
        (
            "Each of the 3 rows meets each of the 3.",
            "They are not laid below each other. Each row meets each.",
            "Each row meets each, and itself too.",
        ),
    ),
    "q1": Key(
        "Whom this definition calls a case",
        (
            "The model never sees the blood. It sees what somebody counted.",
            "Another definition, another model. So the definition belongs in the report.",
            "They are useful, as long as the definition is written down and fits the question.",
            "It gets the labels of one definition only.",
        ),
    ),
    "q2": Key(
        "How did each count a case, and when was blood taken?",
        (
            "No model is needed to count. Something comes before it.",
            "Perhaps they do well, perhaps they only count less. What tells the two apart?",
            "Compare definitions first, and when blood is taken; patients next.",
            "More rows make the share more certain. They do not make it five times as high.",
        ),
    ),
}
