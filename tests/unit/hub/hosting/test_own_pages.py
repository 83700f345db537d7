"""The hub takes forms of its own pages only, and knows its own address."""

from __future__ import annotations

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from rounds.hub.hosting.own_pages import is_own_form, is_question_of_a_room, own_pages

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


@pytest.mark.parametrize(
    ("method", "uri", "mode", "is_for_a_room"),
    [
        ("GET", "/user/noa/api/status", "cors", True),
        ("GET", "/user/noa/api/status", "", True),  # plain http on a network says no mode
        ("PUT", "/user/noa/api/contents/a.ipynb", "cors", True),
        ("GET", "/user/noa/lab/tree/a.ipynb", "navigate", False),
        ("GET", "/user/noa/lab/tree/a.ipynb", "", False),
        ("GET", "/hub/api/user", "cors", False),
        ("POST", "/hub/login", "navigate", False),
    ],
)
def test_an_open_page_of_a_stopped_room_is_answered_and_a_visitor_is_led_to_the_hub(
    method: str, uri: str, mode: str, is_for_a_room: bool
) -> None:
    given = {"Host": "noa.localhost:8000", **({"Sec-Fetch-Mode": mode} if mode else {})}
    request = HTTPServerRequest(start_line=RequestStartLine(method, uri, "HTTP/1.1"), headers=HTTPHeaders(given))
    assert is_question_of_a_room(request) is is_for_a_room
