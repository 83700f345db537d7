"""Pages from templates: what every page knows, and the headers that every page carries."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from rounds.counted import counted
from rounds.desk.access import is_allowed, teams_within
from rounds.desk.desk import Desk, desk_of
from rounds.desk.viewer import Viewer
from rounds.desk.words import (
    BACKGROUNDS,
    ROLES,
    SYMBOLS,
    describe_moment,
    describe_phase,
    describe_role,
)
from rounds.roles import Action

NAVIGATION: tuple[tuple[str, str, tuple[Action, ...]], ...] = (
    ("", "Home", ()),
    ("lessons", "Lessons", ()),
    ("help", "Help", (Action.ASK_FOR_HELP, Action.SEE_HELP)),
    ("teams", "Teams", ()),
    ("data", "Data", (Action.SEE_CHALLENGES, Action.READ_LESSON_DATA)),
    ("questions", "Questions", (Action.READ_DICTIONARY,)),
    ("scores", "Scores", (Action.SEE_SCORES,)),
    ("dashboards", "Dashboards", ()),
    ("glossary", "Glossary", ()),
    ("event", "Event", (Action.SEE_EVENT,)),
    ("invitations", "Invitations", (Action.ISSUE_INVITATION,)),
)


def build_environment(desk_prefix: str, version: str) -> Environment:
    """Return the template environment; an unknown name in a template is an error."""
    environment = Environment(
        loader=PackageLoader("rounds.desk"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        url=lambda path: desk_prefix + path,
        asset=lambda name: f"{desk_prefix}static/{version}/{name}",
        backgrounds=BACKGROUNDS,
        roles=ROLES,
        symbols=SYMBOLS,
        counted=counted,
        describe_moment=describe_moment,
        describe_phase=describe_phase,
        describe_role=describe_role,
    )
    return environment


def render_page(request: Request, viewer: Viewer, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return one page for a person of the event."""
    desk = desk_of(request)
    text = (
        _environment(desk)
        .get_template(template)
        .render(
            viewer=viewer,
            person=viewer.person,
            event=viewer.event,
            navigation=_navigation(viewer),
            current_page=find_current_page(request.url.path.removeprefix(desk.settings.prefix)),
            hub_url=desk.settings.hub_url,
            **values,
        )
    )
    return HTMLResponse(text, status)


def render_plain_page(
    desk: Desk, status: int, title: str, sentence: str, next_label: str, next_url: str
) -> HTMLResponse:
    """Return a page for somebody who may not be a person of the event: a heading, a sentence, one way on."""
    said = {"title": title, "sentence": sentence, "next_label": next_label, "next_url": next_url}
    return render_open_page(desk, "trouble.html", status, **said)


def render_open_page(desk: Desk, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page that knows nobody."""
    return HTMLResponse(_environment(desk).get_template(template).render(**values), status)


def is_fragment(request: Request) -> bool:
    """Return whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def find_current_page(path: str) -> str | None:
    """Return the page of the navigation on which a path lies; None where none is, such as an opening server.

    Examples
    --------
    >>> find_current_page("data/bsi/ask")
    'data'
    """
    pages = (page for page, _, _ in NAVIGATION)
    return next((page for page in pages if path == page or (page and path.startswith(f"{page}/"))), None)


def _navigation(viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (path, label)
        for path, label, actions in NAVIGATION
        if not actions or any(may_at_all(viewer, action) for action in actions)
    ]


def may_at_all(viewer: Viewer, action: Action) -> bool:
    """Return whether the viewer may do an action at all, be it on one of the teams."""
    event, person = viewer.event, viewer.person
    return is_allowed(event, person, action, whom=person.username) or bool(teams_within(event, person, action))


def _environment(desk: Desk) -> Environment:
    return desk.templates
