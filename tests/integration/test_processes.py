"""Nothing that an event starts outlives it, however it ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.integration.demo import Demo, started

pytestmark = pytest.mark.integration
LEFT_WITHIN_S = 75  # a hub has 30 seconds to end by itself, what it left has 15 more


def start_servers(demo: Demo) -> None:
    """Start a team's server and its dashboards, so that there is something to leave behind."""
    secret = (demo.state / "hub" / "secrets.json").read_text().split('"apply": "')[1].split('"')[0]
    headers = {"Authorization": f"token {secret}"}
    with httpx.Client(base_url=f"{demo.base}/hub/api", headers=headers, timeout=60, trust_env=False) as api:
        for account in ("team-stork", "dash-stork"):
            assert api.post(f"/users/{account}/server").status_code in (201, 202)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if all(api.get(f"/users/{a}").json()["server"] for a in ("team-stork", "dash-stork")):
                return
            time.sleep(0.5)
    raise AssertionError(demo.hub_log())


def assert_all_end(left: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(left, timeout=LEFT_WITHIN_S)
    assert [process.cmdline() for process in alive] == []


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return a started event of its own; whoever ends it leaves it to the next test to start again."""
    with started(tmp_path_factory.mktemp("processes")) as demo:
        yield demo


def test_a_busy_port_is_one_clear_sentence(small_demo: Demo, tmp_path: Path) -> None:
    second = Demo(tmp_path / "second", port=small_demo.port)
    second.folder.mkdir()
    second.copy_event()
    with pytest.raises(AssertionError, match=f"Port {small_demo.port} is in use"):
        second.start()


def test_a_killed_proxy_comes_back_and_leaves_no_second_one(small_demo: Demo) -> None:
    small_demo.find("configurable-http-proxy").kill()
    deadline = time.monotonic() + 30
    answered = False
    while not answered and time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            answered = httpx.get(f"{small_demo.base}/hub/login", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            continue
    assert answered
    assert small_demo.find("configurable-http-proxy").is_running()
    left = small_demo.processes()
    small_demo.stop()
    assert_all_end(left)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_command(small_demo: Demo, signum: int) -> None:
    if small_demo.running.poll() is not None:
        small_demo.start()
    start_servers(small_demo)
    left = small_demo.processes()
    assert len(left) >= 6
    os.kill(small_demo.running.pid, signum)
    small_demo.running.wait(timeout=60)
    assert_all_end(left)
