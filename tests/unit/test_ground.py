"""What the machine lacks is said in one sentence before anything starts."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from rounds.errors import StartError
from rounds.hub import ground
from rounds.hub.ground import check_ground, free_ports


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """Return a folder in which the proxy's command stands."""
    (tmp_path / "configurable-http-proxy").touch()
    return tmp_path


def test_a_machine_with_everything_passes(tmp_path: Path, bin_folder: Path) -> None:
    check_ground(tmp_path / "state" / "demo", bin_folder, free_ports(1)[0])


def test_a_full_disk_is_named_with_what_is_needed(
    tmp_path: Path, bin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "LEAST_FREE_MB", 10**12)
    with pytest.raises(StartError, match=r"MB free, 1000000000000 MB are needed"):
        check_ground(tmp_path, bin_folder, free_ports(1)[0])


def test_a_busy_port_and_a_missing_proxy_are_named_together(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(StartError) as caught:
            check_ground(tmp_path, tmp_path / "nothing", port)
    assert f"Port {port} is in use" in str(caught.value)
    assert "Run: make env" in str(caught.value)
