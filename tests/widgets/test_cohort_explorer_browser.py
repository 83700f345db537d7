"""The cohort explorer in a real browser, served by Voila: mouse, keyboard, accessibility, no other host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import open_widget

from rounds.data.dataset import Dataset, open_dataset

CODE = """import rounds.data
from rounds_widgets import CohortExplorer
CohortExplorer(rounds.data.load("birthweight"))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, lesson: Callable[[str], Dataset]) -> Path:
    """Return a folder with the births."""
    folder = tmp_path_factory.mktemp("voila")
    (folder / "birthweight").symlink_to(lesson("birthweight").path)
    return folder


@pytest.fixture(scope="module")
def births(folder: Path) -> pd.DataFrame:
    """Return the births themselves."""
    return open_dataset(folder / "birthweight").frame()


@pytest.fixture(scope="module")
def everything(births: pd.DataFrame) -> str:
    """Return what the page says while nothing is selected."""
    return f"{len(births):,} of {len(births):,}"


@pytest.fixture(scope="module")
def opened(folder: Path, everything: str) -> Iterator[Page]:
    with open_widget(CODE, folder) as page:
        expect(_count(page)).to_contain_text(everything, timeout=60_000)
        yield page


@pytest.fixture
def page(opened: Page, everything: str) -> Page:
    opened.set_viewport_size({"width": 1000, "height": 900})
    clear = opened.get_by_role("button", name="Clear all")
    if clear.is_enabled():
        clear.click()
    expect(_count(opened)).to_contain_text(everything)
    return opened


def _chart(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def _count(page: Page) -> Locator:
    return page.locator(".rounds-explorer .count")


def test_a_drag_selects_and_undo_goes_back(page: Page, everything: str) -> None:
    plot = _chart(page, "age").locator("svg.plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.32, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30, steps=4)
    page.mouse.up()
    expect(_count(page)).not_to_contain_text(everything)
    expect(page.locator(".rounds-explorer svg[role=img] text.ink")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(_count(page)).to_contain_text(everything)


def test_the_keyboard_alone_selects_moves_and_clears(page: Page, everything: str) -> None:
    handle = _chart(page, "bmi").get_by_role("slider", name="bmi, lowest bin")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "1")
    expect(_count(page)).not_to_contain_text(everything)
    first = _count(page).text_content()
    page.keyboard.press("Shift+ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "9")
    expect(_count(page)).not_to_have_text(first or "")
    page.keyboard.press("Escape")
    expect(_count(page)).to_contain_text(everything)


def test_a_level_is_a_button_that_says_whether_it_is_pressed(page: Page, births: pd.DataFrame) -> None:
    level = _chart(page, "smoking").locator("button.level").nth(1)
    level.focus()
    page.keyboard.press("Enter")
    expect(level).to_have_attribute("aria-pressed", "true")
    smokers = int((births["smoking"] == "yes").sum())
    expect(_count(page)).to_contain_text(f"{smokers:,} of {len(births):,}")


def test_every_chart_has_a_table_with_the_same_numbers(page: Page, births: pd.DataFrame) -> None:
    _chart(page, "site").locator("summary").click()
    row = _chart(page, "site").locator("tbody tr").first
    expect(row).to_contain_text(f"{(births['site'] == 'A').sum():,}")


def test_axe_finds_nothing_serious(page: Page) -> None:
    page.locator("summary", has_text="Show the code").click()
    found = Axe().run(page, context=".rounds-explorer").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", [400, 900])
def test_nothing_is_wider_than_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_explorer_asks_no_other_host(page: Page, births: pd.DataFrame) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _chart(page, "sex").locator("button.level").first.click()
    expect(_count(page)).to_contain_text(f"{(births['sex'] == 'female').sum():,} of {len(births):,}")
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
