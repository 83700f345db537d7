"""What k does not count: how small crowds become for somebody who knows more than one row's quasi-identifiers.

A shift by a multiple of 364 days keeps on purpose how long a stay lasted, and on which day of the year it began.  A
birth moves with the visits, and so the age at a visit stays true.  A person may have several rows, and somebody may
know all of them.  Each is measured on the de-identified dataset, so that an expert's determination and an ethics
committee see the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rounds.custody.privacy.crowds.classes import Codes, find_classes, row_codes
from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.crowds.views import View
from rounds.custody.privacy.findings.derived_ages import crowds_of_ages, find_births
from rounds.custody.privacy.plan.treated import STEP_DAYS, was
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

ALSO_KNOWN = "also known"
NOT_COUNTED = "k does not count it, so the expert's determination must say why that is acceptable. Else "
ADVICE = NOT_COUNTED + "keep the year of one date, or drop it"
ADVICE_BIRTH = NOT_COUNTED + "drop the birth, and keep a quasi-identifier of the age at the visit"
ADVICE_ROWS = (
    "k counts one row of a person. Fewer columns that others know, or the first row of each person alone, help"
)


def find_outside_knowledge(package: DataPackage, views: Sequence[View], frames: Frames, k: int) -> list[Finding]:
    """Return for each view in how many rows fewer than ``k`` people are left to whoever knows one thing more."""
    births = find_births(package)
    return [f for view in views if len(view.frame) for f in _find_in(view, frames[view.table.name], births, k)]


def _find_in(view: View, frame: pd.DataFrame, births: Sequence[str], k: int) -> Iterator[Finding]:
    yield from _know_all_rows(view, k)
    dates = _shifted(view.table, frame)
    if not dates:
        return
    first, last = dates[0], dates[-1]
    yield from _count(view, first, f"the day of the year of {first}", _days(frame[first]) % STEP_DAYS, k)
    if last != first:
        length = _days(frame[last]) - _days(frame[first])
        yield from _count(view, last, f"the days from {first} to {last}", length, k)
    for birth in (b for b in births if b in view.quasi):
        sizes, known = crowds_of_ages(view, birth, frame[first].dt.year)
        said = f"at the rarest age that its {birth.split('.', 1)[1]} allows, who knows the age at {first}"
        yield from _tell(view, birth.split(".", 1)[1], said, sizes, known, k, ADVICE_BIRTH)


def _shifted(table: Table, frame: pd.DataFrame) -> list[str]:
    """Return the columns of shifted dates, the earliest first."""
    names = [c.name for c in table.columns if was(c, "shift") and frame[c.name].dtype.kind == "M"]
    return sorted((n for n in names if frame[n].notna().any()), key=lambda name: frame[name].mean())


def _days(dates: pd.Series) -> pd.Series:
    """Return dates as days of the calendar."""
    import pandas as pd

    days: pd.Series = (dates.dt.normalize() - pd.Timestamp(0)).dt.days
    return days


def _count(view: View, column: str, what: str, values: pd.Series, k: int) -> Iterator[Finding]:
    known = view.frame.assign(**{ALSO_KNOWN: values})
    sizes = find_classes(known, (*view.quasi, ALSO_KNOWN), view.person).size_of_row()
    yield from _tell(view, column, f"who also knows {what}", sizes, values.notna().to_numpy(), k, ADVICE)


def _know_all_rows(view: View, k: int) -> Iterator[Finding]:
    """Yield what is left to somebody who knows the quasi-identifiers of every row of a person, in whatever order."""
    if view.person is None or view.frame[view.person].is_unique:
        return
    of_row, many = row_codes(view.frame, view.quasi)
    marks = np.random.default_rng(0).integers(0, 2**63, many, dtype=np.uint64)  # a sum of them stands for the set
    sums = view.frame.assign(**{ALSO_KNOWN: marks[of_row]}).groupby(view.person)[ALSO_KNOWN].sum()
    same = sums.map(sums.value_counts())  # how many people have the same rows as this one
    sizes: Codes = np.asarray(view.frame[view.person].map(same).fillna(0), dtype=np.int64)
    known = view.frame[view.person].notna().to_numpy()
    yield from _tell(view, "", "who knows all rows of one person", sizes, known, k, ADVICE_ROWS)


def _tell(
    view: View, column: str, who: str, sizes: Codes, known: NDArray[np.bool_], k: int, advice: str
) -> Iterator[Finding]:
    few = int((sizes < k)[known].sum())
    if few:
        crowd = "people" if view.person else "rows"
        where = f"{view.table.name}.{column}" if column else view.table.name
        what = f"{who} sees a crowd of fewer than {k} {crowd}"
        yield Finding("beyond", Severity.LOOK, where, what, few, int(known.sum()), advice)
