"""The ward chart in a real browser: the guess, choices by keyboard and by pointer, what is said, narrow, dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds_widgets import WardChart
rng = np.random.default_rng(3)
stays = 2000
pulses = pd.DataFrame({
    "encounter_id": np.repeat([f"E{at}" for at in range(stays)], 7),
    "hour": np.tile(np.r_[0.1, 1.5 + 4 * np.arange(6)], stays),
    "pulse": np.rint(np.repeat(rng.normal(86, 5, stays), 7) + rng.normal(0, 11, 7 * stays)),
})
chart = WardChart(pulses)
said = ipywidgets.Label(repr(chart))
chart.observe(lambda change: setattr(said, "value", repr(chart)))
ipywidgets.VBox([chart, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1400})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: in how many").focus()
        page.keyboard.type("25")
        page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="every 8 hours")).to_be_enabled()


def said(page: Page) -> Locator:
    return page.locator(".rounds-ward-chart [role=status]")


def computed(page: Page) -> str:
    return page.locator(".widget-label").last.inner_text()


def choose(page: Page, every: int = 4, rule: str = "worst", writes: str = "as shown") -> None:
    guess_by_keyboard(page)
    for value in (every, rule, writes):
        page.locator(f'.rounds-ward-chart input[value="{value}"]').check()


def test_nothing_can_be_chosen_before_the_guess(page: Page) -> None:
    assert page.get_by_role("radio", name="every 8 hours").is_disabled()
    assert page.locator('.rounds-ward-chart input[value="worst"]').is_disabled()
    assert page.get_by_role("checkbox", name="sooner when she is worried").is_disabled()
    expect(said(page)).to_be_empty()
    expect(page.locator(".rounds-ward-chart .rules tbody")).not_to_contain_text("0")


def test_guess_and_choose_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.locator('.rounds-ward-chart input[value="first"]')).to_be_focused()
    expect(said(page)).to_contain_text("column: first")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(said(page)).to_contain_text("column: worst")
    expect(said(page)).to_contain_text("Your guess was 25")
    expect(page.locator(".widget-label").last).to_contain_text("rule worst")
    above = float(computed(page).split("above 100 in ")[1].split(" of")[0])
    expect(page.locator(".rounds-ward-chart .rules tr.now td").first).to_have_text(f"{above:.1f}")
    expect(page.locator(".rounds-ward-chart .rules tr.now td").last).to_have_text("0.0")


def test_a_rule_that_was_not_looked_at_stays_unknown_and_one_that_was_stays_known(page: Page) -> None:
    choose(page, every=12, rule="worst")
    rows = page.locator(".rounds-ward-chart .rules tbody tr")
    expect(rows.nth(1)).to_contain_text("?")
    choose(page, every=4, rule="first")
    expect(rows.nth(2)).not_to_contain_text("?")


def test_what_was_seen_under_another_rhythm_stays_in_the_table(page: Page) -> None:
    choose(page, every=4, rule="worst")
    here = page.locator(".rounds-ward-chart .rules tr.now td").all_inner_texts()
    choose(page, every=12, rule="worst")
    kept = page.locator(".rounds-ward-chart .rules tr", has_text="worst, every 4 hours, as shown").locator("td")
    expect(kept).to_have_text(here)
    assert page.locator(".rounds-ward-chart .rules tr.now td").all_inner_texts() != here


def test_another_height_of_the_axis_is_said(page: Page) -> None:
    choose(page, every=4, rule="first")
    choose(page, every=4, rule="median")
    expect(said(page)).to_contain_text("The heights have another scale than before: the vertical axis ends at")


def test_what_she_does_when_worried_changes_what_is_charted(page: Page) -> None:
    choose(page, every=12, rule="worst")
    dots = page.locator(".rounds-ward-chart circle.dot")
    expect(dots).to_have_count(3)
    page.locator(".rounds-ward-chart label", has_text="sooner when she is worried").click()  # by pointer
    expect(dots).to_have_count(5)
    expect(said(page)).to_contain_text("every 12 hours, sooner when worried")
    expect(page.locator(".rounds-ward-chart .rules caption")).to_contain_text("sooner when worried")
    page.get_by_role("checkbox", name="sooner when she is worried").press("Space")
    expect(dots).to_have_count(3)


def test_tens_leave_gaps_between_the_bars(page: Page) -> None:
    choose(page, rule="first", writes="nearest ten")
    expect(said(page)).to_contain_text("nearest ten")
    drawn = page.locator(".rounds-ward-chart path.bars.rest").get_attribute("d") or ""
    assert 0 < drawn.count("M") < 10
    choose(page, rule="first")
    expect(said(page)).to_contain_text("as shown")
    assert (page.locator(".rounds-ward-chart path.bars.rest").get_attribute("d") or "").count("M") > 30


def test_more_values_are_not_a_better_worst(page: Page) -> None:
    choose(page, rule="worst")
    cells = page.locator(".rounds-ward-chart .sources tbody td")
    expect(cells.nth(0)).to_have_text("86,400")
    assert int(cells.nth(1).inner_text()) > 200
    expect(cells.nth(3)).to_have_text("0")


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    choose(page, rule="worst")
    assert list(find_faults(page, ".rounds-ward-chart", scheme, (width, 1400))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, every=8, rule="median")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
