"""What the hub asks of every request beside JupyterHub's own checks: its own address, and no other page's forms.

With rooms on hosts of their own JupyterHub answers on every host name, its sign-in page included, and its interface
asks no `Origin` of a POST (docs/explanation/origins.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from jupyterhub.handlers import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

SETTING = "rounds_own_pages"
SAFE = ("GET", "HEAD", "OPTIONS")
STOPPED = "This room's server does not run."
OTHER_ORIGIN = "This form came from another address than the hub's. Open the page again from the desk."


def own_pages(hub_url: str, hub_port: int) -> dict[str, Any]:
    """Return the tornado settings that make `BaseHandler` ask, and make it ask from now on.

    `hub_url` is the address that people type; Rounds' own parts ask on `hub_port` of the loopback.
    """
    _ask_first()
    inside = (f"127.0.0.1:{hub_port}", f"localhost:{hub_port}")
    return {SETTING: (hub_url, (hub_url.partition("://")[2], *inside))}


def _ask_first() -> None:
    """Wrap the one method that every page and every answer of the hub begins with; once, however often it is asked."""
    original: Callable[[Any], Awaitable[None]] = BaseHandler.prepare
    if getattr(original, SETTING, False):
        return

    async def prepare(self: Any) -> None:
        await original(self)
        hub_url, hosts = self.settings.get(SETTING, ("", ()))
        if hub_url and not self._finished:
            _judge(self, hub_url, hosts)

    setattr(prepare, SETTING, True)
    BaseHandler.prepare = prepare


def _judge(handler: Any, hub_url: str, hosts: tuple[str, ...]) -> None:
    request: HTTPServerRequest = handler.request
    if request.host.lower() not in hosts:
        if is_question_of_a_room(request):
            raise HTTPError(503, STOPPED)
        if request.method not in SAFE:
            raise HTTPError(403, OTHER_ORIGIN)
        handler.redirect(hub_url + _below(handler.hub.base_url, request.uri or "/"))
    elif request.method not in SAFE and not is_own_form(request, hub_url):
        raise HTTPError(403, OTHER_ORIGIN)


def is_question_of_a_room(request: HTTPServerRequest) -> bool:
    """Return whether an open page of a room asks, under the room's own host: it comes to the hub when the room stopped.

    Such a page could not read the hub's own answer at the end of a redirect, and would not know.
    """
    asks = request.method not in SAFE or "/api/" in request.path
    by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return request.path.startswith("/user/") and (asks or by_script)


def _below(prefix: str, uri: str) -> str:
    """Return the hub's page for an address; of a room that does not run it has one of its own."""
    return uri if uri.startswith(prefix) else prefix + uri.lstrip("/")


def is_own_form(request: HTTPServerRequest, hub_url: str) -> bool:
    """Return whether a request that changes something comes from a page of `hub_url`, or from a program with a token.

    Browsers send `Origin` with every POST; a program that shows a token in `Authorization` sends no cookie.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == hub_url
    return "Authorization" in request.headers or "Cookie" not in request.headers


class SignOutHandler(LogoutHandler):  # type: ignore[misc]
    """Sign out by a form of the hub's own: by a GET, any page's image tag would sign its visitor out."""

    def check_xsrf_cookie(self) -> None:
        """Ask nothing more: `Origin` has said that the form is the hub's or the desk's."""

    async def get(self) -> None:
        """Ask whoever comes by a link, such as JupyterLab's menu."""
        if self.current_user is None:
            await self.render_logout_page()
            return
        self.finish(await self.render_template("sign_out.html"))

    async def post(self) -> None:
        """Sign out here and, through the hub's word on the session's tokens, in all rooms and at the desk."""
        await super().get()
