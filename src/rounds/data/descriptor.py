"""Read and write a data package as Frictionless ``datapackage.json``.

Frictionless keys where the standard has one; our own under the prefix ``rounds:``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rounds.data.package import Column, DataPackage, Table
from rounds.errors import DataError

FILE = "datapackage.json"
_COLUMN_KEYS = (
    "unit",
    "code_system",
    "code",
    "definition_clinical",
    "definition_ml",
    "role",
    "available",
    "note",
    "to_confirm",
)
_PACKAGE_KEYS = ("kind", "seed", "notice", "timeline", "prediction_time")


def write_package(package: DataPackage, folder: Path) -> Path:
    """Write the descriptor into the folder and return its path."""
    path = folder / FILE
    text = json.dumps(render_descriptor(package), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read_package(folder: Path) -> DataPackage:
    """Read the descriptor of a folder."""
    path = folder / FILE
    try:
        return parse_descriptor(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: this data package cannot be read ({_why(error)}).") from error


def render_descriptor(package: DataPackage) -> dict[str, Any]:
    """Return the package as a Frictionless descriptor."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package.name,
        "title": package.title,
        "version": package.version,
        "licenses": [{"name": package.licence}] if package.licence else [],
        **_own(package, _PACKAGE_KEYS),
        "resources": [_render_table(table) for table in package.tables],
    }


def parse_descriptor(entry: dict[str, Any]) -> DataPackage:
    """Return the package that a Frictionless descriptor describes."""
    licences = entry.get("licenses") or [{"name": ""}]
    return DataPackage(
        name=entry["name"],
        title=entry["title"],
        version=entry["version"],
        licence=licences[0]["name"],
        tables=tuple(_parse_table(resource) for resource in entry["resources"]),
        **_read_own(entry, _PACKAGE_KEYS),
    )


def _render_table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": table.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **_own(table, ("row", "person")),
        "schema": {"fields": [_render_column(column) for column in table.columns]},
    }


def _render_column(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type}
    if column.levels:
        field["constraints"] = {"enum": list(column.levels)}
    return {**field, "description": column.definition_ml, **_own(column, _COLUMN_KEYS)}


def _parse_table(resource: dict[str, Any]) -> Table:
    fields = resource["schema"]["fields"]
    return Table(
        name=resource["name"],
        path=_inside(resource["path"]),
        columns=tuple(_parse_column(field) for field in fields),
        **_read_own(resource, ("row", "person")),
    )


def _parse_column(field: dict[str, Any]) -> Column:
    return Column(
        name=field["name"],
        type=field["type"],
        levels=tuple(field.get("constraints", {}).get("enum", ())),
        **_read_own(field, _COLUMN_KEYS),
    )


def _own(thing: object, keys: tuple[str, ...]) -> dict[str, Any]:
    values = {key: getattr(thing, key) for key in keys}
    return {
        f"rounds:{key}": list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value not in (None, "", ())
    }


def _read_own(entry: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    values = {key: entry[f"rounds:{key}"] for key in keys if f"rounds:{key}" in entry}
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}


def _inside(path: str) -> str:
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f'the path "{path}" leads out of the package')
    return path


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f'the key "{error.args[0]}" is missing'
    return str(error)
