"""The last test, some weeks later, by a personal link: no sign-in, and nothing but this test behind it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.responses import RedirectResponse

from rounds.desk.desk import Desk, desk_of
from rounds.desk.learning.knowledge import change_test
from rounds.desk.pages import render_open_page
from rounds.event import Person
from rounds.instrument.bank import load_bank
from rounds.instrument.knowledge_tests import KnowledgeTest, begin, find_link, load_consent, load_tests
from rounds.instrument.occasions import Occasion, find_occasion

router = APIRouter()
PAGE = "again/{secret}"
CLOSED = "This link opens no test. It may be too early, the test may be handed in, or a newer link was sent to you."


class NoTestError(Exception):
    """The link opens nothing now."""


@router.get(f"/{PAGE}")
async def show_again(request: Request, secret: str, ask: str = "") -> HTMLResponse:
    """Show the last test to who holds a personal link."""
    desk = desk_of(request)
    try:
        person = await asyncio.to_thread(_find, desk, secret)
    except NoTestError:
        return _say(request, CLOSED, 404)
    test = await asyncio.to_thread(_begin, desk, person)
    target = f"{desk.settings.prefix}again/{secret}"
    known: dict[str, Any] = {"test": test, "bank": load_bank(), "target": target, "csrf": "", "ask": ask == "yes"}
    return render_open_page(desk, "knowledge_again.html", **known)


@router.post(f"/{PAGE}/keep")
async def keep_again(request: Request, secret: str) -> Response:
    """Keep what is chosen so far."""
    return await _change(request, secret, hand_in=False)


@router.post(f"/{PAGE}")
async def hand_in_again(request: Request, secret: str) -> Response:
    """Hand the last test in."""
    return await _change(request, secret, hand_in=True)


@router.get("/again")
async def show_thanks(request: Request) -> HTMLResponse:
    """Thank whoever handed the last test in."""
    return _say(request, "Thank you. Your answers are kept; this was the last test.")


async def _change(request: Request, secret: str, *, hand_in: bool) -> Response:
    desk = desk_of(request)
    try:
        person = await asyncio.to_thread(_find, desk, secret)
    except NoTestError:
        return _say(request, CLOSED, 404)
    is_in = await change_test(request, person.username, Occasion.AGAIN, hand_in=hand_in)
    if not hand_in:
        return Response(status_code=204)
    return RedirectResponse(f"{desk.settings.prefix}again" + ("" if is_in else f"/{secret}?ask=yes"), 303)


def _find(desk: Desk, secret: str) -> Person:
    """Return whose link it is, while the last test is open for that person; raise `NoTestError` otherwise."""
    event, username = desk.applied.current(), find_link(desk.engine, secret)
    person = event.person_by_name.get(username or "")
    if person is None or not event.learning.measure or load_consent(desk.engine, person.username) is not True:
        raise NoTestError
    finished = {one.occasion: one.form for one in load_tests(desk.engine, [person.username]) if one.finished}
    if find_occasion(event, finished, datetime.now(UTC)) is not Occasion.AGAIN:
        raise NoTestError
    return person


def _begin(desk: Desk, person: Person) -> KnowledgeTest:
    return begin(desk.engine, person.username, person.background.value, Occasion.AGAIN, datetime.now(UTC))


def _say(request: Request, sentence: str, status: int = 200) -> HTMLResponse:
    return render_open_page(desk_of(request), "knowledge_said.html", status, sentence=sentence)
