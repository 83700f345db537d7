"""The calibration bench in a real browser: guess, sliders and wave by keyboard, a finger on the plot, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds_widgets import CalibrationBench
rng = np.random.default_rng(4)
log_odds = rng.normal(-1.6, 1.3, 1800)
wave = np.repeat([1, 4], 900)
died = rng.random(1800) < 1 / (1 + np.exp(-(log_odds - np.where(wave == 4, 1.2, 0))))
patients = pd.DataFrame({"wave": wave, "risk": 1 / (1 + np.exp(-log_odds)), "died": died})
bench = CalibrationBench(patients, risk="risk", outcome="died", by="wave")
said = ipywidgets.Label(repr(bench))
bench.observe(lambda change: setattr(said, "value", repr(bench)))
ipywidgets.VBox([bench, said])"""
PAIRS, RATIO, BENEFIT = 0, 3, 4


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1150})
        page.screenshot(path="test-artifacts/bench-before.png", full_page=True)
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: pairs").focus()
        page.keyboard.type("61")
        page.keyboard.press("Enter")
    expect(slider(page, "Intercept")).to_be_enabled()


def slider(page: Page, name: str):
    return page.get_by_role("slider", name=name)


def go_back(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("button", name="Back to the model").click()
    expect(page.locator(".name-intercept")).to_have_text("Intercept: 0")


def said(page: Page):
    return page.locator(".rounds-bench [role=status]")


def row(page: Page, at: int) -> list[str]:
    return page.locator(".rounds-bench tbody tr").nth(at).locator("td").all_inner_texts()


def places(page: Page) -> list[list[float]]:
    dots = page.locator(".calibration .dot")
    found: list[list[float]] = dots.evaluate_all("all => all.map(one => [one.cx.baseVal.value, one.cy.baseVal.value])")
    return found


def test_nothing_moves_and_nothing_is_drawn_before_the_guess(page: Page) -> None:
    for name in ("Intercept", "Slope", "Threshold"):
        assert slider(page, name).is_disabled()
    assert page.get_by_label("wave 4").is_disabled()
    assert page.locator(".rounds-bench .dot").count() == 0
    assert row(page, PAIRS) == ["?", "?"]


def test_the_guess_and_its_answer_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(slider(page, "Intercept")).to_be_focused()
    expect(said(page)).to_contain_text("wave 1: right in")
    expect(said(page)).not_to_contain_text("Your guess")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".name-intercept")).to_have_text("Intercept: −1.0")
    expect(said(page)).to_contain_text("Your guess was 61 pairs")
    assert row(page, PAIRS)[0] == row(page, PAIRS)[1]
    assert row(page, RATIO)[0] != row(page, RATIO)[1]
    assert row(page, BENEFIT)[0] != row(page, BENEFIT)[1]
    computed = page.locator(".widget-label").last.inner_text()
    assert f"O/E {row(page, RATIO)[1]};" in computed
    assert f"model {row(page, BENEFIT)[1].replace('−', '-')}," in computed


def test_the_slope_moves_dots_to_the_side_only(page: Page) -> None:
    go_back(page)
    before = places(page)
    slider(page, "Slope").focus()
    page.keyboard.press("End")
    expect(page.locator(".name-slope")).to_have_text("Slope: 2.0")
    after = places(page)
    assert len(before) == 10
    assert [y for _, y in before] == [y for _, y in after]
    assert after[0][0] < before[0][0]
    assert row(page, PAIRS)[0] == row(page, PAIRS)[1]


def test_the_other_wave_is_chosen_and_mended_by_keyboard(page: Page) -> None:
    go_back(page)
    page.get_by_label("wave 1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("wave 4")).to_be_checked()
    expect(said(page)).to_contain_text("The risks are too high")
    slider(page, "Intercept").focus()
    for _ in range(30):
        if "risks fit" in said(page).inner_text():
            break
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(400)
    expect(said(page)).to_contain_text("On the whole the risks fit")
    page.get_by_label("wave 1").check()


def test_a_finger_on_the_plot_moves_the_threshold(page: Page) -> None:
    go_back(page)
    box = page.locator(".rounds-bench .benefit").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + 100)
    expect(page.locator(".name-threshold")).not_to_have_text("Threshold: 20 %")
    assert slider(page, "Threshold").input_value() != "0.2"


def test_the_verdict_says_when_two_rules_are_worth_the_same(page: Page) -> None:
    go_back(page)
    slider(page, "Threshold").focus()
    page.keyboard.press("Home")
    expect(page.locator(".name-threshold")).to_have_text("Threshold: 2 %")
    expect(said(page)).to_contain_text("the model and flagging everybody are worth the same")
    expect(said(page)).not_to_contain_text("it is best")
    expect(page.locator(".rounds-bench .meaning")).to_contain_text("49.0 wrong flags weigh as much as one right flag")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    expect(said(page)).to_contain_text("it is best to use the model")


def test_the_way_back_says_that_the_threshold_stays(page: Page) -> None:
    go_back(page)
    slider(page, "Threshold").press("End")
    page.get_by_role("button", name="the threshold stays").click()
    expect(page.locator(".name-threshold")).to_have_text("Threshold: 60 %")


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    guess_by_keyboard(page)
    slider(page, "Intercept").focus()
    page.keyboard.press("Home")
    assert list(find_faults(page, ".rounds-bench", scheme, (width, 1150))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    go_back(page)
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
