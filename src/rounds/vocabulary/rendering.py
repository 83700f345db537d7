"""A term as plain text and as HTML that needs no style sheet."""

from __future__ import annotations

from html import escape

from rounds.vocabulary.term import RELATIONS, Term

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
