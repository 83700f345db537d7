"""One test from two laboratories: a histogram per site on a log axis, as written or in one unit.

Python bins; the browser receives counts per bin, never rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style

COLUMNS = ("site", "loinc", "value_num")
BINS_PER_DECADE = 6


@dataclass(frozen=True)
class LabTest:
    """A test: its codes, and the factor to one unit for each (site, code)."""

    name: str
    codes: tuple[str, ...]
    unit: str
    written: str
    factors: tuple[tuple[str, str, float], ...] = ()


TESTS = (
    LabTest(
        "C-reactive protein",
        ("1988-5",),
        "mg/L",
        "A: mg/L, B: mg/dL",
        (("B", "1988-5", 10.0),),
    ),
    LabTest(
        "D-dimer",
        ("48065-7", "48066-5"),
        "ug/mL FEU",
        "A: ug/mL FEU, B: ng/mL DDU",
        (("B", "48066-5", 1 / 500),),
    ),
    LabTest("Potassium", ("2823-3",), "mmol/L", "A and B: mmol/L"),
)


class LabUnits(anywidget.AnyWidget):
    """Show how the numbers of two laboratories fall together once they carry one unit.

    Parameters
    ----------
    labs
        One row per result with ``site``, ``loinc`` and ``value_num``.

    Examples
    --------
    >>> LabUnits(labs).one_unit                           # doctest: +SKIP
    False
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    test = traitlets.Unicode(TESTS[0].name).tag(sync=True)
    one_unit = traitlets.Bool(False).tag(sync=True)
    prediction = traitlets.Int(None, allow_none=True).tag(sync=True)
    _tests = traitlets.List(traitlets.Dict()).tag(sync=True)

    def __init__(self, labs: pd.DataFrame, **traits: Any) -> None:
        for column in COLUMNS:
            if column not in labs.columns:
                known = [str(name) for name in labs.columns]
                raise DataError(f'LabUnits: no column "{column}".{suggest(column, known)}')
        shown = [count_test(labs, test) for test in TESTS if labs["loinc"].isin(test.codes).any()]
        if not shown:
            raise DataError("LabUnits: no row has one of its codes, such as 1988-5 for CRP.")
        super().__init__(_tests=shown, **{"test": shown[0]["name"], **traits})

    @traitlets.validate("test")
    def _known_test(self, proposal: Any) -> str:
        names = [test["name"] for test in self._tests]
        if names and proposal.value not in names:
            raise DataError(f'LabUnits: no test "{proposal.value}".{suggest(proposal.value, names)}')
        return str(proposal.value)

    def __repr__(self) -> str:
        test = next(test for test in self._tests if test["name"] == self.test)
        view = test["one_unit" if self.one_unit else "written"]
        middle = ", ".join(f"site {site}: median {text}" for site, text in view["medians"].items())
        return f"{self.test} ({view['unit']}), {middle}."


def count_test(labs: pd.DataFrame, test: LabTest) -> dict[str, Any]:
    """Count a test's results per site and bin, as written and in one unit."""
    rows = labs[labs["loinc"].isin(test.codes)]
    factors = pd.Series(1.0, rows.index)
    for site, code, factor in test.factors:
        factors[(rows["site"] == site) & (rows["loinc"] == code)] = factor
    written, united = rows["value_num"], rows["value_num"] * factors
    return {
        "name": test.name,
        "written": _count(rows["site"], written, test.written),
        "one_unit": _count(rows["site"], united, test.unit),
    }


def _count(sites: pd.Series[str], values: pd.Series[float], unit: str) -> dict[str, Any]:
    """Count positive values in bins of one sixth of a decade; say how many are left out, and the median of all."""
    positive = values > 0
    places = np.floor(np.log10(values[positive]) * BINS_PER_DECADE)
    first, last = int(places.min()), int(places.max())
    by_site = {str(site): places[sites[positive] == site] for site in sorted(sites.unique())}
    return {
        "unit": unit,
        "first": first,
        "per_decade": BINS_PER_DECADE,
        "left_out": int((~positive).sum()),
        "counts": {
            site: [int((found == place).sum()) for place in range(first, last + 1)] for site, found in by_site.items()
        },
        "medians": {str(site): f"{value:.3g}" for site, value in values.groupby(sites).median().items()},
    }
