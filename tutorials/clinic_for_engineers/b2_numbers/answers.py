"""What engineers write in B2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Wrong

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
        right=(_convert(10), lambda value, unit: value * {"mg/L": 1, "mg/dL": 10}[unit]),
        stub=lambda value, unit: None,
        wrong=(
            Wrong(_convert(0.1), "divided mg/dL by 10"),
            Wrong(_convert(1000), "millilitres"),
            Wrong(_convert(100), "by 100"),
            Wrong(_convert(0.01), "divided by 100"),
            Wrong(_convert(1), "how many decilitres"),
            Wrong(lambda value, unit: value * 10, "must stay as it is"),
            Wrong(lambda value, unit: value * 10 if unit == "mg/L" else value, "other way round"),
            Wrong(lambda value, unit: value + 10 if unit == "mg/dL" else value, "multiply instead"),
            Wrong(lambda value, unit: value + unit, "A text and a number"),
            Wrong(_on("mg/dL", lambda value: None), "returns nothing for mg/dL"),
            Wrong(_on("mg/dL", lambda value: f"{value * 10} mg/L"), "returns a str"),
            Wrong(_on("g/L", lambda value: ValueError), "error"),
            Wrong(_on("g/L", lambda value: None), "asks it to raise"),
            Wrong(_convert(10, refuse=False), "must raise an error"),
            Wrong(lambda value: value * 10, "takes 1 values"),
            Wrong(10, "not a function"),
            Wrong(_on("mmol/L", lambda value: value), "must raise an error", hidden=True),
        ),
    ),
    "e2": Examples(
        right=(reference_dimer, lambda labs: reference_dimer(labs.sample(frac=1, random_state=1))),
        stub=lambda labs: labs.copy(),
        wrong=(
            Wrong(_only_feu, "Only one D-dimer code"),
            Wrong(_scaled(1), "still in ng/mL"),
            Wrong(_scaled(1 / 2000), "wrong way between"),
            Wrong(_scaled(500), "must become smaller"),
            Wrong(_scaled(1 / 1000), "two units of DDU"),
            Wrong(_scaled(1 / 450), "Some values of feu differ"),
            Wrong(_merged(lambda rows: rows["value_num"] / 500), "convert the DDU rows only"),
            Wrong(_merged(lambda rows: rows["value_num"].where(rows["loinc"] != DDU)), "no value in feu"),
            Wrong(lambda labs: reference_dimer(labs).drop(columns="feu"), "feu is missing"),
            Wrong(lambda labs: reference_dimer(labs)[["feu"]], "lost its other columns"),
            Wrong(lambda labs: reference_dimer(labs)["feu"], "must return a table"),
            Wrong(lambda labs: reference_dimer(labs).dropna(subset="value_num"), "keep empty"),
            Wrong(lambda labs: reference_dimer(labs).iloc[:0], "no row has both codes"),
            Wrong(lambda labs: None, "returns nothing"),
            Wrong(lambda labs: labs[labs["loink"] == DDU], 'Did you mean "loinc"?'),
            Wrong(lambda labs: labs[labs["loinc"] == DDU and labs["site"] == "B"], "Between columns write &"),
            Wrong(_spoiling, "work on a copy"),
            Wrong(_by_name, "fresh table", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(reference_missing, lambda labs: reference_missing(labs).to_dict()),
        stub=lambda labs: None,
        wrong=(
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
            Wrong({**VERDICTS, 2: ""}, "1 gaps"),
            Wrong(list(VERDICTS.values()), "type list"),
        ),
    ),
}
