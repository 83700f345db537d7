"""A page's part in a conversation with a Jupyter server: requests, and a kernel's websocket.

The client is `websockets` on asyncio.  Towards the network it behaves as Chromium does: its own small frames leave at
once (asyncio sets TCP_NODELAY), it offers compression, and it leaves acknowledgements to the operating system, which
delays them by 40 ms once the connection is interactive (nothing here sets TCP_QUICKACK).
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Kernel:
    """A kernel's websocket, spoken as a page speaks it."""

    line: ClientConnection
    session: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def ask(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message on the shell channel and return its id."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.session}
        header |= {"username": "", "version": "5.3", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
        await self.line.send(json.dumps({**message, "channel": "shell"}))
        return header["msg_id"]

    async def replies(self, asked: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what comes back for a message, its idle status last."""
        async for text in self.line:
            message = json.loads(text)
            if message["parent_header"].get("msg_id") != asked:
                continue
            yield message
            if message["content"].get("execution_state") == "idle":
                return

    async def execute(self, code: str) -> str:
        """Ask for a cell's execution and return its id."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        return await self.ask("execute_request", {**content, "allow_stdin": False, "stop_on_error": True})

    async def output(self, code: str, first_only: bool = False) -> str:
        """Return what a cell prints, or the first of it as soon as it is here; raise on an error."""
        said = ""
        async for message in self.replies(await self.execute(code)):
            if message["msg_type"] == "error":
                raise RuntimeError("\n".join(message["content"]["traceback"]))
            if message["msg_type"] == "stream":
                said += message["content"]["text"]
                if first_only:
                    break
        return said


@dataclass(frozen=True)
class Server:
    """A Jupyter server's address and a token for it; requests go through `client`.

    `host` is what the proxy tells rooms apart by, where it does: no name server is asked for it.
    """

    base: str
    token: str
    client: httpx.AsyncClient
    host: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"token {self.token}"} | ({"Host": self.host} if self.host else {})

    @contextlib.asynccontextmanager
    async def kernel(self, name: str | None = None) -> AsyncIterator[Kernel]:
        """Start a kernel, join its websocket, and shut the kernel down in the end."""
        body = {"name": name} if name else {}
        answer = await self.client.post(f"{self.base}/api/kernels", json=body, headers=self.headers)
        answer.raise_for_status()
        path = f"{self.base}/api/kernels/{answer.json()['id']}"
        try:
            async with self.join(f"{path}/channels") as line:
                yield Kernel(line)
        finally:
            await self.client.delete(path, headers=self.headers)

    def join(self, url: str) -> connect:
        """Open a websocket as a browser does: it asks for compression, sends at once, and acknowledges in its time."""
        parts = urlsplit(url)
        address = parts._replace(scheme="ws", netloc=self.host or parts.netloc).geturl()
        headers = {"Authorization": f"token {self.token}"}
        options = {"proxy": None, "max_size": None, "open_timeout": 120, "ping_interval": None}
        return connect(address, host=parts.hostname, port=parts.port, additional_headers=headers, **options)


def new_client() -> httpx.AsyncClient:
    """Return an HTTP client for loopback."""
    return httpx.AsyncClient(timeout=120, trust_env=False, verify=False, follow_redirects=True)
