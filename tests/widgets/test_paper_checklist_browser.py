"""The paper checklist in a real browser: guess, look up by keyboard, a wrong sentence, nowhere, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import ipywidgets
from rounds_widgets import PaperChecklist
checklist = PaperChecklist()
said = ipywidgets.Label(repr(checklist))
checklist.observe(lambda change: setattr(said, "value", repr(checklist)))
ipywidgets.VBox([checklist, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder: Path = tmp_path_factory.mktemp("voila")
    with open_widget(CODE, folder) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=120_000)
        page.set_viewport_size({"width": 1000, "height": 1200})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: how many of 10").focus()
        page.keyboard.type("5")
        page.keyboard.press("Enter")
    expect(item(page, 1)).to_be_enabled()


def item(page: Page, number: int) -> Locator:
    return page.locator(".rounds-paper .item").nth(number - 1)


def sentence(page: Page, number: int) -> Locator:
    return page.locator(".rounds-paper .sentence").nth(number - 1)


def said(page: Page) -> Locator:
    return page.locator(".rounds-paper [role=status]")


def test_the_paper_is_read_and_nothing_is_pressed_before_the_guess(page: Page) -> None:
    page.screenshot(path="test-artifacts/paper-before.png", full_page=True)
    expect(sentence(page, 1)).to_contain_text("within 30 days")
    assert all(control.is_disabled() for control in (item(page, 1), sentence(page, 1)))
    assert page.locator(".rounds-paper .mark").all_inner_texts() == [""] * 10
    assert page.locator(".rounds-paper .sums dt").count() == 0


def test_an_item_is_looked_up_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(item(page, 1)).to_be_focused()
    page.keyboard.press("Enter")
    sentence(page, 1).focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("reported, and it holds")
    expect(page.locator(".widget-label").last).to_contain_text("1 of 10 items looked for, 1 found")


def test_a_wrong_sentence_is_said_and_gives_nothing_away(page: Page) -> None:
    guess_by_keyboard(page)
    item(page, 8).click()
    sentence(page, 2).click()
    expect(said(page)).to_contain_text("Sentence 2 does not say it.")
    assert "tells" not in (sentence(page, 9).get_attribute("class") or "")
    page.get_by_role("button", name="Nowhere in the paper").click()
    expect(said(page)).to_contain_text("The paper does say it somewhere.")
    sentence(page, 9).click()
    expect(said(page)).to_contain_text("reported, and it does not hold")
    sentence(page, 2).click()  # what was found stays found
    expect(said(page)).to_contain_text("reported, and it does not hold")


@pytest.mark.parametrize("width", [400, 1000])
def test_what_a_press_says_is_in_sight_and_the_next_thing_is_one_press_away(page: Page, width: int) -> None:
    guess_by_keyboard(page)
    page.set_viewport_size({"width": width, "height": 700})
    item(page, 4).click()
    before = page.locator(".rounds-paper .asked").inner_text()
    sentence(page, 12).click()
    here = page.locator(".rounds-paper .here")
    expect(here).to_contain_text("Sentence 12 does not say it.")
    expect(here).to_be_in_viewport(ratio=1)
    here.get_by_role("button", name="Next thing").click()
    expect(page.locator(".rounds-paper .asked")).not_to_have_text(before)
    expect(here).to_contain_text("Look for:")
    expect(here).to_be_in_viewport(ratio=1)


def test_all_looked_up_the_counts_part(page: Page) -> None:
    guess_by_keyboard(page)
    for number, tells in enumerate([1, 2, 3, 4, 7, 8, 6, 9, 12], start=1):
        item(page, number).click()
        sentence(page, tells).click()
    item(page, 10).click()
    page.get_by_role("button", name="Nowhere in the paper").click()
    expect(said(page)).to_contain_text("the paper reports 9, and 4 of these hold. Your guess was 5 reported.")
    assert page.locator(".rounds-paper .sums strong").all_inner_texts() == ["10 of 10", "9 of 10", "4 of 10"]
    page.screenshot(path="test-artifacts/paper-after.png", full_page=True)


@pytest.mark.parametrize("width", [400, 1000])
def test_the_names_of_the_bars_stand_on_one_line(page: Page, width: int) -> None:
    guess_by_keyboard(page)
    page.set_viewport_size({"width": width, "height": 1200})
    # Jupyter's style of a list of terms, as in a lesson
    page.add_style_tag(content="dt { float: left; clear: left; width: 20%; display: block } dd { width: 80% }")
    heights = page.locator(".rounds-paper .sums dt").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert len(heights) == 3
    assert max(heights) < 30


@pytest.mark.parametrize("look", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_it_is_whole_and_accessible_at_any_width_and_look(page: Page, look: str, width: int) -> None:
    guess_by_keyboard(page)
    assert list(find_faults(page, ".rounds-paper", look, (width, 1200))) == []
