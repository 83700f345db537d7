"""The headers that every answer of the desk carries, and what is refused before a page is asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SecurityHeaders:
    """Forbid other hosts, inline scripts, frames and guessing of types; keep pages out of caches."""

    def __init__(self, app: ASGIApp, form_targets: str = "") -> None:
        self._app = app
        self._policy = (
            "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {form_targets}".strip()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnPages:
    """Refuse a host that is not the hub's, and every request that a page of another origin made.

    Browsers send `Origin` with every POST and with every script's request to another origin.  Over plain http they
    send no `Sec-Fetch-*` off the loopback, so `Origin` decides.  Without a `public_url` nothing is refused here.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._origin, self._host = public_url, urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request of the desk's own pages on."""
        if scope["type"] == "http" and self._origin and not self._is_own(Headers(scope=scope), scope["method"]):
            await PlainTextResponse("This is not the desk's own address.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, headers: Headers, method: str) -> bool:
        if headers.get("host", "").lower() != self._host:
            return False
        origin = headers.get("origin")
        if origin is not None:
            return origin == self._origin
        return method in ("GET", "HEAD", "OPTIONS") or "cookie" not in headers
