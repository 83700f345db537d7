"""What the machine lacks is said in one sentence before anything starts."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rounds.cli.hub import choose_event
from rounds.errors import StartError
from rounds.event import load_event, store_event
from rounds.event.hosting import Hosting, Rooms
from rounds.hub import machine_checks as ground
from rounds.hub.machine_checks import check_machine, free_ports
from rounds.hub.running import hold_state
from rounds.store.folders import Folders
from rounds.warm.ports import LOWEST, first_given_port


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """Return a folder in which the proxy's command stands."""
    (tmp_path / "configurable-http-proxy").touch()
    return tmp_path


def test_a_machine_with_everything_passes(tmp_path: Path, bin_folder: Path) -> None:
    check_machine(tmp_path / "state" / "demo", bin_folder, Hosting(), free_ports(1)[0])


def test_a_full_disk_is_named_with_what_is_needed(
    tmp_path: Path, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "LEAST_FREE_MB", 10**12)
    with pytest.raises(StartError, match=r"MB free, 1000000000000 MB are needed"):
        check_machine(tmp_path, bin_folder, Hosting(), free_ports(1)[0])


def test_a_busy_port_and_a_missing_proxy_are_named_together(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(StartError) as caught:
            check_machine(tmp_path, tmp_path / "nothing", Hosting(), port)
    assert f"Port {port} is in use" in str(caught.value)
    assert "Run: make env" in str(caught.value)


def test_an_address_that_is_not_this_machines_is_said(tmp_path: Path, bin_folder: Path) -> None:
    elsewhere = Hosting(listen="192.0.2.1", hub_host="rounds.lan")  # TEST-NET-1 of RFC 5737 is nobody's
    with pytest.raises(StartError, match=r"This machine has no address 192\.0\.2\.1"):
        check_machine(tmp_path, bin_folder, elsewhere, free_ports(1)[0])


def test_a_port_of_a_room_that_is_taken_is_named(tmp_path: Path, bin_folder: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        hosting = Hosting(rooms=Rooms.PORTS, room_ports=(port, port))
        with pytest.raises(StartError, match=rf"hosting\.room_ports: {port} in use"):
            check_machine(tmp_path, bin_folder, hosting, free_ports(1)[0])
    with pytest.raises(StartError, match=r"is one of hosting\.room_ports"):
        check_machine(tmp_path, bin_folder, hosting, port)


def test_one_state_folder_runs_one_event(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    said = r"runs already \(process \d+, http://127.0.0.1:8000\)"
    with hold_state(folders, 8000), pytest.raises(StartError, match=said), hold_state(folders, 8001):
        pass
    with hold_state(folders, 8001):
        assert "8001" in (folders.hub / "running").read_text(encoding="utf-8")


def test_a_new_start_goes_on_with_the_event_that_was_applied(tmp_path: Path, demo_event_file: Path) -> None:
    folders, source = Folders(tmp_path), demo_event_file.parents[2]
    first = choose_event(None, folders, source)
    assert first == folders.demo_event / "event.toml"
    assert load_event(first).current_phase(datetime.now(UTC)).id == "full"
    store_event(demo_event_file, folders.event)
    assert choose_event(None, folders, source) == folders.event / "current" / "event.toml"
    assert choose_event(demo_event_file, folders, source) == demo_event_file


def test_no_part_of_an_event_takes_a_port_of_the_rooms() -> None:
    crowded = (LOWEST, first_given_port() - 200)
    assert all(port > crowded[1] for port in free_ports(4, crowded))
