"""B2, numbers with a body behind: units, codes, signs for "no result", plausible values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import is_dictionary, is_one_of
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.ladder import NotYet, Rung
from rounds.lessons.numbers import is_function

if TYPE_CHECKING:
    import pandas as pd

FEU, DDU = "48065-7", "48066-5"
DDU_PER_FEU = 500  # ng/mL DDU in one ug/mL FEU
SENTINELS = (-1, 999)
VALUES = range(1, 9)


@cache
def _labs() -> pd.DataFrame:
    from rounds.data import load

    return load("covid_labs").frame()


def shown_labs() -> pd.DataFrame:
    """Return the laboratory results as the learner sees them."""
    return _labs().copy()


def reference_dimer(labs: pd.DataFrame) -> pd.DataFrame:
    """Return the D-dimer rows with ``feu`` in ug/mL FEU."""
    rows = labs[labs["loinc"].isin([FEU, DDU])].copy()
    in_ddu = rows["loinc"] == DDU
    rows["feu"] = rows["value_num"].where(~in_ddu, rows["value_num"] / DDU_PER_FEU)
    return rows


def reference_missing(labs: pd.DataFrame) -> pd.Series[Any]:
    """Return the share of rows without a result, by site; under the limit is a result."""
    below = labs["value_text"].str.startswith("<", na=False)
    no_result = labs["value_num"].isna() | labs["value_num"].isin(SENTINELS)
    return (no_result & ~below).groupby(labs["site"]).mean()


def _ask_convert(answer: Any) -> str | None:
    same, tenfold = properties.call(answer, 52.0, "mg/L"), properties.call(answer, 5.2, "mg/dL")
    if same is None or tenfold is None:
        return "to_mgL returns nothing for one of the units: end each branch with return."
    if properties.agrees(tenfold, 0.52, 1e-6):
        return "You divided mg/dL by 10; a litre holds ten decilitres, so the number grows."
    if properties.agrees(tenfold, 5200, 1e-6):
        return "You multiplied by 1,000; that is for millilitres, and a decilitre is larger."
    if not properties.agrees(same, 52.0, 1e-6):
        return "A value in mg/L must stay as it is."
    if not properties.agrees(tenfold, 52.0, 1e-6):
        return "A value in mg/dL is not right yet: how many decilitres are in one litre?"
    return None


def _ask_dimer_shape(answer: Any) -> str | None:
    labs = shown_labs()
    mine, ours = properties.call(answer, labs), reference_dimer(labs)
    if not hasattr(mine, "columns"):
        return f"merge_dimer returns a {type(mine).__name__}; it must return a table."
    if len(mine) == len(labs):
        return "merge_dimer keeps all rows: choose the rows of the two D-dimer codes."
    if "feu" not in mine.columns:
        return "The column feu is missing: add the values in ug/mL FEU."
    found = sorted(set(mine["loinc"]) & {FEU, DDU})
    if len(found) < 2:
        return "Only one D-dimer code is left: each laboratory has its own."
    if len(mine) != len(ours):
        return f"merge_dimer returns {len(mine)} rows; choose by the two codes, keep empty values."
    return None


def _ask_dimer_values(answer: Any) -> str | None:
    mine, ours = properties.call(answer, shown_labs()), reference_dimer(shown_labs())
    middle = float(mine.loc[mine["loinc"] == DDU, "feu"].median())
    expected = float(ours.loc[ours["loinc"] == DDU, "feu"].median())
    if middle > 100 * expected:
        return "The DDU rows are still in ng/mL: their median is hundreds of times too large."
    if abs(middle - expected / 2) < 0.05 * expected:
        return "You changed ng into ug, but one unit of FEU is also about two units of DDU."
    if abs(middle - expected / 4) < 0.05 * expected:
        return "You went the wrong way between FEU and DDU: the FEU number is the larger one."
    if not properties.agrees(mine["feu"].sort_index(), ours["feu"].sort_index(), 1e-6):
        return "Some values of feu differ: convert the DDU rows, leave the FEU rows."
    return None


def count_missing(answer: Any, labs: pd.DataFrame) -> dict[str, float]:
    said = properties.call(answer, labs)
    if said is None:
        raise NotYet("missing_per_site returns nothing: end it with return.")
    try:
        return {str(site): float(share) for site, share in dict(said).items()}
    except (TypeError, ValueError):
        kind = type(said).__name__
        raise NotYet(f"missing_per_site returns a {kind}; return one share per site.") from None


def _ask_missing_shape(answer: Any) -> str | None:
    said = count_missing(answer, shown_labs())
    if set(said) != {"A", "B"}:
        return f"The result names {sorted(said)}; wanted is one share for site A and one for B."
    if max(said.values()) > 1:
        return "These are counts; divide by the number of rows of the site."
    return None


def _ask_missing_values(answer: Any) -> str | None:
    """Recognise the usual mistakes by the shares that they lead to."""
    labs = shown_labs()
    said = count_missing(answer, labs)
    if same_shares(said, reference_missing(labs)):
        return None
    for signs, low, sentence in _MISTAKES:
        if same_shares(said, _count_gone(labs, signs, low)):
            return sentence
    return "Not these shares yet: go through the four points of the text one by one."


def _count_gone(labs: pd.DataFrame, signs: tuple[int, ...], low: bool) -> pd.Series[Any]:
    """Return the shares when these numbers, and perhaps <0.1 too, are taken as missing."""
    gone = labs["value_num"].isna() | labs["value_num"].isin(signs)
    below = labs["value_text"].str.startswith("<", na=False)
    return (gone & (low | ~below)).groupby(labs["site"]).mean()


def same_shares(said: Mapping[str, float], ours: pd.Series[Any]) -> bool:
    theirs = dict(ours)
    return set(said) == set(theirs) and all(properties.agrees(said[s], theirs[s]) for s in theirs)


_SIGN = "Site A has more: two numbers there stand for no result."
_ONE_SIGN = "Too few: another number stands for no result as well."
_ZERO = "Zero is counted as missing: for neutrophils 0 is a real value."
_LOW = "A result like <0.1 is a result: the laboratory measured, and it was low."
_MISTAKES = (
    ((-1, 999), True, _LOW),
    ((), False, _SIGN),
    ((), True, _SIGN),
    ((-1,), False, _ONE_SIGN),
    ((-1,), True, _ONE_SIGN),
    ((999,), False, _ONE_SIGN),
    ((999,), True, _ONE_SIGN),
    ((-1, 999, 0), False, _ZERO),
    ((-1, 999, 0), True, _ZERO),
)


E1 = Exercise(
    id="e1",
    title="Convert a unit",
    reads="to_mgL",
    points=2,
    visible=(is_function("to_mgL", "to_mgL(value, unit)"), Rung("values", _ask_convert)),
    hint="1 L = 10 dL. For any other unit: raise ValueError.",
    worked_line='if unit == "mg/dL": return value * 10',
)
E2 = Exercise(
    id="e2",
    title="Merge two codes of one test",
    reads="merge_dimer",
    points=2,
    visible=(
        is_function("merge_dimer", "merge_dimer(labs)"),
        Rung("shape", _ask_dimer_shape),
        Rung("values", _ask_dimer_values),
    ),
    hint="Look at the codes: labs.groupby(['site', 'loinc', 'local_name']).size(). 500 DDU = 1 FEU.",
    worked_line='rows = labs[labs["loinc"].isin(["48065-7", "48066-5"])].copy()',
)
E3 = Exercise(
    id="e3",
    title="Count what is missing",
    reads="missing_per_site",
    points=2,
    visible=(
        is_function("missing_per_site", "missing_per_site(labs)"),
        Rung("shape", _ask_missing_shape),
        Rung("values", _ask_missing_values),
    ),
    hint='Three parts: value_num is empty, or it is -1 or 999, but not when value_text begins with "<".',
    worked_line='below = labs["value_text"].str.startswith("<", na=False)',
)
E4 = Exercise(
    id="e4",
    title="Keep or query",
    reads="verdicts",
    points=2,
    visible=(
        *is_dictionary("verdicts", VALUES),
        is_one_of("verdicts", ("keep", "query")),
    ),
    hint="Ask for each value: can a living patient have it, and did the device or the tube spoil it?",
    worked_line='3: "query", because 4.2 may be 42 or 37.2 with lost digits',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="median_by_site",
    visible=(),
    hint='times_limit = crp["value_num"] / crp["ref_high"]',
    worked_line='median_by_site = times_limit.groupby(crp["site"]).median()',
)

S1 = Question(
    "s1",
    "A table says: C-reactive protein 5.2. What is it?",
    (
        "Slightly raised",
        "Strongly raised",
        "Nobody knows without the unit",
    ),
)
S2 = Question(
    "s2",
    "What does a LOINC code fix?",
    (
        "The unit",
        "What is measured, and in what",
        "The reference range",
    ),
)
Q1 = Question(
    "q1",
    "You scale each column to mean 0 without looking at units. What happens to CRP?",
    (
        "Scaling repairs the units",
        "The site becomes visible in CRP",
        "Nothing",
    ),
)

TITLE = "Numbers with a body behind"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1)
