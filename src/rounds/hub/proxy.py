"""The hub's proxy, whose count of requests says nothing of rooms: an open page asks every few seconds by itself."""

from __future__ import annotations

from typing import Any

from jupyterhub.proxy import ConfigurableHTTPProxy

from rounds.slugs import DASHBOARDS_PREFIX


class RoomProxy(ConfigurableHTTPProxy):  # type: ignore[misc]
    """The proxy, of whose "last activity" the hub hears for dashboards only; a room itself says when it is in use."""

    async def get_all_routes(self) -> dict[str, Any]:
        """Return the proxy's routes."""
        routes: dict[str, Any] = await super().get_all_routes()
        for route in routes.values():
            forget_requests(route["data"])
        return routes


def forget_requests(data: dict[str, Any]) -> None:
    """Take the time of the last request from what the proxy says of a room."""
    if not str(data.get("user", "")).startswith(DASHBOARDS_PREFIX):
        data.pop("last_activity", None)
