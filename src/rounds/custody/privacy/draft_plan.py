"""Draft the plan of a de-identification from a package's roles and the findings of its check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rounds.custody.privacy.check import PrivacyCheck, suggest_person
from rounds.custody.privacy.crowds.people import person_of_rows
from rounds.custody.privacy.crowds.views import QUASI
from rounds.custody.privacy.draft_births import without_births
from rounds.custody.privacy.findings.plan_redundant import settle_redundant
from rounds.custody.privacy.findings.unmoved_years import without_unmoved_years
from rounds.custody.privacy.findings.unseen_texts import KEPT, is_open_text, say_forms, texts_to_show
from rounds.custody.privacy.plan.plan import ANYBODYS, ColumnStep, Plan
from rounds.custody.privacy.treating.shifting import to_dates
from rounds.custody.signs.column_names import (
    NATIONAL,
    is_age,
    is_birth_date,
    is_birth_part,
    is_birth_year,
    is_key,
    is_place_key,
    is_record_key,
    is_relative,
    kind_of_name,
)
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.quality import limits_of, sentinels_of
from rounds.custody.signs.scan import UNREAD, Look
from rounds.data.dataset import Dataset
from rounds.data.package import Column, Table
from rounds.event.numbers import LOWEST_K

if TYPE_CHECKING:
    import pandas as pd

ROW_COUNTER = "Counts the rows"
FEWEST_YEARS = 6  # of fewer, three years tell little


def draft_plan(dataset: Dataset, check: PrivacyCheck, challenge: str, k: int) -> Plan:
    """Return a plan that solves every finding of the check in the safest usual way; the custodian edits it."""
    frames = {t.name: dataset.frame(t.name) for t in dataset.package.tables}
    person = _person_column(dataset)
    steps = tuple(
        _draft_step(table, column, frames[table.name], _about(check, table, column), person, frames)
        for table in dataset.package.tables
        for column in table.columns
    )
    steps = without_births(steps, dataset.package, frames)
    steps = without_unmoved_years(_without_people(steps, dataset, frames), frames)
    steps = _without_places(_with_one_name(_with_hidden_keys(steps, check)), dataset)
    steps = tuple(replace(s, role=QUASI) if _is_known(s, check) else s for s in steps)
    steps = settle_redundant(steps, check.redundant, dataset.package)
    steps = _with_texts(steps, dataset, frames)
    era, era_from = _draft_era(dataset, steps)
    linkage = tuple(s.where for s in steps if s.action == "random-id" and _links(s.column, person))
    return Plan(
        dataset=dataset.name,
        challenge=challenge,
        k=max(k, LOWEST_K),
        person=person,
        linkage=linkage,
        era=era,
        era_from=era_from,
        steps=steps,
    )


def _with_texts(
    steps: tuple[ColumnStep, ...], dataset: Dataset, frames: dict[str, pd.DataFrame]
) -> tuple[ColumnStep, ...]:
    """Return the steps with the texts of each column of text that stays, for the custodian to read."""
    open_texts = {f"{t.name}.{c.name}" for t in dataset.package.tables for c in t.columns if is_open_text(c)}
    return tuple(
        _with_shown(step, frames[step.table][step.column]) if step.action in KEPT and step.where in open_texts else step
        for step in steps
    )


def _with_shown(step: ColumnStep, values: pd.Series) -> ColumnStep:
    texts, different = texts_to_show(values)
    why = "; ".join(part for part in (step.why, say_forms(values)) if part)
    return replace(step, texts=texts, different=different, why=why)


def _without_people(
    steps: tuple[ColumnStep, ...], dataset: Dataset, frames: dict[str, pd.DataFrame]
) -> tuple[ColumnStep, ...]:
    """Return the steps with other actions for the dates of tables that belong to nobody, as a vocabulary does."""
    tables = tuple(replace(table, person=suggest_person(table)) for table in dataset.package.tables)
    owned = person_of_rows(replace(dataset.package, tables=tables), frames)
    other = {"shift": "year", "since-first": "drop", "birth-year": "drop"}
    return tuple(
        s if s.table in owned or not owned else replace(s, action=other.get(s.action, s.action)) for s in steps
    )


def _with_hidden_keys(steps: tuple[ColumnStep, ...], check: PrivacyCheck) -> tuple[ColumnStep, ...]:
    """Return the steps with the same random ids for a key in every table, so that their rows still join."""
    roots = {(each.table, each.column): each.root for each in check.hidden if each.root}
    roots |= {(s.table, s.column): s.column for s in steps if s.column in roots.values() and s.action == "drop"}
    ids = {s.column: s.ids or s.column for s in steps if s.action == "random-id"}
    return tuple(
        replace(s, action="random-id", ids=ids.get(root, root))
        if (root := roots.get((s.table, s.column))) and s.action in ("keep", "drop")
        else s
        for s in steps
    )


def _with_one_name(steps: tuple[ColumnStep, ...]) -> tuple[ColumnStep, ...]:
    """Return the steps with random ids for a kept column whose name is that of a key elsewhere: rows still join."""
    keys = {s.column: s.ids or s.column for s in steps if s.action == "random-id" and s.column not in ANYBODYS}
    return tuple(
        replace(s, action="random-id", ids=keys[s.column], why=f"a key of this name stands in another table; {s.why}")
        if s.action == "keep" and s.column in keys
        else s
        for s in steps
    )


def _without_places(steps: tuple[ColumnStep, ...], dataset: Dataset) -> tuple[ColumnStep, ...]:
    """Return the steps without keys of places and of staff in the rows of people: others know them, and k does not."""
    owned = {table.name for table in dataset.package.tables if suggest_person(table)}
    why = "who knows the place or the doctor sees a smaller crowd, and k counts no ids: drop it, or write it in words"
    return tuple(
        replace(s, action="drop", why=why)
        if s.action == "random-id" and s.table in owned and is_place_key(s.column)
        else s
        for s in steps
    )


def _is_known(step: ColumnStep, check: PrivacyCheck) -> bool:
    """Tell whether other people may know what a column will hold; of a date of birth the year is left, and known."""
    return step.action != "drop" and (step.where in check.quasi or step.action == "birth-year")


def _draft_step(
    table: Table,
    column: Column,
    frame: pd.DataFrame,
    found: list[Finding],
    person: str,
    frames: dict[str, pd.DataFrame],
) -> ColumnStep:
    action = _draft_action(table, column, found, _is_shared(column.name, frames))
    why = "; ".join(dict.fromkeys(f.what for f in found)) or "nothing was found"
    step = ColumnStep(table.name, column.name, action, why=why)
    only_key = {f.kind for f in found if f.severity is Severity.STOP} == {"R"}
    if action == "drop" and only_key and not column.note.startswith(ROW_COUNTER):
        domain = _same_ids(frame[column.name], frames)
        return replace(step, action="random-id", ids=domain) if domain else step
    if action == "random-id":
        return replace(step, ids=_id_domain(column.name, frame[column.name], person, frames))
    if column.type in ("integer", "number") and action in ("keep", "top-code"):
        look = Look(table.name, column, frame[column.name])
        low, high = limits_of(look)
        return replace(step, lowest=low, highest=high, blank=tuple(float(v) for v in sentinels_of(look)))
    return step


def _is_shared(name: str, frames: dict[str, pd.DataFrame]) -> bool:
    """Tell whether a key stands in several tables under its name, so that it joins them."""
    return is_record_key(name) and name not in ANYBODYS and sum(name in frame.columns for frame in frames.values()) > 1


def _draft_action(table: Table, column: Column, found: list[Finding], is_shared: bool) -> str:
    stops = {f.kind for f in found if f.severity is Severity.STOP}
    if is_birth_date(column.name) or is_birth_year(column.name):
        return "birth-year"
    if is_birth_part(column.name):
        return "drop"
    if kind_of_name(column.name) == NATIONAL:
        return "drop"
    if column.name == suggest_person(table):
        return "random-id"
    if is_key(column) and stops <= {"R", "reuse"}:
        return "drop" if column.note.startswith(ROW_COUNTER) and not is_shared else "random-id"
    if stops & set("ABDEFGHIJKLMNOPQR") or "text" in stops:
        return "drop"
    if any(f.advice == UNREAD for f in found):
        return "drop"
    if "C" in stops:
        return _draft_date(column)
    return "drop" if column.note.startswith(ROW_COUNTER) else "keep"


def _draft_date(column: Column) -> str:
    if is_age(column.name):
        return "top-code"
    return "since-first" if column.type in ("integer", "number") else "shift"


def _about(check: PrivacyCheck, table: Table, column: Column) -> list[Finding]:
    return [f for f in check.findings if f.where == f"{table.name}.{column.name}"]


def _person_column(dataset: Dataset) -> str:
    """Return the column that most tables tell people apart by; a mother's or a child's only when there is no other."""
    names = [p for t in dataset.package.tables if (p := suggest_person(t))]
    own = [name for name in names if not is_relative(name)] or names
    return max(own, key=own.count, default="")


def _id_domain(name: str, values: pd.Series, person: str, frames: dict[str, pd.DataFrame]) -> str:
    """Return the name under which equal values get equal random ids: a mother's id is a person's id."""
    whole = "" if _is_shared(name, frames) else _whole_key(values, frames)
    if name == person or not person or whole:
        return whole or name
    known = [frame[person] for frame in frames.values() if person in frame.columns]
    inside = any(values.dropna().isin(everyone).all() for everyone in known)
    return person if inside and _links(name, person) else name


def _whole_key(values: pd.Series, frames: dict[str, pd.DataFrame]) -> str:
    """Return the key that a column such as ``preceding_visit_id`` points to, by its name and its values."""
    name = _same_ids(values, frames)
    return name if name and str(values.name).endswith(f"_{name}") else ""


def _same_ids(values: pd.Series, frames: dict[str, pd.DataFrame]) -> str:
    """Return the key whose values a column repeats under another name, such as the encounter before a transfer."""
    known = values.dropna()
    for frame in frames.values():
        for name in (str(c) for c in frame.columns if is_record_key(str(c)) and c != values.name):
            if frame[name].dtype == values.dtype and frame[name].is_unique and known.isin(frame[name]).all():
                return name
    return ""


def _links(name: str, person: str) -> bool:
    return name != person and is_relative(name)


def _draft_era(dataset: Dataset, steps: tuple[ColumnStep, ...]) -> tuple[str, str]:
    """Return a kind of era and the column it comes from; none where the dates span few years or are day numbers."""
    dated = [s for s in steps if s.action in ("shift", "since-first")]
    dated.sort(
        key=lambda s: not any(word in s.column for word in ("admit", "admission", "index", "visit", "day", "booking"))
    )
    if not dated:
        return "", ""
    first = dated[0]
    values = dataset.column(first.column, first.table)
    if values.dtype.kind in "iuf":
        return "", ""
    dates = to_dates(first.where, values)
    long = (dates.max() - dates.min()).days >= FEWEST_YEARS * 365
    return ("3-years", first.where) if long else ("", "")
