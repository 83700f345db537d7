"""However old store and file are after a kill: a page goes on with all its lines, or is told to reload."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_events import EventLogger
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server_fileid.manager import ArbitraryFileIdManager
from jupyter_server_ydoc.loaders import FileLoader
from pycrdt import Doc, Text
from tests.rooms import NOTEBOOK, Page
from tornado.web import HTTPError

from rounds.room.document_room import HistoryRoom
from rounds.room.history import HistoryStore, digest_of

STEPS = 4
NAMES = {"notebook": "shared.ipynb", "file": "notes.md"}
FIRST = {"notebook": json.dumps(NOTEBOOK), "file": "ward = 1"}


@pytest.fixture(params=["notebook", "file"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of a document."""
    return str(request.param)


@pytest.fixture
def room_folder(tmp_path: Path, kind: str) -> Path:
    """Return a folder with one document that nobody has edited."""
    folder = tmp_path / "room"
    (folder / "work").mkdir(parents=True)
    (folder / "work" / NAMES[kind]).write_text(FIRST[kind], encoding="utf-8")
    return folder


def build_room(folder: Path, kind: str) -> HistoryRoom:
    """Return the room of a document with its real store and file."""
    files = ArbitraryFileIdManager(root_dir=str(folder / "work"), db_path=str(folder / "ids.db"))
    contents = AsyncLargeFileManager(root_dir=str(folder / "work"))
    loader = FileLoader(files.index(NAMES[kind]), files, contents)
    store = HistoryStore(path=f".{kind}:1.y")
    store.db_path = str(folder / "edits.db")
    form = "json" if kind == "notebook" else "text"
    return HistoryRoom(f"{form}:{kind}:1", form, kind, loader, EventLogger(), store, None, save_delay=600)


@asynccontextmanager
async def running(folder: Path, kind: str) -> AsyncIterator[HistoryRoom]:
    """Run a room as a server does that has just started."""
    room = build_room(folder, kind)
    life = asyncio.create_task(room.start())
    await room.started.wait()
    try:
        await room.initialize()
        await room.ydoc_observed.wait()
        yield room
    finally:
        room._update_send_stream.close()
        await room.stop()
        await asyncio.gather(life, return_exceptions=True)
        await room.stop_store()


def write_line(room_or_page: Doc[Any], kind: str, line: str) -> None:
    """Type at the end of a document."""
    if kind == "notebook":
        Page("", "", room_or_page).type(line)
    else:
        text = room_or_page.get("source", type=Text)
        text += line


def meet(room: HistoryRoom, page: Doc[Any]) -> None:
    """Exchange everything that one has and the other lacks, as the two do over the wire."""
    page.apply_update(room.ydoc.get_update(page.get_state()))
    room.ydoc.apply_update(page.get_update(room.ydoc.get_state()))


def says(kind: str, doc: Doc[Any]) -> str:
    """Return what a document shows."""
    return Page("", "", doc).text if kind == "notebook" else str(doc.get("source", type=Text))


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    while not await is_so():
        await asyncio.sleep(0.01)


async def save(room: HistoryRoom) -> None:
    """Write the document into its file."""
    await room._maybe_save_document(None, save_now=True)


def keep(folder: Path, number: int) -> None:
    """Keep the store and the file as they are at this moment."""
    shutil.copytree(folder, folder.parent / f"kept-{number}")


async def type_and_keep(folder: Path, kind: str) -> Doc[Any]:
    """Type line by line, keep store and file before and after each save; return the page with all lines."""
    page: Doc[Any] = Doc()
    async with running(folder, kind) as room:
        await room.ystore.note("page")
        meet(room, page)
        for step in range(STEPS):
            write_line(page, kind, f"\nline_{step} = {step}")
            meet(room, page)
            stored = page.get_state()

            async def has_all(stored: bytes = stored) -> bool:
                copy: Doc[Any] = Doc()
                await room.ystore.apply_updates(copy)
                return bool(copy.get_state() == stored)

            await until(has_all)
            keep(folder, 2 * step)
            await save(room)
            keep(folder, 2 * step + 1)
        write_line(page, kind, "\nlast = 1")
    return page


async def come_back(folder: Path, kind: str, page: Doc[Any]) -> str:
    """Start on what a kill left; return `reload`, or what the page shows once it has met the room."""
    async with running(folder, kind) as room:
        if not await room.ystore.knows("page"):
            return "reload"
        meet(room, page)
        await save(room)
        assert digest_of(await room._document.aget()) == digest_of(room._document.get())
        assert says(kind, room.ydoc) == says(kind, page)
        return says(kind, page)


def copy_of(page: Doc[Any]) -> Doc[Any]:
    """Return the same page once more."""
    copy: Doc[Any] = Doc()
    copy.apply_update(page.get_update())
    return copy


def mix(folder: Path, store: int, file: int, kind: str) -> Path:
    """Return a folder with the store of one moment and the file of another."""
    mixed = folder.parent / f"mixed-{store}-{file}"
    shutil.copytree(folder.parent / f"kept-{store}", mixed)
    shutil.copy2(folder.parent / f"kept-{file}" / "work" / NAMES[kind], mixed / "work")
    return mixed


def test_no_line_is_lost_or_mixed_however_old_store_and_file_are(room_folder: Path, kind: str) -> None:
    page = asyncio.run(type_and_keep(room_folder, kind))
    whole = says(kind, page)
    went_on = set()
    for store, file in itertools.product(range(2 * STEPS), repeat=2):
        shown = asyncio.run(come_back(mix(room_folder, store, file, kind), kind, copy_of(page)))
        assert shown in {"reload", whole}, (store, file)
        if shown == whole:
            went_on.add((store, file))
    # what a kill can leave: the store of this moment with the file of this moment, or of the save before
    assert {(moment, moment) for moment in range(2 * STEPS)} <= went_on
    assert {(moment, moment - 1) for moment in range(2, 2 * STEPS, 2)} <= went_on


def test_a_store_that_goes_beyond_the_file_is_written_into_it(room_folder: Path, kind: str) -> None:
    asyncio.run(type_and_keep(room_folder, kind))
    folder = mix(room_folder, 2, 1, kind)

    async def start() -> None:
        async with running(folder, kind):
            pass

    asyncio.run(start())
    assert "line_1 = 1" in (folder / "work" / NAMES[kind]).read_text(encoding="utf-8")


@pytest.mark.parametrize("cut", [0, 12])
def test_a_file_that_a_kill_cut_off_in_a_save_never_wins(room_folder: Path, kind: str, cut: int) -> None:
    page = asyncio.run(type_and_keep(room_folder, kind))
    folder = mix(room_folder, 2, 1, kind)
    path = folder / "work" / NAMES[kind]
    text = path.read_text(encoding="utf-8")
    path.with_name(f".~{path.name}").write_text(text, encoding="utf-8")
    path.write_text(text[:cut], encoding="utf-8")
    os.utime(path, (1, 1))  # the save that was cut off is of another time than what it set aside
    assert asyncio.run(come_back(folder, kind, copy_of(page))) == says(kind, page)


def test_a_file_that_somebody_else_wrote_begins_another_history(room_folder: Path, kind: str) -> None:
    page = asyncio.run(type_and_keep(room_folder, kind))
    path = room_folder / "work" / NAMES[kind]
    path.write_text(FIRST[kind].replace("ward = 1", "ward = 2"), encoding="utf-8")
    assert asyncio.run(come_back(room_folder, kind, copy_of(page))) == "reload"
    assert "ward = 2" in path.read_text(encoding="utf-8")


def test_a_room_whose_beginning_failed_is_never_used(room_folder: Path, kind: str) -> None:
    path = room_folder / "work" / NAMES[kind]

    async def begin_twice() -> None:
        room = build_room(room_folder, kind)
        path.unlink()
        with pytest.raises(HTTPError):
            await room.initialize()
        path.write_text(FIRST[kind], encoding="utf-8")
        with pytest.raises(HTTPError):
            await room.initialize()
        assert not room.ready
        await room.stop_store()

    asyncio.run(begin_twice())
