"""A real Jupyter server with a room's configuration: one kernel for one notebook, and a stop that is a stop."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rounds.room.configuration import Room, team_config, write_room


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """Return a running server, its address and its log; its standard input is no terminal, as under a hub."""
    room = Room(account="team-stork", work=tmp_path / "work", own=tmp_path / "own")
    for folder in (room.work, room.own):
        folder.mkdir()
    config = team_config(room, "python3")
    config["KernelSpecManager"] = {}
    write_room(room, config, {})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, **room.environment, "JUPYTER_TOKEN": "t"}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--allow-root"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{address}/api", trust_env=False)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield process, address, tmp_path / "log"
    process.kill()
    process.wait()


async def open_together(address: str, people: int) -> list[dict[str, dict[str, str]]]:
    """Open one notebook as JupyterLab does, all at the same moment."""
    asked = {"path": "shared.ipynb", "type": "notebook", "name": "shared.ipynb", "kernel": {"name": "python3"}}
    headers = {"Authorization": "token t"}
    async with httpx.AsyncClient(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
        answers = await asyncio.gather(*(client.post("/api/sessions", json=asked) for _ in range(people)))
        kernels = await client.get("/api/kernels")
    assert len(kernels.json()) == 1
    return [json.loads(answer.text) for answer in answers]


def test_members_who_open_a_notebook_at_the_same_moment_share_its_kernel(
    server: tuple[subprocess.Popen[bytes], str, Path],
) -> None:
    sessions = asyncio.run(open_together(server[1], 5))
    assert len({session["id"] for session in sessions}) == 1  # type: ignore[comparison-overlap, unused-ignore]
    assert len({session["kernel"]["id"] for session in sessions}) == 1


def test_the_hubs_interrupt_ends_the_server_and_its_kernel_in_order(
    server: tuple[subprocess.Popen[bytes], str, Path],
) -> None:
    process, address, log = server
    asyncio.run(open_together(address, 1))
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    said = log.read_text(encoding="utf-8")
    assert "Shutting down 1 kernel" in said
    assert "Kernel shutdown" in said
    assert "Interrupted..." not in said
