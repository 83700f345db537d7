"""The report card in a real browser: the scene, a guess, the way back to the ward's own prevalence, narrow and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd
from rounds_widgets import ReportCard
rng = np.random.default_rng(3)
sick = rng.random(2000) < 0.023
score = np.where(sick, rng.beta(3, 3, 2000), rng.beta(1.5, 6, 2000)).round(3)
days = {"ward": "W1", "calendar_day": np.arange(2000) // 20, "warning_score": score, "bsi_next_48h": sick}
ReportCard(pd.DataFrame(days))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: how many of 100 alerts").focus()
        page.keyboard.type("60")
        page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="Threshold")).to_be_enabled()


def test_the_scene_is_told_before_the_guess(page: Page) -> None:
    expect(page.locator(".rounds-card .task")).to_contain_text("Each morning a score")
    assert page.get_by_role("button", name="Back to this ward").is_disabled()


def test_the_prevalence_of_the_ward_can_be_had_again(page: Page) -> None:
    guess_by_keyboard(page)
    start = page.locator(".rounds-card .name-p").inner_text()
    page.get_by_role("slider", name="Prevalence").press("End")
    expect(page.locator(".rounds-card .name-p")).to_contain_text("50.0 %")
    page.get_by_role("button", name="Back to this ward").click()
    expect(page.locator(".rounds-card .name-p")).to_have_text(start)
    expect(page.get_by_role("slider", name="Prevalence")).to_be_focused()


def test_thousands_have_a_comma_everywhere(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_role("slider", name="Threshold").press("Home")
    expect(page.locator(".rounds-card .said")).to_contain_text("Of 1,000 alerts")


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    guess_by_keyboard(page)
    assert list(find_faults(page, ".rounds-card", scheme, (width, 1100))) == []
