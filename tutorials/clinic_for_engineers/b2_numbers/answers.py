"""What engineers write in B2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import DDU, reference_dimer, reference_missing
from .hidden import VERDICTS

if TYPE_CHECKING:
    import pandas as pd


def _convert(factor: float, refuse: bool = True) -> Any:
    """Return a conversion with this factor for mg/dL."""

    def to_mg_l(value: float, unit: str) -> float:
        if unit == "mg/dL":
            return value * factor
        if refuse and unit != "mg/L":
            raise ValueError(unit)
        return value

    return to_mg_l


def _refuse(unit: str) -> float:
    raise ValueError(unit)


def _by_dictionary(value: float, unit: str) -> float:
    factors = {"mg/L": 1, "mg/dL": 10}
    if unit not in factors:
        raise ValueError(f"unknown unit {unit}")
    return value * factors[unit]


def _any_case(value: float, unit: str) -> float:
    """Take the units in small letters, too."""
    small = unit.strip().lower()
    if small == "mg/l":
        return value
    return value * 10 if small == "mg/dl" else _refuse(unit)


class UnitError(ValueError):
    """An error of the learner's own, below ValueError."""


def _tenfold(value: float, unit: str) -> float:
    """Take whatever is by the decilitre."""
    return value * 10 if "d" in unit else _refuse(unit)


def _own_error(value: float, unit: str) -> float:
    if unit not in ("mg/L", "mg/dL"):
        raise UnitError(unit)
    return value * 10 if unit == "mg/dL" else value


def _in_other_words(value: float, unit: str) -> float:
    """Turn the dictionary's own error into the one that is asked for."""
    try:
        return value / {"mg/L": 1, "mg/dL": 0.1}[unit]
    except KeyError as error:
        raise ValueError(unit) from error


def _reading_the_prefix(value: float, unit: str) -> float:
    match unit:
        case "mg/L":
            return value
        case "mg/dL":
            return value * 10
        case _:
            raise ValueError


def _asserting(value: float, unit: str) -> float:
    assert unit in ("mg/L", "mg/dL")  # noqa: S101 - as learners write it
    return value * 10 if unit == "mg/dL" else value


def _never_given(value: float, unit: str) -> float:
    if unit == "mg/L":
        result = value
    elif unit == "mg/dL":
        result = value * 10
    return result


def _misspelt_error(value: float, unit: str) -> float:
    if unit not in ("mg/L", "mg/dL"):
        raise ValueErorr(unit)  # type: ignore[name-defined] # noqa: F821 - as learners write it
    return value * 10 if unit == "mg/dL" else value


def _spelt(litre: str, decilitre: str) -> Any:
    """Return the right conversion of units that are spelt in this way."""
    return lambda value, unit: _convert(10)(value, {litre: "mg/L", decilitre: "mg/dL"}.get(unit, "?"))


def _lost(value: float, unit: str) -> float:
    """Compute the result, and do not keep it."""
    if unit == "mg/dL":
        value * 10
    elif unit != "mg/L":
        raise ValueError(unit)
    return value


def _always_true(value: float, unit: str) -> float:
    if unit == "mg/dL" or "mg/dl":  # noqa: SIM222 - as learners write it
        return value * 10
    return value


def _by_row_if(labs: pd.DataFrame) -> pd.DataFrame:
    """Ask one question of a whole column."""
    rows = reference_dimer(labs)
    if rows["loinc"] == DDU:
        rows["feu"] = rows["value_num"] / 500
    return rows


def _texts(*signs: float, small: bool = False) -> Any:
    """Return the shares of exercise 3 that are found by the three texts, and these numbers."""

    def missing_per_site(labs: pd.DataFrame) -> Any:
        text = labs["value_text"].str.lower() if small else labs["value_text"]
        gone = text.isin(["na" if small else "NA", "not done", "hemolysed"]) | labs["value_num"].isin(signs)
        return gone.groupby(labs["site"]).mean()

    return missing_per_site


def _scaled(factor: float) -> Any:
    """Return a merge with this factor for DDU."""

    def merge_dimer(labs: pd.DataFrame) -> pd.DataFrame:
        rows = reference_dimer(labs)
        rows["feu"] = rows["value_num"].where(rows["loinc"] != DDU, rows["value_num"] * factor)
        return rows

    return merge_dimer


def _by_name(labs: pd.DataFrame) -> pd.DataFrame:
    """Choose the rows by the laboratories' own names."""
    names = labs["local_name"].str.upper().str.replace("-", " ").str.contains("D DIMER")
    return reference_dimer(labs[names])


def _by_column(column: str, feu: Any, blank: bool = False) -> Any:
    """Return a merge that tells FEU from DDU by another column than the code; `blank` takes an empty one as DDU."""

    def merge_dimer(labs: pd.DataFrame) -> pd.DataFrame:
        rows = reference_dimer(labs)
        in_feu = (rows[column] == feu) | (rows[column].isna() & (not blank))
        rows["feu"] = rows["value_num"].where(in_feu, rows["value_num"] / 500)
        return rows

    return merge_dimer


def _not_in_d(labs: pd.DataFrame) -> pd.DataFrame:
    """Go wrong at one laboratory alone."""
    rows = reference_dimer(labs)
    return rows.assign(feu=rows["feu"].where(rows["site"] != "D"))


def _one_after_the_other(labs: Any) -> Any:
    """Return the rows of one code, then those of the other, numbered anew."""
    import pandas as pd

    merged = reference_dimer(labs)
    return pd.concat([merged[merged["loinc"] == DDU], merged[merged["loinc"] != DDU]], ignore_index=True)


def _without_signs(labs: pd.DataFrame) -> pd.DataFrame:
    """Set the signs for "no result" to missing first, as exercise 3 teaches."""
    rows = reference_dimer(labs)
    return rows.assign(feu=rows["feu"].where(~rows["value_num"].isin([-1, 999])))


def _only_feu(labs: pd.DataFrame) -> pd.DataFrame:
    rows = labs[labs["loinc"] == "48065-7"]
    return rows.assign(feu=rows["value_num"])


def _spoiling(labs: pd.DataFrame) -> pd.DataFrame:
    labs["dimer"] = labs["loinc"].isin(["48065-7", DDU])
    return reference_dimer(labs)


def _missing(labs: pd.DataFrame, signs: tuple[float, ...]) -> Any:
    below = labs["value_text"].str.startswith("<", na=False)
    gone = (labs["value_num"].isna() | labs["value_num"].isin(signs)) & ~below
    return gone.groupby(labs["site"]).mean()


def _with_low(labs: pd.DataFrame) -> Any:
    gone = labs["value_num"].isna() | labs["value_num"].isin([-1, 999])
    return gone.groupby(labs["site"]).mean()


def _merged(feu: Any) -> Any:
    """Return a merge whose column feu is made by this."""

    def merge_dimer(labs: pd.DataFrame) -> pd.DataFrame:
        rows = reference_dimer(labs)
        rows["feu"] = feu(rows)
        return rows

    return merge_dimer


def _on(unit: str, said: Any) -> Any:
    """Return the right conversion, but for one unit."""
    return lambda value, given: said(value) if given == unit else _convert(10)(value, given)


def _forgetful(labs: pd.DataFrame) -> Any:
    labs["gone"] = labs["value_num"].isna()
    return reference_missing(labs)


EXAMPLES = {
    "e1": Examples(
        right=(_convert(10), _by_dictionary, _any_case, _own_error, _in_other_words, _reading_the_prefix),
        stub=lambda value, unit: None,
        wrong=(
            Wrong(_convert(0.1), "divided mg/dL by 10"),
            Wrong(_convert(1000), "millilitres"),
            Wrong(_convert(100), "by 100"),
            Wrong(_convert(0.01), "divided by 100"),
            Wrong(_convert(1), "how many decilitres"),
            Wrong(lambda value, unit: value * 10, "must stay as it is"),
            Wrong(lambda value, unit: value * 10 if unit in ("mg/L", "mg/dL") else _refuse(unit), "must stay as it is"),
            Wrong(lambda value, unit: value * 10 if unit == "mg/L" else value, "other way round"),
            Wrong(lambda value, unit: value + 10 if unit == "mg/dL" else value, "multiply instead"),
            Wrong(lambda value, unit: value + unit, "A text and a number"),
            Wrong(_on("mg/dL", lambda value: None), "returns nothing for mg/dL"),
            Wrong(_on("mg/dL", lambda value: f"{value * 10} mg/L"), "returns a str"),
            Wrong(_on("g/L", lambda value: ValueError), "You return the error"),
            Wrong(_on("g/L", lambda value: None), "asks it to raise"),
            Wrong(_convert(10, refuse=False), "must raise an error"),
            Wrong(_on("g/L", lambda value: ValueError("unknown unit g/L")), "You return the error"),
            Wrong(_on("g/L", lambda value: Exception("unknown unit g/L")), "You return the error"),
            Wrong(_on("g/L", lambda value: "ValueError"), "you return a text"),
            Wrong(_on("g/L", lambda value: float("nan")), "a missing value"),
            Wrong(_on("g/L", lambda value: -1), "gives a value back"),
            Wrong(_on("g/L", lambda value: value * 1000), "gives a value back"),
            Wrong(lambda value, unit: value * {"mg/L": 1, "mg/dL": 10}[unit], "a dictionary stops with KeyError"),
            Wrong(_asserting, "stops with AssertionError"),
            Wrong(_never_given, "stops with UnboundLocalError"),
            Wrong(_misspelt_error, "ValueErorr"),
            Wrong(_spelt("mg/l", "mg/dl"), 'knows "mg/l"'),
            Wrong(_spelt("mg/L", "mg/dl"), 'knows "mg/dl"'),
            Wrong(_spelt("MG/L", "MG/DL"), 'knows "MG/L"'),
            Wrong(_spelt("mg/ L", "mg/dL"), 'knows "mg/ L"'),
            Wrong(_spelt("milligram", "mg/dL"), "written as in the text"),
            Wrong(_lost, "comes back as it was"),
            Wrong(_always_true, "repeat unit =="),
            Wrong(lambda value, unit: value, "write unit == on both sides"),
            Wrong(lambda value: value * 10, "takes 1 value,"),
            Wrong(10, "not a function"),
            Wrong(_on("mmol/L", lambda value: value), "must raise an error", hidden=True),
            Wrong(
                lambda value, unit: value if unit == "mg/L" else _tenfold(value, unit), "accepts 'ug/dL'", hidden=True
            ),
        ),
    ),
    "e2": Examples(
        right=(
            reference_dimer,
            lambda labs: reference_dimer(labs.sample(frac=1, random_state=1)),
            lambda labs: reference_dimer(labs).reset_index(drop=True),
            _one_after_the_other,
            _without_signs,
            _by_column("ref_high", 0.5),
        ),
        stub=lambda labs: labs.copy(),
        wrong=(
            Wrong(_only_feu, "Only one D-dimer code"),
            Wrong(_scaled(1), "still in ng/mL"),
            Wrong(_scaled(1 / 2000), "wrong way between"),
            Wrong(_scaled(500), "must become smaller"),
            Wrong(_scaled(1 / 1000), "not DDU into FEU"),
            Wrong(_scaled(1 / 450), "Some values of feu differ"),
            Wrong(_merged(lambda rows: rows["value_num"] / 500), "convert the DDU rows only"),
            Wrong(_merged(lambda rows: rows["value_num"].where(rows["loinc"] != DDU)), "no value in feu"),
            Wrong(_merged(lambda rows: (rows["value_num"] / 500).where(rows["loinc"] == DDU)), "in FEU already"),
            Wrong(_merged(lambda rows: rows["value_num"].where(rows["loinc"] == DDU)), "in FEU already"),
            Wrong(_merged(lambda rows: rows["value_num"].where(rows["value_num"] < -9)), "empty in all rows"),
            Wrong(_by_row_if, "Choose row by row"),
            Wrong(lambda labs: reference_dimer(labs).drop(columns="feu"), "feu is missing"),
            Wrong(lambda labs: reference_dimer(labs)[["feu"]], "lost its other columns"),
            Wrong(lambda labs: reference_dimer(labs)["feu"], "must return a table"),
            Wrong(lambda labs: reference_dimer(labs).dropna(subset="value_num"), "keep empty"),
            Wrong(lambda labs: reference_dimer(labs).iloc[:0], "no row has both codes"),
            Wrong(lambda labs: None, "returns nothing"),
            Wrong(lambda labs: labs[labs["loink"] == DDU], 'Did you mean "loinc"?'),
            Wrong(lambda labs: labs[labs["loinc"] == DDU and labs["site"] == "B"], "Between columns write &"),
            Wrong(_spoiling, "work on a copy"),
            Wrong(_by_column("unit", "ug/mL"), "with a blank unit"),
            Wrong(_by_name, "reads the names", hidden=True),
            Wrong(_by_column("site", "A"), "reads the site", hidden=True),
            Wrong(_by_column("unit", "ug/mL", blank=True), "reads the unit", hidden=True),
            Wrong(_not_in_d, "fresh table", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(reference_missing, lambda labs: reference_missing(labs).to_dict()),
        stub=lambda labs: None,
        wrong=(
            Wrong(_texts(), "Two numbers also stand"),
            Wrong(_texts(small=True), "Two numbers also stand"),
            Wrong(_texts(-1, 999), "written in another way"),
            Wrong(_texts(-1, 999, small=True), "written in another way"),
            Wrong(_texts(-1), "Too few"),
            Wrong(lambda labs: _missing(labs, ()), "Site A has more"),
            Wrong(lambda labs: _missing(labs, (-1, 999, 0)), "0 is a real value"),
            Wrong(_with_low, "<0.1 is a result"),
            Wrong(lambda labs: _missing(labs, (-1,)), "Too few"),
            Wrong(lambda labs: _missing(labs, (999,)), "Too few"),
            Wrong(lambda labs: _missing(labs, (0,)), "0 is a real value"),
            Wrong(lambda labs: reference_missing(labs) * 1000, "These are counts"),
            Wrong(lambda labs: reference_missing(labs) * 100, "percentages"),
            Wrong(lambda labs: 1 - reference_missing(labs), "that are there"),
            Wrong(lambda labs: labs["value_num"].isna().mean(), "returns a float64"),
            Wrong(lambda labs: labs["value_num"].isna(), "one share for site A"),
            Wrong(lambda labs: reference_missing(labs)["A"], "returns a float64"),
            Wrong(lambda labs: 0.1, "returns a float"),
            Wrong(lambda labs: labs.groupby("sites").size(), 'Did you mean "site"?'),
            Wrong(
                lambda labs: {site: _missing(labs, (-1, 999))[site] for site in ("A", "B")},
                "works for other sites too",
            ),
            Wrong(_forgetful, "work on a copy"),
            Wrong(
                lambda labs: reference_missing(labs[labs["site"].isin(["A", "B", "North", "South"])]),
                "the shares differ",
                hidden=True,
            ),
        ),
    ),
    "e4": Examples(
        right=(VERDICTS, {number: word.title() for number, word in VERDICTS.items()}),
        stub=dict.fromkeys(VERDICTS, ...),
        wrong=(
            Wrong(dict.fromkeys(VERDICTS, "keep"), "keep all eight"),
            Wrong(dict.fromkeys(VERDICTS, "query"), "query all eight"),
            Wrong({n: "query" if word == "keep" else "keep" for n, word in VERDICTS.items()}, "wrong way round"),
            Wrong({**VERDICTS, 4: "query", 6: "query"}, "Value 4"),
            *(
                Wrong({**VERDICTS, n: "query" if word == "keep" else "keep"}, f"Value {n}")
                for n, word in VERDICTS.items()
            ),
            Wrong({**VERDICTS, 3: "drop"}, "choose from"),
            Wrong({**VERDICTS, 3: True}, "choose from"),
            Wrong({**VERDICTS, 9: "keep"}, "an entry too many"),
            Wrong({**VERDICTS, 2: ""}, "1 gap;"),
            Wrong(list(VERDICTS.values()), "type list"),
        ),
    ),
}


GAPS = Gaps(
    before=("setup", "worked-units", "worked-convert"),
    box="""times_limit = {}
median_by_site = {}""",
    right=(
        ('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'),
        ('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median().to_dict()'),
        ('crp["value_num"].div(crp["ref_high"])', 'crp.assign(t=times_limit).groupby("site")["t"].median()'),
        ('crp["value_num"] / crp["ref_high"]', '{s: times_limit[crp["site"] == s].median() for s in ("A", "B")}'),
        ('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).quantile(0.5)'),
        ('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median().round(4)'),
    ),
    wrong=(
        (('crp_mg_l / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'), "crp_mg_l is converted"),
        (('crp["ref_high"] / crp["value_num"]', 'times_limit.groupby(crp["site"]).median()'), "wrong way round"),
        (('crp["ref_high"] / crp_mg_l', 'times_limit.groupby(crp["site"]).median()'), "wrong way round"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).mean()'), "mean"),
        (('crp["value_num"] / crp["ref_high"]', 'crp.groupby("site")["value_num"].median()'), "times_limit"),
        (('crp["value_num"] / crp["ref_high"]', 'crp_mg_l.groupby(crp["site"]).median()'), "times_limit"),
        (('crp["value_num"] / crp["ref_high"]', 'crp.groupby("site")["ref_high"].median()'), "times_limit"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).max()'), "largest"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).min()'), "least value"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).size()'), "how many"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).count()'), "how many"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).sum()'), "added up"),
        (('crp["value_num"] / crp["ref_high"]', "times_limit.median()"), "one number per site"),
        (('crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["unit"]).median()'), "for site A"),
        (('labs["value_num"] / labs["ref_high"]', 'times_limit.groupby(labs["site"]).median()'), "rows of all tests"),
        (('crp["value_num"] * crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'), "multiplied"),
        (('crp["value_num"] - crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'), "took ref_high away"),
        (('crp["value_num"] / 5', 'times_limit.groupby(crp["site"]).median()'), "its own row"),
        (('crp["value_num"] / 0.5', 'times_limit.groupby(crp["site"]).median()'), "its own row"),
        (('crp["value_num"] / crp["ref_high"].max()', 'times_limit.groupby(crp["site"]).median()'), "its own row"),
        (
            ('100 * crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'),
            "leave out the 100",
        ),
    ),
)
