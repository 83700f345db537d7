"""Bringing a hub to the event: a slow stop is waited for, each step stands alone, what is left is said and done later.

The hub here is a small one of our own that answers as JupyterHub's `UserServerAPIHandler` and `UserAPIHandler` do.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rounds.event import Event, load_event
from rounds.hub.accounts import groups_of
from rounds.hub.reconcile import AccountsApi, reconcile
from rounds.hub.start import Applied
from rounds.meter import silent


@dataclass
class SmallHub:
    """Accounts and groups; of `stopping` each server needs so many asks to end; `refused` paths are answered 400."""

    accounts: set[str]
    groups: dict[str, set[str]]
    stopping: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    tokens: dict[str, list[str]] = field(default_factory=dict)
    url: str = ""

    def answer(self, method: str, path: str, body: dict[str, list[str]]) -> tuple[int, object]:
        self.asked.append(f"{method} {path}")
        if f"{method} {path}" in self.refused:
            return 400, {}
        match method, path.strip("/").split("/"):
            case "GET", ["users"]:
                return 200, [{"name": name} for name in sorted(self.accounts)]
            case "GET", ["groups"]:
                return 200, [{"name": name, "users": sorted(users)} for name, users in self.groups.items()]
            case "GET", ["users", name, "tokens"]:
                return 200, {"api_tokens": [{"id": t, "oauth_client": "room"} for t in self.tokens.get(name, [])]}
            case "DELETE", ["users", name, "tokens", token]:
                self.tokens[name].remove(token)
            case "DELETE", ["users", name, "server"]:
                return self._stop(name), {}
            case "DELETE", ["users", name]:
                return self._remove(name), {}
            case "DELETE", ["groups", name, "users"]:
                self.groups[name] -= set(body["users"])
            case "POST", ["groups", name, "users"]:
                self.groups[name] |= set(body["users"])
            case "POST", ["groups", name]:
                self.groups.setdefault(name, set())
            case "POST", ["users", name]:
                self.accounts.add(name)
        return 200, {}

    def _stop(self, name: str) -> int:
        left = self.stopping.get(name, 0)
        self.stopping[name] = max(0, left - 1)
        return 202 if left else 204

    def _remove(self, name: str) -> int:
        if self.stopping.get(name):
            return 400  # "noa's server is in the process of stopping, please wait."
        self.accounts.discard(name)
        return 204


@pytest.fixture
def event(demo_event_file: Path) -> Event:
    """Return the demo's event."""
    return load_event(demo_event_file)


@pytest.fixture
def hub(event: Event) -> Iterator[SmallHub]:
    """Return a hub that has three accounts more than the event, and listens."""
    groups = {name: set(users) for name, users in groups_of(event).items()}
    small = SmallHub(set(event.accounts) | {"ada", "ben", "cleo"}, groups)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(small))
    small.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield small
    server.shutdown()
    thread.join()
    server.server_close()


def handler_of(hub: SmallHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            path = self.path.partition("?")[0]
            status, reply = hub.answer(self.command, path, body)
            text = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text) if status != 204 else 0))
            self.end_headers()
            if status != 204:
                self.wfile.write(text)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def test_a_slow_stop_is_waited_for_and_the_account_removed(hub: SmallHub, event: Event) -> None:
    hub.stopping["ben"] = 2
    made = reconcile(event, AccountsApi(hub.url, "t"), silent)
    assert made.undone == ()
    assert hub.accounts == set(event.accounts)
    assert hub.asked.count("DELETE /users/ben/server") == 3


def test_one_step_that_the_hub_refuses_stops_no_other_and_the_next_apply_takes_it(hub: SmallHub, event: Event) -> None:
    hub.refused.add("DELETE /users/ben")
    api = AccountsApi(hub.url, "t")
    made = reconcile(event, api, silent)
    assert made.undone == ("ben leaves the event: the hub answered 400",)
    assert hub.accounts - set(event.accounts) == {"ben"}
    hub.refused.clear()
    assert reconcile(event, api, silent).undone == ()
    assert hub.accounts == set(event.accounts)


def test_a_server_that_never_stops_is_said_and_the_others_go_on(hub: SmallHub, event: Event) -> None:
    hub.stopping["ada"] = 10**9
    made = reconcile(event, AccountsApi(hub.url, "t", stopped_within_s=0), silent)
    assert made.undone == ("ada leaves the event: its server does not stop",)
    assert hub.accounts - set(event.accounts) == {"ada"}


def test_who_leaves_a_team_loses_the_sign_ins_when_the_step_broke_off_before(hub: SmallHub, event: Event) -> None:
    hub.groups["members-stork"].add("tamar")
    hub.tokens["tamar"] = ["t1", "t2"]
    hub.refused.add("DELETE /users/tamar/tokens/t2")
    api = AccountsApi(hub.url, "t")
    assert len(reconcile(event, api, silent).undone) == 1
    hub.refused.clear()
    assert reconcile(event, api, silent).undone == ()
    assert hub.tokens["tamar"] == []
    assert "tamar" not in hub.groups["members-stork"]


def test_what_is_undone_is_said_in_lines() -> None:
    assert Applied("Applied.").say_undone() == ""
    said = Applied("Applied.", ("ben leaves the event: the hub answered 400",)).say_undone()
    assert said == "Not done yet; the next apply tries it again:\n  ben leaves the event: the hub answered 400"
