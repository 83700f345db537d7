"""What the desk asks the hub, over HTTP: who is this, start a server, how does it stand.

The caller's token decides what the hub allows; the desk's own token only reads.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

import httpx

from rounds.desk.settings import Settings

PAGE = 200
LISTEN_S = 0.8


class HubUnreachableError(Exception):
    """The hub did not answer, or answered nonsense."""


class HubRefusedError(Exception):
    """The hub does not allow this with this token."""


class HubBusyError(Exception):
    """The hub starts as many servers as it can, and asks to wait."""


class ServerState(StrEnum):
    """How a server stands."""

    RUNNING = "running"
    STARTING = "starting"
    STOPPING = "stopping"
    STOPPED = "stopped"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Server:
    """One account's server; `url` is where a browser finds it."""

    state: ServerState
    url: str = ""


@dataclass(frozen=True)
class Advance:
    """How far a start is, in percent, and the hub's own words for it."""

    percent: int = 0
    message: str = "The server is starting."
    failed: bool = False


@dataclass(frozen=True)
class HubAccount:
    """One account as the hub sees it."""

    name: str
    last_activity: datetime | None
    state: ServerState


class HubApi:
    """The hub's REST interface."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(base_url=settings.api_url, timeout=20, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def fetch_token(self, code: str, verifier: str) -> str:
        """Exchange a sign-in's code for the person's token."""
        form = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.api_token,
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": self._settings.callback_url,
        }
        reply = await self._send("POST", "/oauth2/token", data=form)
        if reply.status_code != 200:
            raise HubRefusedError
        return str(_json(reply)["access_token"])

    async def fetch_username(self, token: str) -> str | None:
        """Return whose token this is, or None when the hub no longer knows it."""
        reply = await self._send("GET", "/user", token)
        if reply.status_code in (401, 403, 404):
            return None
        model = _json(reply)
        return str(model["name"]) if model.get("kind") == "user" else None

    async def start_server(self, token: str, account: str) -> None:
        """Start an account's server; one that runs or starts already is fine, one that fails shows in its state."""
        reply = await self._send("POST", _server_path(account), token)
        if reply.status_code in (401, 403, 404):
            raise HubRefusedError
        if reply.status_code == 429:
            raise HubBusyError

    async def fetch_server(self, token: str, account: str) -> Server:
        """Return how an account's server stands."""
        reply = await self._send("GET", _server_path(account), token)
        if reply.status_code in (401, 403, 404):
            raise HubRefusedError
        model = _json(reply)
        return Server(_state_of(model), str(model.get("url") or ""))

    async def fetch_advance(self, token: str, account: str) -> Advance:
        """Return the newest event of a start; listens for a moment only."""
        newest = Advance()
        try:
            async for advance in self._listen(token, account):
                newest = advance
        except httpx.TimeoutException:
            return newest
        except (httpx.HTTPError, ValueError):
            return Advance()
        return newest

    async def _listen(self, token: str, account: str) -> AsyncIterator[Advance]:
        timeout = httpx.Timeout(10, read=LISTEN_S)
        path = f"{_server_path(account)}/progress"
        async with self._client.stream("GET", path, headers=_bearer(token), timeout=timeout) as reply:
            async for line in reply.aiter_lines():
                if line.startswith("data:"):
                    yield _parse_advance(line.removeprefix("data:"))

    async def fetch_accounts(self) -> dict[str, HubAccount]:
        """Return every account with its activity and server, read with the desk's own token."""
        accounts: dict[str, HubAccount] = {}
        while True:
            path = f"/users?limit={PAGE}&offset={len(accounts)}"
            reply = await self._send("GET", path, self._settings.api_token)
            if reply.status_code != 200:
                raise HubRefusedError
            models = _json(reply)
            accounts.update({model["name"]: _parse_account(model) for model in models})
            if len(models) < PAGE:
                return accounts

    async def _send(
        self, method: str, path: str, token: str = "", data: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            return await self._client.request(method, path, headers=_bearer(token), data=data)
        except httpx.HTTPError as error:
            raise HubUnreachableError from error


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"token {token}"} if token else {}


def _server_path(account: str) -> str:
    return f"/users/{quote(account, safe='')}/server"


def _json(reply: httpx.Response) -> Any:
    if reply.status_code >= 400:
        raise HubUnreachableError
    try:
        return reply.json()
    except ValueError as error:
        raise HubUnreachableError from error


def _state_of(model: dict[str, Any]) -> ServerState:
    pending = model.get("pending")
    if pending:
        return ServerState.STOPPING if pending == "stop" else ServerState.STARTING
    return ServerState.RUNNING if model.get("ready") else ServerState.STOPPED


def _parse_account(model: dict[str, Any]) -> HubAccount:
    moment, servers = model.get("last_activity"), model.get("servers") or {}
    state = _state_of(servers[""]) if "" in servers else ServerState.STOPPED
    active = datetime.fromisoformat(moment) if moment else None
    return HubAccount(str(model["name"]), active, state)


def _parse_advance(text: str) -> Advance:
    event = json.loads(text)
    percent = max(0, min(100, int(event.get("progress") or 0)))
    return Advance(percent, str(event.get("message") or ""), bool(event.get("failed")))
