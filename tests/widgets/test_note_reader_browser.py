"""The note reader in a real browser: guess, words and rules by keyboard and pointer, spoken, narrow, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import pandas as pd, ipywidgets
from rounds_widgets import NoteReader
from rounds_widgets.teaching.together.note_truth import COPY_MARK, forms
slots = {"age": "81", "sex": "woman", "history": "ischaemic heart disease, CKD", "weight": "70.5", "ef": "35",
         "days": "4", "stays": "2"}
own = [form.text.format(**slots) for _, form in forms()]
late = [text.startswith(("Late entry", "Quality", "Addendum")) for text in own]
copied = [COPY_MARK + text for text in own if text.startswith("D")]
notes = pd.DataFrame({"text": own * 20 + copied * 3, "late": late * 20 + [False] * (3 * len(copied))})
reader = NoteReader(notes)
said = ipywidgets.Label(repr(reader))
reader.observe(lambda change: setattr(said, "value", repr(reader)))
ipywidgets.VBox([reader, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1500})
        page.screenshot(path="test-artifacts/notes-before.png", full_page=True)
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: of 100 notes with the word orthopnoea").focus()
        page.keyboard.type("90")
        page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="oedema")).to_be_enabled()


def start_again(page: Page) -> None:
    """Choose the first finding with its first word, and no rule."""
    guess_by_keyboard(page)
    page.get_by_role("radio", name="oedema").check()
    page.get_by_role("radio", name="orthopnoea").check()
    page.get_by_role("radio", name="no rule").check()
    for name in ("not about a relative", "not copied", "not written after"):
        page.get_by_role("checkbox", name=name).uncheck()
    expect(said(page)).to_contain_text("orthopnoea:")


def said(page: Page) -> Locator:
    return page.locator(".rounds-notes [role=status]")


def figure(page: Page, name: str) -> int:
    return int(page.locator(f".rounds-notes .{name} strong").inner_text())


def test_nothing_can_be_chosen_or_read_before_the_guess(page: Page) -> None:
    assert all(control.is_disabled() for control in page.locator(".rounds-notes fieldset input").all())
    assert page.locator(".rounds-notes .notes li").count() == 0
    assert page.locator(".rounds-notes .figures p").count() == 0
    assert re.search(r"\d", page.locator(".rounds-notes tbody").inner_text()) is None


def test_guess_and_mend_the_search_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_role("radio", name="orthopnoea")).to_be_focused()
    expect(said(page)).to_contain_text("Your guess was 90")
    before = figure(page, "precision")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="orthopnoea")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="breathless when lying flat")).to_be_checked()
    expect(page.get_by_role("checkbox", name="breathless when lying flat")).to_be_focused()
    expect(said(page)).to_contain_text("Of 100 meant, 100 are found")
    page.get_by_role("radio", name="no rule").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="in the same sentence")).to_be_checked()
    expect(said(page)).not_to_contain_text("Your guess was")
    assert figure(page, "precision") > before
    assert figure(page, "recall") == 100


def test_what_is_shown_is_what_python_counts(page: Page) -> None:
    start_again(page)
    for name in ("oedema", "readmission", "ischaemic heart disease"):
        page.get_by_role("radio", name=name).check()
        for reach in ("anywhere in the note", "in the same sentence"):
            page.get_by_role("radio", name=reach).check()
            expect(said(page)).to_contain_text(name)
            label = page.locator(".widget-label").last
            expect(label).to_contain_text(f"Note reader, {name}")
            page.wait_for_timeout(500)
            computed = [int(one) for one in re.findall(r"\d+", label.inner_text())]
            shown = [int(one) for one in re.findall(r"\d+", said(page).inner_text())]
            assert shown[:2] == computed[:2]
            assert [one for one in shown[2:] if one != 100] == [one for one in computed[2:] if one != 100]


def test_a_sign_is_said_in_words_of_the_finding(page: Page) -> None:
    start_again(page)
    first = page.locator(".rounds-notes tbody th").first
    expect(first).to_contain_text("the patient has it, seen on that day")
    page.get_by_role("radio", name="readmission").check()
    expect(first).to_contain_text("the patient was here before")


def test_a_rule_of_each_kind_leaves_its_notes_out(page: Page) -> None:
    start_again(page)
    for finding, kind, rule in (
        ("ischaemic heart disease", "family", "not about a relative"),
        ("oedema", "copied", "not copied"),
        ("readmission", "later", "not written after"),
    ):
        page.get_by_role("radio", name=finding).check()
        cells = page.locator(".rounds-notes tbody tr", has_text=kind).locator("td")
        expect(cells.first).not_to_have_text("0")
        page.get_by_text(rule).click()
        expect(cells.first).to_have_text("0")


def test_notes_are_marked_by_a_sign_and_a_line_not_by_colour_alone(page: Page) -> None:
    start_again(page)
    first = page.locator(".rounds-notes .notes li").first
    expect(first.locator(".sign")).to_have_text(re.compile("^(✗ denied|↻ copied)$"))
    style = first.locator("mark").first.evaluate("node => getComputedStyle(node).textDecorationStyle")
    assert style in ("wavy", "dashed")
    page.get_by_role("radio", name="meant, not found").check()
    expect(page.locator(".rounds-notes .notes")).to_contain_text("Breathless when lying flat")
    expect(page.locator(".rounds-notes .notes mark")).to_have_count(0)
    page.get_by_role("button", name="More").click()
    expect(page.locator(".rounds-notes .pages")).to_contain_text("page 2 of")


def test_a_word_of_ones_own_is_plain_text_and_no_pattern(page: Page) -> None:
    start_again(page)
    page.get_by_role("checkbox", name="orthopnoea").uncheck()
    page.get_by_label("another word").fill(".*")
    expect(said(page)).to_contain_text("none of")
    page.get_by_label("another word").fill("ORTHOPNOEA")
    expect(said(page)).to_contain_text("are found")
    page.get_by_label("another word").fill("")
    expect(said(page)).to_contain_text("none of")


def test_a_word_that_stands_nowhere_is_said_to_stand_in_no_note(page: Page) -> None:
    start_again(page)
    own = page.get_by_label("another word")
    own.fill("zebra")
    expect(page.locator(".rounds-notes .of-own")).to_contain_text("“zebra” stands in 0 of")
    expect(page.locator(".rounds-notes .of-own")).to_contain_text("Only whole words are found.")
    own.fill("")
    expect(page.locator(".rounds-notes .of-own")).to_have_text("")


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    start_again(page)
    assert list(find_faults(page, ".rounds-notes", scheme, (width, 1500))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start_again(page)
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
