"""The sentence under a check button in a real browser: seen and heard at each press, narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.widgets.served import open_widget

CODE = """from rounds.lessons.check import Check
from rounds.lessons.exercise import Exercise, Lesson
from rounds.lessons.ladder import Rung
names = {"number": 41}
rung = Rung("values", lambda answer: None if answer >= 42 else f"{answer} is too small; look again.")
exercise = Exercise("e1", "The number", "number", (rung,), "It is even.", "6 * 8 is 48", 1)
check = Check(Lesson("x1", "A lesson", "x1-lesson", (exercise,), ()), names)
import ipywidgets
number = ipywidgets.IntSlider(41, 40, 50, description="number")
number.observe(lambda change: names.update(number=change.new), names="value")
ipywidgets.VBox([number, check.button("e1")])"""
HEARD = """() => {
  window.heard = [];
  const region = document.querySelector(".rounds-sentence");
  new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true, subtree: true });
}"""


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Check exercise 1")).to_be_visible(timeout=60_000)
        yield page


def test_each_press_is_seen_and_heard(page: Page) -> None:
    button, status = page.get_by_role("button", name="Check exercise 1"), page.locator(".rounds-sentence[role=status]")
    page.evaluate(HEARD)
    button.press("Enter")
    expect(status).to_have_text("→ Not yet. 41 is too small; look again.")
    button.press("Enter")
    expect(status).to_have_text("→ Not yet. 41 is too small; look again. Checked 2 times, with the same result.")
    button.press("Enter")
    expect(status).to_contain_text("Checked 3 times")
    heard = page.evaluate("() => window.heard")
    assert (
        len(heard) == len(set(heard)) == 3
    )  # each press changes the text of the live region, which is read as a whole
    assert status.get_attribute("aria-live") == "polite"
    assert status.get_attribute("aria-atomic") == "true"
    expect(page.get_by_text("Show a hint")).to_be_visible()
    page.get_by_role("slider").press("ArrowRight")
    button.press("Enter")
    expect(status).to_have_text("○ Complete. Whether it is right is said when you hand in.")
    expect(page.get_by_text("Show a hint")).to_have_count(0)
    for width, light in ((1000, "true"), (400, "false")):
        page.set_viewport_size({"width": width, "height": 700})
        page.evaluate(f"() => {{ document.body.dataset.jpThemeLight = '{light}' }}")
        found = Axe().run(page, ".rounds-sentence").response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
