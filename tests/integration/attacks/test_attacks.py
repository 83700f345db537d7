"""Users' code reaches nothing but its room: every attack from a kernel, a terminal, a dashboard and a hand-in.

Most attacks work where nothing is sealed (the first test), so that they could succeed here.  The demo is in its phase
of set-up, which has internet.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from rounds.event import AppliedEvent
from rounds.room.seals import SealedRoom, seal_of
from rounds.room.sockets import service_socket, warm_socket
from rounds.store.folders import Folders
from rounds.warm.seal.plan import Plan, Timed
from tests.integration.attacks.places import read_found, run_in_kernel, run_in_terminal, script, wait_for
from tests.integration.demo import ROOT, Demo
from tests.integration.people import ClassRoom

pytestmark = pytest.mark.integration
FEWEST = 45
MARKED = "of the 1,000 sick people"


@dataclass(frozen=True)
class Ward:
    """The running event with everybody's places, as an attacker would wish to know them."""

    demo: Demo
    at: dict[str, Any]
    noa: Page
    roni: Page

    @property
    def work(self) -> Path:
        """Noa's work folder."""
        return self.demo.state / "homes" / "noa"


def servers_of(demo: Demo) -> dict[str, tuple[int, int]]:
    """Return the number and the port of each account's server."""
    (database,) = (demo.state / "hub").glob("*.sqlite")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as hub:
        rows = hub.execute(
            "SELECT u.name, s.state, v.port FROM spawners s JOIN users u ON u.id = s.user_id "
            "JOIN servers v ON v.id = s.server_id"
        ).fetchall()
    return {name: (json.loads(state)["pid"], port) for name, state, port in rows if state}


@pytest.fixture(scope="module")
def ward(class_: ClassRoom, demo: Demo) -> Iterator[Ward]:
    """Return the event with the rooms of Noa, Tal and the team Stork running, and what is to be attacked laid out."""
    pages = {name: _enter(class_, demo, name) for name in ("noa", "tal", "roni")}
    rooms = {"noa": "noa", "tal": "tal", "roni": "team-stork"}
    for name, room in rooms.items():
        page = pages[name]
        page.goto(f"{demo.base}/services/desk/open/{'team/stork' if name == 'roni' else 'learning'}")
        page.wait_for_url(f"**/user/{room}/**", timeout=120_000)
        page.goto(f"{demo.room(room)}/lab")
    victim = demo.state / "homes" / "tal" / "victim.txt"
    victim.write_text("Tal's own words, and a few more of them", encoding="utf-8")
    segment = ctypes.CDLL(None).shmget(4711, 64, 0o1666)
    with (
        socket.socket(socket.AF_UNIX) as abstract,
        socket.create_server(("0.0.0.0", 0)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        abstract.bind("\0rounds-attacked")
        abstract.listen()
        datagrams.bind(("127.0.0.1", 0))
        ports = {"listener_port": listener.getsockname()[1], "datagram_port": datagrams.getsockname()[1]}
        yield Ward(demo, {**_places(demo, victim), **ports}, pages["noa"], pages["roni"])
    ctypes.CDLL(None).shmctl(segment, 0, None)


def _enter(class_: ClassRoom, demo: Demo, name: str) -> Page:
    return class_.pages.get(name) or class_.sign_in_by_link(name, demo.invite(name))


def _places(demo: Demo, victim: Path) -> dict[str, Any]:
    servers, ports = servers_of(demo), json.loads((demo.state / "hub" / "ports.json").read_text())
    folders, hub = Folders(demo.state), demo.find("jupyterhub", "--config").pid
    secrets = json.loads((demo.state / "hub" / "secrets.json").read_text())
    return {
        "state": str(demo.state),
        "source": str(ROOT),
        "account": "noa",
        "other": "tal",
        "team": "stork",
        "other_work": str(demo.state / "homes" / "tal"),
        "other_team": str(demo.state / "teams" / "stork"),
        "account_home": os.path.expanduser("~"),
        "packages": str(Path(pytest.__file__).parents[1]),
        "victim": str(victim),
        "hub_pid": hub,
        "server_pid": servers["noa"][0],
        "other_pid": servers["tal"][0],
        "server_port": servers["noa"][1],
        "other_port": servers["tal"][1],
        "ports": {name: ports[name] for name in ("public", "hub", "proxy_api", "desk", "grading")},
        "claims": str(Path(tempfile.gettempdir()) / f"rounds-ports-{os.geteuid()}"),
        "claimed_port": 12345,
        "template": str(warm_socket(folders)),
        "other_service": str(service_socket(folders, "tal")),
        "abstract": "rounds-attacked",
        "bus": "/run/dbus/system_bus_socket",
        "machine_address": _own_address(),
        "interface": _interface(),
        "net_namespace": os.stat("/proc/self/ns/net").st_ino,
        "shm_device": os.stat("/dev/shm").st_dev,
        "shm_key": 4711,
        "tmp_device": os.stat("/tmp").st_dev,
        "tmp_number": os.stat("/tmp").st_ino,
        "mirrored_secrets": [secret[::-1] for secret in secrets.values()],
    }


def _own_address() -> str:
    """Return an address of this machine that is not its loopback; a machine without a network has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))  # nothing is sent: the system chooses the address it would send from
        except OSError:
            return "127.0.0.2"
        return str(probe.getsockname()[0])


def _interface() -> str:
    return next((name for _, name in socket.if_nameindex() if name != "lo"), "lo")


@pytest.fixture(scope="module")
def unsealed(ward: Ward) -> set[str]:
    """Return the attacks that succeed where nothing is sealed."""
    done = subprocess.run(
        [sys.executable, "-c", script(ward.at)], cwd=ward.work, capture_output=True, text=True, check=False
    )
    return set(read_found(done.stdout + done.stderr)["succeeded"])


def test_most_attacks_work_where_nothing_is_sealed(unsealed: set[str]) -> None:
    assert len(unsealed) >= FEWEST, sorted(unsealed)


def test_a_kernel_reaches_nothing_but_its_room(ward: Ward) -> None:
    found = read_found(run_in_kernel(ward.noa, ward.demo.room("noa"), script(ward.at)))
    assert set(found["succeeded"]) <= WITH_INTERNET, found["succeeded"]
    assert len(found["tried"]) > FEWEST


def test_a_terminal_reaches_nothing_but_its_room(ward: Ward) -> None:
    said = run_in_terminal(ward.noa, ward.demo.room("noa"), ward.work, script(ward.at))
    assert set(read_found(said)["succeeded"]) <= WITH_INTERNET


def test_a_teams_kernel_reaches_nothing_but_its_room(ward: Ward) -> None:
    at = {**ward.at, "account": "team-stork", "other_team": str(ward.demo.state / "teams" / "cradle")}
    found = read_found(run_in_kernel(ward.roni, ward.demo.room("team-stork"), script(at)))
    assert set(found["succeeded"]) <= WITH_INTERNET, found["succeeded"]


def test_a_published_page_reaches_nothing_but_its_room(ward: Ward) -> None:
    at = {**ward.at, "account": "dash-stork"}
    cell = {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": script(at),
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (ward.demo.state / "teams" / "stork" / "attack.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    code = "from rounds.room.publish import publish_dashboard\nprint(publish_dashboard('attack.ipynb'))"
    said = run_in_kernel(ward.roni, ward.demo.room("team-stork"), code)
    assert "Published" in said, said
    page = ward.roni.context.new_page()
    page.goto(f"{ward.demo.base}/services/desk/open/dashboard/stork/attack.ipynb")
    page.get_by_text("ATTACKS {").first.wait_for(timeout=120_000)
    assert set(read_found(page.inner_text("body"))["succeeded"]) <= WITH_INTERNET
    page.close()


def test_a_hand_in_reaches_nothing_but_its_folder(ward: Ward) -> None:
    released = next((ward.demo.state / "exchange").glob("*/outbound/a3-report-card/*.ipynb"))
    notebook = json.loads(released.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if MARKED in "".join(cell["source"]))
    cell["source"] = script(ward.at) + "\n" + "".join(cell["source"])
    (ward.work / "attack.json").write_text(json.dumps(notebook), encoding="utf-8")
    code = (
        "import base64\nfrom rounds.own_room import ask_room\n"
        "text = base64.b64encode(open('attack.json', 'rb').read()).decode()\n"
        f"print(ask_room('hand-in', lesson='a3-report-card', files={{{released.name!r}: text}}))"
    )
    said = run_in_kernel(ward.noa, ward.demo.room("noa"), code)
    assert "'time'" in said, said
    graded = ward.demo.state / "course" / "autograded" / "noa" / "a3-report-card" / released.name
    text = wait_for(graded, "ATTACKS").replace('\\"', '"')
    assert read_found(text)["succeeded"] == {}


@pytest.mark.parametrize("internet", [False, True], ids=["closed", "internet"])
@pytest.mark.parametrize("without", ["", "namespaces"], ids=["whole", "without namespaces"])
def test_a_seal_of_another_phase_or_machine_stops_what_it_says(
    ward: Ward, unsealed: set[str], tmp_path: Path, internet: bool, without: str
) -> None:
    found = _attack_sealed(ward, tmp_path, internet, without)
    assert sorted(set(found) - still_open(internet, without)) == []
    assert len(unsealed - set(found)) >= FEWEST


# What stays open where a phase has internet, and where the machine has no namespaces: SECURITY.md says both.
WITH_INTERNET = {"list_the_machines_connections"}
WITHOUT_NAMESPACES = {
    *("see_that_a_file_of_others_is_there", "leave_something_in_shared_memory", "see_other_processes"),
    *("read_the_arguments_of_others", "go_through_anothers_descriptors", "list_the_machines_connections"),
}


def still_open(internet: bool, without: str) -> set[str]:
    return (WITHOUT_NAMESPACES if without else set()) | (WITH_INTERNET if internet else set())


def _attack_sealed(ward: Ward, folder: Path, internet: bool, without: str) -> dict[str, str]:
    event = AppliedEvent(Folders(ward.demo.state).event).current()
    room = SealedRoom("noa", event, Folders(ward.demo.state))
    phase = event.phase[0].model_copy(update={"internet": internet})
    plan = folder / "plan.json"
    plan.write_text(Plan((Timed(event.opens_at(phase), seal_of(room, phase)),)).encode(), encoding="utf-8")
    attack = ward.work / "attack.py"
    attack.write_text(script(ward.at), encoding="utf-8")
    command = [sys.executable, "-I", "-m", "rounds.warm.seal", "--plan", str(plan), "--", sys.executable, str(attack)]
    environ = {**os.environ, "ROUNDS_SEAL_WITHOUT": without}
    done = subprocess.run(command, cwd=ward.work, env=environ, capture_output=True, text=True, check=False)
    succeeded: dict[str, str] = read_found(done.stdout + done.stderr)["succeeded"]
    return succeeded
