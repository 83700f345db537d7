"""A box is answered without typing code, by keyboard alone: the form writes the code, and shows what is typed."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.integration.demo import Demo
from tests.integration.lessons import box_of, check, open_lesson, wait_until_awake
from tests.integration.people import ClassRoom, find_axe_violations
from tests.integration.test_class_at_work import wait_until_saved

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def samir(class_: ClassRoom, demo: Demo) -> Page:
    """Return the page of somebody who never coded, with the report card open."""
    page = class_.sign_in_by_link("samir", demo.invite("samir"))
    open_lesson(page, demo, "a3-report-card")
    return page


def form_of(page: Page, name: str) -> Locator:
    return box_of(page, name).locator("details.rounds-form")


def code_of(page: Page, name: str) -> Locator:
    return box_of(page, name).locator(".cm-content")


def test_choices_write_the_code_that_is_then_run_and_judged(samir: Page, class_: ClassRoom) -> None:
    form = form_of(samir, "Exercise 2")
    form.get_by_role("radio", name="1 - spec", exact=True).focus()
    samir.keyboard.press("Space")
    expect(code_of(samir, "Exercise 2")).to_contain_text("false_alarms = 1 - spec")
    expect(form.get_by_role("status")).to_have_text("Written into the box. Now press Run, then the check button.")
    samir.get_by_role("button", name="Run the box of Exercise 2").press("Enter")
    expect(form.get_by_role("status")).to_have_text("The box ran. Now press the check button below it.")
    check(samir, "Check exercise 2", "The false alarms come from the well people only: multiply with 1 - prev too.")
    for _ in range(3):
        form.locator("input:checked").focus()
        samir.keyboard.press("ArrowDown")
    expect(code_of(samir, "Exercise 2")).to_contain_text("false_alarms = (1 - spec) * (1 - prev)")
    samir.get_by_role("button", name="Run the box of Exercise 2").press("Enter")
    check(samir, "Check exercise 2", "Right, as far as this button sees.")
    class_.shot("samir", "33-form")


def test_a_number_is_written_as_it_is_typed_and_what_is_open_is_counted(samir: Page) -> None:
    form, code = form_of(samir, "Exercise 1"), code_of(samir, "Exercise 1")
    form.get_by_role("spinbutton").first.press_sequentially("900")
    expect(code).to_contain_text("sick_and_positive = 900")
    expect(code).to_contain_text("chance_percent = ...")
    expect(form.get_by_role("status")).to_have_text("Written into the box; 2 still open.")


def test_code_that_is_typed_is_shown_and_code_of_ones_own_is_left_alone(samir: Page, demo: Demo) -> None:
    form, code = form_of(samir, "Exercise 4"), code_of(samir, "Exercise 4")
    notebook = json.loads((demo.state / "homes/samir/a3-report-card/a3_report_card.ipynb").read_text())
    source = "".join(next(cell["source"] for cell in notebook["cells"] if cell["id"] == "e4"))
    code.fill(source.replace("enough = ...", "enough = alerts < limit"))
    expect(form.get_by_role("radio", name="alerts < limit", exact=True)).to_be_checked()
    code.fill("def lowest_threshold(days, limit):\n    return 1")
    expect(form.get_by_role("status")).to_contain_text("The box holds code of your own.")
    expect(form.locator("input:checked")).to_have_count(0)
    expect(form.locator("[inert]").first).to_be_attached()  # a choice would write over what was typed
    samir.get_by_role("button", name="Start Exercise 4 again").press("Enter")
    expect(form.get_by_role("status")).to_have_text("")
    assert list(find_axe_violations(samir)) == []


def test_lines_that_somebody_wrote_below_stay_when_the_form_is_used_again(samir: Page) -> None:
    form, code = form_of(samir, "Exercise 3"), code_of(samir, "Exercise 3")
    code.fill("prevalence = 0.20\nppv(0.783, 0.607, prevalence)")
    expect(form.get_by_role("spinbutton")).to_have_value("0.20")
    form.get_by_role("spinbutton").fill("0.15")
    expect(code.locator(".cm-line")).to_have_text(["prevalence = 0.15", "ppv(0.783, 0.607, prevalence)"])
    samir.get_by_role("button", name="Start Exercise 3 again").press("Enter")


def test_a_pointer_that_comes_from_the_code_reaches_the_form(samir: Page) -> None:
    form, code = form_of(samir, "Exercise 4"), code_of(samir, "Exercise 4")
    code.click()
    expect(code).to_be_focused()
    radio = form.get_by_role("radio", name="alerts < limit", exact=True)
    radio.click()
    expect(radio).to_be_checked()
    assert form.get_attribute("inert") is None
    samir.get_by_role("button", name="Start Exercise 4 again").press("Enter")
    expect(form.locator("input:checked")).to_have_count(0)


def test_what_was_chosen_is_there_after_a_reload(samir: Page, demo: Demo) -> None:
    wait_until_saved(demo.state / "homes/samir/a3-report-card/a3_report_card.ipynb", "sick_and_positive = 900")
    samir.reload()
    wait_until_awake(samir)
    expect(form_of(samir, "Exercise 1").get_by_role("spinbutton").first).to_have_value("900")
    expect(form_of(samir, "Exercise 2").get_by_role("radio", name="(1 - spec) * (1 - prev)")).to_be_checked()


def test_a_pair_chooses_from_lists_and_writes_words(samir: Page, demo: Demo, class_: ClassRoom) -> None:
    open_lesson(samir, demo, "j1-same-word")
    pairs, card = form_of(samir, "Exercise 1"), form_of(samir, "Exercise 4")
    pairs.get_by_role("combobox", name="outcome is").select_option(label="A: label, target")
    expect(code_of(samir, "Exercise 1")).to_contain_text('"outcome": "A"')
    card.get_by_role("textbox", name="So that who can act?").fill('the "night" nurse')
    expect(code_of(samir, "Exercise 4")).to_contain_text('"so_that": "the \\"night\\" nurse"')
    class_.shot("samir", "33-form-words")
    samir.set_viewport_size({"width": 400, "height": 900})
    samir.wait_for_timeout(1_000)  # names follow the new width a moment later
    assert list(find_axe_violations(samir)) == []
    assert samir.evaluate("document.scrollingElement.scrollWidth") <= 400
    class_.shot("samir", "33-form-400")
