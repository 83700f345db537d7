"""What pages are made from is looked at as a whole, and a look that fails ends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rounds.desk.live import watch
from rounds.desk.live.watch import Watch, look_at
from rounds.grading.attempts import record_attempt
from rounds.grading.course import Course
from rounds.help.queue import ask
from rounds.help.requests import Asker, Wish
from rounds.lessons.log import VARIABLE, Pressed, record_check, record_opened
from rounds.store.folders import Folders

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
Change = Callable[[Folders, Course, Engine], object]


def log_of(folders: Folders) -> dict[str, str]:
    return {VARIABLE: str(folders.checks("noa"))}


@pytest.mark.parametrize(
    "change",
    [
        lambda folders, course, engine: record_check(Pressed("a3", "e1", True, 1), NOW, log_of(folders)),
        lambda folders, course, engine: record_opened("a3", NOW, log_of(folders)),
        lambda folders, course, engine: record_attempt(course, "noa", "a3", {"n.ipynb": b"{}"}, NOW),
        lambda folders, course, engine: (course.root / "gradebook.db").write_bytes(b"marks"),
        lambda folders, course, engine: ask(engine, Asker("noa", "stork"), Wish("Why?", "a3"), NOW),
    ],
    ids=["pressed", "opened", "handed in", "marked", "asked"],
)
def test_each_change_is_seen(folders: Folders, engine: Engine, tmp_path: Path, change: Change) -> None:
    course = Course("demo", tmp_path / "course", tmp_path / "exchange")
    for folder in (course.outbound / "a3", course.root, course.inbound):
        folder.mkdir(parents=True)
    before = look_at(folders, course)
    assert look_at(folders, course) == before
    change(folders, course, engine)
    assert look_at(folders, course) != before


def test_who_listens_is_told_of_each_change_though_a_look_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.001)
    looks: list[object] = ["first", OSError("a disk that is away"), "second"]

    def look() -> tuple[object, ...]:
        now = looks.pop(0) if len(looks) > 1 else looks[0]
        if isinstance(now, Exception):
            raise now
        return (now,)

    async def listen() -> list[object]:
        watching = Watch(look)
        async with watching.listening():
            version, seen = 0, []
            while ("second",) not in seen:
                version = await watching.change(version, 30)
                seen.append(await watching.newest())
        assert not watching.is_looking
        return seen

    assert asyncio.run(listen())[-1] == ("second",)


def test_who_asks_after_an_own_change_gets_it_though_the_next_look_is_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3600)
    now = [1]

    async def change() -> tuple[object, object]:
        watching = Watch(lambda: (now[0],))
        async with watching.listening():
            await watching.change(0, 30)
            now[0] = 2
            before = await watching.newest()
            await watching.refresh()
            return before, await watching.newest()

    assert asyncio.run(change()) == ((1,), (2,))
