"""Births beside ages: one follows from the other, so the draft of a plan keeps one, the age at the time of the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rounds.custody.privacy.check import suggest_person
from rounds.custody.privacy.crowds.people import Frames, person_of_rows
from rounds.custody.privacy.plan.plan import ColumnStep
from rounds.custody.signs.column_names import is_age
from rounds.data.package import DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd

NEARLY = 0.9


def without_births(steps: tuple[ColumnStep, ...], package: DataPackage, frames: Frames) -> tuple[ColumnStep, ...]:
    """Return the steps without births beside an age in the same table, or in another one of the same people.

    A birth and the day of the row give the age at that day; both together cost k the detail of both.
    """
    ages = _find_ages(steps)
    if not ages or not any(step.action == "birth-year" for step in steps):
        return steps
    tables = tuple(replace(table, person=suggest_person(table)) for table in package.tables)
    owners = person_of_rows(replace(package, tables=tables), frames)
    homes = {t.name for t in tables if _has_one_row_each(t, frames)}
    return tuple(
        replace(step, action="drop", why=_why(age))
        if step.action == "birth-year" and (age := _age_beside(step.table, ages, owners, homes))
        else step
        for step in steps
    )


def _why(age: str) -> str:
    return (
        f"{age} says the same, at the time of the row: keep one of the two. When a study computes ages itself, write "
        f'action = "birth-year" here and action = "drop" for {age}'
    )


def _find_ages(steps: tuple[ColumnStep, ...]) -> dict[str, str]:
    """Return the first age that each table keeps, as ``table.column``."""
    ages: dict[str, str] = {}
    for step in steps:
        if is_age(step.column) and step.action != "drop":
            ages.setdefault(step.table, step.where)
    return ages


def _has_one_row_each(table: Table, frames: Frames) -> bool:
    return bool(table.person) and bool(frames[table.name][table.person].dropna().is_unique)


def _age_beside(table: str, ages: Mapping[str, str], owners: Mapping[str, pd.Series], homes: set[str]) -> str:
    """Return the age that makes a table's births needless; empty when there is none."""
    if table in ages:
        return ages[table].split(".", 1)[1]
    if table not in homes or table not in owners:
        return ""
    people = owners[table].dropna()
    return next((age for name, age in ages.items() if name in owners and _are_the_same(people, owners[name])), "")


def _are_the_same(people: pd.Series, others: pd.Series) -> bool:
    """Tell whether nearly all people of one table have a row in another: of a mother's age no child's birth follows."""
    return bool(len(people) and people.isin(others.dropna().unique()).mean() >= NEARLY)
