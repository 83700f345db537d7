"""nbgrader in a terminal and its Assignment List work as ever, through the room's server, as whoever the hub says."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from rounds.errors import GradingError, RoomError
from rounds.event import Event, load_event
from rounds.grading import attempts
from rounds.grading.attempts import find_attempts
from rounds.grading.course import Course, learner_settings
from rounds.grading.judge.verdict import Verdict
from rounds.grading.service.app import GradingService, create_service
from rounds.grading.service.client import ADDRESS, HELP_ADDRESS, TOKEN, find_client
from rounds.grading.service.helping import Helping
from rounds.grading.service.identity import Identity
from rounds.grading.service.queue import GradingQueue
from rounds.help.queue import load_requests
from rounds.own_room import SOCKET, ask_for_help, ask_room
from rounds.room.service import RoomService
from rounds.store.database import open_database
from rounds.warm.ports import claim_port

PEOPLE = {"noa-token": "noa", "tal-token": "tal", "stork-token": "team-stork", "page-token": "dash-stork"}


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as says whose token it is."""

    def do_GET(self) -> None:
        name = PEOPLE.get(self.headers["Authorization"].removeprefix("token "))
        self.send_response(200 if name else 403)
        self.end_headers()
        self.wfile.write(json.dumps({"kind": "user", "name": name}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def open_room(environ: dict[str, str]) -> Iterator[None]:
    """Answer at a room's socket, in a thread, as long as the block lasts."""
    started, ended = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        server = await RoomService(environ).open()
        assert server is not None
        started.set()
        async with server:
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert started.wait(10)
    try:
        yield
    finally:
        loops[0].call_soon_threadsafe(ended.set)
        thread.join(10)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with one released lesson."""
    course = Course("demo", tmp_path / "course", tmp_path / "exchange")
    (course.outbound / "a3").mkdir(parents=True)
    (course.outbound / "a3" / "n.ipynb").write_text('{"cells": []}', encoding="utf-8")
    return course


@pytest.fixture
def event(demo_event_file: Path) -> Event:
    """Return the demo event."""
    return load_event(demo_event_file)


@pytest.fixture
def service(course: Course, event: Event, tmp_path: Path) -> Iterator[str]:
    """Return the address of a grading service that asks a hub; it grades nothing."""
    hub = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=hub.serve_forever).start()
    identity = Identity(f"http://127.0.0.1:{hub.server_address[1]}", lambda name: not name.startswith("team-"))
    queue = GradingQueue(lambda: course, lambda _: "Nobody grades here.")
    helping = Helping(lambda: event, f"sqlite:///{tmp_path / 'rounds.sqlite'}")
    app = create_service(GradingService(lambda: course, queue, identity, lambda *_: Verdict(True), helping, partner_of))
    port = claim_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port.number, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port.number}"
    server.should_exit = True
    port.release()
    hub.shutdown()
    hub.server_close()
    thread.join(10)


def partner_of(username: str, lesson: str) -> str:
    """Let Noa do one lesson with Tal."""
    return {("noa", "j1"): "tal"}.get((username, lesson), "")


@pytest.fixture
def noas_room(course: Course, service: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of a terminal in Noa's room: no token, and the socket of the room's server."""
    socket = tmp_path / "own.sock"
    config = tmp_path / "config"
    config.mkdir()
    settings = learner_settings(course, "noa", tmp_path / "work")
    (config / "nbgrader_config.json").write_text(json.dumps(settings), encoding="utf-8")
    with open_room({SOCKET: str(socket), ADDRESS: service, HELP_ADDRESS: service, TOKEN: "noa-token"}):
        yield {**os.environ, SOCKET: str(socket), "JUPYTER_CONFIG_DIR": str(config), "HOME": str(tmp_path)}


def nbgrader(environ: dict[str, str], work: Path, *words: str) -> str:
    command = [sys.executable, "-m", "nbgrader", *words]
    work.mkdir(exist_ok=True)
    done = subprocess.run(command, env=environ, cwd=work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_nbgrader_in_a_terminal_fetches_hands_in_lists_and_reads_feedback(
    course: Course, noas_room: dict[str, str], tmp_path: Path
) -> None:
    work = tmp_path / "work"
    nbgrader(noas_room, work, "fetch_assignment", "a3")
    (work / "a3" / "secret").symlink_to("/etc/passwd")
    assert "Submitted as: demo a3" in nbgrader(noas_room, work, "submit", "a3", "--student", "tal")
    attempt = next(find_attempts(course))
    assert attempt.username == "noa"  # whoever --student names
    assert not (attempt.folder / "secret").exists()
    name = md5((attempt.secret + "n").encode(), usedforsecurity=False).hexdigest()
    (course.exchange / "demo" / "feedback").mkdir()
    (course.exchange / "demo" / "feedback" / f"{name}.html").write_text("Well done", encoding="utf-8")
    assert "feedback ready to be fetched" in nbgrader(noas_room, work, "list", "--inbound")
    nbgrader(noas_room, work, "fetch_feedback", "a3")
    assert (work / "a3" / "feedback" / attempt.time / "n.html").read_text(encoding="utf-8") == "Well done"
    assert "feedback already fetched" in nbgrader(noas_room, work, "list", "--inbound")


def test_the_assignment_list_of_a_server_reads_no_settings_of_the_learner(
    course: Course, noas_room: dict[str, str], service: str, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    (work / "a3").mkdir(parents=True)
    (work / "a3" / "n.ipynb").write_text('{"cells": [1]}', encoding="utf-8")
    (work / "nbgrader_config.py").write_text("open('was-run', 'w')", encoding="utf-8")
    script = tmp_path / "server.py"
    script.write_text(
        "from types import SimpleNamespace as S\n"
        "from nbgrader.server_extensions.assignment_list.handlers import AssignmentList\n"
        "from rounds.room.assignments import apply_own_settings\n"
        f"manager = AssignmentList(); manager.root_dir = {str(work)!r}\n"
        f"server = S(root_dir={str(work)!r}, web_app=S(settings={{'assignment_list_manager': manager}}))\n"
        "apply_own_settings(server)\n"
        "print(manager.submit_assignment('demo', 'a3'))\n"
        "print([a['status'] for a in manager.list_assignments('demo')['value']])\n",
        encoding="utf-8",
    )
    environ = {**noas_room, TOKEN: "noa-token", ADDRESS: service}
    done = subprocess.run([sys.executable, script], env=environ, cwd=work, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["{'success': True}", "['fetched', 'submitted']"], done.stderr
    assert not list(tmp_path.rglob("was-run"))
    assert [attempt.username for attempt in find_attempts(course)] == ["noa"]


PLACES = ("../inbound", "../../tal", "/etc", "a3/..", "..", "a3/../../../homes/tal", "*", "[a]3", "")
TRAVERSE = """
import json, sys
from types import SimpleNamespace as S
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList
from rounds.room.assignments import apply_own_settings
work = sys.argv[1]
manager = AssignmentList(); manager.root_dir = work
apply_own_settings(S(root_dir=work, web_app=S(settings={"assignment_list_manager": manager})))
acts = manager.fetch_assignment, manager.submit_assignment, manager.fetch_feedback
for place in json.loads(sys.argv[2]):
    for course, lesson in (("demo", place), (place, "a3")):
        print(*[act(course, lesson)["success"] for act in acts])
"""


def test_no_name_of_a_course_or_lesson_leads_out_of_the_room(
    course: Course, noas_room: dict[str, str], service: str, tmp_path: Path
) -> None:
    """What a page asks of the Assignment List is done by the server, which reaches more than the room's code."""
    work, other = tmp_path / "work", tmp_path / "tal"
    for folder in (work / "outbound" / "tal", work / "a3", other):
        folder.mkdir(parents=True)
    (other / "n.ipynb").write_text('{"cells": ["of Tal"]}', encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    environ = {**noas_room, TOKEN: "noa-token", ADDRESS: service}
    command = [sys.executable, "-c", TRAVERSE, str(work), json.dumps([*PLACES, "../work", "../tal"])]
    done = subprocess.run(command, env=environ, cwd=work, capture_output=True, text=True, check=False)
    assert set(done.stdout.splitlines()) == {"False False False"}, done.stdout + done.stderr[-2000:]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "grade"},
        {"kind": "hand-in", "lesson": "../a3", "files": {}},
        {"kind": "hand-in", "lesson": "a3", "files": {"n.ipynb": ""}, "username": "tal"},
        {"kind": "attempts", "lesson": "a3", "student": "tal"},
        {"kind": "log", "lesson": "a3", "exercise": "e1", "passed": True, "attempt": -1},
        {"kind": "judge", "lesson": "a3", "exercise": "e1"},
        {"kind": "help", "words": "Why?", "member": "tal"},
        {"kind": "help", "words": "Why?", "lesson": "../a3"},
        {"kind": "help-list"},
    ],
)
def test_no_other_message_is_answered(noas_room: dict[str, str], message: dict[str, Any]) -> None:
    kind, fields = message.pop("kind"), message
    with pytest.raises(RoomError, match="takes no such message"):
        ask_room(kind, noas_room, **fields)


@pytest.mark.parametrize("token", ["", "forged", "stork-token"])
def test_who_is_no_person_to_the_hub_is_refused(course: Course, service: str, tmp_path: Path, token: str) -> None:
    socket = str(tmp_path / "other.sock")
    with (
        open_room({SOCKET: socket, ADDRESS: service, TOKEN: token}),
        pytest.raises(RoomError, match=r"no grading service|does not know this token"),
    ):
        ask_room("attempts", {SOCKET: socket})


def test_what_cannot_be_handed_in_is_said_with_the_services_sentence(noas_room: dict[str, str]) -> None:
    with pytest.raises(RoomError, match=r"n.ipynb is missing in the folder a3"):
        ask_room("hand-in", noas_room, lesson="a3", files={})


@pytest.mark.parametrize(("number", "says"), [(28, "disk of this event is full"), (5, "a fault of Rounds")])
def test_a_disk_in_trouble_is_said_and_leaves_no_half_attempt(
    course: Course, noas_room: dict[str, str], monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(attempts, "_write_file", full)
    with pytest.raises(RoomError, match=says):
        ask_room("hand-in", noas_room, lesson="a3", files={"n.ipynb": "e30="})
    assert not list(course.inbound.iterdir())


def test_a_room_whose_server_is_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(RoomError, match="does not answer"):
        ask_room("attempts", {SOCKET: str(tmp_path / "none.sock")})


def asked_from(tmp_path: Path) -> list[tuple[str, str, str | None]]:
    """Return who asked for help from which room, and the box that came along."""
    engine = open_database(f"sqlite:///{tmp_path / 'rounds.sqlite'}")
    found = [(one.asker.account, one.asker.room, one.wish.cell) for one in load_requests(engine)]
    engine.dispose()
    return found


def test_code_in_a_room_asks_for_help_as_its_room_and_the_box_goes_with_the_tick_only(
    noas_room: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SOCKET, noas_room[SOCKET])
    said = ask_for_help("Why is it so low?", "a3", "e2", cell="ppv = 1")
    assert [(one["words"], one["state"], one["with_cell"]) for one in said["requests"]] == [
        ("Why is it so low?", "open", True)
    ]
    ask_room("help", noas_room, words="And why?", lesson="a3", with_cell=False, cell="ppv = 2")
    assert asked_from(tmp_path) == [("noa", "noa", "ppv = 1"), ("noa", "noa", None)]
    with pytest.raises(RoomError, match="Write in a sentence"):
        ask_for_help(" ")
    with pytest.raises(RoomError, match="at most 20,000 can be sent"):
        ask_for_help("Why?", "a3", cell="x" * 20_001)


# whose token, who is signed in, and who asked then; empty: refused
@pytest.mark.parametrize(
    ("token", "member", "asks"),
    [
        ("stork-token", "", "team-stork"),
        ("stork-token", "hana", "hana"),
        ("stork-token", "tal", ""),
        ("page-token", "", ""),
        ("forged", "", ""),
        ("noa-token", "hana", ""),
    ],
)
def test_a_request_from_a_room_is_the_tokens_or_a_member_of_the_tokens_team(
    service: str, tmp_path: Path, token: str, member: str, asks: str
) -> None:
    client = find_client({HELP_ADDRESS: service, TOKEN: token}, HELP_ADDRESS)
    assert client is not None
    message = {"kind": "help", "words": "Why?", "lesson": "a3", "member": member}
    if not asks:
        with pytest.raises(GradingError, match=r"Only the people of this room|does not know this token"):
            client.ask(message)
    assert asks == "" or len(client.ask(message)["requests"]) == 1
    assert asked_from(tmp_path) == ([(asks, "team-stork", None)] if asks else [])


def test_in_a_teams_room_a_member_sees_what_was_asked_from_there(service: str) -> None:
    ask = {"kind": "help", "words": "Why?", "lesson": "a3"}
    noa, stork = (
        find_client({HELP_ADDRESS: service, TOKEN: f"{name}-token"}, HELP_ADDRESS) for name in ("noa", "stork")
    )
    assert noa is not None
    assert stork is not None
    noa.ask(ask)
    stork.ask(ask)
    stork.ask({**ask, "member": "hana"})
    assert len(noa.ask({"kind": "help-list"})["requests"]) == 2  # the own one, and the team's
    assert len(stork.ask({"kind": "help-list", "member": "noa"})["requests"]) == 1
    assert len(stork.ask({"kind": "help-list", "member": "hana"})["requests"]) == 2


def test_a_room_from_which_nobody_can_be_asked_says_so(tmp_path: Path) -> None:
    socket = str(tmp_path / "page.sock")
    with open_room({SOCKET: socket, TOKEN: "page-token"}), pytest.raises(RoomError, match="Ask on the desk: Help"):
        ask_room("help", {SOCKET: socket}, words="Why?")


def test_what_one_of_a_pair_hands_in_counts_for_both(course: Course, noas_room: dict[str, str]) -> None:
    (course.outbound / "j1").mkdir()
    ask_room("hand-in", noas_room, lesson="j1", files={"n.ipynb": "e30="})
    ask_room("hand-in", noas_room, lesson="a3", files={"n.ipynb": "e30="})
    assert sorted((one.username, one.lesson) for one in find_attempts(course)) == [
        ("noa", "a3"),
        ("noa", "j1"),
        ("tal", "j1"),
    ]
