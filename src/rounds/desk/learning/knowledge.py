"""The pages of the tests of knowledge: taking part or not, the 24 questions, what one knew before and after."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rounds.desk.access import NotAllowedError
from rounds.desk.desk import desk_of
from rounds.desk.learning.own_path import path_lessons
from rounds.desk.learning.own_tests import OwnTests, load_own_tests, words_of_consent
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer
from rounds.errors import DataError
from rounds.instrument.bank import ItemForm, KnowledgeItem, load_bank
from rounds.instrument.knowledge_tests import KnowledgeTest, begin, refuse, save_answers, save_consent
from rounds.instrument.occasions import Occasion, again_opens, second_opens
from rounds.progress.model import EventMarks

router = APIRouter()
PAGE = "lessons/knowledge"
NOBODY_ASKED = "This event asks you for no test of knowledge."
NOT_OPEN = "No test is open for you now."


@router.get(f"/{PAGE}")
async def show_knowledge(request: Request, viewer: CurrentViewer, ask: str = "") -> HTMLResponse:
    """Show what is asked now, or what comes next, or what one knew before and after; and what deleting would delete."""
    own, progress = await _load(request, viewer)
    bank, tests = load_bank(), {when.value: own.of(when) for when in Occasion if own.finished(when)}
    known: dict[str, Any] = {
        "own": own,
        "ask": ask == "stop" and bool(own.tests),
        "words": words_of_consent(viewer.event),
        "second": second_opens(viewer.event),
        "again": again_opens(viewer.event),
        "names": {"before": "Before", "after": "After", "again": "Weeks later"},
        "lessons": {lesson.id: lesson for lesson in path_lessons(progress.lessons)},
        "bank": bank,
        "tests": tests,
        "areas": list(dict.fromkeys(item.area for item in bank)),
        "right": {when: _count_right(test, bank) for when, test in tests.items() if test},
        "right_of": _count_right,
    }
    return render_page(request, viewer, "knowledge.html", **known)


@router.post(f"/{PAGE}/consent")
async def decide(
    request: Request,
    viewer: FormViewer,
    part: Annotated[Literal["yes", "no"], Form()],
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Keep whether the viewer takes part; who does not is asked no more, and has nothing kept.

    Answers that are there are deleted by the button that says so only: nobody can bring them back.
    """
    own, _ = await _load(request, viewer)
    if part == "no" and own.tests and sure != "yes":
        return _to(request, f"{PAGE}?ask=stop")
    engine, name, now = desk_of(request).engine, viewer.person.username, datetime.now(UTC)
    if part == "yes":
        await asyncio.to_thread(save_consent, engine, name, words_of_consent(viewer.event), now)
        return _to(request, f"{PAGE}/test")
    await asyncio.to_thread(refuse, engine, name, now)
    return _to(request, PAGE)


@router.get(f"/{PAGE}/test")
async def show_test(request: Request, viewer: CurrentViewer, ask: str = "") -> Response:
    """Show the test that is open, with what was chosen before; it begins when it is first shown."""
    own, _ = await _load(request, viewer)
    if own.open_now is None or own.consent is not True:
        return _to(request, PAGE)
    engine, person = desk_of(request).engine, viewer.person
    test = await asyncio.to_thread(
        begin, engine, person.username, person.background.value, own.open_now, datetime.now(UTC)
    )
    known: dict[str, Any] = {"test": test, "bank": load_bank(), "target": url_of(request), "ask": ask == "yes"}
    return render_page(request, viewer, "knowledge_test.html", **known)


@router.post(f"/{PAGE}/keep")
async def keep(request: Request, viewer: FormViewer) -> Response:
    """Keep what is chosen so far, while the test goes on."""
    own, _ = await _load(request, viewer)
    await _change(request, viewer.person.username, own, hand_in=False)
    return Response(status_code=204)


@router.post(f"/{PAGE}")
async def hand_in(request: Request, viewer: FormViewer) -> Response:
    """Hand the test in, with what is chosen on the page."""
    own, _ = await _load(request, viewer)
    if await _change(request, viewer.person.username, own, hand_in=True):
        return _to(request, PAGE)
    return _to(request, f"{PAGE}/test?ask=yes")


def url_of(request: Request) -> str:
    """Return where the test of a signed-in person is sent to."""
    return f"{desk_of(request).settings.prefix}{PAGE}"


def read_chosen(form: Mapping[str, Any]) -> dict[str, int | None]:
    """Return the option chosen of each item on a page; what was left open, and what is no option, is not there."""
    found = {item.id: _chosen(item, str(form.get(item.id, ""))) for item in load_bank() if item.id in form}
    return {item: number for item, number in found.items() if number is not False}


def _count_right(test: KnowledgeTest, items: Iterable[KnowledgeItem]) -> int:
    return sum(test.is_right(item.id) for item in items)


async def _change(request: Request, username: str, own: OwnTests, *, hand_in: bool) -> bool:
    if own.open_now is None or own.consent is not True:
        raise NotAllowedError(NOT_OPEN)
    return await change_test(request, username, own.open_now, hand_in=hand_in)


async def change_test(request: Request, username: str, occasion: Occasion, *, hand_in: bool) -> bool:
    """Keep the answers on a page, and hand the test in if so asked; return whether it is in.

    A test with open questions is handed in only by the button that says so: Enter on a choice sends a form, too.
    Raises `NotAllowedError` for a test that is in already.
    """
    form = dict(await request.form())
    engine, chosen = desk_of(request).engine, read_chosen(form)
    whole = len(chosen) == len(load_bank()) or form.get("sure") == "yes"
    now = datetime.now(UTC) if hand_in and whole else None
    try:
        await asyncio.to_thread(save_answers, engine, username, occasion, chosen, now)
    except DataError as error:
        raise NotAllowedError(str(error)) from None
    return now is not None


async def _load(request: Request, viewer: Viewer) -> tuple[OwnTests, EventMarks]:
    progress = await desk_of(request).progress(viewer.event)
    own = await load_own_tests(desk_of(request), viewer.event, viewer.person, progress)
    if own is None:
        raise NotAllowedError(NOBODY_ASKED)
    return own, progress


def _chosen(item: KnowledgeItem, number: str) -> int | Literal[False] | None:
    """Return the option's number, None for "I do not know", False for what is neither."""
    if number == "none":
        return None
    return int(number) if number in map(str, range(len(item.forms[ItemForm.A].options))) else False


def _to(request: Request, page: str) -> RedirectResponse:
    return RedirectResponse(f"{desk_of(request).settings.prefix}{page}", 303)
