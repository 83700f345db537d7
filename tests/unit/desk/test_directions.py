"""Names and texts in Hebrew or Arabic keep their own direction on every page of the desk."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests.desk import Visitor, build_app

from rounds.event import store_event
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.progress.work import Sitting, Work
from rounds.store.folders import Folders

HEBREW = re.compile(r"[\u0590-\u05ff]")
NAME, CHALLENGE, QUESTION, EVENT = "נועה כהן", "משקל לידה", "מה יהיה משקל הלידה?", "יום הנתונים"
LESSON = BoardLesson("a3-report-card", "The report card", "Track", (BoardExercise("e1", "Task", 2),))
PAGES = (
    "",
    "lessons",
    "lessons/path",
    "help",
    "teams",
    "data",
    "data/birthweight",
    "questions",
    "scores",
    "dashboards",
)
ORGANISERS = ("event", "event/learned", "invitations")


@pytest.fixture
def at_desk(folders: Folders, demo_event_file: Path, tmp_path: Path) -> Callable[[str], Visitor]:
    """Return a function that visits a desk whose people, teams and challenges have Hebrew names."""
    event = demo_event_file.read_text(encoding="utf-8")
    for title, shown in _titles(event):
        event = event.replace(f'title = "{title}"', f'title = "{shown}"', 1)
    event = re.sub(r'(?m)^question = ".*"', f'question = "{QUESTION}"', event)
    header, *rows = (demo_event_file.parent / "people.csv").read_text(encoding="utf-8").splitlines()
    for name, own in (("Noa Levi", "noa"), ("Omer", "omer"), ("Orna Weiss", "orna")):
        rows = [f"{NAME} {own},{row.partition(',')[2]},{own}" if row.startswith(name) else row for row in rows]
    people = "\n".join((f"{header},username", *(row if row.count(",") == 7 else f"{row}," for row in rows)))
    terms = (demo_event_file.parent / "terms.md").read_text(encoding="utf-8")
    for name, text in (("event.toml", event), ("people.csv", people), ("terms.md", terms)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    store_event(tmp_path / "event.toml", folders.event)
    stuck = Mark(State.TRIED, work=Work(9, 9, 3600, False, None))
    now = datetime.now(UTC)
    sitting = Sitting(LESSON.id, "e1", now, now)
    marks = EventMarks((LESSON,), {"noa": {LESSON.id: {"e1": stuck}}}, {"noa": sitting})
    app = build_app(folders.root, lambda _: marks)
    return lambda name: Visitor(app, name)


def _titles(event: str) -> Iterator[tuple[str, str]]:
    read = tomllib.loads(event)
    yield read["event"]["title"], EVENT
    yield from ((one["title"], f"{CHALLENGE} {number}") for number, one in enumerate(read["challenge"]))


def find_loose(page: BeautifulSoup) -> list[str]:
    """Return the texts with Hebrew in them that take the direction of what stands around them."""
    assert page.body is not None
    found = page.body.find_all(string=HEBREW)
    assert found
    return [str(text) for text in found if not text.find_parent(["bdi"]) and not text.find_parent(dir="auto")]


@pytest.mark.parametrize("who", ["noa", "omer", "rivka", "orna"])
def test_every_name_and_text_of_the_event_keeps_its_direction(at_desk: Callable[[str], Visitor], who: str) -> None:
    number = at_desk("noa").post("help", words=QUESTION, about=f"{LESSON.id}/e1").headers["location"].rpartition("/")[2]
    at_desk("omer").post(f"help/{number}/claim")
    at_desk("omer").post(f"help/{number}/answer", text=QUESTION)
    visitor = at_desk(who)
    for page in (*PAGES, f"help/{number}", *(ORGANISERS if who == "rivka" else ())):
        reply = visitor.get(page)
        if reply.status_code == 200:
            assert find_loose(BeautifulSoup(reply.text, "html.parser")) == [], page
