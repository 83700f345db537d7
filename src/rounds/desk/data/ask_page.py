"""One column of a dataset: what was asked about it, and a form to ask the challenge's clinicians."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from rounds.data.entry import Entry, build_entries
from rounds.desk.access import NotAllowedError, is_allowed
from rounds.desk.data.datasets import KnownDataset, open_known, reaches
from rounds.desk.data.new_answers import find_new
from rounds.desk.data.question_store import ASKED, Asked, Place, ask, load_asked, say
from rounds.desk.data.questions import Text, find_question, go_to, share
from rounds.desk.data.wording import LONGEST
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.errors import DataError
from rounds.event import Event, Person
from rounds.roles import Action

router = APIRouter()


def may_reword(event: Event, person: Person, one: Asked) -> bool:
    """Return whether a person may change the wording of a question: the team that asked it."""
    return is_allowed(event, person, Action.ASK_CLINICIAN, one.team)


@router.get("/data/{dataset}/ask")
async def show_column(
    request: Request, viewer: CurrentViewer, dataset: str, table: str = "", column: str = "", again: int = 0
) -> HTMLResponse:
    """Show one column with what was asked about it, and a form to ask."""
    found, entry = await _open_column(request, viewer, dataset, table, column)
    return await _render_column(request, viewer, found, entry, again=again)


@router.post("/data/{dataset}/ask")
async def ask_about_column(
    request: Request, viewer: FormViewer, dataset: str, table: Text, column: Text, text: Text = ""
) -> Response:
    """Store a question; one that was asked before is shown in its place."""
    found, entry = await _open_column(request, viewer, dataset, table, column)
    event, person, engine = viewer.event, viewer.person, desk_of(request).engine
    asked_for = [c for c in found.challenges if reaches(event, person, Action.ASK_CLINICIAN, c)]
    if not asked_for:
        raise NotAllowedError("You may ask about the columns of your own team's challenge.")
    place = Place(asked_for[0].id, found.name, table, column)
    try:
        number, is_new = await asyncio.to_thread(ask, engine, person, place, text, datetime.now(UTC))
    except DataError as error:
        return await _render_column(request, viewer, found, entry, problem=str(error), text=text)
    again = {} if is_new else {"again": number}
    return go_to(request, _address(dataset, table, column, **again), f"question-{number}")


@router.post("/questions/{number}/question")
async def reword(request: Request, viewer: FormViewer, number: int, text: Text = "") -> Response:
    """Store another wording of a question of the viewer's own team."""
    desk, one = desk_of(request), await find_question(request, viewer, number)
    if not may_reword(viewer.event, viewer.person, one):
        raise NotAllowedError("The team that asked this question may change its words.")
    place = one.place
    try:
        await asyncio.to_thread(say, desk.engine, viewer.person, number, ASKED, text, datetime.now(UTC))
    except DataError as error:
        found, entry = await _open_column(request, viewer, place.dataset, place.table, place.column)
        return await _render_column(request, viewer, found, entry, problem=str(error))
    await share(desk, viewer.event, place.dataset)
    return go_to(request, _address(place.dataset, place.table, place.column), f"question-{number}")


async def _open_column(
    request: Request, viewer: Viewer, dataset: str, table: str, column: str
) -> tuple[KnownDataset, Entry]:
    desk = desk_of(request)
    event, person, folders = viewer.event, viewer.person, desk.settings.folders
    found = await asyncio.to_thread(open_known, event, person, folders, desk.engine, dataset)
    entries = build_entries(found.package, found.prediction_time)
    entry = next((e for e in entries if (e.table, e.name) == (table, column)), None)
    if entry is None:
        raise NotAllowedError("There is no column of this name for you.")
    return found, entry


async def _render_column(
    request: Request,
    viewer: Viewer,
    found: KnownDataset,
    entry: Entry,
    *,
    again: int = 0,
    problem: str = "",
    text: str = "",
) -> HTMLResponse:
    event, person, engine = viewer.event, viewer.person, desk_of(request).engine
    every = await asyncio.to_thread(load_asked, engine, event, [c.id for c in found.challenges], found.name)
    here = [one for one in every if (one.table, one.column) == (entry.table, entry.name)]
    shown = {"dataset": found, "entry": entry, "asked": here, "again": again, "problem": problem, "text": text}
    return render_page(
        request,
        viewer,
        "column.html",
        422 if problem else 200,
        **shown,
        new=await asyncio.to_thread(find_new, engine, event, person, here),
        longest=LONGEST,
        may_ask=any(reaches(event, person, Action.ASK_CLINICIAN, c) for c in found.challenges),
        may_reword={one.id for one in here if may_reword(event, person, one)},
    )


def _address(dataset: str, table: str, column: str, **more: int) -> str:
    return f"data/{dataset}/ask?{urlencode({'table': table, 'column': column, **more})}"
