"""The data dictionary in a real browser, served by Voila: keyboard, accessibility, narrow and dark, no other host."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.widgets.served import open_widget

from rounds.data.answers import Answer, write_answers
from rounds.data.dataset import Dataset

CODE = """import rounds.data
from rounds_widgets import DataDictionary
DataDictionary(rounds.data.load("bsi_days"))"""
HOSTILE = "<img src=x onerror=\"document.title='broken'\">"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, lesson: Callable[[str], Dataset]) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("voila")
    (folder / "bsi_days").symlink_to(lesson("bsi_days").path)
    said = Answer("bsi_days", "crp", HOSTILE, "In the morning.", "Dana Shalev", "2027-03-01T09:00:00+00:00")
    write_answers(folder, "bsi_days", [said])
    with open_widget(CODE, folder) as page:
        expect(status(page)).to_have_text("16 of 16 columns.", timeout=60_000)
        yield page


@pytest.fixture
def page(opened: Page) -> Page:
    opened.set_viewport_size({"width": 1000, "height": 900})
    opened.evaluate("() => { document.body.dataset.jpThemeLight = 'true' }")
    opened.get_by_label("Search in names").fill("")
    opened.get_by_label("Only what is known").uncheck()
    opened.get_by_label("Words for").select_option("both")
    expect(status(opened)).to_have_text("16 of 16 columns.")
    return opened


def status(page: Page):
    return page.locator(".rounds-columns [role=status]")


def test_search_and_filter_by_keyboard_alone(page: Page) -> None:
    page.get_by_label("Search in names").focus()
    page.keyboard.type("outcome")
    expect(status(page)).to_have_text("2 of 16 columns.")
    page.keyboard.press("Tab")  # the table
    page.keyboard.press("Tab")  # the words
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Only what is known")).to_be_checked()
    expect(page.locator(".rounds-columns article")).to_have_count(1)
    expect(page.locator(".rounds-columns article")).to_contain_text("transplant_type")


def test_a_quick_click_after_typing_loses_no_letter(page: Page) -> None:
    page.get_by_label("Search in names").fill("outcome")
    page.get_by_label("Only what is known").check()
    expect(status(page)).to_have_text("1 of 16 columns.")
    expect(page.get_by_label("Search in names")).to_have_value("outcome")


def test_either_readers_words(page: Page) -> None:
    page.get_by_label("Words for").select_option("engineer")
    expect(page.get_by_text("(for clinicians)")).to_have_count(0)
    expect(page.get_by_text("(for engineers)")).to_have_count(16)


def test_a_leak_has_a_plain_sign(page: Page) -> None:
    page.get_by_label("Search in names").fill("culture_taken")
    expect(status(page)).to_have_text("1 of 16 columns.")
    expect(page.locator(".sign.leak")).to_have_text("known only after the prediction")


def test_an_answer_is_shown_as_text(page: Page) -> None:
    page.get_by_label("Search in names").fill("protein")
    page.get_by_text("1 question", exact=True).click()
    expect(page.get_by_text("Answered: In the morning.")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert page.title() != "broken"


def test_an_opened_question_stays_open_while_the_list_is_filtered(page: Page) -> None:
    answered = page.get_by_text("Answered: In the morning.")
    if not answered.is_visible():
        page.get_by_text("1 question", exact=True).click()
    page.get_by_label("Search in names").fill("protein")
    expect(status(page)).not_to_have_text("16 of 16 columns.")
    expect(answered).to_be_visible()
    page.get_by_text("1 question", exact=True).click()
    page.get_by_label("Search in names").fill("")
    expect(status(page)).to_have_text("16 of 16 columns.")
    expect(answered).to_be_hidden()


def test_nothing_found_says_what_to_try(page: Page) -> None:
    page.get_by_label("Search in names").fill("xyzzy")
    expect(status(page)).to_contain_text("Try a shorter word")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, scheme: str) -> None:
    light = "true" if scheme == "light" else "false"
    page.evaluate("light => { document.body.dataset.jpThemeLight = light }", light)  # as JupyterLab's theme does
    expect(page.locator(".rounds-columns")).to_have_attribute("data-look", scheme)
    page.screenshot(path=f"test-artifacts/dictionary-{scheme}.png")
    found = Axe().run(page, context=".rounds-columns").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", [400, 900])
def test_nothing_is_wider_than_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    page.screenshot(path=f"test-artifacts/dictionary-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_dictionary_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Search in names").fill("age")
    expect(status(page)).not_to_have_text("16 of 16 columns.")
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
