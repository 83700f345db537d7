"""Open a lesson: text, first widget, from a running and a stopped server, a second lesson, beside stock JupyterLab.

    python benchmarks/lesson.py [--rounds 3]

In a real browser, an empty cache each time but for the second lesson, no key pressed.  S is stock JupyterLab that opens
the same notebook from a running server: the seconds until its first heading is there; its widgets come by hand only.
Ours: the desk's link to the lesson, until the first heading is there, and until the first widget can be moved.  Bars:
text 0.25 S, widget 1.2 S (1 s more from a stopped server), a second lesson 0.6 S.  The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import harness
from hubs import Hub, rounds_hub
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FIRST, SECOND = "a3-report-card", "b2-numbers"
NOTEBOOK = harness.ROOT / "tutorials" / "ml_for_clinicians" / "a3_report_card" / "lesson.ipynb"
PASSWORD = "a quiet ward at night"
WITHIN_MS = 120_000
MOVABLE = """() => !document.getElementById("rounds-text")
  && [...document.querySelectorAll(".rounds-role-widget .jp-OutputArea-output :is(input, select, button)")]
    .some((one) => !one.disabled && one.getClientRects().length)"""


@contextlib.contextmanager
def stock_lab(folder: Path) -> Iterator[str]:
    """Run JupyterLab as it comes with the lesson's notebook, and return the address of that."""
    work = folder / "stock"
    work.mkdir()
    shutil.copyfile(NOTEBOOK, work / "lesson.ipynb")
    (port,), log = harness.free_ports(1), folder / "stock.log"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=",
    ]
    off = ["rounds.warm", "rounds.room", "jupyterlab_jupytext", "voila.server_extension", "jupyter_server_proxy"]
    config = {"ServerApp": {"jpserver_extensions": dict.fromkeys(off, False), "root_dir": str(work)}}
    own = folder / "stock-config"
    own.mkdir()
    (own / "jupyter_server_config.json").write_text(json.dumps(config), encoding="utf-8")
    environ = harness.clean_environment(
        folder, JUPYTER_CONFIG_DIR=str(own), JUPYTER_DATA_DIR=str(folder / "stock-data")
    )
    with harness.running(command, log, environ, cwd=work) as process:
        harness.wait_until(lambda: harness.answers(f"http://127.0.0.1:{port}/api"), process, log)
        yield f"http://127.0.0.1:{port}/lab/tree/lesson.ipynb?reset"


def sign_in(browser: Browser, hub: Hub, person: str) -> BrowserContext:
    """Return a browser in which a person has signed in by an invitation."""
    command = [sys.executable, "-m", "rounds", "people", "invite", person, "--state", str(hub.state)]
    link = subprocess.run(command, cwd=harness.ROOT, capture_output=True, text=True, check=True).stdout.strip()
    context = browser.new_context()
    page = context.new_page()
    page.goto(link.split("\t")[2])
    for label in ("Choose a password", "The same password again"):
        page.get_by_label(label).fill(PASSWORD)
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Set my password and go in").click()
    page.wait_for_url("**/services/desk/**")
    return context


def see(page: Page, address: str, *, what: str) -> float:
    """Go to an address; return the seconds until what is looked for is there."""
    began = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(what, timeout=WITHIN_MS)
    return time.monotonic() - began


def open_lesson(page: Page, hub: Hub, lesson: str) -> tuple[float, float]:
    """Open a lesson by the desk's link; return the seconds to its text and to the first widget that can be moved."""
    began = time.monotonic()
    address = f"{hub.base}/services/desk/open/lesson/{lesson}"
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#rounds-text h1", timeout=WITHIN_MS)
    text = time.monotonic() - began
    page.wait_for_function(MOVABLE, timeout=WITHIN_MS)
    return text, time.monotonic() - began


def stop(hub: Hub, person: str) -> None:
    """Stop a person's server, and wait until it is gone."""
    hub.call("DELETE", f"/users/{person}/server", accept=(404,))
    while hub.call("GET", f"/users/{person}").get("servers"):
        time.sleep(0.2)


def measure(browser: Browser, hub: Hub, stock: str, person: str, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each thing, measured in turn."""
    state = sign_in(browser, hub, person).storage_state()
    times: dict[str, list[float]] = {name: [] for name in ("stock", "text", "widget", "second", "stopped")}
    for number in range(rounds + 1):  # the first round warms up
        with contextlib.closing(browser.new_context()) as context:
            seen = {"stock": see(context.new_page(), stock, what=".jp-RenderedMarkdown h1")}
        with contextlib.closing(browser.new_context(storage_state=state)) as context:
            page = context.new_page()
            seen["text"], seen["widget"] = open_lesson(page, hub, FIRST)
            _, seen["second"] = open_lesson(page, hub, SECOND)
        stop(hub, person)
        with contextlib.closing(browser.new_context(storage_state=state)) as context:
            _, seen["stopped"] = open_lesson(context.new_page(), hub, FIRST)
        if number:
            for name, seconds in seen.items():
                times[name].append(seconds)
    return times


def main() -> None:
    """Measure, print a table, and the line for the record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    harness.end_on_signals()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        with stock_lab(folder) as stock, rounds_hub(folder) as hub:
            times = measure(browser, hub, stock, "leila", given.rounds)
        browser.close()
    harness.print_table("seconds", times)
    middle = {name: harness.median(values) for name, values in times.items()}
    ratios = {
        "ratio_text": middle["stock"] / middle["text"],
        "ratio_widget": middle["stock"] / middle["widget"],
        "ratio_widget_stopped": middle["stock"] / middle["stopped"],
        "ratio_second": middle["stock"] / middle["second"],
    }
    seconds = {f"{name}_s": value for name, value in middle.items()}
    harness.report("lesson", {name: harness.rounded(value) for name, value in {**ratios, **seconds}.items()}, load)


if __name__ == "__main__":
    main()
