"""k, l, t and the risks of a dataset's views, held against the policy; and the findings that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.crowds.classes import find_classes
from rounds.custody.privacy.crowds.measures import l_diversity, t_closeness
from rounds.custody.privacy.crowds.risks import Risks, measure_risks
from rounds.custody.privacy.crowds.views import View
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import Table
from rounds.event.numbers import LOWEST_K, USUAL_K

if TYPE_CHECKING:
    import pandas as pd

HIGHEST_RISK = 1 / USUAL_K
FAR_FROM_ALL = 0.5
GENERALISE = "Let `rounds data deidentify` generalise the quasi-identifiers"
MOST_LEVELS = 500


@dataclass(frozen=True)
class Anonymity:
    """The measures of one view."""

    table: str
    quasi: tuple[str, ...]
    counts: str
    k: int
    l: int | None  # noqa: E741 - the measure's name
    t: float | None
    risks: Risks
    sizes: tuple[tuple[str, int], ...]


def measure_view(view: View) -> Anonymity:
    """Measure one view; k counts people where the table names them."""
    classes = find_classes(view.frame, view.quasi, view.person)
    diversity = l_diversity(view.frame, view.quasi, view.sensitive) if view.sensitive else None
    closeness = t_closeness(view.frame, view.quasi, view.sensitive) if view.sensitive else None
    return Anonymity(
        table=view.table.name,
        quasi=view.quasi,
        counts="people" if view.person else "rows",
        k=classes.smallest,
        l=diversity,
        t=closeness,
        risks=measure_risks(classes),
        sizes=_histogram(classes.size_of_row()),
    )


def find_risks(a: Anonymity, k: int) -> list[Finding]:
    """Return what the measures of a view mean for a policy of ``k``."""
    rows, small = a.risks.rows, round(a.risks.under.get(k, 0) * a.risks.rows)
    found = []
    if a.k < k:
        what = f"k is {a.k}, the policy asks for {k}; rows in smaller classes"
        found.append(Finding("k", Severity.STOP, a.table, what, small, rows, GENERALISE))
    else:
        found.append(
            Finding("k", Severity.NOTE, a.table, f"k is {a.k}, the policy asks for {k}", 0, rows, "Nothing to do")
        )
    if a.risks.unique_rows:
        what = "rows that are alone in their quasi-identifiers"
        found.append(Finding("risk", Severity.STOP, a.table, what, a.risks.unique_rows, rows, GENERALISE))
    severity = Severity.LOOK if a.risks.highest > HIGHEST_RISK else Severity.NOTE
    what = f"risk of re-identification: highest {a.risks.highest:.3f}, average {a.risks.average:.4f}"
    found.append(
        Finding(
            "risk",
            severity,
            a.table,
            what,
            0,
            0,
            f"{HIGHEST_RISK:.2f} (one in {USUAL_K}) is the usual limit for the highest",
        )
    )
    return found + _find_sensitive(a)


def find_small_groups(table: Table, frame: pd.DataFrame, names: tuple[str, ...], k: int) -> list[Finding]:
    """Return the levels of single columns that fewer than ``k`` people (or rows) share."""
    found = []
    for name in names:
        if frame[name].nunique() > MOST_LEVELS:
            continue
        groups = frame.groupby(name, observed=True)
        sizes = groups[table.person].nunique() if table.person and table.person != name else groups.size()
        small = int((sizes < k).sum())
        if small:
            who = "people" if table.person else "rows"
            what = f"levels with fewer than {k} {who}"
            where = f"{table.name}.{name}"
            found.append(Finding("group", Severity.LOOK, where, what, small, len(sizes), "Group the rare levels"))
    return found


def _find_sensitive(a: Anonymity) -> list[Finding]:
    found = []
    if a.l is not None:
        severity = Severity.LOOK if a.l < 2 else Severity.NOTE
        what = f"distinct l-diversity of the outcomes is {a.l}"
        found.append(
            Finding("l", severity, a.table, what, 0, 0, "With l = 1 a class tells the outcome of all its people")
        )
    if a.t is not None:
        severity = Severity.LOOK if a.t > FAR_FROM_ALL else Severity.NOTE
        what = f"t-closeness of the outcomes is {a.t:.3f}"
        found.append(Finding("t", severity, a.table, what, 0, 0, "Near 0 a class tells no more than the whole table"))
    return found


def _histogram(sizes: np.ndarray) -> tuple[tuple[str, int], ...]:
    edges = ((1, 1), (2, LOWEST_K - 1), (LOWEST_K, USUAL_K - 1), (USUAL_K, 19), (20, 99), (100, None))
    bands = []
    for low, high in edges:
        inside = (sizes >= low) & ((sizes <= high) if high else True)
        bands.append((f"{low}" if high == low else f"{low}-{high}" if high else f"{low} or more", int(inside.sum())))
    return tuple(bands)
