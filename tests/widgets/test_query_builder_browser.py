"""The query builder in a real browser: guess and choose by keyboard, what is said, the ribbon; narrow, dark, alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import pandas as pd, ipywidgets
from rounds.data.sql_frames import Frames
from rounds_widgets import QueryBuilder
people = [f"P{at:02d}" for at in range(40)]
stays = pd.DataFrame({
    "encounter_id": [f"E{at:03d}" for at in range(120)],
    "person_id": [people[at % 40] for at in range(120)],
    "class": ["inpatient"] * 80 + ["outpatient"] * 40,
    "planned": False,
    "transfer_from": None,
    "disch_ts": pd.Timestamp("2020-01-01"),
})
sexes, years = ["female", "male"] * 20, range(1930, 1970)
builder = QueryBuilder(Frames("a ward", {
    "person": pd.DataFrame({"person_id": people, "sex": sexes, "birth_year": years}),
    "encounter": stays,
    "lab": pd.DataFrame({"encounter_id": [f"E{at % 70:03d}" for at in range(420)], "loinc": "2160-0"}),
    "diagnosis": pd.DataFrame({"encounter_id": stays.encounter_id, "rank": 1}),
    "death": pd.DataFrame({"person_id": people[:10]}),
}))
said = ipywidgets.Label(repr(builder))
builder.observe(lambda change: setattr(said, "value", repr(builder)), "_answer")
ipywidgets.VBox([builder, said])"""
ON_EACH_OTHER = """svg => {
  const all = (found) => [...svg.querySelectorAll(found)];
  const boxes = (found) => all(found).map((one) => [one.textContent, one.getBoundingClientRect()]);
  const shapes = boxes("path, rect");
  const on = ([, a], [, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  return boxes("text").filter((text) => shapes.some((shape) => on(text, shape))).map(([words]) => words);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1100})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: how many rows").focus()
        page.keyboard.type("80")
        page.keyboard.press("Enter")
    expect(page.get_by_label("3. Join")).to_be_enabled()


def said(page: Page):
    return page.locator(".rounds-query [role=status]")


def steps(page: Page):
    """Return the numbers of the ribbon, from top to bottom."""
    return page.locator(".rounds-query .ribbon .numbers")


def test_nothing_can_be_chosen_before_the_guess(page: Page) -> None:
    assert page.get_by_label("3. Join").is_disabled()
    assert page.locator(".where input").first.is_disabled()
    expect(steps(page)).to_have_text(["120 rows, 40 persons", "80 rows, 40 persons"])
    expect(said(page)).to_have_text("")


def test_guess_and_choose_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_label("3. Join")).to_be_focused()
    expect(said(page)).to_contain_text("Your guess was 80 rows; there are 420.")
    expect(said(page)).to_contain_text("COUNT(*) now counts creatinine results, not people.")
    expect(steps(page).last).to_have_text("420 rows, 40 persons")
    expect(page.locator(".ribbon .wider")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(said(page)).to_contain_text("10 rows had no match: the joined columns are NULL there, not 0.")
    expect(said(page)).not_to_contain_text("Your guess")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sql")).to_contain_text("GROUP BY e.person_id")
    expect(steps(page).last).to_have_text("40 rows, 40 persons")
    expect(page.locator(".result td")).to_have_count(6)
    assert "GROUP BY 40 rows of 40 persons" in page.locator(".widget-label").last.inner_text()


def test_another_table_brings_its_own_choices(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_label("1. Begin with the table").select_option("person")
    expect(page.locator(".join option")).to_have_text(
        ["nothing", "encounter: all stays and visits", "death: who has died"]
    )
    page.get_by_label("3. Join").select_option("death")
    expect(said(page)).to_contain_text("30 persons went away")
    page.get_by_label("born before 1940").check()
    expect(steps(page).nth(1)).to_have_text("10 rows, 10 persons")
    page.get_by_label("4. Group").select_option("person")
    page.get_by_label("1. Begin with the table").select_option("encounter")
    expect(page.locator(".back")).to_have_text("Put back, because encounter has other choices: what to keep, the join.")
    expect(page.locator(".sql")).to_have_text(
        "SELECT e.person_id, COUNT(*) AS n_rows\nFROM encounter e\nGROUP BY e.person_id"
    )


@pytest.mark.parametrize("width", [400, 1000])
def test_no_word_lies_on_the_ribbon(page: Page, width: int) -> None:
    guess_by_keyboard(page)
    page.set_viewport_size({"width": width, "height": 1100})
    page.get_by_label("stays in hospital").check()
    page.get_by_label("3. Join").select_option("creatinine")
    expect(page.locator(".ribbon .wider")).to_have_count(1)
    page.wait_for_timeout(300)
    assert page.locator(".ribbon").evaluate(ON_EACH_OTHER) == []


def test_a_choice_is_seen_within_a_moment_and_the_inner_ribbon_stays(page: Page) -> None:
    guess_by_keyboard(page)
    page.get_by_label("stays in hospital").check()
    page.get_by_label("3. Join").select_option("creatinine")
    page.get_by_label("4. Group").select_option("")
    expect(page.locator(".ribbon rect.persons")).to_have_count(3)
    widths = page.locator(".ribbon rect.persons").evaluate_all("bars => bars.map((bar) => bar.getAttribute('width'))")
    assert len(set(widths)) == 1


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    guess_by_keyboard(page)
    assert list(find_faults(page, ".rounds-query", scheme, (width, 1100))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    guess_by_keyboard(page)
    page.get_by_label("3. Join").select_option("codes")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
