"""What a person decided about an imported table: how its file is read, and what each column is.

Decisions live in a TOML file, one ``[[column]]`` each, so that everybody can read and edit them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.intake.sources.reading import Reading
from rounds.data.package import ROLES, TYPES, Column
from rounds.data.units import find_factor, ucum
from rounds.errors import Command, DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

ASK = "ask"
DATES = ("iso", "day-first", "month-first", "month", "excel-serial", "yyyymmdd", "unix-s", "unix-ms", ASK)
ZONES = ("utc", "local")


@dataclass(frozen=True)
class Decision:
    """One column's confirmation; what is None stays as it was drafted.

    ``table`` is needed where a package has several tables.  ``type`` to ``system_column`` say how cells are read; the
    others say what they mean.
    """

    column: str
    table: str | None = None
    type: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    missing: tuple[str, ...] | None = None
    beside: str | None = None
    dates: str | None = None
    newest_year: int | None = None
    zone: str | None = None
    system_column: str | None = None
    name: str | None = None
    unit: str | None = None
    convert_to: str | None = None
    role: str | None = None
    available: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    code_system: str | None = None
    code: str | None = None
    definition_clinical: str | None = None
    definition_ml: str | None = None


READ_KEYS = ("type", "decimal", "thousands", "missing", "beside", "dates", "newest_year", "zone", "system_column")
_CHOICES: dict[str, tuple[str, ...]] = {
    "type": TYPES,
    "decimal": (".", ",", ASK),
    "thousands": ("", ",", ".", " "),
    "dates": DATES,
    "zone": ZONES,
    "role": ROLES,
}


@dataclass(frozen=True)
class Decisions:
    """All decisions of one file: how it is read, about the tables as a whole, and about their columns."""

    table: dict[str, Any] = field(default_factory=dict)
    columns: tuple[Decision, ...] = ()
    files: tuple[Reading, ...] = ()

    def of_kind(self, kind: str) -> Decisions:
        """Return the decisions for a table of this kind, whatever they said themselves."""
        return replace(self, table={**self.table, "kind": kind})


def load_decisions(path: Path) -> Decisions:
    """Read a decisions file; an unknown key names the nearest known one."""
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{path}: there is no such file. Make a draft of the decisions: ",
            Command("data", "import", "FILE", "--draft", path),
        ) from None
    except (OSError, ValueError) as error:
        twice = " A key stands twice: change its first line, and write no second one" * ("overwrite" in str(error))
        raise DataError(f"{path}: these decisions cannot be read ({error}).{twice}{'.' * bool(twice)}") from error
    _check_keys(path, entry, {"table", "column", "file"})
    table = entry.get("table", {})
    _check_keys(path, table, _TABLE_KEYS)
    columns = tuple(_parse_decision(path, c) for c in entry.get("column", []))
    return Decisions(table, columns, tuple(_parse_reading(path, f) for f in entry.get("file", [])))


def shipped_decisions(name: str) -> Decisions:
    """Return the decisions that Rounds ships for a well-known public file."""
    known = shipped_names()
    if name not in known:
        raise DataError(f'Rounds ships no decisions for "{name}".{suggest(name, known)}')
    with as_file(files("rounds.custody.intake.proposals").joinpath("shipped", f"{name}.toml")) as path:
        return load_decisions(path)


def shipped_names() -> tuple[str, ...]:
    """Return the names of the files for which Rounds ships decisions."""
    folder = files("rounds.custody.intake.proposals").joinpath("shipped")
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml")))


def apply_decision(decision: Decision, column: Column, values: pd.Series) -> tuple[Column, pd.Series]:
    """Return the confirmed column and its converted values."""
    column, values = _convert(decision, column, values)
    column, values = _rename_values(decision, column, values)
    given = {key: getattr(decision, key) for key in _PLAIN if getattr(decision, key) is not None}
    done = {"unit", *given} if decision.unit else set(given)
    open_keys = tuple(key for key in column.to_confirm if key not in done)
    return replace(column, **given, to_confirm=open_keys), values


def _convert(decision: Decision, column: Column, values: pd.Series) -> tuple[Column, pd.Series]:
    if decision.convert_to and not (decision.unit or column.unit):
        raise DataError(f'"{column.name}": say unit=... before convert_to="{decision.convert_to}".')
    if decision.unit is None and decision.convert_to is None:
        return column, values
    unit = ucum(decision.unit or column.unit or "")
    if column.unit and "unit" not in column.to_confirm and unit != column.unit:
        raise DataError(f'"{column.name}" is already confirmed in {column.unit}, not in {unit}.')
    target = ucum(decision.convert_to or unit)
    if target == unit:
        return replace(column, unit=unit), values
    return _multiply(column, values, unit, target)


def _multiply(column: Column, values: pd.Series, unit: str, target: str) -> tuple[Column, pd.Series]:
    if column.type not in ("integer", "number"):
        raise DataError(f'"{column.name}" holds no numbers, so {unit} cannot become {target}.')
    factor = find_factor(unit, target)
    whole = column.type == "integer" and factor == int(factor)
    note = f"{column.note} Converted from {unit} to {target}: x {factor:.9g}.".strip()
    changed = replace(column, unit=target, note=note, type="integer" if whole else "number")
    return changed, (values * (int(factor) if whole else factor)).astype(values.dtype if whole else "float64")


def _rename_values(decision: Decision, column: Column, values: pd.Series) -> tuple[Column, pd.Series]:
    if not decision.values:
        return column, values
    lost = set(values.dropna().unique()) - set(decision.values)
    if lost:
        raise DataError(f'"{column.name}": the decision names no new value for "{min(map(str, lost))}".')
    levels = tuple(sorted(set(decision.values.values())))
    return replace(column, levels=levels), values.map(decision.values)


def _parse_decision(path: Path, entry: dict[str, Any]) -> Decision:
    _check_keys(path, entry, {f.name for f in fields(Decision)})
    if "column" not in entry:
        raise DataError(f'{path}: a [[column]] lacks the line column = "...".')
    entry = {key: tuple(map(str, value)) if isinstance(value, list) else value for key, value in entry.items()}
    for key, choices in _CHOICES.items():
        if key in entry and entry[key] not in choices:
            said = f'{path}, column "{entry["column"]}": {key} = "{entry[key]}" is not known.'
            raise DataError(f"{said}{suggest(str(entry[key]), [c for c in choices if c.strip()])}")
    return Decision(**entry)


def _parse_reading(path: Path, entry: dict[str, Any]) -> Reading:
    _check_keys(path, entry, {f.name for f in fields(Reading)} - {"evidence", "guess"})
    if "source" not in entry:
        raise DataError(f'{path}: a [[file]] lacks the line source = "...".')
    lines = entry.get("leave_out", [])
    if not isinstance(lines, list) or any(type(line) is not int for line in lines):
        raise DataError(
            f'{path}, file "{entry["source"]}": leave_out takes numbers of lines, such as leave_out = [42].'
        )
    return Reading(**{**entry, "leave_out": tuple(lines)})


def _check_keys(path: Path, entry: dict[str, Any], known: set[str]) -> None:
    for key in entry:
        if key not in known:
            raise DataError(f'{path}: the key "{key}" is not known.{suggest(key, known)}')


_PLAIN = (
    "name",
    "role",
    "available",
    "code_system",
    "code",
    "definition_clinical",
    "definition_ml",
)
_TABLE_KEYS = {
    "title",
    "row",
    "person",
    "kind",
    "licence",
    "notice",
    "timeline",
    "prediction_time",
}
