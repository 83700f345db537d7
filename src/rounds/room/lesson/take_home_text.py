"""The page that says what a learner takes home."""

from __future__ import annotations

import html
from collections.abc import Iterator

from rounds.room.lesson.take_home import Home

EMPTY = "You have opened no lesson yet. Open one from the desk; then it is in here."


def render_home(home: Home, style: str, archive: str, desk: str) -> str:
    """Return a page with a link to the archive and one back to the desk."""
    back = f'<p><a href="{html.escape(desk)}">Back to the desk</a></p>' if desk else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Take your lessons home</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<style>{style}</style></head>"
        '<body><main id="rounds-text"><div class="rounds-text-part"><h1>Take your lessons home</h1>'
        f"{''.join(_say(home, archive))}{back}</div></main></body></html>"
    )


def _say(home: Home, archive: str) -> Iterator[str]:
    if not home.lessons:
        yield f"<p>{EMPTY}</p>"
        return
    yield (
        "<p>One archive with the lessons that you opened: your answers as they are saved, the checks behind the "
        "buttons, your marks and what was said of them, and the tables. It runs in any Jupyter that has Rounds "
        "installed.</p><ul>"
    )
    yield from (f"<li>{html.escape(one.title)}</li>" for one in home.lessons)
    yield "</ul>"
    if home.kept:
        kept = ", ".join(html.escape(name) for name in home.kept)
        yield f"<p>Not in it: {kept}. These tables are not synthetic and stay with their owner.</p>"
    size = f"about {max(1, round(home.megabytes))} MB"
    link = f'<a href="{html.escape(archive)}" download>Download the archive</a>'
    yield f"<p>{link}, {size}. It is made while you wait.</p>"
