"""Say what an error means: the rules in order, the first that knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rounds.mistakes.explanation import Explanation
from rounds.mistakes.failure import Failure, Rule, first
from rounds.mistakes.place import find_place
from rounds.mistakes.reading import kind_names, message_of
from rounds.mistakes.rules import (
    arrays,
    calls,
    commas,
    files,
    kinds,
    models,
    names,
    operands,
    queries,
    scopes,
    unpacking,
    values,
)
from rounds.mistakes.rules.pandas_tables import columns, dates, rows, shapes, tables, text_columns
from rounds.mistakes.rules.syntax import Unread, explain_syntax

RULES: tuple[Rule, ...] = (
    *queries.RULES,
    *models.RULES,
    *commas.RULES,
    *shapes.RULES,
    *dates.RULES,
    *rows.RULES,
    *columns.RULES,
    *text_columns.RULES,
    *tables.RULES,
    *arrays.RULES,
    *files.RULES,
    *scopes.RULES,
    *names.RULES,
    *calls.RULES,
    *operands.RULES,
    *kinds.RULES,
    *unpacking.RULES,
    *values.RULES,
)


def explain(value: BaseException, names: Mapping[str, Any], source: str = "") -> Explanation | None:
    """Return what an error in a notebook means; None for an error that no rule knows.

    `names` are the notebook's, `source` is the text of the cell, which an error of syntax needs.  Runs no code of the
    learner's, and may fail at anything: who calls it has to do without it then.
    """
    place = find_place(value, names)
    if isinstance(value, SyntaxError) and place.frame is None:
        return _explain_unread(value, source)
    failure = Failure(kind_names(type(value)), message_of(value), place, names)
    if isinstance(value, SyntaxError):
        return Explanation("The text between the quotes is no query that pandas can read. Check its words.", place.line)
    found = first(RULES, failure)
    return Explanation(found[1], place.line, place.within, found[0]) if found else None


def _explain_unread(value: SyntaxError, source: str) -> Explanation | None:
    is_indent = isinstance(value, IndentationError)
    line, text = value.lineno or 0, source or (value.text or "")
    found = explain_syntax(Unread(text, line, value.offset or 0, value.msg or "", is_indent))
    return Explanation(found[0][1], found[1], "", found[0][0]) if found else None
