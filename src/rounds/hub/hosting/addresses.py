"""The addresses of a running event: the hub's own, and where each account's code is found.

Fixed at the start: an event that is applied while the hub runs moves nobody to another address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from rounds.event.hosting import LOOPBACK, Hosting, Rooms

USUAL_PORTS = {"http": 80, "https": 443}
_BY_HOST = (Rooms.NAMES, Rooms.LOCALHOST, Rooms.HOST, Rooms.DOMAIN)
_EACH_ITS_OWN = (Rooms.NAMES, Rooms.DOMAIN)


@dataclass(frozen=True)
class Addresses:
    """What a browser types: `port` is the public one."""

    hosting: Hosting
    port: int

    @property
    def hub_url(self) -> str:
        """The hub's and the desk's address, without a slash at its end."""
        return f"{self.hosting.scheme}://{self.hub_netloc}"

    @property
    def hub_netloc(self) -> str:
        """The hub's host, with its port where that is not the usual one: the `Host` of a right request."""
        usual = self.port == USUAL_PORTS[self.hosting.scheme]
        return self.hosting.hub_host if usual else f"{self.hosting.hub_host}:{self.port}"

    @property
    def proxy_url(self) -> str:
        """Scheme and host at which this machine itself reaches the proxy; behind a gate that is the loopback."""
        if self.needs_gate:
            return f"http://{LOOPBACK}"
        address = LOOPBACK if ip_address(self.hosting.listen).is_unspecified else self.hosting.listen
        return f"{self.hosting.scheme}://{address}"

    @property
    def by_host(self) -> bool:
        """Whether the proxy tells accounts apart by the host of a request."""
        return self.hosting.rooms in _BY_HOST

    @property
    def needs_gate(self) -> bool:
        """Whether accounts have ports of their own, which the proxy cannot tell apart."""
        return self.hosting.rooms is Rooms.PORTS

    @property
    def own_hosts(self) -> bool:
        """Whether no two accounts share a host, and so a browser's cookies."""
        return self.hosting.rooms in _EACH_ITS_OWN

    @property
    def hook(self) -> Callable[[str, str, str], str]:
        """JupyterHub's `subdomain_hook`: a service such as the desk stays with the hub."""
        rooms, below = self.hosting.host_of_rooms, self.own_hosts

        def find_host(name: str, domain: str, kind: str) -> str:
            if kind != "user":
                return domain
            return f"{name}.{rooms}" if below else rooms

        return find_host

    @property
    def form_targets(self) -> str:
        """Where a form of the desk may lead besides the desk itself, as a source of a content security policy.

        Chromium follows `form-action` along redirects: a form that starts a server ends at its room.
        """
        host = f"*.{self.hosting.host_of_rooms}" if self.own_hosts else self.hosting.host_of_rooms
        if self.needs_gate:
            return f"{self.hosting.scheme}://{host}:*"
        usual = self.port == USUAL_PORTS[self.hosting.scheme]
        return f"{self.hosting.scheme}://{host}" if usual else f"{self.hosting.scheme}://{host}:{self.port}"
