"""The hub takes forms of its own pages only, and knows its own address."""

from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from rounds.hub.hosting.own_pages import is_own_form, own_pages

HUB = "http://127.0.0.1:8000"


def form(**headers: str) -> HTTPServerRequest:
    """Return a POST with these headers."""
    line = RequestStartLine("POST", "/hub/login", "HTTP/1.1")
    return HTTPServerRequest(start_line=line, headers=HTTPHeaders({"Host": "127.0.0.1:8000", **headers}))


def test_a_form_of_the_hub_and_a_program_with_a_token_are_taken() -> None:
    assert is_own_form(form(Origin=HUB, Cookie="viewer"), HUB)
    assert is_own_form(form(Authorization="token of a program"), HUB)
    assert is_own_form(form(), HUB)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://noa.localhost:8000", "Cookie": "viewer"},
        {"Origin": "http://127.0.0.1:8001", "Cookie": "viewer"},
        {"Origin": "null", "Cookie": "viewer"},
        {"Origin": "http://noa.localhost:8000", "Authorization": "token"},
        {"Cookie": "viewer"},
    ],
)
def test_a_form_of_another_origin_is_not_the_hubs(headers: dict[str, str]) -> None:
    assert not is_own_form(form(**headers), HUB)


def test_the_hubs_hosts_are_its_address_and_the_loopback_of_its_own_parts() -> None:
    ((url, hosts),) = own_pages(HUB, 8081).values()
    assert (url, hosts) == (HUB, ("127.0.0.1:8000", "127.0.0.1:8081", "localhost:8081"))
