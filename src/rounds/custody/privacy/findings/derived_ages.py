"""The age that a band of births and a shifted visit give: both moved by the same days, so it is the true one.

Whoever knows how old somebody was, and not by how many days the dates moved, does not see the bands of births.  The
crowd of that age is not the crowd that k counts: it takes people of several bands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.crowds.classes import Codes, factorise, find_classes, row_codes
from rounds.custody.privacy.crowds.views import PERSON, QUASI, View
from rounds.custody.privacy.findings.dates import TOP_CODE
from rounds.custody.privacy.plan.treated import was
from rounds.data.package import DataPackage

if TYPE_CHECKING:
    import pandas as pd

CLASS, AGE = "others", "age"
_YEARS = re.compile(r"(\d{4})(?:\.0)?(?:-(\d{4}))?")


def find_births(package: DataPackage) -> tuple[str, ...]:
    """Return the quasi-identifiers, as ``table.column``, that hold years of birth which moved with the dates."""
    return tuple(
        f"{table.name}.{column.name}"
        for table in package.tables
        for column in table.columns
        if column.role == QUASI and was(column, "birth-year")
    )


def crowds_of_ages(view: View, birth: str, years: pd.Series) -> tuple[Codes, NDArray[np.bool_]]:
    """Return for each row the smallest crowd among the ages that it may have, and whether it gives an age at all.

    ``years`` holds the year of each row's visit.  A row is in the crowd of an age when its band of births allows it
    and its other quasi-identifiers are the same.  No age is below 0, or above 90 where ages stop.
    """
    low, high = _ages(view.frame[birth], years)
    low, high = np.maximum(low, 0), np.minimum(high, TOP_CODE)
    known = np.isfinite(low) & (low <= high)
    sizes = np.zeros(len(view.frame), dtype=np.int64)
    if known.any():
        sizes[known] = _smallest(view, birth, known, low[known].astype(np.int64), high[known].astype(np.int64))
    return sizes, known


def _smallest(view: View, birth: str, known: NDArray[np.bool_], low: Codes, high: Codes) -> Codes:
    """Return the smallest crowd of each known row: it stands once for each age from ``low`` to ``high``."""
    import pandas as pd

    rows = view.frame[known]
    owners = factorise(rows[view.person])[0] if view.person else np.arange(len(rows))
    others, _ = row_codes(rows, [name for name in view.quasi if name != birth])
    ends = np.cumsum(high - low + 1)
    starts = ends - (high - low + 1)
    at = np.repeat(np.arange(len(rows)), high - low + 1)
    ages = low[at] + np.arange(len(at)) - starts[at]
    spread = pd.DataFrame({CLASS: others[at], AGE: ages, PERSON: owners[at]})
    smallest: Codes = np.minimum.reduceat(find_classes(spread, (CLASS, AGE), PERSON).size_of_row(), starts)
    return smallest


def _ages(births: pd.Series, years: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the youngest and the oldest age of each row, in years; not a number where the birth says nothing."""
    spans = {label: _span(str(label)) for label in births.dropna().unique()}
    first = births.map({label: span[0] for label, span in spans.items()}).astype("float64")
    last = births.map({label: span[1] for label, span in spans.items()}).astype("float64")
    at = years.astype("float64").to_numpy()
    return at - last.to_numpy(), at - first.to_numpy()


def _span(label: str) -> tuple[float, float]:
    found = _YEARS.fullmatch(label)
    if found is None:
        return float("nan"), float("nan")
    return float(found[1]), float(found[2] or found[1])
