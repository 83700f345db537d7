"""B2, numbers with a body behind: units, codes, signs for "no result", plausible values."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import is_dictionary, is_one_of
from rounds.lessons.exercise import Exercise, Question
from rounds.lessons.ladder import Mistake, NotYet, Rung, recognise
from rounds.lessons.numbers import is_function
from rounds.lessons.values.stand_ins import ForeignError

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
    """Return the laboratory results as the learner sees them; who changes them takes a copy."""
    return _labs()


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


@cache
def shown_dimer() -> pd.DataFrame:
    """Return our own D-dimer rows of the results that are shown: worked out once for all who press."""
    return reference_dimer(shown_labs())


@cache
def shown_missing() -> dict[str, float]:
    """Return our own shares of the results that are shown."""
    return {str(site): float(share) for site, share in reference_missing(shown_labs()).items()}


CONVERT_OTHERWISE = "A value in mg/dL is not right yet: how many decilitres are in one litre?"
UNKNOWN = "g/L"  # a unit that the text does not name
SPELLINGS = ("mg/l", "mg/dl", "MG/L", "MG/DL", "Mg/L", "Mg/dL", "mg/ L", "mg / L", "mg/ dL", "mg / dL", "mgL", "mgdL")
POINTS = ((5.2, "mg/dL"), (0.3, "mg/dL"))


def _says(factor: float) -> Callable[[Any], bool]:
    """Return the property that mg/dL is multiplied with this."""
    return properties.agrees_with(lambda value, unit: value * factor, POINTS)


def _try(answer: Any, unit: str) -> tuple[object, Exception | None]:
    """Return what the function says to 5 of a unit, and the error where it raises one."""
    try:
        return answer(5.0, unit), None
    except Exception as error:
        return None, error


def _ask_spelling(answer: Any) -> str | None:
    """Say that a unit of the text has other letters; one that makes the letters equal passes."""
    for unit in ("mg/L", "mg/dL"):
        said, error = _try(answer, unit)
        if said is not None or (error is not None and not isinstance(error, ValueError | KeyError)):
            continue
        other = next((near for near in SPELLINGS if isinstance(_try(answer, near)[0], int | float)), "")
        if other:
            return f'to_mgL knows "{other}", and the unit of the text is "{unit}". Capitals and spaces count.'
        if error is not None:
            return f'to_mgL stops for "{unit}", a unit that it must know. Is it written as in the text?'
    return None


def _ask_convert_shape(answer: Any) -> str | None:
    for value, unit in ((52.0, "mg/L"), (5.2, "mg/dL")):
        said = properties.call(answer, value, unit)
        if said is None:
            return (
                f"to_mgL returns nothing for {unit}: end each branch with return, and check the spelling of the unit."
            )
        if isinstance(said, str | tuple | list | bool):
            return f"to_mgL returns a {type(said).__name__} for {unit}; it must return one number."
    return None


def _is_error_given_back(answer: Any) -> bool:
    said = _try(answer, UNKNOWN)[0]
    kind = type(said).__name__  # the judge sees a class, or an error, of another process as a thing of this name
    return kind == "type" or kind.endswith(("Error", "Exception"))


def _is_text_given_back(answer: Any) -> bool:
    return isinstance(_try(answer, UNKNOWN)[0], str)


def _is_nan_given_back(answer: Any) -> bool:
    said = _try(answer, UNKNOWN)[0]
    return isinstance(said, float) and said != said


def _stops_otherwise(answer: Any) -> bool:
    """Say whether an unknown unit raises no ValueError; of an error's own kind the judge knows the name alone."""
    error = _try(answer, UNKNOWN)[1]
    own = isinstance(error, ForeignError) and not hasattr(builtins, type(error).__name__)
    return error is not None and not own and not isinstance(error, ValueError)


def _say_stop(answer: Any) -> str:
    error = _try(answer, UNKNOWN)[1]
    if isinstance(error, NameError | TypeError | AttributeError) and not isinstance(error, UnboundLocalError):
        properties.call(answer, 5.0, UNKNOWN)  # which says what such an error means
    kind = type(error).__name__
    if kind == "KeyError":
        return (
            'For "g/L" a dictionary stops with KeyError. The text asks for ValueError: ask first if it knows the unit.'
        )
    return f'For "g/L" to_mgL stops with {kind}. The text asks it to raise ValueError.'


def _converts_all(factor: float) -> Callable[[Any], bool]:
    """Return the property that every unit is multiplied with this, known or not."""
    units = ("mg/L", "mg/dL", UNKNOWN)
    return lambda answer: all(properties.agrees(_try(answer, unit)[0], 5 * factor, 1e-6) for unit in units)


def _keeps_mg_l(answer: Any) -> bool:
    return properties.agrees(properties.call(answer, 52.0, "mg/L"), 52.0, 1e-6)


def _takes_unknown(answer: Any) -> bool:
    return any(properties.agrees(_try(answer, UNKNOWN)[0], value, 1e-6) for value in (5.0, 50.0))


def _says_nothing(answer: Any) -> bool:
    return _try(answer, UNKNOWN) == (None, None)


def _does_not_stop(answer: Any) -> bool:
    return _try(answer, UNKNOWN)[1] is None


RETURNED = "To stop there, write raise in place of return: raise ValueError(unit)"
CONVERT_MISTAKES = (
    Mistake(
        "all-multiplied",
        _converts_all(10),
        "to_mgL multiplies by 10 whatever the unit is, and mg/L must stay as it is. With or, repeat unit ==.",
    ),
    Mistake(
        "all-kept",
        _converts_all(1),
        "Each value comes back as it was, whatever the unit is. With or, write unit == on both sides.",
    ),
    Mistake("divided", _says(0.1), "You divided mg/dL by 10; a litre holds ten decilitres, so the number grows."),
    Mistake("millilitres", _says(1000), "You multiplied by 1,000; that is for millilitres, and a decilitre is larger."),
    Mistake("hundred", _says(100), "You multiplied by 100; one litre is ten decilitres."),
    Mistake("centi", _says(0.01), "You divided by 100; one litre is ten decilitres, so the number grows."),
    Mistake("added", properties.agrees_with(lambda value, unit: value + 10, POINTS), "You added 10; multiply instead."),
    Mistake(
        "swapped",
        lambda answer: _says(1)(answer) and not _keeps_mg_l(answer),
        "You changed mg/L and kept mg/dL. It is the other way round: the result is in mg/L.",
    ),
    Mistake(
        "not-converted",
        _says(1),
        "A value in mg/dL comes back as it was. Multiply it, how many decilitres are in one litre? Return that result.",
    ),
    Mistake("mg-l-changed", lambda answer: not _keeps_mg_l(answer), "A value in mg/L must stay as it is."),
    Mistake("error-returned", _is_error_given_back, f"You return the error. {RETURNED}"),
    Mistake(
        "text-returned", _is_text_given_back, f'For "g/L" you return a text, and the text becomes data. {RETURNED}'
    ),
    Mistake("nan-returned", _is_nan_given_back, f'For "g/L" you return a missing value. {RETURNED}'),
    Mistake("other-error", _stops_otherwise, _say_stop),
    Mistake(
        "unknown-none",
        _says_nothing,
        'For another unit, like "g/L", to_mgL returns nothing. The text asks it to raise ValueError.',
    ),
    Mistake(
        "unknown-taken",
        _takes_unknown,
        'to_mgL takes 5 "g/L" as if it knew that unit. For any other unit it must raise an error.',
    ),
    Mistake(
        "unknown-answered",
        _does_not_stop,
        'For "g/L" to_mgL gives a value back. For any other unit it must raise an error.',
    ),
)


def _ask_dimer_shape(answer: Any) -> str | None:
    labs = shown_labs()
    mine, ours = properties.call(answer, labs), shown_dimer()
    if mine is None:
        return "merge_dimer returns nothing: end it with return rows."
    if not hasattr(mine, "columns"):
        return f"merge_dimer returns a {type(mine).__name__}; it must return a table."
    if len(mine) == len(labs):
        return "merge_dimer keeps all rows: choose the rows of the two D-dimer codes."
    if len(mine) == 0:
        return "merge_dimer keeps no row: no row has both codes at once. Which rows have one of the two?"
    if "feu" not in mine.columns:
        return "The column feu is missing: add the values in ug/mL FEU."
    if "loinc" not in mine.columns:
        return "The table has lost its other columns: keep them all, and add feu."
    found = sorted(set(mine["loinc"]) & {FEU, DDU})
    if len(found) < 2:
        return "Only one D-dimer code is left: each laboratory has its own."
    if len(mine) != len(ours):
        return f"merge_dimer returns {len(mine)} rows; choose by the two codes, keep empty values."
    return None


def _median_ratio(answer: Any, code: str) -> float:
    """Return how many times too large the median of one code's feu is."""
    mine, ours = properties.call(answer, shown_labs()), shown_dimer()
    return float(mine.loc[mine["loinc"] == code, "feu"].median() / ours.loc[ours["loinc"] == code, "feu"].median())


def _ddu_is(factor: float) -> Callable[[Any], bool]:
    """Return the property that the DDU rows are too large by this factor."""
    return lambda answer: abs(_median_ratio(answer, DDU) / factor - 1) < 0.05


KEYS = ["loinc", "value_num", "feu"]


def same_dimer(mine: pd.DataFrame, ours: pd.DataFrame) -> bool:
    """Say whether two merges agree; a sign for "no result" may stay in ``feu``, or be missing there.

    Rows are told apart by what stands in them: their order says nothing, and neither does how they are numbered.
    """
    if len(mine) != len(ours) or not {*KEYS} <= {*mine.columns}:
        return False
    mine, ours = (table.sort_values(KEYS, kind="stable") for table in (mine, ours))
    feu = mine["feu"].to_numpy()
    signs = ours["value_num"].isin(SENTINELS).to_numpy() & mine["feu"].isna().to_numpy()
    return all(
        (
            mine["loinc"].tolist() == ours["loinc"].tolist(),
            properties.agrees(mine["value_num"].to_numpy(), ours["value_num"].to_numpy()),
            properties.agrees(feu[~signs], ours["feu"].to_numpy()[~signs], 1e-6),
        )
    )


def _is_right_dimer(answer: Any) -> bool:
    return same_dimer(properties.call(answer, shown_labs()), shown_dimer())


def _differs_by_unit(answer: Any) -> tuple[bool, bool]:
    """Say whether the DDU rows without a unit differ from ours, and whether those with one do."""
    mine, ours = properties.call(answer, shown_labs()), shown_dimer()
    blank, our_blank = mine["unit"].isna(), ours["unit"].isna()
    return not same_dimer(mine[blank], ours[our_blank]), not same_dimer(mine[~blank], ours[~our_blank])


EMPTY_DDU = "The DDU rows have no value in feu: divide their own value_num, and keep the rows of FEU as they are."
DIMER_MISTAKES = (
    Mistake(
        "all-empty",
        lambda answer: bool(properties.call(answer, shown_labs())["feu"].isna().all()),
        "feu is empty in all rows: nothing was put into it.",
    ),
    Mistake(
        "feu-empty",
        lambda answer: _median_ratio(answer, FEU) != _median_ratio(answer, FEU),
        "feu is empty in the rows that are in FEU already. Each row needs its value in feu.",
    ),
    Mistake(
        "feu-changed",
        lambda answer: abs(_median_ratio(answer, FEU) - 1) > 0.01,
        "The rows that are in FEU already have changed: convert the DDU rows only.",
    ),
    Mistake(
        "multiplied",
        _ddu_is(500 * 500),
        "You multiplied by 500. Many ng/mL DDU are few ug/mL FEU: the number must become smaller.",
    ),
    Mistake(
        "half-unit",
        _ddu_is(0.5),
        "You changed ng into ug, but not DDU into FEU: 1 ug/mL FEU is only 0.5 ug/mL DDU here.",
    ),
    Mistake(
        "wrong-way", _ddu_is(0.25), "You went the wrong way between FEU and DDU: the FEU number is the larger one."
    ),
    Mistake(
        "not-converted",
        lambda answer: _median_ratio(answer, DDU) > 100,
        "The DDU rows are still in ng/mL: their median is hundreds of times too large.",
    ),
    Mistake("ddu-empty", lambda answer: _median_ratio(answer, DDU) != _median_ratio(answer, DDU), EMPTY_DDU),
    Mistake(
        "blank-unit",
        lambda answer: _differs_by_unit(answer) == (True, False),
        "The DDU rows with a blank unit are not right yet. Which column is filled in each row, and says FEU or DDU?",
    ),
    properties.changes_table("merge_dimer", lambda: (shown_labs(),)),
)
DIMER_OTHERWISE = "Some values of feu differ: convert the DDU rows, leave the FEU rows."


def count_missing(answer: Any, labs: pd.DataFrame) -> dict[str, float]:
    said = properties.call(answer, labs)
    if said is None:
        raise NotYet("missing_per_site returns nothing: end it with return.")
    try:
        return {str(site): float(share) for site, share in dict(said).items()}
    except (TypeError, ValueError):
        kind = type(said).__name__
        raise NotYet(f"missing_per_site returns a {kind}; return one share per site.") from None


def _pairs(said: Mapping[str, float]) -> list[tuple[float, float]]:
    return [(said[site], share) for site, share in shown_missing().items()]


def _ask_missing_shape(answer: Any) -> str | None:
    said = count_missing(answer, shown_labs())
    if set(said) != {"A", "B"}:
        named = ", ".join(sorted(said)[:3])
        return f"The result has {len(said)} entries, like {named}; wanted is one share for site A and one for B."
    if all(abs(share - 100 * ours) < 1e-6 for share, ours in _pairs(said)):
        return "These are percentages; the text asks for shares between 0 and 1."
    if max(said.values()) > 1:
        return "These are counts; divide by the number of rows of the site."
    return None


def _has_shares(shares: Callable[[pd.DataFrame], Any]) -> Callable[[Any], bool]:
    """Return the property that an answer gives these shares of the shown results."""
    ours = cache(lambda: shares(shown_labs()))
    return lambda answer: same_shares(count_missing(answer, shown_labs()), ours())


def _count_gone(signs: tuple[int, ...], low: bool) -> Callable[[Any], bool]:
    """Return the property that these numbers, and perhaps <0.1 too, are taken as missing."""

    def shares(labs: pd.DataFrame) -> pd.Series[Any]:
        gone = labs["value_num"].isna() | labs["value_num"].isin(signs)
        below = labs["value_text"].str.startswith("<", na=False)
        return (gone & (low | ~below)).groupby(labs["site"]).mean()

    return _has_shares(shares)


def _by_text(*signs: int) -> Callable[[pd.DataFrame], pd.Series[Any]]:
    """Return the shares where the three texts are looked for letter by letter, and these numbers."""

    def shares(labs: pd.DataFrame) -> pd.Series[Any]:
        gone = labs["value_text"].isin(["NA", "not done", "hemolysed"]) | labs["value_num"].isin(signs)
        return gone.groupby(labs["site"]).mean()

    return shares


def _by_small_text(*signs: int) -> Callable[[pd.DataFrame], pd.Series[Any]]:
    """Return the shares where the three texts are looked for without capitals, and these numbers."""

    def shares(labs: pd.DataFrame) -> pd.Series[Any]:
        texts = labs["value_text"].str.lower().isin(["na", "not done", "hemolysed"])
        return (texts | labs["value_num"].isin(signs)).groupby(labs["site"]).mean()

    return shares


def _of_all_rows(labs: pd.DataFrame) -> pd.Series[Any]:
    sizes = labs.groupby("site").size()
    return reference_missing(labs) * sizes / len(labs)


def _of_all_missing(labs: pd.DataFrame) -> pd.Series[Any]:
    counts = reference_missing(labs) * labs.groupby("site").size()
    return counts / counts.sum()


def _fails_elsewhere(answer: Any) -> bool:
    """Say whether other names of sites are not found."""
    labs = shown_labs().assign(site=shown_labs()["site"].map({"A": "North", "B": "South"}))
    try:
        return set(count_missing(answer, labs)) != {"North", "South"}
    except NotYet:
        return True


def same_shares(said: Mapping[str, float], ours: pd.Series[Any]) -> bool:
    theirs = dict(ours)
    return set(said) == set(theirs) and all(properties.agrees(said[s], theirs[s]) for s in theirs)


_SIGN = "Site A has more: two numbers there stand for no result."
_ONE_SIGN = "Too few: another number stands for no result as well."
_ZERO = "Zero is counted as missing: for neutrophils 0 is a real value."
_LOW = "A result like <0.1 is a result: the laboratory measured, and it was low."
_COUNTED = (
    ("low-missing", (-1, 999), True, _LOW),
    ("signs-kept", (), False, _SIGN),
    ("signs-kept", (), True, _SIGN),
    ("one-sign-kept", (-1,), False, _ONE_SIGN),
    ("one-sign-kept", (-1,), True, _ONE_SIGN),
    ("one-sign-kept", (999,), False, _ONE_SIGN),
    ("one-sign-kept", (999,), True, _ONE_SIGN),
    ("zero-missing", (-1, 999, 0), False, _ZERO),
    ("zero-missing", (-1, 999, 0), True, _ZERO),
    ("zero-missing", (0,), False, _ZERO),
    ("zero-missing", (0,), True, _ZERO),
)
_TEXTS = "One of the three texts is also written in another way. value_num is empty in all those rows."
_BOTH = "Two numbers also stand for no result. And one of the three texts is written in another way, too."
MISSING_MISTAKES = (
    *(Mistake("texts-and-signs", _has_shares(by()), _BOTH) for by in (_by_text, _by_small_text)),
    *(Mistake("spelling", _has_shares(by(-1, 999)), _TEXTS) for by in (_by_text, _by_small_text)),
    *(Mistake("spelling", _has_shares(by(sign)), _ONE_SIGN) for by in (_by_text, _by_small_text) for sign in SENTINELS),
    *(Mistake(name, _count_gone(signs, low), words) for name, signs, low, words in _COUNTED),
    Mistake(
        "present",
        _has_shares(lambda labs: 1 - reference_missing(labs)),
        "You counted the results that are there. The share that is missing is the rest.",
    ),
    Mistake(
        "of-all-rows",
        _has_shares(_of_all_rows),
        "You divided by the rows of both sites. Divide by the rows of the site itself.",
    ),
    Mistake(
        "of-all-missing",
        _has_shares(_of_all_missing),
        "You divided by all that is missing. Divide by the rows of the site.",
    ),
    Mistake(
        "names-written",
        lambda answer: _has_shares(reference_missing)(answer) and _fails_elsewhere(answer),
        "The names of the sites are written into the recipe. Use groupby, so that it works for other sites too.",
    ),
    properties.changes_table("missing_per_site", lambda: (shown_labs(),)),
)
MISSING_OTHERWISE = "Not these shares yet: go through the four points of the text one by one."


E1 = Exercise(
    id="e1",
    title="Convert a unit",
    reads="to_mgL",
    points=2,
    visible=(
        is_function("to_mgL", "to_mgL(value, unit)"),
        Rung("shape", _ask_spelling),
        Rung("shape", _ask_convert_shape),
        recognise("values", *CONVERT_MISTAKES, right=_says(10), otherwise=CONVERT_OTHERWISE),
    ),
    hint="1 L = 10 dL: is the number in mg/L the larger or the smaller one? For any other unit: raise ValueError.",
    worked_line='In another recipe: if kind == "g": return mass * 1000  # then the result is in mg',
)
E2 = Exercise(
    id="e2",
    title="Merge two codes of one test",
    reads="merge_dimer",
    points=2,
    visible=(
        is_function("merge_dimer", "merge_dimer(labs)"),
        Rung("shape", _ask_dimer_shape),
        recognise("values", *DIMER_MISTAKES, right=_is_right_dimer, otherwise=DIMER_OTHERWISE),
    ),
    hint="Choose the rows by the two codes; divide where the code says DDU. 500 ng/mL DDU = 1 ug/mL FEU.",
    worked_line='In mmol/L: sugar["new"] = sugar["value"].where(sugar["loinc"] != "2345-7", sugar["value"] / 18)',
)
E3 = Exercise(
    id="e3",
    title="Count what is missing",
    reads="missing_per_site",
    points=2,
    visible=(
        is_function("missing_per_site", "missing_per_site(labs)"),
        Rung("shape", _ask_missing_shape),
        recognise("values", *MISSING_MISTAKES, right=_has_shares(reference_missing), otherwise=MISSING_OTHERWISE),
    ),
    hint='Three parts: value_num is empty, or it is -1 or 999, but not when value_text begins with "<".',
    worked_line='raised = labs["value_num"] > labs["ref_high"]; raised.groupby(labs["unit"]).mean()',
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
    worked_line='A heart rate of 700: "query", because no heart beats so fast; 70 and a slip of a key is likely',
)
F1 = Exercise(
    id="f1",
    title="The gaps of the faded example",
    reads="median_by_site",
    visible=(),
    hint="Divide one column by the other: each value by the upper limit of its own row.",
    worked_line='largest_by_unit = crp["value_num"].groupby(crp["unit"]).max()',
)

S1 = Question(
    "s1",
    "C-reactive protein rises with inflammation. A table says: 5.2. What is it?",
    (
        "Slightly raised",
        "Strongly raised",
        "Nobody knows without the unit",
    ),
)
S2 = Question(
    "s2",
    "LOINC is a list with a code for each test. What does a LOINC code fix?",
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
        "The site stays visible in CRP",
        "The two sites become alike",
    ),
)

TITLE = "Numbers with a body behind"
EXERCISES = (E1, E2, E3, E4, F1)
QUESTIONS = (S1, S2, Q1)
