"""The kernels of every room explain errors: their configuration, and a real kernel under it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from tests.unit.warm_kernels import Kernel

from rounds.room.configuration import Room, learning_config, page_config, write_kernel_config, write_room


def test_a_room_is_written_with_it(tmp_path: Path) -> None:
    room = Room("noa", tmp_path / "home", tmp_path / "own")
    write_room(room, learning_config(room), page_config(team=False))
    written = json.loads((room.server / "ipython" / "profile_default" / "ipython_kernel_config.json").read_text())
    assert written == {"InteractiveShellApp": {"extensions": ["rounds.mistakes"]}}


def test_a_kernel_says_the_sentence_first_and_stays_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_kernel_config(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        shown, reply = ask(client, "x = 1\nrisk = 0,05")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert (reply["status"], shown["ename"]) == ("error", "SyntaxError")
    said = "Line 2: 0,05 has a comma inside. Python writes a decimal point: 0.05."
    assert shown["traceback"][0] == reply["traceback"][0] == f"\x1b[1m→ {said}\x1b[0m"


def test_a_forked_kernel_does_so_too(warm: Path) -> None:
    write_kernel_config(warm / "ipython")
    kernel = Kernel(cwd=str(warm))
    try:
        shown, _ = ask(kernel.client, "import pandas as pd\ndays = pd.DataFrame({'ward': ['X']})\ndays['wardd']")
    finally:
        kernel.end()
    assert shown["traceback"][0] == '\x1b[1m→ Line 3: The table has no column "wardd". Did you mean "ward"?\x1b[0m'


def ask(client: Any, code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the error that a cell shows, and the kernel's reply."""
    told: list[dict[str, Any]] = []
    reply = client.execute_interactive(code, timeout=60, output_hook=told.append)
    return next(m["content"] for m in told if m["msg_type"] == "error"), reply["content"]
