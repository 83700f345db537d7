"""A page of another history is told to reload; a page of this history goes on, and nothing stands there twice."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rooms import Page, RoomServer

TYPED = "\nbeds = 42"
NOTEBOOKS = 12
SAVED_S = 0.5  # a little longer than a room waits before it saves
SLOW = {"document_save_delay": 600, "ystore_class": "rounds.room.history.HistoryStore"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RoomServer]:
    """Return a running room with one notebook."""
    server = RoomServer(tmp_path)
    server.write()
    server.start()
    yield server
    server.kill()


def source(server: RoomServer, name: str = "shared.ipynb") -> str:
    """Return what a notebook's file holds."""
    notebook = json.loads((server.room.work / name).read_text(encoding="utf-8"))
    return "".join(notebook["cells"][0]["source"])


def edits(server: RoomServer) -> list[Path]:
    """Return the files of the store of edits."""
    return list(server.room.own.glob("edits.db*"))


def type_and_stop(server: RoomServer) -> Page:
    """Return a page that stays open, with what it typed, over the stop of its server."""
    page = server.open()
    assert asyncio.run(page.meet(server, TYPED)) == ""
    server.stop()
    assert source(server) == f"ward = 1{TYPED}"
    return page


def test_a_page_goes_on_after_a_restart(server: RoomServer) -> None:
    page = type_and_stop(server)
    page.type("\nbeds += 1")
    server.start()
    assert asyncio.run(page.meet(server)) == ""
    assert page.text == source(server) == f"ward = 1{TYPED}\nbeds += 1"


def test_a_page_is_told_to_reload_when_the_store_of_edits_was_lost(server: RoomServer) -> None:
    page = type_and_stop(server)
    for path in edits(server):
        path.unlink()
    server.start()
    assert "reload this page" in asyncio.run(page.meet(server, "\nmore = 1"))
    assert source(server) == f"ward = 1{TYPED}"


def test_a_page_is_told_to_reload_when_the_store_is_older_than_the_file(server: RoomServer, tmp_path: Path) -> None:
    page = server.open()
    assert asyncio.run(page.meet(server, "\nrow = 1")) == ""
    server.stop()
    older = [shutil.copy2(path, tmp_path) for path in edits(server)]
    server.start()
    assert asyncio.run(page.meet(server, TYPED)) == ""
    server.stop()
    for path in edits(server):
        path.unlink()
    for path in older:
        shutil.copy2(path, server.room.own)
    server.start()
    assert "reload this page" in asyncio.run(page.meet(server, "\nmore = 1"))
    assert source(server) == f"ward = 1\nrow = 1{TYPED}"


def test_a_page_that_reloaded_goes_on_in_the_new_history(server: RoomServer) -> None:
    type_and_stop(server)
    for path in edits(server):
        path.unlink()
    server.start()
    page = server.open()
    assert asyncio.run(page.meet(server, "\nmore = 1")) == ""
    server.stop()
    server.start()
    assert asyncio.run(page.meet(server)) == ""
    assert page.text == source(server) == f"ward = 1{TYPED}\nmore = 1"


def test_an_edit_is_activity_and_an_open_page_is_none(server: RoomServer) -> None:
    def last() -> str:
        return str(server.ask("GET", "/api/status")["last_activity"])

    page = server.open()
    assert asyncio.run(page.meet(server)) == ""
    before = last()
    assert asyncio.run(page.meet(server)) == ""
    for asked in ("sessions", "kernels", "terminals", "contents"):
        server.ask("GET", f"/api/{asked}")
    server.ask("PUT", "/lab/api/workspaces/default", {"data": {}, "metadata": {"id": "default"}})
    assert last() == before
    assert asyncio.run(page.meet(server, TYPED)) == ""
    assert last() > before


async def type_under_a_stop(server: RoomServer) -> None:
    """Type, and stop the server before it has written that, while the page is open."""
    page = server.open()
    async with page.connect(server) as line:
        await page.listen(line)
        await page.send(line, TYPED)
        await page.listen(line)
        await asyncio.to_thread(server.stop)


def test_a_server_stops_under_an_open_page_and_writes_its_last_words(tmp_path: Path) -> None:
    server = RoomServer(tmp_path, more={"YDocExtension": SLOW})
    server.write()
    server.start()
    asyncio.run(type_under_a_stop(server))
    assert server.process is not None
    assert server.process.returncode == 0
    assert source(server) == f"ward = 1{TYPED}"


async def type_until_killed(server: RoomServer, pages: list[Page]) -> None:
    """Type key by key into every page, and kill the server at the last key, while it saves the line before."""
    waiting = asyncio.Barrier(len(pages) + 1)

    async def type_keys(page: Page) -> None:
        async with page.connect(server) as line:
            await page.listen(line)
            for key in "\n# saved":
                await page.send(line, key)
            await asyncio.sleep(SAVED_S)
            for key in "\n# last":
                await page.send(line, key)
            await waiting.wait()

    async with asyncio.TaskGroup() as typing:  # a page that cannot type ends the test, the others would wait for it
        for page in pages:
            typing.create_task(type_keys(page))
        await waiting.wait()
        server.kill()


async def meet_all(server: RoomServer, pages: list[Page]) -> list[str]:
    """Let every page come back at the same moment; return why each was closed."""
    return await asyncio.gather(*(page.meet(server) for page in pages))


def test_a_kill_at_the_last_key_loses_and_mixes_no_line_in_silence(
    server: RoomServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"n{number}.ipynb" for number in range(NOTEBOOKS)]
    for name in names:
        server.write(name)
    pages = [server.open(name) for name in names]
    asyncio.run(type_until_killed(server, pages))
    for page in pages:
        page.type("\n# after")
    shown = [page.text for page in pages]
    server.start()
    monkeypatch.setattr("tests.rooms.QUIET_S", 5)  # all rooms begin at once: a page waits its turn
    for name, page, text, reason in zip(names, pages, shown, asyncio.run(meet_all(server, pages)), strict=True):
        whole = source(server, name) == page.text == text == "ward = 1\n# saved\n# last\n# after"
        assert whole or "reload this page" in reason
