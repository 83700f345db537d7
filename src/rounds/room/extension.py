"""The server extension of every room: closes lost doors, keeps running kernels alive, opens lessons by address.

It also hears the hub's SIGINT: jupyter_server does so at a terminal only; elsewhere the signal cuts it off midway.
"""

from __future__ import annotations

import signal
from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado.ioloop import PeriodicCallback

from rounds.room.activity import LOOK_EVERY_S, count_acts_only, note_running_kernels
from rounds.room.doors import ASK_EVERY_S, Doors
from rounds.room.lesson_page import lesson_handlers


def _load_jupyter_server_extension(server: Any) -> None:
    """Start what this room needs; `server` is jupyter_server's `ServerApp`."""
    signal.signal(signal.SIGINT, lambda *_: server.stop(from_signal=True))
    hub_auth = getattr(server.identity_provider, "hub_auth", None)
    if hub_auth is not None:
        doors = Doors(hub_auth)
        doors.watch()
        PeriodicCallback(doors.close_lost, ASK_EVERY_S * 1000).start()
    count_acts_only(APIHandler)
    times = server.web_app.settings["last_activity_times"]
    kernels = server.kernel_manager

    def look() -> None:
        note_running_kernels(map(kernels.get_kernel, kernels.list_kernel_ids()), times)

    PeriodicCallback(look, LOOK_EVERY_S * 1000).start()
    server.web_app.add_handlers(".*$", lesson_handlers(server.web_app.settings["base_url"]))
