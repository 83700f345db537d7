"""A synthetic table, and its truth: what was planted and where."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rounds.data.package import Column, DataPackage, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SyntheticCohort:
    """Rows for the learner, truth for the staff."""

    frame: pd.DataFrame
    truth: dict[str, Any]


def read_template(name: str, seed: int) -> DataPackage:
    """Read the description of a synthetic table, with the seed that makes its rows."""
    text = files("rounds.synthetic.tables").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    entry = tomllib.loads(text)
    columns = tuple(_parse_column(column) for column in entry.pop("column"))
    table = Table(entry["name"], f"{entry['name']}.parquet", columns, **entry.pop("table"))
    timeline = tuple(entry.pop("timeline"))
    return DataPackage(tables=(table,), kind="synthetic", seed=seed, timeline=timeline, **entry)


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Order the columns as the table does; fail when one is missing or too many."""
    if set(frame.columns) != set(table.names()):
        raise ValueError(f"{table.name}: {sorted(set(frame.columns) ^ set(table.names()))}")
    return frame.loc[:, list(table.names())].reset_index(drop=True)


def _parse_column(entry: dict[str, Any]) -> Column:
    levels = tuple(entry.pop("levels", ()))
    return Column(levels=levels, **entry)
