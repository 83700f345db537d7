"""The definition builder in a real browser: guess, sentences by keyboard, records that turn, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests import made
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import ipywidgets
from rounds.data import load
from rounds_widgets import DefinitionBuilder
builder = DefinitionBuilder(load("bsi"))
said = ipywidgets.Label(repr(builder))
builder.observe(lambda change: setattr(said, "value", repr(builder)))
ipywidgets.VBox([builder, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder: Path = tmp_path_factory.mktemp("voila")
    (folder / "bsi").symlink_to(made.ward("bsi").path)
    with open_widget(CODE, folder) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=120_000)
        page.set_viewport_size({"width": 1000, "height": 1400})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess for the strictest").focus()
        page.keyboard.type("30")
        page.keyboard.press("Enter")
    expect(page.get_by_label("in two draws")).to_be_enabled()


def said(page: Page) -> Locator:
    return page.locator(".rounds-builder [role=status]")


def record(page: Page, number: int) -> Locator:
    return page.locator(".rounds-builder .records li").nth(number - 1)


def test_nothing_moves_and_no_verdict_is_seen_before_the_guess(page: Page) -> None:
    page.screenshot(path="test-artifacts/builder-before.png", full_page=True)
    assert page.get_by_label("in two draws").is_disabled()
    assert page.get_by_role("button", name="Like CDC/NHSN").is_disabled()
    assert page.locator(".rounds-builder .tried li").count() == 0
    expect(record(page, 1)).to_contain_text("After your guess")


def test_guess_and_build_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_label("in one bottle")).to_be_focused()
    assert page.get_by_label("of one day only").is_disabled()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("in two bottles")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("in two draws")).to_be_checked()
    expect(record(page, 1)).to_contain_text("No case, it was not so before")
    expect(record(page, 1)).to_contain_text("both are of one draw")
    expect(said(page)).to_contain_text("fewer than with the definition before. No bottle has changed.")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("of one day or the next")).to_be_checked()
    expect(record(page, 2)).to_contain_text("too far apart")


def test_the_count_is_that_of_python(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("button", name="Widest").click()
    page.get_by_role("button", name="Like CDC/NHSN").click()
    expect(page.locator(".widget-label").last).to_contain_text("two draws")
    counted = page.locator(".widget-label").last.inner_text().split(". ")[1].split(" are")[0]
    expect(said(page)).to_contain_text(counted)
    expect(page.locator(".rounds-builder .tried li").first).to_contain_text("the same germ only")
    expect(record(page, 4)).to_contain_text("A case")


def test_the_guess_is_answered_at_the_strictest_and_nowhere_else(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("button", name="Widest").click()
    expect(said(page)).to_contain_text("Of the made-up records, a case: 1, 2, 3, 4.")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.get_by_label("never").check()
    page.get_by_label("for every germ").check()
    expect(said(page)).to_contain_text("This is the strictest. Your guess was 30.")
    expect(said(page)).to_contain_text("None of the made-up records is a case")
    expect(page.locator(".rounds-builder .tried .mark").first).to_be_visible()


def test_a_choice_that_means_nothing_is_locked(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_label("never").check()
    assert page.get_by_label("the same germ only").is_disabled()
    page.get_by_label("in two bottles").check()
    expect(page.get_by_label("the same germ only")).to_be_enabled()


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    guess_by_keyboard(page)
    page.get_by_role("button", name="Like CDC/NHSN").click()
    assert list(find_faults(page, ".rounds-builder", scheme, (width, 1400))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    guess_by_keyboard(page)
    page.get_by_role("button", name="Widest").click()
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
