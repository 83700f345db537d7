"""Somebody renames or deletes a notebook while a team-mate types: one file, and nothing comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rooms import RoomServer

ROUNDS = 6


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RoomServer]:
    """Return a running room with one notebook."""
    server = RoomServer(tmp_path)
    server.write("name-0.ipynb")
    server.start()
    yield server
    server.kill()


def names(server: RoomServer) -> list[str]:
    """Return the notebooks that lie in the room."""
    return sorted(path.name for path in server.room.work.glob("*.ipynb"))


async def type_while(server: RoomServer, method: str, path: str, body: object = None) -> str:
    """Type without a pause while somebody asks the server for something else; return what was typed."""
    page = server.open("name-0.ipynb")
    typing = asyncio.create_task(page.meet(server, *(f"\nrow = {number}" for number in range(40))))
    await asyncio.sleep(1.6)  # the page has heard everything and types now
    await asyncio.to_thread(server.ask, method, path, body)
    assert await typing == ""
    return page.text


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_notebook_that_is_renamed_while_somebody_types_stays_one_file(server: RoomServer, number: int) -> None:
    text = asyncio.run(type_while(server, "PATCH", "/api/contents/name-0.ipynb", {"path": "other.ipynb"}))
    server.stop()
    assert names(server) == ["other.ipynb"]
    saved = json.loads((server.room.work / "other.ipynb").read_text(encoding="utf-8"))
    assert "".join(saved["cells"][0]["source"]) == text


def test_a_notebook_that_is_deleted_while_somebody_types_does_not_come_back(server: RoomServer) -> None:
    asyncio.run(type_while(server, "DELETE", "/api/contents/name-0.ipynb"))
    assert names(server) == []
