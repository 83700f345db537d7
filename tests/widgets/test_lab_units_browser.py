"""Two laboratories in a real browser: the guess is judged, an outlier squeezes nothing, letters stay readable."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd
from rounds_widgets import LabUnits
rng = np.random.default_rng(4)
site = np.repeat(["A", "B"], 300)
crp = np.exp(rng.normal(4, 1, 600)).round(1) * np.where(site == "B", 0.1, 1)
dimer = np.exp(rng.normal(0, 0.8, 600)).round(2) * np.where(site == "B", 500, 1)
potassium = rng.normal(4, 0.4, 600).round(1)
potassium[0] = dimer[0] = 999
LabUnits(pd.DataFrame({
    "site": np.tile(site, 3),
    "loinc": np.r_[np.repeat("1988-5", 600), np.repeat(["48065-7", "48066-5"], 300), np.repeat("2823-3", 600)],
    "value_num": np.r_[crp, dimer, potassium],
}))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        yield page


def choose(page: Page, test: str, *, one_unit: bool) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("How many humps").focus()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
    page.locator(".rounds-units select").select_option(test)
    page.get_by_label("All in one unit").set_checked(one_unit)


def said(page: Page) -> Locator:
    return page.locator(".rounds-units [role=status]")


def test_the_scene_is_told_before_the_guess(page: Page) -> None:
    expect(page.locator(".rounds-units .task")).to_contain_text("Two hospitals, A and B")


def test_the_guess_is_judged_where_it_was_asked(page: Page) -> None:
    choose(page, "C-reactive protein", one_unit=False)
    expect(said(page)).to_contain_text("2 humps, one for each site")
    expect(said(page)).to_contain_text("Your guess for C-reactive protein as written was 1: there are 2.")
    choose(page, "C-reactive protein", one_unit=True)
    expect(said(page)).to_contain_text("One hump")
    expect(said(page)).not_to_contain_text("Your guess")


def test_an_outlier_squeezes_nothing_and_is_named(page: Page) -> None:
    choose(page, "Potassium", one_unit=False)
    expect(said(page)).to_contain_text("1 result lies beyond the axis, at 681 to 1000.")
    widths = page.locator(".rounds-units svg rect").evaluate_all("all => all.map((one) => one.width.baseVal.value)")
    assert min(widths) > 30


def test_a_lonely_bar_between_the_humps_stays_drawn(page: Page) -> None:
    choose(page, "D-dimer", one_unit=True)
    expect(said(page)).not_to_contain_text("beyond the axis")
    places = page.locator(".rounds-units svg rect[fill^=var]").evaluate_all(
        "all => all.map((one) => one.x.baseVal.value)"
    )
    assert places[-1] - places[-2] > 100


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_letters_are_readable(page: Page, scheme: str, width: int) -> None:
    choose(page, "C-reactive protein", one_unit=False)
    assert list(find_faults(page, ".rounds-units", scheme, (width, 900))) == []
    heights = page.locator(".rounds-units svg text").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect())"
    )
    assert all(max(box["height"], box["width"]) >= 12 for box in heights)
