"""Columns of text that would be published although nobody has seen what they hold.

A program does not know every date, name and number of every language.  So whoever makes the plan sees all different
texts of a kept column, or a sample with their number and every suspicious form; what is of no declared code system
and was not shown so is barred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from rounds.custody.privacy.plan.plan import ColumnStep, Plan
from rounds.custody.privacy.plan.treatment import Treatment
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.name_content import is_listed_name
from rounds.custody.signs.plain_text import plain_with_spaces
from rounds.custody.signs.unread_times import form_of
from rounds.data.package import Column, DataPackage

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 60
KEPT = ("keep", "prefix")
ADVICE = "Draft the plan anew and read the texts that it shows, or say in its reason why they may stay"


def is_open_text(column: Column) -> bool:
    """Tell whether a column holds texts of no declared code system."""
    return column.type == "string" and not column.code_system


def texts_to_show(values: pd.Series) -> tuple[tuple[str, ...], int]:
    """Return the different texts of a column, or a sample of them from end to end, and how many there are."""
    different = sorted({str(value) for value in values.dropna()})
    if len(different) <= MOST_SHOWN:
        return tuple(different), len(different)
    places = np.linspace(0, len(different) - 1, MOST_SHOWN).astype(int)
    return tuple(different[place] for place in places), len(different)


def say_forms(values: pd.Series) -> str:
    """Return which forms of dates, times, names and long numbers occur in texts, and in how many different ones."""
    found: Counter[str] = Counter()
    for text in {str(value) for value in values.dropna()}:
        plain = plain_with_spaces(text)
        if any(map(str.isdigit, plain)) and (form := form_of(plain)):
            found[form] += 1
        found["words of the list of names"] += any(map(is_listed_name, plain.split()))
        found["numbers of six digits or more"] += any(len(part) >= 6 for part in _numbers(plain))
    said = [f"{form} {count:,}" for form, count in sorted(found.items()) if count]
    return f"seen in its texts: {', '.join(said)}" if said else ""


def _numbers(text: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in text).split()


def find_unseen(plan: Plan, package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> set[str]:
    """Return the kept columns of text, as ``table.column``, whose texts are not those that the plan shows."""
    return {
        step.where
        for table in package.tables
        for column in table.columns
        if (step := plan.step(table.name, column.name))
        and step.action in KEPT
        and is_open_text(column)
        and not _shows(step, frames[table.name][column.name])
    }


def _shows(step: ColumnStep, values: pd.Series) -> bool:
    """Tell whether a plan shows the texts of a column: all of them, or a sample and their right number."""
    different = {str(value) for value in values.dropna()}
    if step.different <= len(step.texts):
        return different <= set(step.texts)
    return len(different) <= step.different and set(step.texts) & different != set()


def find_unseen_texts(package: DataPackage, treatment: Treatment) -> Iterator[Finding]:
    """Yield a finding for each published column of text that nobody was shown."""
    done = {each.where: each for each in treatment.columns}
    for table in package.tables:
        for column in table.columns:
            each = done.get(f"{table.name}.{column.name}")
            if each and each.action in KEPT and not each.seen and is_open_text(column):
                what = "a column of text that nobody was shown"
                yield Finding("seen", Severity.STOP, each.where, what, 0, 0, ADVICE)
