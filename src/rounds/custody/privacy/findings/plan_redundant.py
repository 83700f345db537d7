"""What a plan leaves that tells a quasi-identifier again, and how the draft of a plan settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rounds.custody.privacy.crowds.people import Frames
from rounds.custody.privacy.crowds.views import QUASI
from rounds.custody.privacy.findings.redundant_quasi_identifiers import (
    RedundantQuasiIdentifier,
    find_redundant_quasi_identifiers,
)
from rounds.custody.privacy.plan.plan import ColumnStep, Plan
from rounds.data.package import Column, DataPackage, Table

TELLING = frozenset({"keep", "top-code", "prefix", "shift", "since-first"})


def find_redundant_left(plan: Plan, package: DataPackage, frames: Frames) -> str:
    """Return why a plan is refused whose k would not be what it says, and what to write; empty where all is well."""
    tables = tuple(_as_left(table, plan) for table in package.tables)
    left = find_redundant_quasi_identifiers(replace(package, tables=tables), frames)
    return next((_say(told) for told in left if _is_told_by(plan, told)), "")


def settle_redundant(
    steps: tuple[ColumnStep, ...], told: Sequence[RedundantQuasiIdentifier], package: DataPackage
) -> tuple[ColumnStep, ...]:
    """Return the drafted steps without the copies of quasi-identifiers, and without one end of a time that is one.

    To drop the quasi-identifier would help nobody, since the dates tell it.  To drop one date keeps the length in
    bands, counted in k, and the other date, from which eras and intervals are counted.  An outcome stays as it is: the
    custodian decides.
    """
    at = {step.where: step for step in steps}
    columns = {f"{table.name}.{column.name}": column for table in package.tables for column in table.columns}
    for each in told:
        by = [at[where] for where in each.by]
        gone = at[_choose(each, columns, package.prediction_time)]
        if at[each.quasi].role == QUASI and _tell(by) and columns[gone.where].role != "outcome":
            at[gone.where] = replace(gone, action="drop", why=_why_gap(each, gone) if each.is_gap else _why_copy(each))
    return tuple(at.values())


def _choose(told: RedundantQuasiIdentifier, columns: Mapping[str, Column], prediction_time: str) -> str:
    """Return what goes: the copy, or the later date; the earlier one where the later is the moment of prediction."""
    first, last = told.by[0], told.by[-1]
    is_time_zero = bool(prediction_time) and columns[last].available == prediction_time != columns[first].available
    return first if is_time_zero else last


def _as_left(table: Table, plan: Plan) -> Table:
    """Return a table as the plan leaves it: its roles, and only the columns that still tell something."""
    return replace(table, columns=tuple(c for column in table.columns if (c := _left(table, column, plan)) is not None))


def _left(table: Table, column: Column, plan: Plan) -> Column | None:
    step = plan.step(table.name, column.name) or ColumnStep(table.name, column.name)
    role = step.role or column.role
    is_counted = role == QUASI and step.action != "drop"
    return replace(column, role=role) if is_counted or step.action in TELLING else None


def _is_told_by(plan: Plan, told: RedundantQuasiIdentifier) -> bool:
    steps = {step.where: step for step in plan.steps}
    return _tell([steps[where] for where in told.by])


def _tell(by: Sequence[ColumnStep]) -> bool:
    """Tell whether columns still tell what they told: two dates only when the same was done to both."""
    actions = {step.action for step in by}
    return len(actions) == 1 and actions <= TELLING and all(step.role != QUASI for step in by)


def _say(told: RedundantQuasiIdentifier) -> str:
    share = told.rows / told.total
    said = f"{told.quasi} counts in k, and {told.says()} (in {share:.0%} of the rows), so k would not be what it says. "
    if told.is_gap:
        first, last = told.by
        return (
            f'{said}Write action = "drop" or "year" for {last}, or for {first}; or role = "feature" for {told.quasi}, '
            "and k does not count it."
        )
    copy = told.by[0]
    return f'{said}Write action = "drop" for {copy}, or role = "quasi-identifier", so that k counts both.'


def _why_copy(told: RedundantQuasiIdentifier) -> str:
    return (
        f"says the same as {told.quasi}, which counts in k and may be written coarser: keep one of the two, or give "
        "both the role quasi-identifier"
    )


def _why_gap(told: RedundantQuasiIdentifier, gone: ColumnStep) -> str:
    (other,) = (where for where in told.by if where != gone.where)
    return (
        f"with {other} it tells {told.quasi} exactly, which counts in k; dropped here, the length stays in bands and "
        f'{other} stays. A study that counts from this day needs it: write action = "{gone.action}" here, and '
        f'role = "feature" for {told.quasi}; then k does not count how long it lasted, and who knows that may find the '
        "person"
    )
