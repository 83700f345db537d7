"""Who was removed from the event reads it, in an open page too; a page whose session only ended stays as it is."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
from fastapi import FastAPI

from rounds.desk.signing_in.sessions import COOKIE
from rounds.event import store_event
from rounds.store.folders import Folders

PREFIX = "/services/desk/"


def visit(app: FastAPI, session_id: str, path: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://ward.example", cookies={COOKIE: session_id}
        ) as client:
            return await client.get(PREFIX + path)

    return asyncio.run(send())


def sign_in(app: FastAPI, username: str, now: float) -> str:
    opened: str = app.state.desk.sessions.open(username, "token", "", now)
    return opened


def remove_noa(folders: Folders, shipped: Path, tmp_path: Path) -> None:
    for name in ("event.toml", "people.csv", "terms.md"):
        lines = shipped.with_name(name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text("\n".join(x for x in lines if "noa@" not in x) + "\n", encoding="utf-8")
    store_event(tmp_path / "event.toml", folders.event)


def test_who_was_removed_is_told_so_and_not_sent_to_sign_in(
    app: FastAPI, folders: Folders, demo_event_file: Path, tmp_path: Path
) -> None:
    long_ago = time.monotonic() - 3600  # so that the hub would be asked, which has forgotten the account
    session = sign_in(app, "noa", time.monotonic())
    app.state.desk.sessions.confirm(session, long_ago)
    remove_noa(folders, demo_event_file, tmp_path)
    reply = visit(app, session, "")
    assert reply.status_code == 403
    assert "you are not part of the event now" in reply.text


def test_only_the_open_page_of_who_was_removed_loads_again(
    app: FastAPI, folders: Folders, demo_event_file: Path, tmp_path: Path
) -> None:
    noa, tal = (sign_in(app, name, time.monotonic()) for name in ("noa", "tal"))
    assert "hx-refresh" not in visit(app, noa, "still-here").headers
    remove_noa(folders, demo_event_file, tmp_path)
    asked = {name: visit(app, name, "still-here") for name in (noa, tal, "an ended session")}
    assert {reply.status_code for reply in asked.values()} == {204}
    assert [name for name, reply in asked.items() if "hx-refresh" in reply.headers] == [noa]


def test_every_page_of_a_person_asks(app: FastAPI) -> None:
    page = visit(app, sign_in(app, "rivka", time.monotonic()), "glossary").text
    assert f'hx-get="{PREFIX}still-here" hx-trigger="every 20s" hx-swap="none"' in page
