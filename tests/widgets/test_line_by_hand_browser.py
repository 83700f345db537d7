"""The line by hand in a real browser: guess, line and fit by keyboard, a handle by pointer, narrow, dark, no host."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds_widgets import LineByHand
rng = np.random.default_rng(1)
days = rng.normal(275, 10, 2000).round()
births = pd.DataFrame({
    "height_cm": rng.normal(163, 6, 2000).round(),
    "gestation_days": days,
    "birthweight_g": (3300 + 20 * (days - 275) + rng.normal(0, 400, 2000)).round(),
})
hand = LineByHand(births[:1500], births[1500:], ["height_cm", "gestation_days"], later={"gestation_days": "delivery"})
said = ipywidgets.Label(repr(hand))
hand.observe(lambda change: setattr(said, "value", repr(hand)))
ipywidgets.VBox([hand, said])"""
OFF_THE_LINE = """plot => {  // how many pixels the worst knob stands beside the drawn line
  const [x1, y1, x2, y2] = plot.querySelector(".hand").getAttribute("d").match(/-?[\\d.]+(?:e-?\\d+)?/g).map(Number);
  const places = [...plot.querySelectorAll(".handle")].map((one) => one.transform.baseVal[0].matrix);
  return Math.max(...places.map(({ e, f }) => Math.abs(y1 + ((e - x1) / (x2 - x1)) * (y2 - y1) - f)));
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1100})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: how many g").focus()
        page.keyboard.type("200")
        page.keyboard.press("Enter")
    expect(page.get_by_label("Predict from this column")).to_be_enabled()


def said(page: Page):
    return page.locator(".rounds-line [role=status]")


def off_by(page: Page) -> tuple[int, int]:
    """Return how far off the learner's line is as the widget says it, and as Python says it."""
    shown, computed = said(page).inner_text(), page.locator(".widget-label").last.inner_text()
    return int(re.findall(r"off by (\d+) g", shown)[0]), int(re.findall(r"off by (\d+) g", computed)[0])


def test_nothing_moves_before_the_guess(page: Page) -> None:
    assert page.get_by_role("slider", name="Level").is_disabled()
    assert page.get_by_role("button", name="Fit").is_disabled()
    expect(page.locator(".rounds-line .task")).to_contain_text("500 births of other mothers")


def test_guess_move_and_fit_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_role("slider", name="Level")).to_be_focused()
    page.keyboard.press("Tab")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("Your guess was 200 g")
    expect(page.locator(".name-slope")).to_contain_text("Slope: 10 g")
    page.wait_for_timeout(500)
    shown, computed = off_by(page)
    assert shown == computed
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Fit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("The computer's line is off by")
    expect(page.get_by_label("Predict from this column")).to_be_focused()


def test_a_column_from_later_is_named_as_such(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_label("Predict from this column").select_option("gestation_days")
    expect(page.locator(".rounds-line .late")).to_contain_text("known at delivery, not at booking")
    expect(said(page)).to_contain_text("nobody can use this line at booking")
    expect(page.locator(".rounds-line td.no")).to_have_text("no: known at delivery")
    page.get_by_label("Predict from this column").select_option("height_cm")
    expect(page.locator(".rounds-line .late")).to_have_text("")


def test_a_handle_follows_the_pointer_and_a_move_is_quick(page: Page) -> None:
    guess_by_keyboard(page)
    before = page.locator(".name-slope").inner_text()
    place = page.locator(".rounds-line .knob").last.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=6)
    page.mouse.up()
    expect(page.locator(".name-slope")).not_to_have_text(before)
    page.wait_for_timeout(500)
    shown, computed = off_by(page)
    assert shown == computed


def test_words_and_units_stand_for_the_names_of_columns(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_label("Predict from this column").select_option("height_cm")
    expect(page.locator(".name-level")).to_contain_text("where height is at its mean, 163 cm")
    expect(page.locator(".name-slope")).to_contain_text("g for each cm of height")
    expect(page.locator(".rounds-line tbody")).to_contain_text("gestation (days)")


@pytest.mark.parametrize("ends", [("End", "End"), ("Home", "End"), ("End", "Home"), ("Home", "Home")])
def test_the_knobs_stay_on_the_line_that_is_seen(page: Page, ends: tuple[str, str]) -> None:
    guess_by_keyboard(page)
    for name, key in zip(("Level", "Slope"), ends, strict=True):
        page.get_by_role("slider", name=name).press(key)
    page.wait_for_timeout(200)
    assert page.locator(".rounds-line .plot").evaluate(OFF_THE_LINE) < 1


def test_a_message_that_was_followed_does_not_stay(page: Page) -> None:
    guess_by_keyboard(page)
    if page.locator(".rounds-line .fit").is_enabled():
        page.locator(".rounds-line .fit").click()
    expect(page.locator(".rounds-line .locked")).to_have_text("Locked in. Now try another column.")
    expect(page.get_by_role("button", name="Fitted: the computer's line is drawn")).to_be_disabled()


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    guess_by_keyboard(page)
    assert list(find_faults(page, ".rounds-line", scheme, (width, 1100))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    guess_by_keyboard(page)
    page.get_by_label("Predict from this column").select_option("gestation_days")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
