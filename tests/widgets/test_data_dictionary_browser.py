"""The data dictionary in a real browser, served by Voila: keyboard, accessibility, narrow and dark, no other host."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from tests.integration.people import CHROMIUM_ARGUMENTS

from rounds.data import make_dataset
from rounds.data.answers import Answer, write_answers

CODE = """import rounds.data
from rounds_widgets import DataDictionary
DataDictionary(rounds.data.load("bsi_days"))"""
HOSTILE = "<img src=x onerror=\"document.title='broken'\">"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a page with the widget."""
    folder = tmp_path_factory.mktemp("voila")
    make_dataset("bsi_days", folder)
    said = Answer("bsi_days", "crp", HOSTILE, "In the morning.", "Dana Shalev", "2027-03-01T09:00:00+00:00")
    write_answers(folder, "bsi_days", [said])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "page.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "voila", "page.ipynb", "--no-browser", f"--port={port}", "--template=lab"]
    environ = {**os.environ, "ROUNDS_DATA": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/static/", timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError("Voila did not start")


@pytest.fixture(scope="module")
def opened(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_page()
        page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        page.goto(address)
        expect(page.locator(".rounds-columns [role=status]")).to_have_text("16 of 16 columns.", timeout=60_000)
        yield page
        browser.close()


@pytest.fixture
def page(opened: Page) -> Page:
    opened.set_viewport_size({"width": 1000, "height": 900})
    opened.evaluate("() => { document.body.dataset.jpThemeLight = 'true' }")
    opened.get_by_label("Search in names").fill("")
    opened.get_by_label("Only what is known").uncheck()
    opened.get_by_label("Words for").select_option("both")
    expect(status(opened)).to_have_text("16 of 16 columns.")
    return opened


def status(page: Page):
    return page.locator(".rounds-columns [role=status]")


def test_search_and_filter_by_keyboard_alone(page: Page) -> None:
    page.get_by_label("Search in names").focus()
    page.keyboard.type("outcome")
    expect(status(page)).to_have_text("2 of 16 columns.")
    page.keyboard.press("Tab")  # the table
    page.keyboard.press("Tab")  # the words
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Only what is known")).to_be_checked()
    expect(page.locator(".rounds-columns article")).to_have_count(1)
    expect(page.locator(".rounds-columns article")).to_contain_text("transplant_type")


def test_a_quick_click_after_typing_loses_no_letter(page: Page) -> None:
    page.get_by_label("Search in names").fill("outcome")
    page.get_by_label("Only what is known").check()
    expect(status(page)).to_have_text("1 of 16 columns.")
    expect(page.get_by_label("Search in names")).to_have_value("outcome")


def test_either_readers_words(page: Page) -> None:
    page.get_by_label("Words for").select_option("engineer")
    expect(page.get_by_text("(for clinicians)")).to_have_count(0)
    expect(page.get_by_text("(for engineers)")).to_have_count(16)


def test_a_leak_has_a_plain_sign(page: Page) -> None:
    page.get_by_label("Search in names").fill("culture_taken")
    expect(status(page)).to_have_text("1 of 16 columns.")
    expect(page.locator(".sign.leak")).to_have_text("known only after the prediction")


def test_an_answer_is_shown_as_text(page: Page) -> None:
    page.get_by_label("Search in names").fill("protein")
    page.get_by_text("1 question", exact=True).click()
    expect(page.get_by_text("Answered: In the morning.")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.title() != "broken"


def test_nothing_found_says_what_to_try(page: Page) -> None:
    page.get_by_label("Search in names").fill("xyzzy")
    expect(status(page)).to_contain_text("Try a shorter word")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, scheme: str) -> None:
    light = "true" if scheme == "light" else "false"
    page.evaluate("light => { document.body.dataset.jpThemeLight = light }", light)  # as JupyterLab's theme does
    expect(page.locator(".rounds-columns")).to_have_attribute("data-look", scheme)
    page.screenshot(path=f"test-artifacts/dictionary-{scheme}.png")
    found = Axe().run(page, context=".rounds-columns").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", [400, 900])
def test_nothing_is_wider_than_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    page.screenshot(path=f"test-artifacts/dictionary-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_dictionary_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Search in names").fill("age")
    expect(status(page)).not_to_have_text("16 of 16 columns.")
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
