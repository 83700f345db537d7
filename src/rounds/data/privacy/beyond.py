"""What k does not count: how small crowds become for somebody who also knows a time that a shift leaves as it was.

A shift by a multiple of 364 days keeps on purpose how long a stay lasted, and on which day of the year it began.  Both
are measured on the de-identified dataset, so that an expert's determination and an ethics committee see the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rounds.data.package import Table
from rounds.data.privacy.classes import find_classes
from rounds.data.privacy.finding import Finding, Severity
from rounds.data.privacy.people import Frames
from rounds.data.privacy.shifting import STEP_DAYS
from rounds.data.privacy.views import View

if TYPE_CHECKING:
    import pandas as pd

SHIFTED, ALSO_KNOWN = "De-identified: shift.", "also known"
ADVICE = (
    "k does not count it, so the expert's determination must say why that is acceptable. Else keep the year of one "
    "date, or drop it"
)


def find_beyond(views: Sequence[View], frames: Frames, k: int) -> list[Finding]:
    """Return for each view in how many rows fewer than ``k`` people are left to whoever knows one more time."""
    return [finding for view in views if len(view.frame) for finding in _find_in(view, frames[view.table.name], k)]


def _find_in(view: View, frame: pd.DataFrame, k: int) -> Iterator[Finding]:
    dates = _shifted(view.table, frame)
    if not dates:
        return
    first, last = dates[0], dates[-1]
    yield from _count(view, first, f"the day of the year of {first}", _days(frame[first]) % STEP_DAYS, k)
    if last != first:
        length = _days(frame[last]) - _days(frame[first])
        yield from _count(view, last, f"the days from {first} to {last}", length, k)


def _shifted(table: Table, frame: pd.DataFrame) -> list[str]:
    """Return the columns of shifted dates, the earliest first."""
    names = [c.name for c in table.columns if SHIFTED in c.note and frame[c.name].dtype.kind == "M"]
    return sorted((n for n in names if frame[n].notna().any()), key=lambda name: frame[name].mean())


def _days(dates: pd.Series) -> pd.Series:
    """Return dates as days of the calendar."""
    import pandas as pd

    days: pd.Series = (dates.dt.normalize() - pd.Timestamp(0)).dt.days
    return days


def _count(view: View, column: str, what: str, values: pd.Series, k: int) -> Iterator[Finding]:
    known = view.frame.assign(**{ALSO_KNOWN: values})
    sizes = find_classes(known, (*view.quasi, ALSO_KNOWN), view.person).size_of_row()
    few = int((sizes < k)[values.notna()].sum())
    if few:
        who = "people" if view.person else "rows"
        said = f"who also knows {what} sees a crowd of fewer than {k} {who}"
        yield Finding(
            "beyond", Severity.LOOK, f"{view.table.name}.{column}", said, few, int(values.notna().sum()), ADVICE
        )
