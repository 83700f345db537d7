"""A desk with a real event and a real database for tests; only "who is signed in" is given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from bs4 import BeautifulSoup
from fastapi import FastAPI
from sqlalchemy import Engine

from rounds.custody.intake.import_table import import_table
from rounds.data.shelf.attachments import write_attached
from rounds.desk.app import create_desk
from rounds.desk.desk import LoadProgress
from rounds.desk.settings import Settings
from rounds.desk.signing_in.sessions import Session
from rounds.desk.viewer import signed_in
from rounds.event import AppliedEvent, Event, store_event
from rounds.progress.model import EventMarks
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.warm.ports import claim_port
from tests.made import sample

PREFIX = "/services/desk/"
CSRF = "the secret of this session"
COLUMN = {"table": "births", "column": "weight_gain_kg"}
ASK = "data/birthweight/ask"


def build_app(state: Path, load_progress: LoadProgress = lambda event: EventMarks((), {})) -> FastAPI:
    """Return the desk of a state folder beside a hub that does not answer."""
    settings = Settings(
        state=state,
        api_url="http://127.0.0.1:9/hub/api",
        api_token="token",
        client_id="service-desk",
        prefix=PREFIX,
        service_url="http://127.0.0.1:9001",
        callback_url=f"{PREFIX}oauth_callback",
        public_url="http://ward.example",
    )
    return create_desk(settings, load_progress)


@dataclass
class Visitor:
    """One person at the desk; nobody is signed in where the name is empty.  Follows no redirect."""

    app: FastAPI
    username: str

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._send("GET", path, headers=headers)

    def post(self, path: str, csrf: str = CSRF, files: Any = None, **form: str) -> httpx.Response:
        return self._send("POST", path, data={"csrf": csrf, **form}, files=files)

    def soup(self, path: str) -> BeautifulSoup:
        reply = self.get(path)
        assert reply.status_code == 200, (path, reply.status_code)
        return BeautifulSoup(reply.text, "html.parser")

    def text(self, path: str) -> str:
        return words_of(self.soup(path))

    def _session(self) -> Session:
        return Session(self.username, "token", CSRF)

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        self.app.dependency_overrides = {signed_in: self._session} if self.username else {}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://ward.example") as client:
                return await client.request(method, path if path.startswith("/") else PREFIX + path, **rest)

        return asyncio.run(send())


def words_of(soup: BeautifulSoup) -> str:
    """Return the words of a page's main part."""
    assert soup.main is not None
    return " ".join(soup.main.get_text(" ").split())


Desk = Callable[[str], Visitor]


def ask(visitor: Visitor, text: str, **column: str) -> str:
    """Ask, and return the number of the question that the desk then shows."""
    reply = visitor.post(ASK, **{**COLUMN, **column}, text=text)
    assert reply.status_code == 303, reply.text
    return reply.headers["location"].rpartition("#question-")[2]


@pytest.fixture(scope="session")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two lesson datasets and an imported one that a challenge opens."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("birthweight", "bsi"):
        (folder / name).symlink_to(sample(name).path)
    rows = "stay,ef,ward\n1,45.375,Lentil\n2,,Quark\n3,31,Lentil\n"
    (folder / "stays.csv").write_text(rows, encoding="utf-8")
    import_table(folder / "stays.csv", "stays", folder, kind="public")
    write_attached(folder, {"heart_failure": "stays"})
    return folder


@pytest.fixture
def folders(tmp_path: Path, datasets: Path, demo_event_file: Path) -> Folders:
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    folders.data.mkdir()
    for path in [*datasets.glob("*/datapackage.json"), datasets / "attachments.json"]:
        target = path.parent if path.name == "datapackage.json" else path
        (folders.data / target.name).symlink_to(target)
    return folders


@pytest.fixture
def engine(folders: Folders) -> Iterator[Engine]:
    engine = open_database(folders.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(folders: Folders) -> FastAPI:
    return build_app(folders.root)


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    return lambda username: Visitor(app, username)


@pytest.fixture
def event(folders: Folders) -> Event:
    return AppliedEvent(folders.event).current()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on the loopback as long as the block lasts, and return its address."""
    port = claim_port()
    config = uvicorn.Config(app, port=port.number, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        yield f"http://127.0.0.1:{port.number}"
    finally:
        server.should_exit = True
        thread.join(20)
        port.release()
