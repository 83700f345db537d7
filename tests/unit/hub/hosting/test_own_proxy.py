"""The event's own proxy: only its process is ended in its name, and a full disk does not end its answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.wards import ward_of
from traitlets.config import Config

from rounds.event import store_event
from rounds.hub import apply_event
from rounds.hub.hosting.own_proxy import TOKEN, OwnProxy, is_own_proxy, proxy_command
from rounds.hub.machine_checks import free_ports
from rounds.store.folders import Folders

SCRIPT = Path(sys.executable).with_name("configurable-http-proxy")


@contextmanager
def proxy(token: str, output: int | Path = subprocess.DEVNULL) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run a proxy of our own that leads nowhere; yield its process and its address when it answers."""
    public, api = free_ports(2)
    ports = ["--ip", "127.0.0.1", "--port", str(public), "--api-ip", "127.0.0.1", "--api-port", str(api)]
    target = os.open(output, os.O_WRONLY) if isinstance(output, Path) else output
    words = [*proxy_command(SCRIPT), *ports, "--error-target", f"http://127.0.0.1:{api}/none"]
    process = subprocess.Popen(words, env={**os.environ, TOKEN: token}, stdout=target, stderr=target)
    try:
        wait_for(f"http://127.0.0.1:{api}/api/routes", token)
        yield process, f"http://127.0.0.1:{public}"
    finally:
        process.kill()
        process.wait()
        if target >= 0:
            os.close(target)


def wait_for(address: str, token: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(address, headers={"Authorization": f"token {token}"}, trust_env=False)
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_the_proxy_of_this_event_is_known_and_that_of_another_is_not() -> None:
    with proxy("ours") as (process, _):
        assert is_own_proxy(process.pid, "ours")
        assert not is_own_proxy(process.pid, "another")
        assert not is_own_proxy(process.pid, "")


def test_another_process_of_the_same_secret_is_no_proxy() -> None:
    sleeper = subprocess.Popen(["sleep", "60"], env={**os.environ, TOKEN: "ours"})
    try:
        assert not is_own_proxy(sleeper.pid, "ours")
    finally:
        sleeper.kill()
        sleeper.wait()
    assert not is_own_proxy(sleeper.pid, "ours")


def test_a_stale_number_ends_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    file = tmp_path / "proxy.pid"
    file.write_text(str(sleeper.pid), encoding="utf-8")
    own = OwnProxy(pid_file=str(file), auth_token="ours", api_url="http://127.0.0.1:1", public_url="http://127.0.0.1:1")
    try:
        own._check_previous_process()
        assert sleeper.poll() is None
        assert not file.exists()
    finally:
        sleeper.kill()
        sleeper.wait()


def test_the_hub_is_told_to_use_it(tmp_path: Path, demo_event_file: Path, root: Path) -> None:
    folders, config = Folders(tmp_path / "state"), Config()
    store_event(demo_event_file, folders.event)
    apply_event(config, ward_of(folders, root))
    assert config.JupyterHub.proxy_class is OwnProxy
    assert config.ConfigurableHTTPProxy.command == proxy_command(SCRIPT)


def test_the_proxy_answers_while_its_log_takes_nothing() -> None:
    with proxy("ours", Path("/dev/full")) as (process, address):
        for number in range(5):
            reply = httpx.get(f"{address}/page-{number}", trust_env=False, timeout=20)
            assert reply.status_code in (404, 503)
        assert process.poll() is None
