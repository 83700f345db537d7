"""The gate: each account's code on a port of its own, and nothing of the hub through any of these ports."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.integration.demo import free_row
from tests.unit.event.test_hosting import with_hosting

from rounds.errors import StartError
from rounds.event import AppliedEvent, load_event, store_event
from rounds.event.hosting import Hosting
from rounds.hub.hosting.addresses import Addresses
from rounds.hub.hosting.gate import gate_command, keep_room_ports
from rounds.hub.hosting.own_proxy import find_node
from rounds.hub.machine_checks import free_ports
from rounds.hub.running_event import Ports, Ward
from rounds.store.folders import Folders

HUB, ROOMS = "rounds.lan", "192.0.2.2"
OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Cookie": "viewer"}


class Upstream(BaseHTTPRequestHandler):
    """Says what reached it, and asks for a service worker's right to everything."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}}).encode()
        self.send_response(101 if self.headers.get("Upgrade") else 200)
        self.send_header("Service-Worker-Allowed", "/")
        if self.headers.get("Upgrade"):
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.end_headers()
            if self.path.endswith("/breaks"):  # a reset, as of a room that is killed
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            self.close_connection = True
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Answer:
    """What a browser gets."""

    status: int
    headers: dict[str, str]
    text: bytes


@dataclass
class Gate:
    """A running gate; `ports` are those of the accounts."""

    public: int
    ports: dict[str, int]

    def ask(self, port: int, path: str, method: str = "GET", host: str = "", **headers: str) -> Answer:
        """Ask one port as a browser does that was told where the names are."""
        own = f"{HUB if port == self.public else ROOMS}:{port}"
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
            line.request(method, path, headers={"Host": host or own, **headers})
            with line.getresponse() as response:
                text = b"" if response.status == 101 else response.read()
                return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, text)

    def status(self, port: int, path: str, method: str = "GET", host: str = "", **headers: str) -> int:
        return self.ask(port, path, method, host, **headers).status

    def leads(self, port: int, path: str) -> str:
        answer = self.ask(port, path)
        assert answer.status == 302, (path, answer.status)
        return str(answer.headers["location"])


def own_origin(gate: Gate, account: str) -> dict[str, str]:
    """Return what a browser says of a page of an account's own port."""
    return {"Origin": f"http://{ROOMS}:{gate.ports[account]}"}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, demo_event_file: Path) -> Iterator[Gate]:
    """Return a gate in front of a server that says what reaches it."""
    folder = tmp_path_factory.mktemp("gate")
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    first = free_row(120)
    lines = [
        f'hub_host = "{HUB}"',
        'rooms = "ports"',
        f'rooms_host = "{ROOMS}"',
        f"room_ports = [{first}, {first + 119}]",
    ]
    event_file = with_hosting(demo_event_file, folder / "event", 'listen = "0.0.0.0"', *lines)
    folders = Folders(folder / "state")
    event = store_event(event_file, folders.event)
    public = free_ports(1)[0]
    ports = Ports(public, 1, 2, 3, upstream.server_address[1], 4)
    ward = Ward(AppliedEvent(folders.event), folders, folder, ports, Addresses(event.hosting, public), "token")
    table = keep_room_ports(event, folders)
    process = subprocess.Popen(gate_command(ward, find_node()))
    gate = Gate(public, table)
    _wait_until_open(gate, process)
    yield gate
    process.terminate()
    process.wait(20)
    upstream.shutdown()
    upstream.server_close()


def _wait_until_open(gate: Gate, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            gate.status(max(gate.ports.values()), "/user/x/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the gate did not open")


def test_the_hubs_port_passes_the_hub_and_sends_rooms_to_their_own_port(gate: Gate) -> None:
    for path in ("/hub/login", "/services/desk/", "/", "/hub/user/noa/"):
        assert gate.status(gate.public, path) == 200, path
    assert gate.leads(gate.public, "/user/noa/lab?reset") == f"http://{ROOMS}:{gate.ports['noa']}/user/noa/lab?reset"
    assert gate.status(gate.public, "/user/noa/api/kernels", "POST") == 403


@pytest.mark.parametrize("path", ["/%75ser/noa/lab", "/.//user/noa/lab", "/x/../user/noa/lab", "/user//noa/lab"])
def test_a_room_by_another_spelling_of_its_path_is_not_passed_through_the_hubs_port(gate: Gate, path: str) -> None:
    assert gate.leads(gate.public, path).startswith(f"http://{ROOMS}:{gate.ports['noa']}/")


@pytest.mark.parametrize("path", ["/hub/login", "/hub/api/user", "/services/desk/", "/%68ub/login", "//hub/login", "/"])
def test_no_page_of_the_hub_comes_through_an_accounts_port(gate: Gate, path: str) -> None:
    port = gate.ports["noa"]
    assert gate.leads(port, path).startswith(f"http://{HUB}:{gate.public}/")
    assert gate.status(port, path, "POST", Cookie="viewer") == 403
    assert gate.status(port, path, host=f"{HUB}:{gate.public}") in (302, 403)


def test_an_accounts_port_passes_its_own_room_only(gate: Gate) -> None:
    own, other = gate.ports["noa"], gate.ports["roni"]
    assert gate.status(own, "/user/noa/lab") == 200
    assert gate.leads(own, "/user/roni/lab") == f"http://{ROOMS}:{other}/user/roni/lab"
    assert gate.status(own, "/user/roni/api/contents", "POST", Cookie="viewer", **own_origin(gate, "noa")) == 403
    assert gate.status(own, "/user/nobody/lab") == 403


def test_a_page_of_another_origin_does_nothing_with_the_viewers_cookies(gate: Gate) -> None:
    port, path = gate.ports["noa"], "/user/noa/api/contents"
    own, foreign = own_origin(gate, "noa"), own_origin(gate, "team-stork")
    assert gate.status(port, path, **OWN) == 200
    assert gate.status(port, path, "POST", Cookie="viewer", **own) == 200
    assert gate.status(port, path, "POST", Cookie="viewer", **foreign) == 403
    assert gate.status(port, path, **foreign) == 403
    assert gate.status(port, path, "POST", Cookie="viewer") == 403
    assert gate.status(port, path, "POST", Authorization="token of a program") == 200
    assert gate.status(port, path, **{**OWN, "Sec-Fetch-Site": "same-site"}) == 403
    assert gate.status(port, path, **{**OWN, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 403
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert gate.status(port, path, **visit, **{"Sec-Fetch-Dest": "document"}) == 200
    assert gate.status(port, path, **visit, **{"Sec-Fetch-Dest": "iframe"}) == 403


def test_a_websocket_of_another_origin_is_refused(gate: Gate) -> None:
    port, path = gate.ports["noa"], "/user/noa/api/kernels/1/channels"
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Cookie": "viewer"}
    assert gate.status(port, path, **upgrade, **own_origin(gate, "noa")) == 101
    assert gate.status(port, path, **upgrade, **own_origin(gate, "roni")) == 403
    assert gate.status(port, "/user/roni/api", **upgrade, **own_origin(gate, "noa")) == 403
    assert gate.status(port, "/hub/api", **upgrade, **own_origin(gate, "noa")) == 403


def test_a_line_that_breaks_is_not_the_end_of_the_gate(gate: Gate) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", **own_origin(gate, "noa")}
    for _ in range(5):
        with contextlib.suppress(OSError, http.client.HTTPException):
            gate.status(gate.ports["noa"], "/user/noa/api/breaks", **upgrade)
    time.sleep(0.5)
    assert gate.status(gate.public, "/hub/login") == 200


def test_no_service_worker_is_fetched_and_none_gets_a_wider_place(gate: Gate) -> None:
    answer = gate.ask(gate.ports["noa"], "/user/noa/proxy/worker.js", **{"Service-Worker": "script"})
    assert answer.status == 403
    assert gate.ask(gate.ports["noa"], "/user/noa/proxy/worker.js").headers.get("service-worker-allowed") is None


def test_what_a_browser_claims_of_its_address_is_not_passed_on(gate: Gate) -> None:
    claims = {"X-Real-Ip": "10.0.0.1", "X-Forwarded-For": "10.0.0.2", "X-Scheme": "https", "Forwarded": "for=10.0.0.3"}
    seen = json.loads(gate.ask(gate.public, "/hub/login", **claims).text)
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert not {"x-real-ip", "x-scheme", "forwarded"} & set(seen)
    assert seen["host"] == f"{HUB}:{gate.public}"


def test_a_room_is_sent_its_own_sign_in_only_and_a_flood_of_cookies_does_not_stop_it(gate: Gate) -> None:
    flood = "; ".join(f"flood{number}={'x' * 3000}" for number in range(180))
    given = f"{flood}; jupyterhub-user-noa=1; jupyterhub-user-roni=2; jupyterhub-user-noam=5; _xsrf=3; rounds-desk=4"
    seen = json.loads(gate.ask(gate.ports["noa"], "/user/noa/lab", Cookie=given).text)
    assert seen["cookie"] == "jupyterhub-user-noa=1; _xsrf=3"


def test_a_path_that_cannot_be_read_is_refused(gate: Gate) -> None:
    assert gate.status(gate.public, "/%E0%A4%A") == 403
    assert gate.status(gate.public, "/hub/login") == 200


def test_another_host_is_sent_to_the_hubs_own(gate: Gate) -> None:
    answer = gate.ask(gate.public, "/hub/login", host="rebound.example")
    assert (answer.status, answer.headers["location"]) == (302, f"http://{HUB}:{gate.public}/hub/login")
    assert gate.status(gate.public, "/hub/login", "POST", host="rebound.example") == 403


def test_an_account_keeps_its_port_and_a_port_that_was_left_is_given_away_last(
    tmp_path: Path, demo_event_file: Path
) -> None:
    folders, event = Folders(tmp_path), load_event(demo_event_file)
    needed = len(event.accounts)
    hosting = Hosting(rooms="ports", room_ports=(8201, 8200 + needed + 1))  # type: ignore[arg-type]
    first = keep_room_ports(event.model_copy(update={"hosting": hosting}), folders)
    assert sorted(first) == sorted(event.accounts)
    gone, *others = event.people
    stranger = gone.model_copy(update={"username": "a-stranger"})
    changed = event.model_copy(update={"hosting": hosting, "people": (stranger, *others)})
    changed.__dict__.pop("accounts", None)
    changed.__dict__.pop("person_by_name", None)
    second = keep_room_ports(changed, folders)
    assert {name: second[name] for name in first if name != gone.username} == {
        name: port for name, port in first.items() if name != gone.username
    }
    assert second["a-stranger"] == 8200 + needed + 1
    narrow = Hosting(rooms="ports", room_ports=(8201, 8202))  # type: ignore[arg-type]
    with pytest.raises(StartError, match="Write a wider range"):
        keep_room_ports(event.model_copy(update={"hosting": narrow}), folders)
