"""What organisers are told of the tests of knowledge; no figure of fewer than ten people, and no name."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import NotAllowedError, check_can
from rounds.desk.desk import Desk, desk_of
from rounds.desk.learning.own_tests import find_taken
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer
from rounds.desk.words import BACKGROUNDS
from rounds.event import Event
from rounds.instrument.bank import load_bank
from rounds.instrument.gains import FEWEST, FOR_FORMS
from rounds.instrument.knowledge_tests import load_tests
from rounds.instrument.occasions import Occasion
from rounds.instrument.report import EVERYBODY, LearningReport, build_report
from rounds.progress.model import EventMarks
from rounds.roles import Action, Role

router = APIRouter()
LATER = {Occasion.AFTER: "After the event", Occasion.AGAIN: "Weeks later"}
GROUPS = {EVERYBODY: EVERYBODY} | {background.value: words for background, words in BACKGROUNDS.items()}
NOT_MEASURED = "This event does not measure what people learn. Write in the event file: [learning] measure = true"


@router.get("/event/learned")
async def show_learned(request: Request, viewer: CurrentViewer, later: Occasion = Occasion.AFTER) -> HTMLResponse:
    """Show the report."""
    check_can(viewer.event, viewer.person, Action.SEE_EVENT)
    if not viewer.event.learning.measure:
        raise NotAllowedError(NOT_MEASURED)
    desk = desk_of(request)
    progress = await desk.progress(viewer.event)
    chosen = later if later in LATER else Occasion.AFTER
    report = await asyncio.to_thread(_build, desk, viewer.event, progress, chosen)
    items = {item.id: item for item in load_bank()}
    known: dict[str, Any] = {"items": items, "later": LATER, "fewest": FEWEST, "for_forms": FOR_FORMS, "groups": GROUPS}
    return render_page(
        request,
        viewer,
        "learned.html",
        report=report,
        participants=len(viewer.event.with_role(Role.PARTICIPANT)),
        **known,
    )


def _build(desk: Desk, event: Event, progress: EventMarks, later: Occasion) -> LearningReport:
    tests = load_tests(desk.engine, [person.username for person in event.with_role(Role.PARTICIPANT)])
    return build_report(tests, find_taken(progress, tests), later)
