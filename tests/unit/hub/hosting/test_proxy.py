"""Requests that the proxy has passed on keep no room alive."""

from __future__ import annotations

from typing import Any

import pytest

from rounds.hub.hosting.own_proxy import forget_requests


@pytest.mark.parametrize(("account", "kept"), [("noa", False), ("team-stork", False), ("dash-stork", True)])
def test_the_proxys_count_is_believed_of_dashboards_only(account: str, kept: bool) -> None:
    data: dict[str, Any] = {"user": account, "server_name": "", "last_activity": "2027-02-21T09:00:00Z"}
    forget_requests(data)
    assert ("last_activity" in data) is kept


def test_a_route_of_nobody_stays_as_it_is() -> None:
    data = {"hub": True}
    forget_requests(data)
    assert data == {"hub": True}
