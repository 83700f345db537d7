"""Bring foreign tables in: draft their package, confirm their columns, write all of it or nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.intake.first_looks import say_file
from rounds.custody.intake.inspection import inspect
from rounds.custody.intake.omop import cdm_timeline, check_columns, is_omop, tables_by_source
from rounds.custody.intake.proposals.decisions import (
    Decision,
    Decisions,
    apply_decision,
    load_decisions,
    shipped_decisions,
    shipped_names,
)
from rounds.custody.intake.proposals.proposal import Proposal
from rounds.custody.intake.resolve import ColumnReading, build_plans
from rounds.custody.intake.sources.open import open_sources
from rounds.custody.intake.sources.packed import stem_of
from rounds.custody.intake.sources.reading import SourceTable
from rounds.custody.intake.write_table import write_table
from rounds.data.dataset import Dataset, open_dataset, write_parquet
from rounds.data.descriptor import write_package
from rounds.data.package import DataPackage, Table
from rounds.errors import DataError, suggest
from rounds.meter import Progress, silent
from rounds.store.staging import stage

if TYPE_CHECKING:
    import pandas as pd

PARTS = 1000
TO_CONFIRM = "Units, roles and times of this table are drafts. Confirm them before you use them."
ROW = "one row for each line of the file"


@dataclass(frozen=True)
class OpenQuestion:
    """What a person must decide about a column before it is more than text, or about a row: then without a column."""

    table: str
    column: str
    what: str


@dataclass(frozen=True)
class Incoming:
    """One table that comes in: where from, under which name, how each column is read, and what a row is."""

    source: SourceTable
    name: str
    plans: tuple[ColumnReading, ...]
    row: str
    person: str | None
    looks: tuple[str, ...] = ()

    def write(self, folder: Path, report: Callable[[float], None]) -> Table:
        """Write the rows into the folder and return the table's description."""
        file = f"{self.name}.parquet"
        columns = write_table(self.source, self.plans, folder / file, report)
        return Table(self.name, file, columns, row=self.row, person=self.person)


def import_table(
    path: Path,
    name: str,
    folder: Path,
    *,
    kind: str = "public",
    decisions: Path | Decisions | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Import a file, or a folder of several tables, as the dataset ``folder/name``.

    Every column and every row is kept.  Without ``decisions`` the package is a draft whose units, roles and times are
    "to be confirmed", and what is not certain stays text; a failed import leaves nothing behind.
    """
    return import_asking(path, name, folder, kind=kind, decisions=decisions, progress=progress)[0]


def import_asking(
    path: Path,
    name: str,
    folder: Path,
    *,
    kind: str = "public",
    decisions: Path | Decisions | None = None,
    progress: Progress = silent,
) -> tuple[Dataset, tuple[OpenQuestion, ...]]:
    """Import as ``import_table`` does, and return what is still to be decided as well."""
    _check_dataset_name(name)
    decided = load_decisions(decisions) if isinstance(decisions, Path) else decisions or Decisions()
    sources = open_sources(path, decided.files)
    total = 2 * PARTS * len(sources)
    coming = _prepare(sources, name, decided, _reporter(progress, "look into", sources, 0, total))
    package = _package(path, name, kind, decided, () if _says_when(decided) else cdm_timeline(sources))
    report = _reporter(progress, "write", sources, PARTS * len(sources), total)
    with stage(folder / name) as staging:
        tables = tuple(
            table.write(staging, lambda share, i=i: report(i, share))  # type: ignore[misc]
            for i, table in enumerate(coming)
        )
        write_package(replace(package, tables=tables), staging)
    progress(f"{name} is ready", total, total)
    questions = [OpenQuestion(t.name, p.column.name, p.question) for t in coming for p in t.plans if p.question]
    looks = [OpenQuestion(t.name, "", look) for t in coming for look in t.looks]
    return open_dataset(folder / name), (*looks, *questions)


def _prepare(
    sources: Sequence[SourceTable], dataset: str, decided: Decisions, report: Callable[[int, float], None]
) -> tuple[Incoming, ...]:
    """Look at every cell, and return how each table will be read; raise for decisions that cannot be carried out."""
    if is_omop(sources):
        check_columns(sources, decided.columns)
    names = table_names(sources, decided, dataset)
    _check_tables(decided, names)
    cdm = tables_by_source(sources)
    coming = []
    for found, name in zip(inspect(sources, 0, report), names, strict=True):
        about = [d for d in decided.columns if d.table == name or (d.table is None and len(names) == 1)]
        plans = build_plans(found.source, name, found.profiles, _undated(found.proposals, decided), about)
        reading, model = found.source.reading, cdm.get(found.source.reading.source)
        row = reading.row or decided.table.get("row") or (model.row if model else "") or ROW
        person = reading.person or decided.table.get("person") or (model.person if model else "")
        looks = tuple(say_file(found))
        coming.append(Incoming(found.source, name, plans, row, _person(name, plans, person), looks))
    return tuple(coming)


def _undated(proposals: Mapping[str, Proposal], decided: Decisions) -> Mapping[str, Proposal]:
    """Return the proposals without their moments when a person decided: a line that was taken out stays out."""
    if not _says_when(decided):
        return proposals
    return {n: replace(p, decision=replace(p.decision, available=None)) for n, p in proposals.items()}


def _says_when(decided: Decisions) -> bool:
    return bool(decided.columns or "timeline" in decided.table)


def table_names(sources: Sequence[SourceTable], decided: Decisions, dataset: str) -> list[str]:
    """Return the name of each table: a single one is called as the dataset, unless a decision says otherwise."""
    chosen = {reading.source: reading.table for reading in decided.files}
    if len(sources) == 1:
        return [chosen.get(sources[0].reading.source) or dataset]
    return [source.reading.table for source in sources]


def find_decisions(path: Path) -> Decisions | None:
    """Return the shipped decisions whose columns are exactly those of the file, if there are any."""
    sources = open_sources(path)
    if len(sources) != 1:
        return None
    header = set(sources[0].header)
    for name in shipped_names():
        decisions = shipped_decisions(name)
        if {decision.column for decision in decisions.columns} == header:
            return decisions
    return None


def confirm(folder: Path, column: str, **decided: Any) -> Dataset:
    """Confirm one column of an imported dataset: its unit, role, time, conversion, name or values.

    In a package of several tables the column is called ``table.column``.

    Examples
    --------
    >>> confirm(folder, "weight", unit="lb", convert_to="g", role="outcome")  # doctest: +SKIP
    """
    dataset = open_dataset(folder)
    known = set(Decision.__dataclass_fields__) - {"column"}
    for key in decided:
        if key not in known:
            raise DataError(f'confirm has no argument "{key}".{suggest(key, known)}')
    table, column = _find_column(dataset.package, column)
    package, frame = _decide_column(dataset.package, table, dataset.frame(table.name), Decision(column, **decided))
    with stage(folder) as staging:
        write_package(package, staging)
        for other in dataset.package.tables:
            if other.name == table.name:
                write_parquet(frame, staging / other.path)
            else:
                shutil.copy2(folder / other.path, staging / other.path)
    return open_dataset(folder)


def _find_column(package: DataPackage, name: str) -> tuple[Table, str]:
    tables = {table.name: table for table in package.tables}
    first, _, rest = name.partition(".")
    if name not in package.table.names() and rest and first in tables:
        return tables[first], rest
    return package.table, name


def _decide_column(
    package: DataPackage, table: Table, frame: pd.DataFrame, decision: Decision
) -> tuple[DataPackage, pd.DataFrame]:
    old = table.column(decision.column)
    if decision.available is not None and package.timeline:
        package.position(decision.available)
    new, values = apply_decision(decision, old, frame[old.name])
    if new.name != old.name and new.name in table.names():
        raise DataError(f'"{old.name}" cannot be called "{new.name}": that column exists.')
    columns = tuple(new if column is old else column for column in table.columns)
    frame = frame.assign(**{old.name: values}).rename(columns={old.name: new.name})
    changed = replace(table, columns=columns)
    return replace(package, tables=tuple(changed if t is table else t for t in package.tables)), frame


def _package(path: Path, name: str, kind: str, decided: Decisions, timeline: tuple[str, ...]) -> DataPackage:
    """Return the package before its tables; the timeline of a standard stands where none was decided."""
    rest = {key: value for key, value in decided.table.items() if key not in ("row", "person")}
    if "timeline" in rest:
        timeline = tuple(rest.pop("timeline"))
    package = DataPackage(
        **{
            "name": name,
            "title": stem_of(path),
            "kind": kind,
            "tables": (),
            "notice": TO_CONFIRM,
            "timeline": timeline,
            **rest,
        }
    )
    for decision in decided.columns if package.timeline else ():
        if decision.available is not None:
            package.position(decision.available)
    return package


def _person(table: str, plans: Sequence[ColumnReading], person: str) -> str | None:
    """Return the person's column under its new name; raise for one that the table does not have."""
    names = {plan.column.name: plan.decision.name or plan.column.name for plan in plans}
    if person and person not in names and person not in names.values():
        raise DataError(f'Table "{table}": person = "{person}" is no column.{suggest(person, names)}')
    return names.get(person, person) or None


def _check_tables(decided: Decisions, names: Sequence[str]) -> None:
    for decision in decided.columns:
        if decision.table is not None and decision.table not in names:
            raise DataError(
                f'column "{decision.column}": there is no table "{decision.table}".{suggest(decision.table, names)}'
            )
        if decision.table is None and len(names) > 1:
            raise DataError(f'column "{decision.column}": say of which table, such as table = "{names[0]}".')


def _reporter(
    progress: Progress, what: str, sources: Sequence[SourceTable], start: int, total: int
) -> Callable[[int, float], None]:
    def report(number: int, share: float) -> None:
        progress(f"{what} {sources[number].reading.source}", start + int(PARTS * (number + share)), total)

    return report


def _check_dataset_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
        raise DataError(
            f'"{name}" is no dataset name: use small letters, digits, "-" and "_", and begin with a letter.'
        )
