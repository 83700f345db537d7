"""The data dictionary: one line a column, for the engineer and for the clinician."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from rounds.data.dataset import Dataset
from rounds.data.package import Column, DataPackage

_HEADS = ("Column", "Unit", "Role", "Known at", "For the engineer", "For the clinician", "Code")


@dataclass(frozen=True)
class Dictionary:
    """A package's columns in words; text in a terminal, a table in a notebook."""

    package: DataPackage

    def __str__(self) -> str:
        """Return the dictionary as text."""
        return render_text(self.package)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the dictionary as an HTML table."""
        return render_html(self.package)


def describe(dataset: Dataset | DataPackage) -> Dictionary:
    """Return the data dictionary of a dataset."""
    return Dictionary(dataset.package if isinstance(dataset, Dataset) else dataset)


def render_text(package: DataPackage) -> str:
    """Return the dictionary as plain text."""
    lines = [f"{package.title} ({package.kind}, version {package.version})", package.notice]
    if package.prediction_time:
        lines.append(f"Time of prediction: {package.prediction_time.replace('_', ' ')}.")
    for table in package.tables:
        lines += ["", f"Table {table.name}: {table.row}"]
        lines += [line for column in table.columns for line in _text_lines(column)]
    return "\n".join(lines)


def render_html(package: DataPackage) -> str:
    """Return the dictionary as one HTML table for each table."""
    parts = [f"<p><strong>{escape(package.title)}</strong>. {escape(package.notice)}</p>"]
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    for table in package.tables:
        rows = "".join(_html_row(column) for column in table.columns)
        parts.append(
            f"<table><caption>Table {escape(table.name)}: {escape(table.row)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    return f'<div class="rounds-dictionary">{"".join(parts)}</div>'


def _text_lines(column: Column) -> Iterator[str]:
    facts = ", ".join(fact for fact in _cells(column)[1:4] if fact)
    yield f"  {column.name} ({column.type}; {facts})"
    if column.definition_clinical:
        yield f"      engineer:  {column.definition_clinical}"
    if column.definition_ml:
        yield f"      clinician: {column.definition_ml}"
    if column.note:
        yield f"      note:      {column.note}"


def _html_row(column: Column) -> str:
    name, *rest = _cells(column)
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row"><code>{escape(name)}</code></th>{cells}</tr>'


def _cells(column: Column) -> tuple[str, ...]:
    code = f"{column.code_system} {column.code}" if column.code else ""
    clinician = " ".join(part for part in (column.definition_ml, column.note) if part)
    return (
        column.name,
        _or_confirm(column, "unit", column.unit or ""),
        _or_confirm(column, "role", column.role),
        _or_confirm(column, "available", column.available.replace("_", " ")),
        column.definition_clinical,
        clinician,
        code,
    )


def _or_confirm(column: Column, key: str, value: str) -> str:
    return f"{value} (to be confirmed)".strip() if key in column.to_confirm else value
