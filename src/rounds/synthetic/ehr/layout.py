"""The tables and columns that every cohort shares, and how a cohort's description is put together from them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from rounds.data.package import Column, DataPackage, Table

CODE_COLUMNS = {
    ("lab", "loinc"): "LOINC",
    ("vital", "loinc"): "LOINC",
    ("observation", "code"): "observation",
    ("diagnosis", "icd10"): "ICD-10",
    ("procedure", "code"): "procedure",
    ("medication", "atc"): "ATC",
}


def read_toml(name: str) -> dict[str, Any]:
    """Read a TOML file beside this module."""
    return tomllib.loads(files("rounds.synthetic.ehr").joinpath(name).read_text(encoding="utf-8"))


@cache
def shared_tables() -> dict[str, Table]:
    """Return every table of the layout by its name."""
    return {entry["name"]: _parse_table(entry) for entry in read_toml("layout.toml")["table"]}


def read_description(name: str, seed: int) -> DataPackage:
    """Return the data package of a cohort without its rows."""
    entry = read_toml(f"descriptions/{name}.toml")
    events, codes = entry.pop("events"), entry.pop("codes")
    chosen = [shared_tables()[table] for table in entry.pop("tables")]
    tables = tuple(_adapt(table, events, codes) for table in chosen)
    return DataPackage(tables=tables, kind="synthetic", seed=seed, timeline=tuple(entry.pop("timeline")), **entry)


def _parse_table(entry: dict[str, Any]) -> Table:
    columns = tuple(Column(levels=tuple(c.pop("levels", ())), **c) for c in entry.pop("column"))
    return Table(path=f"{entry['name']}.parquet", columns=columns, **entry)


def _adapt(table: Table, events: dict[str, str], codes: dict[str, list[str]]) -> Table:
    columns = tuple(
        _with_codes(replace(c, available=events.get(c.available, c.available)), table.name, codes)
        for c in table.columns
    )
    return replace(table, columns=columns)


def _with_codes(column: Column, table: str, codes: dict[str, list[str]]) -> Column:
    if (table, column.name) not in CODE_COLUMNS:
        return column
    known = read_toml("codes.toml")
    meanings = [f"{code}: {known[CODE_COLUMNS[table, column.name]][code]}" for code in codes[table]]
    return replace(column, levels=tuple(codes[table]), note="; ".join(meanings))
