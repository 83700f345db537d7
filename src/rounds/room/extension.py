"""The server extension of every room: closes lost doors, tells browsers to keep nothing, keeps kernels, opens lessons.

It also hears the hub's SIGINT: jupyter_server does so at a terminal only; elsewhere the signal cuts it off midway.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, MutableMapping
from typing import Any

from jupyter_server.base.handlers import APIHandler, FileFindHandler, JupyterHandler
from tornado.ioloop import PeriodicCallback

from rounds.room.activity import LOOK_EVERY_S, count_acts_only, note_running_kernels
from rounds.room.assignments import apply_own_settings
from rounds.room.doors import ASK_EVERY_S, Doors
from rounds.room.helping.page import help_handlers
from rounds.room.lesson.page import lesson_handlers
from rounds.room.lesson.take_home_page import take_home_handlers
from rounds.room.links import stay_inside
from rounds.room.service import RoomService


def keep_tokens_out(settings: MutableMapping[str, Any]) -> None:
    """Write no token into a room's pages: a team-mate's output could read it there, and use it after its owner left.

    JupyterLab then goes by the cookie, which no script reads, and which is of use at this origin only.
    """
    before: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = settings.get("page_config_hook")

    def page_config(handler: Any, config: dict[str, Any]) -> dict[str, Any]:
        return {**(before(handler, config) if before else config), "token": ""}

    settings["page_config_hook"] = page_config


def keep_out_of_caches(handler_class: Any) -> None:
    """Let no browser keep what a room answers; `handler_class` is jupyter_server's base of pages, files and interface.

    An answer with a `Last-Modified` and no word on caches may be kept for a tenth of its age (RFC 9111, 4.2.2): who has
    signed out, or sits at that browser next, would still be shown a room's folders.  Static files are everybody's.
    """
    before = handler_class.set_default_headers

    def set_default_headers(self: Any) -> None:
        before(self)
        if not isinstance(self, FileFindHandler):
            self.set_header("Cache-Control", "no-store")

    handler_class.set_default_headers = set_default_headers


def _load_jupyter_server_extension(server: Any) -> None:
    """Start what this room needs; `server` is jupyter_server's `ServerApp`."""
    signal.signal(signal.SIGINT, lambda *_: server.stop(from_signal=True))
    hub_auth = getattr(server.identity_provider, "hub_auth", None)
    if hub_auth is not None:
        doors = Doors(hub_auth)
        doors.watch()
        PeriodicCallback(doors.close_lost, ASK_EVERY_S * 1000).start()
    keep_tokens_out(server.web_app.settings)
    apply_own_settings(server)
    server.io_loop.add_callback(RoomService(os.environ).open)
    keep_out_of_caches(JupyterHandler)
    stay_inside()
    count_acts_only(APIHandler)
    times = server.web_app.settings["last_activity_times"]
    kernels = server.kernel_manager

    def look() -> None:
        note_running_kernels(map(kernels.get_kernel, kernels.list_kernel_ids()), times)

    PeriodicCallback(look, LOOK_EVERY_S * 1000).start()
    base_url = server.web_app.settings["base_url"]
    own = (lesson_handlers, take_home_handlers, help_handlers)
    server.web_app.add_handlers(".*$", [one for handlers in own for one in handlers(base_url)])
