"""An event of its own for the attacks: they leave traces, and people in other rooms than other tests expect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.integration.demo import ROOT, Demo, started
from tests.integration.people import ClassRoom


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return a running demo event for the attacks alone."""
    with started(tmp_path_factory.mktemp("attacked")) as demo:
        yield demo


@pytest.fixture(scope="package")
def class_(browser: Browser, demo: Demo) -> ClassRoom:
    """Return the class of that event."""
    return ClassRoom(browser, demo.base, ROOT / "test-artifacts")
