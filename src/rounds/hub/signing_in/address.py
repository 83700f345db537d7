"""From which network address a request comes, as the proxy says it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any


def find_address(request: Any, behind_gate: bool = False) -> str:
    """Return the address of whoever sent a request (tornado's `HTTPServerRequest`) to the proxy.

    The proxy stands beside the hub and adds the address that it sees to the end of ``X-Forwarded-For``: this last entry
    is believed, from a neighbour only; behind a gate, which is what the proxy sees then, the one before it.  What a
    browser itself wrote stands before these, or in ``X-Real-Ip``, which tornado's own ``remote_ip`` believes first.
    """
    peer = str(getattr(request.connection.context, "address", ("",))[0])
    entries = [entry.strip() for entry in str(request.headers.get("X-Forwarded-For", "")).split(",")]
    said = (["", "", *entries])[-2 if behind_gate else -1]
    return said if said and _is_loopback(peer) and _is_address(said) else peer


def _is_loopback(text: str) -> bool:
    return _is_address(text) and ip_address(text).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
