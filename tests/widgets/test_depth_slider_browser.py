"""The depth slider in a real browser: guess, depth and split by keyboard, a finger on the plot, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds_widgets import DepthSlider
rng = np.random.default_rng(2)
people, number = 500, 2000
sodium, own = rng.normal(138, 4, number), np.repeat(rng.normal(0, 1.5, people), 4)
stays = pd.DataFrame({
    "person_id": np.repeat([f"P{at}" for at in range(people)], 4),
    "sodium": sodium,
    "creatinine": rng.normal(1.2, 0.3, number),
    "birth_year": np.repeat(rng.permutation(people), 4).astype(float),
    "back": rng.random(number) < 1 / (1 + np.exp(1.2 - 0.25 * (138 - sodium) - own)),
})
sets = {"what was measured": ["sodium", "creatinine"], "who the patient is": ["birth_year"]}
slider = DepthSlider(stays, sets, outcome="back")
said = ipywidgets.Label(repr(slider))
slider.observe(lambda change: setattr(said, "value", repr(slider)))
ipywidgets.VBox([slider, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1150})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: the depth").focus()
        page.keyboard.type("12")
        page.keyboard.press("Enter")
    expect(page.get_by_role("slider")).to_be_enabled()


def go_to_the_end(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("End")


def said(page: Page):
    return page.locator(".rounds-depth [role=status]")


def test_nothing_moves_and_nothing_is_drawn_before_the_guess(page: Page) -> None:
    assert page.get_by_role("slider").is_disabled()
    assert page.get_by_label("single rows").is_disabled()
    assert page.locator(".rounds-depth path.test").count() == 0
    expect(page.locator(".rounds-depth tbody")).not_to_contain_text("1")


def test_guess_and_grow_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_role("slider")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".name-depth")).to_have_text("Depth: 4")
    expect(said(page)).to_contain_text("Depth 4: right in")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.keyboard.press("End")
    expect(said(page)).to_contain_text("Your guess was 12")
    shown = said(page).inner_text()
    computed = page.locator(".widget-label").last.inner_text()
    assert shown.split("best at depth ")[1].split(",")[0] == computed.split("best at depth ")[1].split(",")[0]


def test_the_split_is_changed_by_keyboard_and_the_other_curve_stays(page: Page) -> None:
    go_to_the_end(page)
    expect(said(page)).to_contain_text("No test patient has a stay in the training")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("who the patient is")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("single rows")).to_be_checked()
    expect(said(page)).to_contain_text("have another stay in the training")
    expect(page.locator(".rounds-depth path.other")).to_have_count(1)
    expect(page.locator(".rounds-depth tr.now")).to_contain_text("who the patient is")
    assert page.locator(".rounds-depth tr.now td").nth(1).inner_text() != "?"
    assert "?" in page.locator(".rounds-depth tbody tr").nth(1).inner_text()
    page.get_by_label("whole patients").check()
    page.get_by_label("what was measured").check()


def test_a_finger_on_the_plot_moves_the_depth(page: Page) -> None:
    guess_by_keyboard(page)
    box = page.locator(".rounds-depth .plot").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 100)
    expect(page.locator(".name-depth")).not_to_have_text("Depth: 20")


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    go_to_the_end(page)
    assert list(find_faults(page, ".rounds-depth", scheme, (width, 1150))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    go_to_the_end(page)
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
