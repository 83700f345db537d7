"""A desk with a real event and a real database for tests; only "who is signed in" is given."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup
from fastapi import FastAPI

from rounds.desk.app import create_desk
from rounds.desk.sessions import Session
from rounds.desk.settings import Settings
from rounds.desk.viewer import signed_in
from rounds.progress.model import Progress

PREFIX = "/services/desk/"
CSRF = "the secret of this session"


def build_app(state: Path) -> FastAPI:
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
    return create_desk(settings, lambda event: Progress((), {}))


@dataclass
class Visitor:
    """One person at the desk."""

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

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        self.app.dependency_overrides[signed_in] = lambda: Session(self.username, "token", CSRF)

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://ward.example") as client:
                return await client.request(method, path if path.startswith("/") else PREFIX + path, **rest)

        return asyncio.run(send())


def words_of(soup: BeautifulSoup) -> str:
    """Return the words of a page's main part."""
    assert soup.main is not None
    return " ".join(soup.main.get_text(" ").split())
