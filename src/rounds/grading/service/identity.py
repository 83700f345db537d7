"""Who asks: what the hub says of a token, believed for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import httpx

BELIEVED_S = 15.0  # as long as a room's server believes it (room.configuration)
MOST = 5_000


@dataclass
class Identity:
    """The hub's word on tokens; `is_person` says whether a name is one of the event's people, now."""

    api_url: str
    is_person: Callable[[str], bool]
    _known: dict[bytes, tuple[float, str]] = field(default_factory=dict)

    async def account(self, header: str) -> str:
        """Return the account, a person's or a room's, of an ``Authorization: token …`` header; empty for none."""
        kind, _, token = header.partition(" ")
        if kind != "token" or not token:
            return ""
        key, now = sha256(token.encode()).digest(), time.monotonic()
        until, name = self._known.get(key, (0.0, ""))
        if now >= until:
            name = await self._ask(token)
            if len(self._known) >= MOST:
                self._known.clear()
            if name:
                self._known[key] = (now + BELIEVED_S, name)
        return name

    async def _ask(self, token: str) -> str:
        """Return whose token this is, empty when the hub does not know it or does not answer."""
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            try:
                reply = await client.get(f"{self.api_url}/user", headers={"Authorization": f"token {token}"})
                model = reply.json() if reply.status_code == 200 else {}
            except (httpx.HTTPError, ValueError):
                return ""
        return str(model["name"]) if model.get("kind") == "user" else ""
