"""The words of both professions, to search; works without a script, and answers while one types with it."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.pages import is_fragment, render_page
from rounds.desk.viewer import CurrentViewer
from rounds.vocabulary import RELATIONS, Term, load_glossary, search

router = APIRouter()
LONGEST_QUERY = 100


def find_terms(query: str, only_false_friends: bool) -> list[Term]:
    """Return the terms of a search, best first; every term by name when nothing is asked."""
    terms: Iterable[Term] = (
        search(query) if query.strip() else sorted(load_glossary().values(), key=lambda term: heading_of(term).lower())
    )
    return [term for term in terms if term.false_friend or not only_false_friends]


def heading_of(term: Term) -> str:
    """Return the clinicians' word, or the engineers' where clinicians have none (it then stands in brackets)."""
    return term.ml_term if term.clinical_term.startswith("(") else term.clinical_term


@router.get("/glossary")
async def show_glossary(request: Request, viewer: CurrentViewer, q: str = "", friends: str = "") -> HTMLResponse:
    """Show the glossary, or only its terms when htmx asks."""
    query = q[:LONGEST_QUERY]
    return render_page(
        request,
        viewer,
        "glossary_terms.html" if is_fragment(request) else "glossary.html",
        query=query,
        only_false_friends=friends == "false",
        terms=find_terms(query, friends == "false"),
        heading_of=heading_of,
        total=len(load_glossary()),
        relations=RELATIONS,
        challenges={item.id.replace("-", "_"): item.title for item in viewer.event.challenge},
    )
