"""Five boxes in a real browser: guess, run, restart and a second person, by keyboard; narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.widgets.served import open_widget

CODE = "from rounds_widgets import FiveCells\nFiveCells()"
SAID = ".rounds-cells [role=status]"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("heading", name="One page, one memory")).to_be_visible(timeout=60_000)
        yield page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")


def guess(page: Page, option: str) -> None:
    page.locator(".rounds-cells .options").get_by_role("button", name=option, exact=True).press("Enter")


def knows(page: Page) -> list[list[str]]:
    rows = page.locator(".rounds-cells tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_from_the_first_guess_to_two_people_by_keyboard(page: Page) -> None:
    said = page.locator(SAID)
    expect(page.get_by_role("button", name="Run box 1")).to_be_disabled()
    expect(page.get_by_role("group", name="What will box 5 print?")).to_be_visible()
    assert knows(page) == [["nothing", "", ""]]
    guess(page, "8")
    expect(said).to_have_text("Box 5 printed 6. You guessed 8. A name keeps the number that it got when its box ran.")
    expect(page.get_by_role("button", name="Run all, from top to bottom")).to_be_focused()
    assert knows(page) == [["beds", "22", "[4] box 4"], ["patients", "14", "[2] box 2"], ["free", "6", "[3] box 3"]]
    press(page, "Run box 4")
    expect(said).to_have_text("Box 4 ran as run [6].")
    press(page, "Run box 3")
    press(page, "Run box 5")
    expect(page.locator(".rounds-cells .options button").first).to_be_focused()
    guess(page, "6")
    expect(said).to_contain_text("Box 5 printed 10. You guessed 6.")
    expect(said).to_contain_text("Box 4 ran more than once")
    number = page.get_by_role("spinbutton", name="Number in box 2, patients")
    number.fill("17")
    number.press("Enter")
    expect(said).to_have_text('Box 2 now says "patients = 17". It has not run since.')
    press(page, "Restart")
    expect(said).to_have_text("Restarted: the memory is empty. The page looks the same as before.")
    assert knows(page) == [["nothing", "", ""]]
    press(page, "Run box 5")
    guess(page, "an error")
    expect(said).to_contain_text('There is no name "free" yet.')
    expect(said).to_contain_text("You guessed so.")
    press(page, "Run all, from top to bottom")
    guess(page, "3")
    page.get_by_role("checkbox", name="Yael works in the same kernel").press("Space")
    press(page, "Yael runs hers")
    expect(said).to_contain_text('Yael ran "beds = 12" in the same kernel')
    press(page, "Run box 3")
    press(page, "Run box 5")
    guess(page, "-5")
    expect(said).to_contain_text("Yael's box set beds in the same memory")
    expect(page.get_by_role("heading", name="Surprises that you found: 3 of 5")).to_be_visible()
    for width, light in ((1000, "true"), (400, "false")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(f"() => {{ document.body.dataset.jpThemeLight = '{light}' }}")
        found = Axe().run(page, ".rounds-cells").response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    wide = page.evaluate("() => [document.querySelector('.rounds-cells').scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    press(page, "Start over")
    expect(page.get_by_role("group", name="What will box 5 print?")).to_be_visible()
    expect(page.get_by_role("button", name="Run box 1")).to_be_disabled()
