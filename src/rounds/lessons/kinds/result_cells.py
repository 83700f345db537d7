"""A mistake in a query that was made along with others: known by the cells in which each of them differs.

A known mistake is itself a query.  What it changes in the right result, cell by cell, is looked for in what the answer
changes; so each mistake is written down once, and not once more with every other.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rounds.lessons.kinds.result import Open, Wanted, plain_rows, run
from rounds.lessons.ladder import Diagnosis, Mistake

Known = tuple[str, str, str]  # a name, a query that makes the mistake, the sentence to it
Cell = tuple[str, str]  # the key of a row and a column; no column stands for the row itself, no key for the one row


def _cells(wanted: Wanted, sql: str, ward: Open) -> dict[Cell, Any]:
    """Return what a query says in each cell, None for NULL; nothing where it cannot run or its rows have no key."""
    table = run(ward, sql)
    if isinstance(table, str) or not {*wanted.columns} <= {*map(str, table.columns)}:
        return {}
    rows = plain_rows(wanted, ward, sql)
    if not wanted.key:
        return {("", name): _one(rows[name].iloc[0]) for name in wanted.columns} if len(rows) == 1 else {}
    if rows[wanted.key].isna().any() or rows[wanted.key].duplicated().any():
        return {}
    keys = rows[wanted.key].astype(str)
    there: dict[Cell, Any] = {(key, ""): "there" for key in keys}
    values = {(key, name): _one(value) for name in wanted.columns for key, value in zip(keys, rows[name], strict=True)}
    return there | values


def _one(value: Any) -> Any:
    return None if value != value or value is None else round(value, 6) if isinstance(value, float) else value


def _wrong_cells(wanted: Wanted, right: str, sql: str, ward: Open) -> dict[Cell, Any]:
    """Return in which cells a query differs from the right one; of a row that only one of them has, the row alone."""
    given, ours = _cells(wanted, sql, ward), _cells(wanted, right, ward)
    if not given:
        return {}
    both = {key for key, name in given if not name} & {key for key, name in ours if not name}
    cells = [cell for cell in given.keys() | ours.keys() if not cell[1] or cell[0] in both or not cell[0]]
    return {cell: given.get(cell) for cell in cells if given.get(cell, "gone") != ours.get(cell, "gone")}


def among_others(wanted: Wanted, right: str, mistakes: tuple[Known, ...], ward: Open) -> Mistake:
    """Return how a mistake made along with others is known: where the mistake differs, the answer says the same.

    Known mistakes must make all rows that differ, and all that differs in its columns.  The one with the most cells is
    named.
    """

    @cache
    def parts() -> list[tuple[str, dict[Cell, Any]]]:
        wrong = [(name, _wrong_cells(wanted, right, sql, ward)) for name, sql, _ in mistakes]
        if wanted.key:
            return wrong
        return [(name, {cell: value}) for name, cells in wrong for cell, value in cells.items()]

    @cache
    def find(answer: str) -> str:
        mine = _wrong_cells(wanted, right, answer, ward)
        made = [(name, cells) for name, cells in parts() if cells and cells.items() <= mine.items()]
        strange = {column for _, column in mine.keys() - {cell for _, cells in made for cell in cells}}
        named = [one for one in made if "" not in strange and not {column for _, column in one[1]} & strange]
        return max(named, key=lambda one: len(one[1]), default=("", {}))[0]

    sentences = {name: sentence for name, _, sentence in mistakes}
    return Mistake(
        "one-of-several",
        lambda answer: bool(find(answer)),
        lambda answer: Diagnosis(sentences[find(answer)], f"{find(answer)}-and-more"),
    )
