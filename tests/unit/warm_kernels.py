"""A template that has imported what every kernel imports, and kernels that are forked from it, for tests."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from rounds.warm.client import SOCKET, ForkedProcess, is_up
from rounds.warm.preload import KERNEL
from rounds.warm.provisioner import NAME, WarmProvisioner

PROVISIONER = "JUPYTER_DEFAULT_PROVISIONER_NAME"


@pytest.fixture(scope="module")
def keeper() -> Iterator[psutil.Process]:
    """Return the keeper of a template that has imported what every kernel imports; it listens at `socket_of` it."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        path = Path(folder) / "t.sock"
        command = [sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path), "--modules", ",".join(KERNEL)]
        process = subprocess.Popen(command)
        assert is_up(path, 60), (Path(folder) / "t.log").read_text()
        yield psutil.Process(process.pid)
        process.terminate()
        process.wait(10)


def socket_of(keeper: psutil.Process) -> Path:
    """Return where a keeper listens."""
    words = keeper.cmdline()
    return Path(words[words.index("--socket") + 1])


@pytest.fixture
def own_sockets() -> Iterator[list[Path]]:
    """Return a list for the sockets of keepers that a test brings to life; they outlive it, so they are ended here."""
    paths: list[Path] = []
    yield paths
    for path in paths:
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            end_keeper(find_keeper(path))


def find_keeper(path: Path) -> psutil.Process:
    """Return the process that listens at a socket, as the operating system names it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.connect(str(path))
        peer = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return psutil.Process(struct.unpack("3i", peer)[0])


def end_keeper(keeper: psutil.Process) -> None:
    """End a keeper and wait until its templates are gone as well."""
    family = [keeper, *keeper.children(recursive=True)]
    keeper.terminate()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive, [" ".join(process.cmdline()) for process in alive if process.is_running()]


def wait_for(seen: Callable[[], bool], within_s: float = 20) -> bool:
    """Wait until something is seen, and return whether it was."""
    deadline = time.monotonic() + within_s
    while not seen():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def forks_of(keeper: psutil.Process) -> set[int]:
    """Return what the serving template has forked and what still runs: its kernels, and the one that waits."""
    serving = keeper.children()[0].children()
    oldest = min(serving, key=lambda process: process.create_time())
    return {process.pid for process in oldest.children()}


@pytest.fixture(scope="module")
def template(keeper: psutil.Process) -> Path:
    """Return the socket of a template that has imported what every kernel imports."""
    return socket_of(keeper)


@pytest.fixture
def warm(template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make the template the one that kernels are forked from."""
    monkeypatch.setenv(SOCKET, str(template))
    monkeypatch.setenv(PROVISIONER, NAME)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    from jupyter_client.provisioning import KernelProvisionerFactory

    KernelProvisionerFactory.clear_instance()
    return tmp_path


class Kernel:
    """A kernel at work."""

    def __init__(self, name: str = "python3", **given: Any) -> None:
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(**given)
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def process(self) -> Any:
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, WarmProvisioner)
        return provisioner.process

    def run(self, code: str, answer: str = "", timeout: float = 60) -> str:
        """Run code and return what it prints, shows or fails with."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])
            elif message["msg_type"] in ("execute_result", "display_data"):
                said.append(
                    " ".join(sorted(content["data"]))
                    if "image/png" in content["data"]
                    else content["data"]["text/plain"]
                )
            elif message["msg_type"] == "error":
                said.append(content["ename"])

        self.client.execute_interactive(
            code, output_hook=hear, timeout=timeout, stdin_hook=lambda _: self.client.input(answer), allow_stdin=True
        )
        return "".join(said)

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture
def kernel(warm: Path) -> Iterator[Kernel]:
    """Return a forked kernel."""
    kernel = Kernel(cwd=str(warm))
    assert isinstance(kernel.process, ForkedProcess)
    yield kernel
    kernel.end()
