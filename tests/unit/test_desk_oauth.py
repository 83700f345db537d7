"""The desk's sign-in: what is sent to the hub, and which answers are taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rounds.desk.settings import Settings, read_settings
from rounds.desk.signing_in.oauth import (
    LOGIN_TIMEOUT_S,
    Logins,
    begin_login,
    build_authorize_url,
    code_challenge,
    safe_next,
)
from rounds.desk.signing_in.sessions import CHECK_EVERY_S, IDLE_S, Sessions, hub_session_of
from rounds.errors import StartError

SETTINGS = Settings(
    state=Path("/nowhere"),
    api_url="http://127.0.0.1:9/hub/api",
    api_token="secret-of-the-desk",
    client_id="service-desk",
    prefix="/services/desk/",
    service_url="http://127.0.0.1:9001",
    callback_url="/services/desk/oauth_callback",
)

ENVIRON = {
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api/",
    "JUPYTERHUB_API_TOKEN": "secret-of-the-desk",
    "JUPYTERHUB_CLIENT_ID": "service-desk",
    "JUPYTERHUB_SERVICE_PREFIX": "/base/services/desk",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:9001",
    "JUPYTERHUB_BASE_URL": "/base/",
}


def test_challenge_is_the_example_of_rfc_7636():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_hub_is_asked_for_a_code_with_state_and_challenge():
    login = begin_login("/services/desk/teams", now=0)
    address = urlsplit(build_authorize_url(SETTINGS, login))
    query = {key: values[0] for key, values in parse_qs(address.query).items()}
    assert address.path == "/hub/api/oauth2/authorize"
    assert query["state"] == login.state
    assert query["code_challenge"] == code_challenge(login.verifier)
    assert query["code_challenge_method"] == "S256"
    assert login.verifier not in address.query


def test_two_logins_share_neither_state_nor_verifier():
    first, second = begin_login("/", 0), begin_login("/", 0)
    assert {first.state, first.verifier}.isdisjoint({second.state, second.verifier})


def test_state_works_once_and_only_with_its_browser():
    logins = Logins()
    login = logins.begin("/services/desk/", now=0)
    assert logins.finish(login.state, "another browser's cookie", now=1) is None
    assert logins.finish(login.state, login.state, now=1) == login
    assert logins.finish(login.state, login.state, now=1) is None


def test_forged_or_empty_state_is_refused():
    logins = Logins()
    assert logins.finish("forged", "forged", now=0) is None
    assert logins.finish("", "", now=0) is None


def test_old_state_is_refused():
    logins = Logins()
    login = logins.begin("/services/desk/", now=0)
    assert logins.finish(login.state, login.state, now=LOGIN_TIMEOUT_S) is None


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        # pages of the desk
        ("/services/desk/teams?sort=name", "/services/desk/teams?sort=name"),
        ("/services/desk/", "/services/desk/"),
        # other hosts, other services, tricks
        ("https://elsewhere.example/services/desk/", "/services/desk/"),
        ("//elsewhere.example/services/desk/", "/services/desk/"),
        ("/services/desk//elsewhere.example", "/services/desk/"),
        ("/services/desk/\\elsewhere.example", "/services/desk/"),
        ("/hub/logout", "/services/desk/"),
    ],
)
def test_sign_in_ends_on_a_page_of_the_desk(wanted, taken):
    assert safe_next(wanted, "/services/desk/") == taken


def test_session_is_found_by_its_secret_only():
    sessions = Sessions()
    session_id = sessions.open("noa", "token", "hub-1", now=0)
    assert sessions.find(session_id, "hub-1", now=1).username == "noa"
    assert sessions.find("guess", "hub-1", now=1) is None


def test_session_ends_when_the_hubs_session_changes():
    sessions = Sessions()
    session_id = sessions.open("noa", "token", "hub-1", now=0)
    assert sessions.find(session_id, "hub-2", now=1) is None
    assert sessions.find(session_id, "hub-1", now=1) is None


def test_idle_session_ends_and_a_used_one_lives():
    sessions = Sessions()
    used, idle = (sessions.open("noa", "token", "", now=0) for _ in range(2))
    assert sessions.find(used, "", now=IDLE_S - 1)
    assert sessions.find(used, "", now=IDLE_S + 1)
    assert sessions.find(idle, "", now=IDLE_S + 1) is None


def test_hub_is_asked_again_after_thirty_seconds():
    sessions = Sessions()
    session_id = sessions.open("noa", "token", "", now=0)
    session = sessions.find(session_id, "", now=1)
    assert CHECK_EVERY_S <= 30
    assert not session.needs_check(CHECK_EVERY_S - 0.1)
    assert session.needs_check(CHECK_EVERY_S)
    sessions.confirm(session_id, now=CHECK_EVERY_S)
    assert not sessions.find(session_id, "", now=31).needs_check(31)


def test_hubs_session_is_read_from_either_cookie_name():
    assert hub_session_of({"jupyterhub-session-id": "a"}) == "a"
    assert hub_session_of({"__Host-jupyterhub-session-id": "b"}) == "b"
    assert hub_session_of({}) == ""


def test_settings_are_read_from_the_hubs_environment():
    settings = read_settings(ENVIRON, Path("/state"))
    assert settings.prefix == "/base/services/desk/"
    assert settings.callback_url == "/base/services/desk/oauth_callback"
    assert settings.hub_url == "/base/hub/"
    assert settings.address == ("127.0.0.1", 9001)
    assert settings.api_url == "http://127.0.0.1:8081/hub/api"


@pytest.mark.parametrize("key", [key for key in ENVIRON if key != "JUPYTERHUB_BASE_URL"])
def test_missing_key_is_named(key):
    environ = {name: value for name, value in ENVIRON.items() if name != key}
    with pytest.raises(StartError, match=key):
        read_settings(environ, Path("/state"))


def test_no_secret_shows_in_a_printed_value():
    login = begin_login("/", 0)
    assert "secret-of-the-desk" not in repr(replace(SETTINGS))
    assert login.verifier not in repr(login)
