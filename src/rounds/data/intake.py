"""Bring a foreign table in: draft its package, confirm its columns, write it whole or not at all."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.decisions import (
    Decision,
    Decisions,
    apply_decision,
    load_decisions,
    shipped_decisions,
    shipped_names,
)
from rounds.data.descriptor import write_package
from rounds.data.draft import draft_column
from rounds.data.make import Progress, silent, write_parquet
from rounds.data.package import DataPackage, Table
from rounds.data.raw_table import read_table
from rounds.data.staging import stage
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

STEPS = 3
TO_CONFIRM = "Units, roles and times of this table are drafts. Confirm them before you use them."


def import_table(
    path: Path,
    name: str,
    folder: Path,
    *,
    kind: str = "public",
    decisions: Path | Decisions | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Import a CSV or Parquet file as the dataset ``folder/name``.

    Every column and every row is kept.  Without ``decisions`` the package is a draft whose units,
    roles and times are "to be confirmed"; a failed import leaves nothing behind.
    """
    _check_dataset_name(name)
    if isinstance(decisions, Path):
        decisions = load_decisions(decisions)
    progress(f"read {path.name}", 0, STEPS)
    raw = read_table(path)
    progress(f"describe {len(raw.columns)} columns", 1, STEPS)
    package, frame = _draft(raw, name, kind, path)
    if decisions is not None:
        package, frame = _decide(package, frame, decisions)
    progress(f"write {len(frame):,} rows", 2, STEPS)
    _write(folder / name, package, frame)
    progress(f"{name} is ready", STEPS, STEPS)
    return open_dataset(folder / name)


def find_decisions(path: Path) -> Decisions | None:
    """Return the shipped decisions whose columns are exactly those of the file, if there are any."""
    header = set(read_table(path).columns)
    for name in shipped_names():
        decisions = shipped_decisions(name)
        if {decision.column for decision in decisions.columns} == header:
            return decisions
    return None


def confirm(folder: Path, column: str, **decided: Any) -> Dataset:
    """Confirm one column of an imported dataset: its unit, role, time, conversion, name or values.

    Examples
    --------
    >>> confirm(folder, "weight", unit="lb", convert_to="g", role="outcome")  # doctest: +SKIP
    """
    dataset = open_dataset(folder)
    known = set(Decision.__dataclass_fields__) - {"column"}
    for key in decided:
        if key not in known:
            raise DataError(f'confirm has no argument "{key}".{suggest(key, known)}')
    decisions = Decisions(columns=(Decision(column, **decided),))
    package, frame = _decide(dataset.package, dataset.frame(), decisions)
    _write(folder, package, frame)
    return open_dataset(folder)


def _draft(raw: pd.DataFrame, name: str, kind: str, path: Path) -> tuple[DataPackage, pd.DataFrame]:
    import pandas as pd

    drafts = [draft_column(str(column), raw[column]) for column in raw.columns]
    frame = pd.DataFrame({column.name: values for column, values in drafts})
    columns = tuple(column for column, _ in drafts)
    table = Table(name, f"{name}.parquet", columns, row="one row for each line of the file")
    package = DataPackage(name, path.stem, kind, (table,), notice=TO_CONFIRM)
    return package, frame


def _decide(package: DataPackage, frame: pd.DataFrame, decisions: Decisions) -> tuple[DataPackage, pd.DataFrame]:
    package = _decide_table(package, decisions.table)
    for decision in decisions.columns:
        package, frame = _decide_column(package, frame, decision)
    return package, frame


def _decide_table(package: DataPackage, decided: dict[str, Any]) -> DataPackage:
    own = {key: decided[key] for key in ("row", "person") if key in decided}
    rest = {key: value for key, value in decided.items() if key not in own}
    if "timeline" in rest:
        rest["timeline"] = tuple(rest["timeline"])
    return replace(package, tables=(replace(package.table, **own),), **rest)


def _decide_column(package: DataPackage, frame: pd.DataFrame, decision: Decision) -> tuple[DataPackage, pd.DataFrame]:
    table = package.table
    old = table.column(decision.column)
    if decision.available is not None and package.timeline:
        package.position(decision.available)
    new, values = apply_decision(decision, old, frame[old.name])
    if new.name != old.name and new.name in table.names():
        raise DataError(f'"{old.name}" cannot be called "{new.name}": that column exists.')
    columns = tuple(new if column is old else column for column in table.columns)
    frame = frame.assign(**{old.name: values}).rename(columns={old.name: new.name})
    return replace(package, tables=(replace(table, columns=columns),)), frame


def _write(target: Path, package: DataPackage, frame: pd.DataFrame) -> None:
    with stage(target) as staging:
        write_package(package, staging)
        write_parquet(frame, staging / package.table.path)


def _check_dataset_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
        raise DataError(
            f'"{name}" is no dataset name: use small letters, digits, "-" and "_", and begin with a letter.'
        )
