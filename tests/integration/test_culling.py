"""A server that nobody uses is stopped, also under an open page; one whose kernel computes is not, also unwatched."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.integration.demo import Demo
from tests.integration.people import ClassRoom
from tests.integration.test_class_at_work import EMPTY_CELL, find_room, open_lab, run_cell

pytestmark = pytest.mark.integration
IDLE_S = 45


def is_running(demo: Demo, account: str) -> bool:
    """Return whether the account's server has a process."""
    return bool(find_room(demo, demo.state / "homes" / account))


def test_an_idle_server_is_culled_and_a_running_kernel_is_not(browser: Browser, tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    demo.copy_event(idle_server_min=str(IDLE_S / 60))
    demo.start()
    class_ = ClassRoom(browser, demo.base, tmp_path / "shots")
    for name, what, code, after in (
        ("noa", "bio/med participant", "1 + 1", "| Idle"),
        ("roni", "engineer", "import time; time.sleep(600)", "| Busy"),
    ):
        page = class_.sign_in_by_link(name, demo.links[what])
        page.goto(f"{demo.base}/services/desk/open/learning")
        page.wait_for_url(f"**/user/{name}/lab**", timeout=90_000)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [EMPTY_CELL]}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook["metadata"] = {"kernelspec": kernel}
        (demo.state / "homes" / name / "work.ipynb").write_text(json.dumps(notebook))
        open_lab(page, f"{demo.room(name)}/lab/tree/work.ipynb")
        run_cell(page, code)
        expect(page.locator("#jp-main-statusbar")).to_contain_text(after)
        page.wait_for_timeout(2_000)
        if name == "roni":  # noa's page stays open and visible, and asks the server every few seconds
            page.context.close()
    deadline = time.monotonic() + 4 * IDLE_S
    while is_running(demo, "noa") and time.monotonic() < deadline:
        class_.pages["noa"].wait_for_timeout(1_000)
    class_.pages["noa"].wait_for_timeout(IDLE_S * 500)
    assert not is_running(demo, "noa")
    assert is_running(demo, "roni")
    demo.stop()
