"""The site mixer in a real browser: guess, a unit, sliders by keyboard, the same figures as Python, narrow, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

ROOT = Path(__file__).parents[2]
CODE = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
import ipywidgets
from rounds_widgets import SiteMixer
from tests.widgets.test_site_mixer import WRITTEN, patients
mixer = SiteMixer(patients(1500, 1), patients(1200, 2), WRITTEN)
said = ipywidgets.Label(repr(mixer))
mixer.observe(lambda change: setattr(said, "value", repr(mixer)))
ipywidgets.VBox([mixer, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder: Path = tmp_path_factory.mktemp("voila")
    with open_widget(CODE, folder) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=120_000)
        page.set_viewport_size({"width": 1000, "height": 1200})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: it ranks").focus()
        page.keyboard.type("60")
        page.keyboard.press("Enter")
    expect(page.get_by_label("as at home")).to_be_enabled()


def said(page: Page) -> Locator:
    return page.locator(".rounds-mixer .said").first


def test_nothing_moves_before_the_guess(page: Page) -> None:
    page.screenshot(path="test-artifacts/mixer-before.png", full_page=True)
    assert page.get_by_label("in another unit").is_disabled()
    assert page.locator(".rounds-mixer .older").is_disabled()
    assert page.locator(".rounds-mixer circle").count() == 0
    expect(page.locator(".rounds-mixer tbody td").first).to_have_text("?")


def test_guess_and_mix_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_label("in another unit")).to_be_checked()
    expect(page.get_by_label("in another unit")).to_be_focused()
    expect(said(page)).to_contain_text("Your guess was 60 pairs.")
    expect(said(page)).to_contain_text("(before ")
    expect(page.locator(".rounds-mixer .figures .before")).to_have_count(3)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("as at home")).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rounds-mixer .older")).to_have_value("0.1")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("avoids 5 of 100 deaths")).to_be_visible()


def test_each_scale_has_a_mark_for_what_would_be_right(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.locator(".rounds-mixer .task")).to_contain_text("It goes to another hospital")
    expect(page.locator(".rounds-mixer .figures .good")).to_have_count(3)


def test_the_figures_are_those_of_python(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("button", name="Back to the hospital").click()
    label = page.locator(".widget-label").last
    expect(label).to_contain_text("as at home, mean age")
    page.get_by_label("in another unit").check()
    expect(label).to_contain_text("in another unit, mean age")
    numbers = re.findall(r"(\d+\.?\d*) of 100 pairs.*?, (\d+) deaths.*?, (\d+) of 100 flags", label.inner_text())[0]
    expect(said(page)).to_contain_text(f"Pairs {numbers[0]} of 100")
    expect(said(page)).to_contain_text(f"{numbers[1]} deaths for 100 expected")
    expect(said(page)).to_contain_text(f"{numbers[2]} of 100 flags right")
    page.screenshot(path="test-artifacts/mixer-after.png", full_page=True)


def test_a_groups_threshold_moves_its_line_alone(page: Page) -> None:
    guess_by_keyboard(page)
    lines = page.locator(".rounds-mixer tbody tr")
    before = lines.nth(0).inner_text()
    page.locator(".rounds-mixer .second").fill("0.1")
    expect(page.get_by_text("under 65: flagged from 10 % on")).to_be_visible()
    assert lines.nth(0).inner_text() == before
    expect(page.locator(".rounds-mixer .said-groups")).to_contain_text("under 65:")


@pytest.mark.parametrize("look", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_it_is_whole_and_accessible_at_any_width_and_look(page: Page, look: str, width: int) -> None:
    guess_by_keyboard(page)
    assert list(find_faults(page, ".rounds-mixer", look, (width, 1200))) == []
