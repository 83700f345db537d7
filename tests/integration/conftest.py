"""One real event and one real browser for all integration tests."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.integration.demo import ROOT, Demo, started
from tests.integration.people import CHROMIUM_ARGUMENTS, ClassRoom


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is not installed, and this account cannot install it. As root: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return the running demo event."""
    with started(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="package")
def class_(browser: Browser, demo: Demo) -> ClassRoom:
    """Return the class that works in the demo event."""
    return ClassRoom(browser, demo.base, Path(ROOT / "test-artifacts"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of every open page, and say which dialogs stand open, when a test fails."""
    report = yield
    people = getattr(item, "funcargs", {}).get("class_")
    if report.failed and people is not None:
        for name, page in people.pages.items():
            with contextlib.suppress(Error):  # a page that hangs or has gone: the test's own failure is what counts
                people.shot(name, f"failed-{item.name}-{name}")
                texts = page.get_by_role("dialog").all_inner_texts()
                report.sections += [(f"A dialog of {name}", text) for text in texts]
    return report
