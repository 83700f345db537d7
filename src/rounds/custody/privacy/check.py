"""`rounds data check`: everything in a dataset that could point at a person, and how well the crowd hides each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.anonymity import Anonymity, find_risks, find_small_groups, measure_view
from rounds.custody.privacy.crowds.people import find_repeating_person, say_mistaken_person
from rounds.custody.privacy.crowds.views import QUASI, build_views
from rounds.custody.privacy.findings.dates import find_dates, find_derived_ages
from rounds.custody.privacy.findings.hidden_keys import HiddenKey, find_hidden_keys
from rounds.custody.privacy.findings.orphans import find_orphans
from rounds.custody.privacy.findings.outside_knowledge import find_outside_knowledge
from rounds.custody.privacy.findings.redundant_quasi_identifiers import (
    RedundantQuasiIdentifier,
    find_redundant_quasi_identifiers,
)
from rounds.custody.privacy.findings.reuse import find_reused_ids
from rounds.custody.privacy.findings.titles import find_identifying_titles
from rounds.custody.privacy.findings.unseen_texts import find_unseen_texts
from rounds.custody.privacy.plan.treatment import Treatment, read_treatment
from rounds.custody.privacy.treating.rows_without_person import find_rows_without_person
from rounds.custody.signs.column_names import is_key, is_quasi, person_candidates
from rounds.custody.signs.finding import SAFE_HARBOR, Finding, Severity, in_order
from rounds.custody.signs.quality import find_strange_values
from rounds.custody.signs.scan import Look, scan_column
from rounds.data.dataset import Dataset
from rounds.data.package import DataPackage, Table
from rounds.meter import Progress

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS = 200


@dataclass(frozen=True)
class PrivacyCheck:
    """What a check of one dataset found."""

    dataset: str
    k: int
    rows: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    anonymity: tuple[Anonymity, ...]
    quasi: tuple[str, ...]
    hidden: tuple[HiddenKey, ...] = ()
    redundant: tuple[RedundantQuasiIdentifier, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing bars the dataset from being published."""
        return not self.stops

    @property
    def stops(self) -> tuple[Finding, ...]:
        """Return the findings that bar publishing."""
        return tuple(f for f in self.findings if f.severity is Severity.STOP)

    @property
    def direct_identifiers(self) -> tuple[Finding, ...]:
        """Return the findings of the 18 classes that are not solved."""
        return tuple(f for f in self.stops if f.kind in SAFE_HARBOR or f.kind == "text")


def check_dataset(
    dataset: Dataset,
    k: int,
    *,
    others: Sequence[Dataset] = (),
    sources: Sequence[Path] = (),
    progress: Progress = lambda *_: None,
) -> PrivacyCheck:
    """Check every column, the whole, and the policy's ``k``; the record of a treatment beside it counts.

    Where no quasi-identifier is declared, the columns whose names suggest it are measured, and a finding asks.
    """
    treatment = read_treatment(dataset.path)
    k, overridden = (
        (treatment.k_asked, [treatment.say_override(k)]) if treatment and treatment.is_overridden(k) else (k, [])
    )
    package, suggested = _with_suggestions(dataset.package, treatment)
    findings = [*find_identifying_titles(dataset.package, [p.name for p in sources]), *suggested, *overridden]
    frames: dict[str, pd.DataFrame] = {}
    for i, table in enumerate(package.tables):
        progress(f"look into {table.name}", i, len(package.tables) + 1)
        frames[table.name] = dataset.frame(table.name)
        findings += [*_look_into(table, frames[table.name], k), *_find_mistaken_person(table, frames[table.name])]
    progress("count the crowds", len(package.tables), len(package.tables) + 1)
    findings += _find_across_tables(package, frames)
    hidden = tuple(find_hidden_keys(package, frames))
    findings += [each.finding() for each in hidden]
    redundant = () if treatment else find_redundant_quasi_identifiers(package, frames)  # a plan with any is refused
    findings += [each.finding() for each in redundant]
    findings += find_reused_ids(dataset, others)
    views = build_views(package, frames)
    anonymity = tuple(measure_view(view) for view in views)
    if treatment:
        findings += [*find_outside_knowledge(package, views, frames, k), *find_unseen_texts(package, treatment)]
    findings += [finding for a in anonymity for finding in find_risks(a, k)]
    settled = [treatment.settle(f) for f in findings] if treatment else findings
    progress("done", len(package.tables) + 1, len(package.tables) + 1)
    rows = tuple((name, len(frame)) for name, frame in frames.items())
    return PrivacyCheck(dataset.name, k, rows, in_order(settled), anonymity, _quasi(package), hidden, redundant)


def _quasi(package: DataPackage) -> tuple[str, ...]:
    return tuple(f"{table.name}.{column}" for table in package.tables for column in table.names(QUASI))


def _find_across_tables(package: DataPackage, frames: dict[str, pd.DataFrame]) -> list[Finding]:
    """Return what only several columns or tables together show."""
    return [
        *find_derived_ages(package, frames),
        *find_orphans(package, frames),
        *find_rows_without_person(package, frames),
    ]


def suggest_person(table: Table) -> str | None:
    """Return the column that most likely tells the people of a table apart."""
    if table.person:
        return table.person
    return next(iter(person_candidates(table.names())), None)


def _look_into(table: Table, frame: pd.DataFrame, k: int) -> list[Finding]:
    found: list[Finding] = []
    owner = frame[table.person] if table.person else None
    for column in table.columns:
        look = Look(table.name, column, frame[column.name], owner)
        found += [*scan_column(look), *find_dates(look), *find_strange_values(look)]
    return found + find_small_groups(table, frame, _groupable(table, frame), k)


def _find_mistaken_person(table: Table, frame: pd.DataFrame) -> list[Finding]:
    """Return a finding when a table's person tells its rows apart: k would count the visits of one person as many."""
    other = find_repeating_person(table.person or "", frame)
    if not other:
        return []
    return [Finding("role", Severity.STOP, f"{table.name}.{table.person}", *say_mistaken_person(table, frame, other))]


def _groupable(table: Table, frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(n for n in table.names(QUASI) if frame[n].nunique() <= MOST_LEVELS)


def _with_suggestions(package: DataPackage, treatment: Treatment | None) -> tuple[DataPackage, list[Finding]]:
    """Return the package with a person for each table, and quasi-identifiers where none is declared."""
    tables = tuple(replace(table, person=suggest_person(table)) for table in package.tables)
    if any(table.names(QUASI) for table in tables):
        return replace(package, tables=tables), []
    tables = tuple(_suggest_quasi(table) for table in tables)
    names = [f"{t.name}.{c}" for t in tables for c in t.names(QUASI)]
    total = sum(len(t.columns) for t in tables)
    advice = "Confirm each: rounds data confirm NAME COLUMN --role quasi-identifier"
    what = "no quasi-identifier is declared; by their names these columns may be: " + (", ".join(names) or "none")
    severity = Severity.NOTE if treatment else Severity.STOP
    return replace(package, tables=tables), [Finding("role", severity, package.name, what, len(names), total, advice)]


def _suggest_quasi(table: Table) -> Table:
    for column in table.columns:
        if is_quasi(column.name) and not is_key(column) and column.name != table.person:
            table = table.with_column(replace(column, role=QUASI))
    return table
