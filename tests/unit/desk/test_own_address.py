"""The desk answers under its own address, and to its own pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.desk import PREFIX, build_app

OWN = "http://ward.example"


def ask(state: Path, method: str, headers: dict[str, str]) -> int:
    """Return the status of a request to a page that needs nobody signed in."""

    async def send() -> int:
        transport = httpx.ASGITransport(app=build_app(state))
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
            return (await client.request(method, f"{PREFIX}oauth_callback", headers=headers)).status_code

    return asyncio.run(send())


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Host": "noa.localhost:8000"}),
        ("GET", {"Host": "rebound.example"}),
        ("GET", {"Origin": "http://noa.localhost:8000"}),
        ("POST", {"Origin": "http://noa.localhost:8000", "Cookie": "rounds-desk=1"}),
        ("POST", {"Origin": "null", "Cookie": "rounds-desk=1"}),
        ("POST", {"Cookie": "rounds-desk=1"}),
    ],
)
def test_a_request_of_another_origin_or_host_is_refused(tmp_path: Path, method: str, headers: dict[str, str]) -> None:
    assert ask(tmp_path, method, headers) == 403


def test_the_desks_own_requests_are_answered(tmp_path: Path) -> None:
    missing = 403  # the callback's own "the sign-in did not finish"
    assert ask(tmp_path, "GET", {}) == missing
    assert ask(tmp_path, "POST", {"Origin": OWN, "Cookie": "rounds-desk=1"}) == 404
    assert ask(tmp_path, "POST", {}) == 404
