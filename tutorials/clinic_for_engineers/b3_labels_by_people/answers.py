"""What learners write in B3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import (
    COMMENSALS,
    LABELS,
    cases_with,
    flow_with,
    is_first,
    is_heart_failure,
    is_near,
    is_of_two_draws,
    is_one_germ,
    is_pathogen,
    reference_cases,
    reference_flow,
)
from .hidden import FOLLOWS_ACCESS, RIGHT_PURPOSES, WHY, WHY_ACCESS

if TYPE_CHECKING:
    import pandas as pd


def _case(**gaps: Any) -> Any:
    """Return exercise 1 with other gaps than the right ones."""
    right = {"enough": is_pathogen, "one_germ": is_one_germ, "two_draws": is_of_two_draws, "near": is_near}
    return cases_with(**{**right, **gaps})


def _all_true(pairs: pd.DataFrame) -> Any:
    return pairs["organism_a"].notna()


def _within(hours: float) -> Any:
    return lambda pairs: (pairs["hours_a"] - pairs["hours_b"]).abs() <= hours


def _list_pathogens(grown: pd.DataFrame) -> list[bool]:
    return [germ not in COMMENSALS for germ in grown["organism"]]


def _list_same(pairs: pd.DataFrame) -> list[bool]:
    return [a == b for a, b in zip(pairs["organism_a"], pairs["organism_b"], strict=True)]


def _list_other(pairs: pd.DataFrame) -> list[bool]:
    return [a != b for a, b in zip(pairs["set_id_a"], pairs["set_id_b"], strict=True)]


def _dots(micro: pd.DataFrame) -> Any:
    grown = micro.dropna(subset=["organism"])
    enough: Any = ...
    return {*grown[enough]["encounter_id"]}


def _by_loop(micro: pd.DataFrame) -> Any:
    """Do the right thing stay by stay, as those do who come from another language."""
    cases = []
    for stay in micro["encounter_id"].unique():
        rows = micro[(micro["encounter_id"] == stay) & micro["organism"].notna()].to_dict("records")
        skin = [row for row in rows if row["organism"] in COMMENSALS]
        pair = any(
            a["organism"] == b["organism"] and a["set_id"] != b["set_id"] and abs(a["day"] - b["day"]) < 2
            for a in skin
            for b in skin
        )
        if pair or len(skin) < len(rows):
            cases.append(stay)
    return cases


def _by_calendar(micro: pd.DataFrame) -> Any:
    """Count the days from the hours, and return a column."""
    import pandas as pd

    days = _case(near=lambda pairs: (pairs["hours_a"] // 24 - pairs["hours_b"] // 24).abs().isin([0, 1]))
    return pd.Series(sorted(days(micro)), dtype=object)


def _spoiling(micro: pd.DataFrame) -> Any:
    micro["skin"] = micro["organism"].isin(COMMENSALS)
    return reference_cases(micro)


def _stored_order(micro: pd.DataFrame) -> Any:
    """Look at neighbours only: a pair with another bottle between them is lost."""
    grown = micro.dropna(subset=["organism"])
    before = grown.shift()
    pair = (grown["encounter_id"] == before["encounter_id"]) & (grown["organism"] == before["organism"])
    near = (grown["set_id"] != before["set_id"]) & ((grown["day"] - before["day"]).abs() <= 1)
    return {*grown[is_pathogen(grown) | (pair & near)]["encounter_id"]}


def _remembered(micro: pd.DataFrame) -> Any:
    return {"C1", "C3", "C4", "C9"}


def _flow(heart: Any = is_heart_failure, first: Any = is_first, unit: str = "encounter_id") -> Any:
    return flow_with(heart, first, unit)


def _rows(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
    heart = is_heart_failure(codes)
    return {"all": len(stays), "any": int(heart.sum()), "first": int(is_first(codes, heart).sum())}


def _by_groups(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
    """Count with sets, and return whole numbers in a column."""
    import pandas as pd

    heart = codes[codes["icd10"].isin(["I50.0", "I50.1", "I50.9"])]
    first = heart[heart["rank"].eq(1)]
    return pd.Series(
        {"first": len(set(first["encounter_id"])), "any": len(set(heart["encounter_id"])), "all": len(stays)}
    )


def _flow_dots(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
    heart: Any = ...
    return codes[heart]


def _spoiling_flow(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
    codes.drop_duplicates("encounter_id", inplace=True)
    return {"all": 9, "any": 6, "first": 3}


def _spoiling_right(stays: pd.DataFrame, codes: pd.DataFrame) -> Any:
    codes["heart"] = is_heart_failure(codes)
    return reference_flow(stays, codes)


def _all_but(label: str) -> list[str]:
    return [one for one in FOLLOWS_ACCESS if one != label]


EXAMPLES = {
    "e1": Examples(
        right=(
            reference_cases,
            _by_loop,
            _by_calendar,
            _case(near=lambda p: p["day_a"].sub(p["day_b"]).between(0, 1)),
            _case(enough=_list_pathogens),
            _case(enough=_list_pathogens, one_germ=_list_same, two_draws=_list_other),
        ),
        stub=_dots,
        wrong=(
            Wrong(_case(enough=lambda grown: grown["organism"].notna()), "or is a bottle paired with itself"),
            Wrong(_case(enough=lambda grown: ~is_pathogen(grown)), "are swapped"),
            Wrong(
                _case(enough=lambda grown: grown.duplicated("set_id", keep=False)), "does a recognised pathogen need"
            ),
            Wrong(_case(two_draws=lambda pairs: pairs["set_id_a"] == pairs["set_id_b"]), "paired with itself"),
            Wrong(_case(two_draws=lambda pairs: pairs["bottle_a"] != pairs["bottle_b"]), "one needle filled both"),
            Wrong(_case(two_draws=_all_true), "paired with itself"),
            Wrong(_case(two_draws=lambda pairs: pairs["draw_site_a"] != pairs["draw_site_b"]), "still two needles"),
            Wrong(_case(one_germ=_all_true), "grew different germs"),
            Wrong(_case(one_germ=lambda pairs: pairs["bottle_a"] == pairs["bottle_b"]), "grew different germs"),
            Wrong(_case(one_germ=lambda pairs: ~is_one_germ(pairs)), "grew different germs"),
            Wrong(_case(near=_all_true), "between its two draws"),
            Wrong(_case(near=_within(48)), "not hours"),
            Wrong(_case(near=_within(24)), "on which days of the calendar"),
            Wrong(_case(near=lambda pairs: pairs["day_a"] == pairs["day_b"]), "on the next day, too"),
            Wrong(_case(near=lambda pairs: (pairs["day_a"] - pairs["day_b"]).abs() == 1), "are of one day"),
            Wrong(_case(near=lambda pairs: pairs["day_a"] > 99), "Only the pathogen counts"),
            Wrong(lambda micro: set(micro["encounter_id"]), "nothing grew"),
            Wrong(lambda micro: set(), "Nobody is a case"),
            Wrong(lambda micro: set(micro["set_id"]), "is no stay"),
            Wrong(lambda micro: micro, "returns a DataFrame"),
            Wrong(lambda micro: len(reference_cases(micro)), "returns a int"),
            Wrong(lambda micro: None, "returns nothing"),
            Wrong({"C1", "C3"}, "not a function"),
            Wrong(_remembered, "fresh table", hidden=True),
            Wrong(_stored_order, "fresh table", hidden=True),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
    "e2": Examples(
        right=(3.9411764, 3.9, 3.94, 4),
        stub=...,
        wrong=(
            Wrong(67, "How many are that of 100"),
            Wrong(0.0394, "share between 0 and 1"),
            Wrong(10.45, "divided by the cases"),
            Wrong(9.46, "divided by the cases"),
            Wrong(3.706, "two bottles of one draw is missing"),
            Wrong(5.588, "exactly one bottle"),
            Wrong(16.94, "Everybody with a skin germ"),
            Wrong(15.06, "has a second half"),
            Wrong(5.82, "Put the pathogens into both"),
            Wrong(30.53, "only the pairs count"),
            Wrong(41.65, "all cases of the team"),
            Wrong(37.71, "old cases"),
            Wrong(26.59, "old cases"),
            Wrong(74.6, "Bottles are counted"),
            Wrong(-3.94, "smaller group from the larger"),
            Wrong(-20.76, "keep the pathogens"),
            Wrong(20.76, "keep the pathogens"),
            Wrong(-9.65, "keep the pathogens"),
            Wrong(-21.0, "keep the pathogens"),
            Wrong(-32.12, "keep the pathogens"),
            Wrong(-5.53, "keep the pathogens"),
            Wrong(-7.41, "one bottle or more"),
            Wrong(-50.0, "only adds cases"),
            Wrong(8.0, "Print how many"),
            Wrong("3.9", "type str"),
            Wrong((3, 9), "two"),
        ),
    ),
    "e3": Examples(
        right=(reference_flow, _by_groups),
        stub=_flow_dots,
        wrong=(
            Wrong(_flow(lambda codes: codes["icd10"] == "I50"), "No code equals I50"),
            Wrong(_flow(lambda codes: codes["icd10"] == "I50.9"), "are missing"),
            Wrong(_flow(lambda codes: codes["icd10"].str.startswith("I")), "such as I10"),
            Wrong(_flow(lambda codes: codes["icd10"].str.contains("I5")), "I51.7"),
            Wrong(_flow(first=lambda codes, heart: codes["rank"] == 1), "of any disease"),
            Wrong(_flow(first=lambda codes, heart: heart & (codes["rank"] > 1)), "later places"),
            Wrong(_flow(first=lambda codes, heart: heart), "in which place"),
            Wrong(_flow(first=lambda codes, heart: heart & (codes["rank"] == 0)), "Nobody is left"),
            Wrong(_flow(unit="person_id"), "People are counted"),
            Wrong(_rows, "Rows of codes are counted"),
            Wrong(lambda stays, codes: reference_flow(stays, codes) | {"all": len(codes)}, "Rows of codes"),
            Wrong(lambda stays, codes: {"all": 6, "any": 9, "first": 3}, "Rows of codes"),
            Wrong(lambda stays, codes: {"all": 9, "any": 6}, "no entry 'first'"),
            Wrong(lambda stays, codes: [9, 6, 3], "returns a list"),
            Wrong({"all": 9}, "not a function"),
            Wrong(lambda stays, codes: {"all": 9, "any": 6, "first": 3}, "fresh table", hidden=True),
            Wrong(_spoiling_flow, "fresh table", hidden=True),
            Wrong(_spoiling_right, "work on a copy", hidden=True),
        ),
    ),
    "e4": Examples(
        right=(list(FOLLOWS_ACCESS), set(FOLLOWS_ACCESS), [name.upper() for name in reversed(FOLLOWS_ACCESS)]),
        stub=...,
        wrong=(
            *(Wrong([*FOLLOWS_ACCESS, name], says) for name, says in WHY_ACCESS.items()),
            Wrong([], "The list is empty"),
            Wrong(list(LABELS), "All six"),
            Wrong(_all_but("depression code"), "before a doctor can write"),
            Wrong(_all_but("cost of care"), "costs little"),
            Wrong(_all_but("private scan"), "those who can pay"),
            Wrong(["private scan"], "2 labels are missing"),
            Wrong("cost of care", "one text"),
            Wrong(["height"], "unknown"),
        ),
    ),
    "e5": Examples(
        right=(RIGHT_PURPOSES, {**RIGHT_PURPOSES, "pain score": " Care "}),
        stub=...,
        wrong=(
            *(Wrong({**RIGHT_PURPOSES, item: group}, says) for (item, group), says in WHY.items()),
            Wrong({**RIGHT_PURPOSES, "pain score": "nurse"}, "choose from"),
            Wrong({**RIGHT_PURPOSES, "pain score": ...}, "1 gap"),
            Wrong("bill", "type str"),
        ),
    ),
}


BY_DRAW = 'skin_b.groupby("set_id")["bottle"].nunique()'
GAPS = Gaps(
    before=("setup", "growth", "skin-b"),
    box="""grown_bottles = {}
one_only = {}""",
    right=(
        (BY_DRAW, "(grown_bottles == 1).mean()"),
        (BY_DRAW, "(grown_bottles == 1).sum() / len(grown_bottles)"),
        ('skin_b.groupby("set_id").size()', "round((grown_bottles == 1).mean(), 2)"),
        ('skin_b["set_id"].value_counts()', "grown_bottles.eq(1).mean()"),
    ),
    wrong=(
        ((BY_DRAW, "(grown_bottles == 2).mean()"), "both bottles"),
        ((BY_DRAW, "(grown_bottles == 1).sum()"), "number of draws"),
        ((BY_DRAW, "100 * (grown_bottles == 1).mean()"), "write a share"),
        ((BY_DRAW, "grown_bottles.mean()"), "mean number of bottles"),
        ((BY_DRAW, "len(grown_bottles)"), "counts rows or draws"),
        ((BY_DRAW, "(grown_bottles == 1).sum() / len(skin_b)"), "divided by all bottles"),
        ((BY_DRAW, "grown_bottles == 1"), "whole column"),
        (('skin_b.groupby("encounter_id")["bottle"].nunique()', "(grown_bottles == 1).mean()"), "Stays are counted"),
        (('skin_b.groupby("encounter_id").size()', "(grown_bottles == 1).mean()"), "Stays are counted"),
        (('skin_b.groupby("encounter_id")["set_id"].nunique()', "(grown_bottles == 1).mean()"), "Stays are counted"),
        (('skin_b.groupby("bottle")["set_id"].nunique()', "(grown_bottles == 1).mean()"), "All draws are the same"),
        (('skin_b["bottle"].value_counts()', "(grown_bottles == 2).mean()"), "All draws are the same"),
        ((BY_DRAW, "..."), "still empty"),
    ),
)
