"""Measure the lesson's table of laboratory results."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from rounds.data.dataset import Dataset

PERSON = "person_id"


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return the rows."""
    return {"rows": dataset.frame()}


def _results(d: pd.DataFrame, site: str, loinc: str) -> pd.Series:
    clean = d[(d.value_num > 0) & (d.value_num != 999)]
    return clean[(clean.site == site) & (clean.loinc == loinc)].value_num


def _crp_in_mg_per_l(d: pd.DataFrame) -> float:
    return float(pd.concat([_results(d, "A", "1988-5"), _results(d, "B", "1988-5") * 10]).median())


def _hemolysed(d: pd.DataFrame) -> float:
    return float(d[d.loinc == "2823-3"].value_text.str.lower().isin(["hemolysed", "hemolyzed"]).mean())


def _median_ratio(above: tuple[str, str], below: tuple[str, str]) -> Callable[[pd.DataFrame], float]:
    return lambda d: float(_results(d, *above).median() / _results(d, *below).median())


MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "crp_ratio": ("rows", _median_ratio(("A", "1988-5"), ("B", "1988-5"))),
    "dimer_ratio": ("rows", _median_ratio(("B", "48066-5"), ("A", "48065-7"))),
    "crp_median": ("rows", _crp_in_mg_per_l),
    "potassium_hemolysed_noted": ("rows", _hemolysed),
    "zero_anc": ("rows", lambda d: float((d[d.loinc == "751-8"].value_num == 0).mean())),
}
