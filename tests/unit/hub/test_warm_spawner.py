"""A server's process is known by its number and its beginning: a stale number in the hub's database ends nobody."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator

import pytest

from rounds.hub.warm_spawner import WarmSpawner


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Return a process that sleeps."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def kept(spawner: WarmSpawner, pid: int) -> dict[str, object]:
    spawner.pid = pid
    return spawner.get_state()


def test_a_server_that_outlived_the_hub_is_taken_up(sleeper: subprocess.Popen[bytes]) -> None:
    state = kept(WarmSpawner(), sleeper.pid)
    again = WarmSpawner()
    again.load_state(state)
    assert again.pid == sleeper.pid
    assert asyncio.run(again.poll()) is None


@pytest.mark.parametrize("state", [{}, {"began": 1.0}], ids=["of a version before", "of another beginning"])
def test_a_number_that_is_another_process_by_now_is_nobodys_server(
    sleeper: subprocess.Popen[bytes], state: dict[str, float]
) -> None:
    again = WarmSpawner()
    again.load_state({"pid": sleeper.pid, **state})
    assert again.pid == 0
    assert asyncio.run(again.poll()) == 0
    asyncio.run(again.stop())
    assert sleeper.poll() is None
