"""A widget in a real browser: a notebook of one cell, served by Voila, opened in Chromium; no other host is reached."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from tests.integration.demo import free_port
from tests.integration.people import CHROMIUM_ARGUMENTS

LIGHT = {"light": "true", "dark": "false"}  # what JupyterLab writes of its theme


@contextmanager
def open_widget(code: str, folder: Path) -> Iterator[Page]:
    """Run a cell with the datasets of a folder, and yield the page that shows what it returns."""
    with _serve(code, folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_page()
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        page.goto(address)
        yield page
        browser.close()


@contextmanager
def _serve(code: str, folder: Path) -> Iterator[str]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "page.ipynb")
    port = free_port()
    command = [sys.executable, "-m", "voila", "page.ipynb", "--no-browser", f"--port={port}", "--template=lab"]
    environ = {**os.environ, "ROUNDS_DATA": str(folder), "ROUNDS_VIEW": ""}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/static/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError("Voila did not start")


# How often a widget changes something in itself within half a second of getting a higher frame.
GROWS = """async (one) => {
    const drawn = [];
    const seen = new MutationObserver((changes) => drawn.push(...changes.filter(({target}) => target !== one)));
    seen.observe(one, {subtree: true, childList: true, attributes: true, characterData: true});
    one.style.paddingBottom = "64px";
    await new Promise((done) => setTimeout(done, 500));
    seen.disconnect();
    one.style.paddingBottom = "";
    return drawn.length;
}"""


def find_faults(page: Page, root: str, scheme: str, size: tuple[int, int]) -> Iterator[str]:
    """Yield what a widget lacks in a look and at a size: serious findings of axe, too wide a page, drawings in vain.

    A screenshot of it lies in test-artifacts, to be looked at.
    """
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("light => { document.body.dataset.jpThemeLight = light }", LIGHT[scheme])
    expect(page.locator(root)).to_have_attribute("data-look", scheme)
    page.wait_for_timeout(400)  # until what moves has come to rest: axe measures contrast
    page.locator(root).screenshot(path=f"test-artifacts/{root.removeprefix('.rounds-')}-{scheme}-{width}.png")
    found = Axe().run(page, context=root).response["violations"]
    yield from (one["id"] for one in found if one["impact"] in ("serious", "critical"))
    if page.locator(root).evaluate(GROWS):
        yield "drawn a second time when only its height changes: each new sentence would do that"
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        yield f"{wide} px wide at {width}"
