"""A page is told of a change that its person may see, of no other, and not any longer than the session lasts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from tests.desk import PREFIX, build_app, served

from rounds.desk.live import stream
from rounds.desk.signing_in.sessions import CHECK_EVERY_S, COOKIE
from rounds.event import Event, store_event
from rounds.lessons.log import VARIABLE, Pressed, record_check
from rounds.progress.collect import Record, Summaries, collect_progress
from rounds.progress.model import EventMarks
from rounds.store.folders import Folders
from rounds.store.versions import write_version

ASKED_EVERY_S = stream.ASK_EVERY_S
EXERCISES = [{"id": "e1", "title": "Count people", "points": 2}]
INDEX = [{"id": "a3", "assignment": "a3-report-card", "title": "Card", "track": "Together", "exercises": EXERCISES}]


@pytest.fixture
def app(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """Return a desk that reads the presses of a state folder, and asks about sessions all the time."""
    monkeypatch.setattr(stream, "ASK_EVERY_S", 0.1)
    with write_version(folders.lessons) as version:
        (version / "index.json").write_text(json.dumps(INDEX), encoding="utf-8")
    summaries = Summaries()

    def load(event: Event) -> EventMarks:
        return collect_progress(event, folders, Record(), summaries)

    return build_app(folders.root, load)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as address:
        yield address


def press(folders: Folders, username: str, passed: bool = False) -> None:
    record_check(Pressed("a3", "e1", passed, 1), environ={VARIABLE: str(folders.checks(username))})


def sign_in(app: FastAPI, username: str) -> str:
    session: str = app.state.desk.sessions.open(username, "token", "", time.monotonic())
    return session


@contextmanager
def listening(address: str, session: str) -> Iterator[httpx.Response]:
    """Open a stream as a page of the desk does."""
    headers = {"Host": "ward.example", "Cookie": f"{COOKIE}={session}"}
    timeout = httpx.Timeout(10, read=60)
    with (
        httpx.Client(headers=headers, timeout=timeout, trust_env=False) as client,
        client.stream("GET", f"{address}{PREFIX}live") as reply,
    ):
        yield reply


def changes(reply: httpx.Response) -> Iterator[str]:
    """Yield each event's name; whatever else stands in the stream is a mistake."""
    for line in reply.iter_lines():
        assert line in ("", "data: ", "event: changed") or line.startswith(":"), line
        if line.startswith("event: "):
            yield line.removeprefix("event: ")


def test_a_press_reaches_the_teams_mentor_the_learner_and_nobody_else(
    app: FastAPI, folders: Folders, address: str
) -> None:
    with (
        listening(address, sign_in(app, "dana")) as mentor,
        listening(address, sign_in(app, "tal")) as other,
        listening(address, sign_in(app, "noa")) as learner,
    ):
        dana, tal, noa = (changes(reply) for reply in (mentor, other, learner))
        assert [next(heard) for heard in (dana, tal, noa)] == ["changed"] * 3  # each page asks when it begins
        for _ in range(3):
            press(folders, "noa")
            assert (next(dana), next(noa)) == ("changed", "changed")
        assert app.state.desk.listeners == {"dana": 1, "tal": 1, "noa": 1}
        app.state.desk.sessions.close(session_of(other))
        assert list(tal) == []  # Tal, of another team, was told of nothing


def session_of(reply: httpx.Response) -> str:
    return reply.request.headers["cookie"].partition("=")[2]


@pytest.mark.parametrize("how", ["removed", "signed out"])
def test_the_stream_of_who_left_ends(
    app: FastAPI, folders: Folders, address: str, demo_event_file: Path, tmp_path: Path, how: str
) -> None:
    session = sign_in(app, "noa")
    with listening(address, session) as reply:
        heard = changes(reply)
        next(heard)
        if how == "removed":
            for name in ("event.toml", "people.csv", "terms.md"):
                lines = demo_event_file.with_name(name).read_text(encoding="utf-8").splitlines()
                (tmp_path / name).write_text("\n".join(x for x in lines if "noa@" not in x) + "\n", encoding="utf-8")
            store_event(tmp_path / "event.toml", folders.event)
        else:
            app.state.desk.sessions.close(session)
        assert list(heard) in ([], ["changed"])  # it came to its end
    assert ASKED_EVERY_S + CHECK_EVERY_S < 30


def test_a_person_has_so_many_streams_and_gets_the_place_of_one_that_was_left(
    app: FastAPI, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MOST_STREAMS", 1)
    session = sign_in(app, "noa")
    with listening(address, session) as first:
        heard = changes(first)  # who forgets it closes it
        next(heard)
        with listening(address, session) as second:
            assert second.status_code == 429
        with listening(address, sign_in(app, "tal")) as other:
            assert next(changes(other)) == "changed"
    while app.state.desk.listeners["noa"]:
        time.sleep(0.05)
    with listening(address, session) as again:
        assert next(changes(again)) == "changed"


def test_nobody_else_listens(app: FastAPI, address: str) -> None:
    with listening(address, "an ended session") as reply:
        assert reply.status_code == 303
    headers = {"Host": "ward.example", "Cookie": f"{COOKIE}={sign_in(app, 'noa')}", "Sec-Fetch-Mode": "cors"}
    assert httpx.get(f"{address}{PREFIX}live", headers=headers, trust_env=False).status_code == 403


def test_nobody_looks_while_nobody_listens(app: FastAPI, address: str) -> None:
    with listening(address, sign_in(app, "noa")) as reply:
        heard = changes(reply)
        next(heard)
        assert app.state.desk.watch.is_looking
    while app.state.desk.watch.is_looking:
        time.sleep(0.05)
    assert not app.state.desk.listeners["noa"]


def test_many_streams_share_their_threads_and_the_desk_answers(app: FastAPI, address: str, event: Event) -> None:
    people = [person.username for person in event.people][:50]
    before = threading.active_count()
    with ExitStack() as stack:
        opened = [stack.enter_context(listening(address, sign_in(app, name))) for name in people]
        heard = [changes(reply) for reply in opened]
        assert [next(stream) for stream in heard] == ["changed"] * 50
        assert sum(app.state.desk.listeners.values()) == 50
        assert threading.active_count() - before < 20
        headers = {"Host": "ward.example", "Cookie": f"{COOKIE}={sign_in(app, 'noa')}"}
        assert httpx.get(f"{address}{PREFIX}glossary", headers=headers, trust_env=False).status_code == 200
