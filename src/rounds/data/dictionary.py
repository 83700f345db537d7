"""The data dictionary: one line a column, for the engineer and for the clinician."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from rounds.data.answers import Answer, find_answers
from rounds.data.dataset import Dataset
from rounds.data.package import Column, DataPackage

Answers = tuple[Answer, ...]
_READERS = ("What the clinic means (for engineers)", "What a model sees (for clinicians)")
_FACTS, _OPEN = ("unit", "role", "known at"), "(to be confirmed)"
_HEADS = ("Column", "Unit", "Role", "Known at", *_READERS, "Code")


@dataclass(frozen=True)
class Dictionary:
    """A package's columns in words; text in a terminal, a table in a notebook."""

    package: DataPackage
    answers: Answers = ()

    def __str__(self) -> str:
        """Return the dictionary as text."""
        return render_text(self.package, self.answers)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the dictionary as an HTML table."""
        return render_html(self.package, self.answers)


def describe(dataset: Dataset | DataPackage | str) -> Dictionary:
    """Return the data dictionary of a dataset or of one's name, with what clinicians have answered about its columns.

    Examples
    --------
    >>> rounds.data.describe("birthweight")  # doctest: +SKIP
    """
    if isinstance(dataset, str):
        from rounds.data.shelf.shelf import load

        dataset = load(dataset)
    if isinstance(dataset, Dataset):
        return Dictionary(dataset.package, find_answers(dataset.path))
    return Dictionary(dataset)


def render_text(package: DataPackage, answers: Answers = ()) -> str:
    """Return the dictionary as plain text."""
    lines = [f"{package.title} ({package.kind}, version {package.version})", package.notice]
    if package.prediction_time:
        lines.append(f"Time of prediction: {package.prediction_time.replace('_', ' ')}.")
    for table in package.tables:
        lines += ["", f"Table {table.name}: {table.row}"]
        for column in table.columns:
            lines += [*_text_lines(column), *_answer_lines(_about(answers, table.name, column.name))]
    return "\n".join(lines)


def render_html(package: DataPackage, answers: Answers = ()) -> str:
    """Return the dictionary as one HTML table for each table."""
    parts = [f"<p><strong>{escape(package.title)}</strong>. {escape(package.notice)}</p>"]
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    for table in package.tables:
        rows = "".join(_html_row(column, _about(answers, table.name, column.name)) for column in table.columns)
        parts.append(
            f"<table><caption>Table {escape(table.name)}: {escape(table.row)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    return f'<div class="rounds-dictionary">{"".join(parts)}</div>'


def _text_lines(column: Column) -> Iterator[str]:
    named = zip(_FACTS, _cells(column)[1:4], strict=True)
    facts = ", ".join(f"{name} {fact}" if fact == _OPEN else fact for name, fact in named if fact)
    yield f"  {column.name} ({column.type}; {facts})"
    if column.definition_clinical:
        yield f"      engineer:  {column.definition_clinical}"
    if column.definition_ml:
        yield f"      clinician: {column.definition_ml}"
    if column.note:
        yield f"      note:      {column.note}"


def _about(answers: Answers, table: str, column: str) -> Answers:
    return tuple(a for a in answers if (a.table, a.column) == (table, column))


def _answer_lines(answers: Answers) -> Iterator[str]:
    for a in answers:
        yield f"      asked:     {_one_line(a.question)}"
        yield f"      answered:  {_one_line(a.answer)} ({a.by}, {a.at[:10]})"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _html_row(column: Column, answers: Answers = ()) -> str:
    name, *rest = _cells(column)
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    row = f'<tr><th scope="row"><code>{escape(name)}</code></th>{cells}</tr>'
    return row + "".join(_html_answer(answer) for answer in answers)


def _html_answer(a: Answer) -> str:
    who = f"{escape(a.by)}, {escape(a.at[:10])}"
    said = f"<strong>Asked:</strong> {escape(a.question)}<br><strong>Answered:</strong> {escape(a.answer)} ({who})"
    return f'<tr><td></td><td colspan="{len(_HEADS) - 1}">{said}</td></tr>'


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
    return f"{value} {_OPEN}".strip() if key in column.to_confirm else value
