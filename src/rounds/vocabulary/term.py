"""One term of the glossary, and the file that holds all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from rounds.errors import LessonError, suggest

RELATIONS = {
    "same": "the same thing in both professions",
    "near": "nearly the same thing",
    "same_formula_false_friend": "the same formula, but the word misleads",
    "false_friend": "the same word for different things",
    "no_equivalent": "no word of this kind on the other side",
}


@dataclass(frozen=True)
class Term:
    """One idea with the words of both professions; it shows itself as a table in a notebook."""

    id: str
    clinical_term: str
    ml_term: str
    relation: str
    clinical_definition: str
    ml_definition: str
    where_they_differ: str
    formula: str  # empty where the idea has none
    challenge: str
    example: str
    source: str
    false_friend: bool

    def __str__(self) -> str:
        from rounds.vocabulary.term import render_text

        return render_text(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Show the readable text, not the fields, in a terminal."""
        printer.text(str(self))

    def _repr_html_(self) -> str:
        from rounds.vocabulary.term import render_html

        return render_html(self)


@cache
def load_glossary() -> Mapping[str, Term]:
    """Return every term of the shipped glossary by its id, in the file's order."""
    text = files("rounds.vocabulary").joinpath("glossary.yaml").read_text(encoding="utf-8")
    return parse_glossary(text)


def parse_glossary(text: str) -> Mapping[str, Term]:
    """Return the terms of a glossary written in YAML, or raise with every problem of it."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C ten times as fast
    rows = yaml.load(text, Loader=loader)["terms"]  # noqa: S506 - both are safe loaders
    problems = [problem for row in rows for problem in _find_row_problems(row)]
    problems += _find_repeats([str(row.get("id")) for row in rows])
    if problems:
        raise LessonError("The glossary cannot be used: " + " ".join(problems))
    return {row["id"]: Term(**{**row, "formula": row["formula"] or ""}) for row in rows}


def _find_row_problems(row: Mapping[str, Any]) -> list[str]:
    name, known = row.get("id", "a term without id"), [field.name for field in fields(Term)]
    empty = {key for key in known if row.get(key) in (None, "")} - ({"formula"} & row.keys())
    missing = [f'"{name}" has no {key}.' for key in sorted(empty)]
    unknown = [f'"{name}" has an unknown key "{key}".{suggest(key, known)}' for key in row.keys() - known]
    if row.get("relation") in RELATIONS or "relation" not in row:
        return missing + unknown
    return [
        *missing,
        *unknown,
        f'"{name}": relation "{row["relation"]}".{suggest(row["relation"], RELATIONS)}',
    ]


def _find_repeats(ids: list[str]) -> list[str]:
    return [f'"{name}" stands there twice.' for name in sorted({i for i in ids if ids.count(i) > 1})]


_LEFT = "text-align:left"


def list_rows(term: Term) -> tuple[tuple[str, str], ...]:
    """Return what is said of a term, row by row: heading, text."""
    rows = (
        (f"In the clinic: {term.clinical_term}", term.clinical_definition),
        (f"In machine learning: {term.ml_term}", term.ml_definition),
        ("Where they differ", term.where_they_differ),
        ("Formula", term.formula),
        ("Example", term.example),
        ("Source", term.source),
    )
    return tuple((heading, text) for heading, text in rows if text)


def render_text(term: Term) -> str:
    """Render a term as lines for a terminal."""
    lines = [f"{term.id} ({RELATIONS[term.relation]})"]
    return "\n".join([*lines, *(f"  {heading}: {text}" for heading, text in list_rows(term))])


def render_html(term: Term) -> str:
    """Render a term as a captioned table whose row headings a screen reader announces."""
    rows = "".join(
        f'<tr><th scope="row" style="{_LEFT};vertical-align:top;width:14em">{escape(heading)}</th>'
        f'<td style="{_LEFT}">{escape(text)}</td></tr>'
        for heading, text in list_rows(term)
    )
    caption = f"<strong>{escape(term.id)}</strong>: {escape(RELATIONS[term.relation])}"
    return f'<table style="max-width:72em"><caption style="{_LEFT}">{caption}</caption>{rows}</table>'
