"""A lesson's text as HTML: what a page shows from its first moment on, while the notebook loads beneath it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

PLACES = {
    "box": "Your box for an answer",
    "question": "A question",
    "check": "A check button",
    "widget": "Something to move",
    "show": "",
}


def render_text(notebook: Any, title: str) -> str:
    """Return the text of a released notebook; its own HTML is the lesson's author's, as in the notebook itself."""
    parts = "".join(_render(notebook))
    return (
        f'<main id="rounds-text" aria-busy="true" aria-label="{escape(title)}">'
        f'<p class="rounds-waking" role="status">Read on: buttons and boxes are there in a moment.</p>{parts}</main>'
    )


def _render(notebook: Any) -> Iterator[str]:
    from nbconvert.filters.markdown import markdown2html

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield f'<div class="rounds-text-part" dir="auto">{markdown2html(cell.source)}</div>'
        elif (role := cell.metadata.get("rounds", {}).get("role")) == "show":
            yield f"<pre>{escape(cell.source)}</pre>"
        elif role in PLACES:
            yield f'<p class="rounds-place rounds-{role}">{PLACES[role]}</p>'
