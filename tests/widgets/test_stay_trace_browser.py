"""The trace of a stay in a real browser: guess, drag, orders and tables by keyboard; what is said; narrow and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import find_faults, open_widget

CODE = """import pandas as pd
from rounds_widgets import StayTrace
none = float("nan")
rows = [("wakes up breathless at home", "told", -13.0, none, none), ("arrival at the door", "encounter", 0, 0, 0),
        ("pneumonia, the code", "diagnosis", 0, 186.0, 186.0), ("blood pressure, first", "vital", 0.5, 0.5, 0.5),
        ("potassium, first", "lab", 1.1, 1.1, 3.1), ("haemoglobin, first", "lab", 1.1, 1.1, 2.6),
        ("note at the door", "note", 1.3, 1.3, 1.3), ("dose of furosemide, first", "medication", 4.2, 1.9, 4.2),
        ("weight before leaving", "observation", 96.0, 96.0, 96.0), ("goes home", "encounter", 97, 97, 97),
        ("letter about the stay", "note", 97, 101, 101), ("visit to the clinic", "encounter", 500, 500, 500)]
columns = ["what", "table", "happened", "charted", "available"]
one = pd.DataFrame(rows, columns=columns).assign(stay="Stay 1", clock=12.5, left=97.0)
StayTrace(pd.concat([one, one.head(6).assign(stay="Stay 2")]))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=120_000)
        yield page


def names(page: Page) -> list[str]:
    """Return the things in the order in which they are drawn."""
    return page.locator(".rounds-trace .drawing text.what").all_text_contents()


def state(page: Page, what: str) -> str:
    """Return what the drawing says beside a thing."""
    return page.locator(".rounds-trace .drawing text.state").nth(names(page).index(what)).text_content()


def test_guess_and_moves_by_keyboard_are_said(page: Page) -> None:
    expect(page.locator(".rounds-trace .views")).to_be_hidden()
    assert state(page, "potassium, first") == "happened"
    guess = page.get_by_label("How many of the 7 can be read in this hospital's tables at day 1, 14:30?")
    guess.focus()
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    said = page.locator(".rounds-trace .said[role=status]")
    expect(said).to_contain_text(
        "You guessed 6. At day 1, 14:30, 7 of 12 things have happened. 3 of these 7 can be read."
    )
    expect(said).to_contain_text("Not readable yet: pneumonia, the code; potassium, first; haemoglobin, first.")
    expect(said).to_contain_text("In no table of this hospital: wakes up breathless at home.")
    assert state(page, "potassium, first") == "not readable yet"
    expect(page.get_by_role("radio", name="happened: when it happened")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("things are overtaken: something that happened after them was readable before them.")
    assert names(page)[-3:] == ["pneumonia, the code", "visit to the clinic", "wakes up breathless at home"]
    page.get_by_role("slider", name="The moment").press("End")
    expect(said).to_contain_text("12 of 12 things have happened. 11 of these 12 can be read.")
    assert state(page, "pneumonia, the code") == "can be read"
    page.get_by_role("checkbox", name="in no table, only told").press("Space")
    expect(said).to_contain_text("12 of 12 things have happened. 11 of these 12 can be read.")
    expect(said).to_contain_text("1 of them stands in tables that you have unticked: they have happened")
    page.get_by_role("combobox", name="Stay").select_option("Stay 2")
    expect(said).to_contain_text("6 of 6 things have happened. 5 of these 6 can be read.")
    page.get_by_role("combobox", name="Stay").select_option("Stay 1")
    page.get_by_role("checkbox", name="in no table, only told").press("Space")


def test_the_moment_is_dragged_by_pointer(page: Page) -> None:
    page.get_by_role("slider", name="The moment").press("Home")
    assert state(page, "arrival at the door") == "lies ahead"
    grip = page.locator(".rounds-trace [data-grip=zero]")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    width = page.locator(".rounds-trace .drawing svg").bounding_box()["width"] - 24
    page.mouse.move(box["x"] + 9, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 9 + 0.4 * width, box["y"] + 30, steps=4)  # past home and a part of the hours at the door
    page.mouse.up()
    expect(page.locator(".rounds-trace .said")).to_contain_text("of 12 things have happened.")
    assert state(page, "potassium, first") == "can be read"
    assert state(page, "goes home") == "lies ahead"


def test_the_landscape_answers_after_each_guess(page: Page) -> None:
    land = page.get_by_role("region", name="Who holds the rest")
    expect(land.get_by_role("listitem")).to_have_count(1)
    expect(land.locator(".holders")).to_be_hidden()
    land.get_by_role("button", name="health fund").first.focus()
    page.keyboard.press("Enter")
    expect(land.locator(".reply").first).to_have_text(
        "You said: health fund. It is: hospital. The bedside is seen by the hospital alone."
    )
    for who in ("health fund", "ministry", "no table"):
        expect(land.get_by_role("button", name="hospital").last).to_be_focused()
        land.get_by_role("listitem").last.get_by_role("button", name=who).press("Enter")
        expect(land.locator(".heard")).to_contain_text("Yes.")
    expect(land.locator(".holders")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (400, "dark")])
def test_whole_in_light_and_dark_and_narrow(page: Page, width: int, scheme: str) -> None:
    assert list(find_faults(page, ".rounds-trace", scheme, (width, 900))) == []
    drawing = page.locator(".rounds-trace .drawing svg").bounding_box()
    assert drawing["x"] + drawing["width"] <= width


def test_a_move_paints_within_fifty_milliseconds(page: Page) -> None:
    """Half of the moves, so that another process on the machine does not decide."""
    took = page.evaluate("""async () => {
      const slider = document.querySelector(".rounds-trace .zero");
      const took = [];
      for (let i = 0; i < 21; i += 1) {
        slider.value = 40 + 5 * i;
        const start = performance.now();
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        took.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 20));
      }
      return took.sort((a, b) => a - b);
    }""")
    assert took[len(took) // 2] < 50
