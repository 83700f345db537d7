"""A port that was chosen for a server or a kernel is still free when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from rounds.hub.machine_checks import free_ports
from rounds.warm.ports import claim_port, first_given_port
from rounds.warm.provisioner import NAME, PORTS

TAKE = """
import sys
from rounds.warm import ports
ports.random.SystemRandom = lambda: type("Same", (), {"randint": staticmethod(lambda low, high: int(sys.argv[1]))})
ports.TRIES = 3
try:
    print(ports.claim_port().number)
except OSError as error:
    print("refused:", error)
"""


def test_no_port_is_one_that_the_system_gives_to_connections() -> None:
    claimed = [claim_port() for _ in range(50)]
    assert all(port.number < first_given_port() for port in claimed)
    assert len({port.number for port in claimed}) == 50
    assert all(port < first_given_port() for port in free_ports(4))
    for port in claimed:
        port.release()


def test_a_claimed_port_is_given_to_no_other_process_until_it_is_released() -> None:
    port = claim_port()
    assert take(port.number).startswith("refused")
    port.release()
    assert take(port.number) == str(port.number)


def take(number: int) -> str:
    """Return what another process says that wants this very port."""
    return subprocess.run([sys.executable, "-c", TAKE, str(number)], capture_output=True, text=True).stdout.strip()


def test_a_kernels_ports_are_claimed_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    try:
        assert all(getattr(manager, name) < first_given_port() for name in PORTS)
        assert take(manager.shell_port).startswith("refused")
    finally:
        manager.shutdown_kernel(now=True)
