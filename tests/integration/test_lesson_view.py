"""A lesson as a page: it wakes by itself, keeps what was chosen, and is worked with by keyboard, dark and narrow."""

from __future__ import annotations

import json
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from rounds.lessons.folder import FOR_TWO, LessonFolder
from tests.courses import FOLDERS
from tests.integration.demo import Demo
from tests.integration.lessons import box_of, check, open_lesson, wait_until_awake, write
from tests.integration.people import ClassRoom, find_axe_violations
from tests.integration.test_class_at_work import wait_until_saved

pytestmark = pytest.mark.integration
A3 = "a3-report-card"
LAST = A3  # it stays open for what follows


def count_roles(lesson: LessonFolder) -> tuple[int, int]:
    """Return how many questions and boxes a lesson's notebook has."""
    cells = nbformat.read(lesson.learner / "lesson.ipynb", as_version=4).cells
    roles = [cell.metadata.get("rounds", {}).get("role") for cell in cells]
    return roles.count("question"), roles.count("box")


LESSONS = {one.assignment: count_roles(one) for one in sorted(FOLDERS.values(), key=lambda one: one.assignment == LAST)}
RIGHT = "sick_and_positive = 900\nwell_and_positive = 4950\nchance_percent = 100 * 900 / 5850"
# The first answer to a save, told by `window.roundsAnswer`, comes four seconds late or never.
HOLD_BACK = """() => {
    if (window.roundsFetch) return;
    window.roundsFetch = window.fetch;
    window.fetch = async (...given) => {
        const [one, settings] = given;
        const said = await window.roundsFetch(...given);
        const saves = (one.method || settings?.method) === "PUT" && String(one.url || one).includes("/api/contents/");
        const fate = saves && window.roundsAnswer;
        if (!fate) return said;
        window.roundsAnswer = null;
        window.roundsHeld = true;
        if (fate === "lost") throw new TypeError("Failed to fetch");
        await new Promise((resolve) => setTimeout(resolve, 4000));
        return said;
    };
}"""


@pytest.fixture(scope="module")
def leila(class_: ClassRoom, demo: Demo) -> Page:
    """Return the page of somebody who never coded."""
    return class_.sign_in_by_link("leila", demo.invite("leila"))


def notebook(demo: Demo) -> Path:
    return demo.state / "homes" / "leila" / A3 / "a3_report_card.ipynb"


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_ready_without_a_key(leila: Page, class_: ClassRoom, demo: Demo, name: str) -> None:
    open_lesson(leila, demo, name)
    awake = leila.locator(".rounds-role-widget .jp-OutputArea-output :is(button, input, select):enabled")
    expect(awake.filter(visible=True).first).to_be_visible()
    expect(leila.locator(".jp-OutputArea-promptOverlay:visible")).to_have_count(0)  # over 64 px, where a click was lost
    questions, boxes = leila.locator(".rounds-role-question"), leila.locator(".rounds-role-box")
    asked, written = LESSONS[name]
    expect(questions).to_have_count(asked)  # a busy machine draws the last cells after the page is awake
    expect(boxes).to_have_count(written)
    expect(leila.locator(".rounds-role-question .widget-radio-box")).to_have_count(asked)
    expect(leila.locator(".rounds-role-check .rounds-check")).to_have_count(written)
    assert leila.locator("[data-mime-type='application/vnd.jupyter.stderr'], .rounds-explained").count() == 0
    assert leila.locator(".rounds-role-box .jp-OutputArea-child").count() == 0  # the learner's own boxes wait
    assert not leila.locator(".rounds-is-test").first.is_visible()
    for_two = FOLDERS[name.partition("-")[0]].track == FOR_TWO
    expect(leila.get_by_role("link", name="Work as two")).to_have_count(int(for_two))
    expect(leila.locator(".rounds-steps")).to_have_text(f"0 of {written} done")
    assert list(find_axe_violations(leila)) == []
    class_.shot("leila", f"30-lesson-{name}")


def test_what_runs_by_itself_leaves_the_document_clean(leila: Page, demo: Demo) -> None:
    before = notebook(demo).stat().st_mtime_ns
    leila.wait_for_timeout(12_000)  # work is saved after ten seconds when there is something to save
    assert notebook(demo).stat().st_mtime_ns == before


def test_the_text_is_there_without_any_script(class_: ClassRoom, demo: Demo, leila: Page) -> None:
    context = class_.browser.new_context(java_script_enabled=False, storage_state=leila.context.storage_state())
    page = context.new_page()
    page.goto(leila.url)
    expect(page.get_by_role("heading", name="Why a ward cares")).to_be_visible()
    assert page.get_by_text("most positive results come from the many people who are well").count() == 1
    context.close()


def test_a_widget_is_moved_by_keyboard_and_stays_moved_over_a_reload_and_a_restart(leila: Page) -> None:
    card = leila.locator(".rounds-role-widget")
    card.locator("input").first.fill("50")
    card.get_by_role("button", name="Lock in my guess").press("Enter")
    slider = card.locator("input[type=range]").first
    for _ in range(4):
        slider.press("ArrowLeft")
    expect(slider).to_have_value("0.26")
    leila.wait_for_timeout(1_000)  # kept a moment after the last change
    leila.reload()
    wait_until_awake(leila)
    expect(slider).to_have_value("0.26")
    slider.evaluate("one => { one.isOld = true; }")
    write(leila, "Exercise 4", "import os\nos._exit(1)")
    leila.locator(".jp-Dialog").get_by_role("button", name="Ok").click(
        timeout=60_000
    )  # JupyterLab's: "it will restart"
    leila.wait_for_function(
        "() => document.querySelector('.rounds-role-widget input[type=range]')?.isOld === undefined"
    )
    expect(slider).to_have_value("0.26", timeout=60_000)
    expect(leila.get_by_text("Locked in")).to_be_visible()
    assert leila.locator(".jp-brokenWidget, .rounds-explained").count() == 0


def test_a_wrong_answer_then_a_right_one_moves_the_steps_on(leila: Page, class_: ClassRoom) -> None:
    write(leila, "Exercise 1", "chance_percent = 95")
    check(leila, "Check exercise 1", "95 is how often well people test negative")
    expect(leila.locator(".rounds-steps")).to_have_text("0 of 5 done")
    write(leila, "Exercise 1", RIGHT)
    check(leila, "Check exercise 1", "This is right. It counts when you hand in.")
    expect(leila.locator(".rounds-steps")).to_have_text("1 of 5 done")
    leila.get_by_role("button", name="Parts").press("Enter")
    parts = leila.get_by_role("navigation", name="Parts of this lesson")
    expect(parts.locator("li", has_text="Exercise 1")).to_contain_text("✓ done")
    expect(parts.locator("[aria-current=step]")).to_have_text("Your turn, with gaps")
    assert list(find_axe_violations(leila)) == []
    class_.shot("leila", "31-lesson-parts")
    leila.keyboard.press("Escape")


def test_a_box_that_changed_since_its_run_is_not_judged(leila: Page) -> None:
    lines = box_of(leila, "Exercise 1").locator(".cm-content")
    lines.fill(RIGHT.replace("5850", "5000"))
    leila.wait_for_timeout(1_000)  # the page tells the kernel a moment after the last key
    check(leila, "Check exercise 1", "You changed the box after its last run. Run it, then press again.")
    write(leila, "Exercise 1", RIGHT)
    check(leila, "Check exercise 1", "This is right. It counts when you hand in.")


def test_handing_in_is_one_press_and_the_marks_are_on_the_page(leila: Page, class_: ClassRoom, demo: Demo) -> None:
    leila.get_by_role("button", name="Hand in", exact=True).press("Enter")
    marks = leila.get_by_role("dialog")
    expect(marks.get_by_role("heading", level=2)).to_have_text("2 of 8 points", timeout=60_000)
    expect(marks.locator("li", has_text="Count people")).to_contain_text("✓ Done: 2 of 2")
    expect(marks.locator("li", has_text="The predictive value")).to_contain_text("ppv still holds three dots")
    assert list(find_axe_violations(leila)) == []
    class_.shot("leila", "32-lesson-marks")
    marks.locator("li", has_text="The predictive value").get_by_role("button").press("Enter")
    expect(marks).to_have_count(0)
    expect(box_of(leila, "Exercise 2").locator(".cm-content")).to_be_focused()


@pytest.mark.parametrize("answer", ["late", "lost"])
def test_a_save_whose_answer_is_late_or_lost_is_nobody_elses_change(leila: Page, demo: Demo, answer: str) -> None:
    leila.add_init_script(f"({HOLD_BACK})()")
    leila.reload()
    wait_until_awake(leila)
    leila.evaluate(f"window.roundsAnswer = '{answer}'")
    write(leila, "Exercise 3", f"# {answer}")
    leila.wait_for_function("window.roundsHeld", timeout=60_000)  # the page saves by itself; the file is written by now
    if answer == "lost":
        leila.get_by_role("dialog").get_by_role("button", name="Close").press("Enter")  # "Failed to fetch"
    write(leila, "Exercise 3", f"# {answer}, and more")
    leila.get_by_role("button", name="Hand in", exact=True).press("Enter")
    marks = leila.get_by_role("dialog")
    expect(marks.get_by_role("heading", level=2)).to_have_text("2 of 8 points", timeout=60_000)
    marks.get_by_role("button", name="Close").press("Enter")
    assert f"# {answer}, and more" in notebook(demo).read_text(encoding="utf-8")


def test_single_letters_are_no_commands_and_tab_leaves_a_box_after_escape(leila: Page) -> None:
    cells = leila.locator(".jp-Cell")
    before = cells.count()
    cells.first.focus()
    for key in ("m", "a", "b", "d", "d", "x", "ArrowLeft"):
        leila.keyboard.press(key)
    assert cells.count() == before
    assert leila.locator(".jp-Cell.lm-mod-hidden").count() == 0
    editor = box_of(leila, "Exercise 4").locator(".cm-content")
    assert "press Escape, then Tab" in (editor.get_attribute("aria-label") or "")
    editor.focus()
    leila.keyboard.press("Control+Shift+-")  # split
    assert cells.count() == before
    leila.keyboard.press("Escape")
    leila.keyboard.press("Tab")
    expect(leila.get_by_role("button", name="Run the box of Exercise 4")).to_be_focused()


def test_start_again_restores_one_box_and_gives_the_text_back(leila: Page) -> None:
    lines = box_of(leila, "Exercise 3").locator(".cm-content")
    lines.fill("prevalence = 0.2")
    box_of(leila, "Exercise 3").get_by_role("button", name="Start Exercise 3 again").press("Enter")
    expect(lines).to_contain_text("prevalence = ...")
    expect(box_of(leila, "Exercise 1").locator(".cm-content")).to_contain_text("4950")
    box_of(leila, "Exercise 3").get_by_role("button", name="Bring my text back").press("Enter")
    expect(lines).to_contain_text("prevalence = 0.2")


def test_a_word_of_the_glossary_shows_both_meanings_on_focus(leila: Page, class_: ClassRoom) -> None:
    word = leila.get_by_role("link", name="sensitivity").first
    word.focus()
    tip = leila.get_by_role("tooltip")
    for words in ("The clinic says", "Machine learning says “recall", "Where they differ."):
        expect(tip).to_contain_text(words)
    class_.shot("leila", "33-lesson-word")
    leila.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_the_plain_notebook_and_back_and_a_copied_box_is_an_ordinary_cell(leila: Page, demo: Demo) -> None:
    leila.get_by_role("button", name="Parts").press("Enter")
    leila.get_by_role("button", name="Plain notebook").press("Enter")
    expect(leila.get_by_role("menuitem", name="Kernel", exact=True)).to_be_visible()
    box = leila.locator(".jp-Cell.rounds-role-box").nth(1)
    box.locator(".cm-content").click()
    for key in ("Escape", "c", "v"):
        leila.keyboard.press(key)
    leila.get_by_role("button", name="Show as a lesson").press("Enter")
    expect(leila.get_by_role("menuitem", name="Kernel", exact=True)).to_have_count(0)
    assert leila.locator(".jp-Cell.rounds-role-box").count() == 5
    leila.keyboard.press("Control+s")
    deadline = time.monotonic() + 30
    while len(found := boxes_with_answer(demo)) != 2 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert [bool(cell["metadata"].get("nbgrader")) for cell in found] == [True, False]


def boxes_with_answer(demo: Demo) -> list[dict[str, dict[str, object]]]:
    cells = json.loads(notebook(demo).read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if "900 / 5850" in "".join(cell["source"])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_is_whole_light_and_dark(leila: Page, class_: ClassRoom, scheme: str) -> None:
    leila.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    leila.set_viewport_size({"width": 400, "height": 800})
    leila.wait_for_timeout(500)
    assert list(find_axe_violations(leila)) == []
    hidden = leila.locator(".jp-WindowedPanel-outer").evaluate("one => one.scrollWidth - one.clientWidth")
    assert hidden <= 0
    class_.shot("leila", f"34-lesson-narrow-{scheme}")
    leila.set_viewport_size({"width": 1280, "height": 900})
    leila.emulate_media(color_scheme="light")


def test_a_text_in_hebrew_or_arabic_runs_from_the_right_among_english_ones(leila: Page) -> None:
    english, hebrew, arabic = "The ward says:", "המחלקה אומרת: 3 ימים", "يقول القسم: 3 أيام"
    lines = f"from IPython.display import HTML\nHTML('<p>{english}</p><p>{hebrew}</p>')"
    write(leila, "Exercise 3", lines)
    output = box_of(leila, "Exercise 3").locator(".jp-OutputArea-output")
    expect(output.get_by_text(hebrew)).to_be_visible()
    text = leila.locator(".jp-RenderedMarkdown", has_text="Why a ward cares").first
    text.evaluate("(one, said) => one.append(Object.assign(document.createElement('p'), {textContent: said}))", arabic)
    side = """one => {
        const words = document.createRange();
        words.selectNodeContents(one);
        const [{left, right}, block] = [words.getBoundingClientRect(), one.getBoundingClientRect()];
        return left - block.left > block.right - right ? "right" : "left";
    }"""
    assert output.get_by_text(english).evaluate(side) == "left"
    assert output.get_by_text(hebrew).evaluate(side) == "right"
    assert text.get_by_text(arabic).evaluate(side) == "right"
    write(leila, "Exercise 3", "prevalence = 0.3\nprevalence")


def test_outputs_that_come_by_themselves_are_not_in_the_file(leila: Page, demo: Demo) -> None:
    write(leila, "Exercise 3", "prevalence = 0.3\nprevalence")
    wait_until_saved(notebook(demo), "prevalence = 0.3")
    cells = json.loads(notebook(demo).read_text(encoding="utf-8"))["cells"]
    full = {
        cell["metadata"]["rounds"]["role"] for cell in cells if cell.get("outputs") and "rounds" in cell["metadata"]
    }
    assert full <= {"box", "test"}


def test_a_learner_takes_the_lessons_home(leila: Page, class_: ClassRoom, demo: Demo) -> None:
    leila.goto(f"{demo.base}/services/desk/lessons")
    leila.get_by_role("link", name="Take your lessons home").press("Enter")
    leila.wait_for_url("**/rounds/take-home", timeout=60_000)
    expect(leila.get_by_role("listitem")).to_have_count(len(LESSONS))
    assert list(find_axe_violations(leila)) == []
    class_.shot("leila", "39-take-home")
    with leila.expect_download(timeout=60_000) as coming:
        leila.get_by_role("link", name="Download the archive").press("Enter")
    with zipfile.ZipFile(coming.value.path()) as archive:
        marks = archive.read("rounds-lessons/a3_report_card/feedback.md").decode()
        names = archive.namelist()
    assert marks.startswith("# 2 of 8 points")
    assert {"rounds-lessons/README.md", "rounds-lessons/data/bsi_days/datapackage.json"} <= set(names)
