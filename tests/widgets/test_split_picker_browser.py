"""The split picker in a real browser: guess, split and figure by keyboard and pointer, spoken, narrow, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds.evaluation.split_scores import Model, Plan
from rounds_widgets import SplitPicker
rng = np.random.default_rng(2)
people, number = 400, 1600
sodium, own = rng.normal(138, 4, number), np.repeat(rng.normal(0, 1.8, people), 4)
site = np.repeat(rng.choice(["A", "B"], people, p=[0.7, 0.3]), 4)
stays = pd.DataFrame({
    "person_id": np.repeat([f"P{at}" for at in range(people)], 4),
    "site": site,
    "year": np.tile([2018, 2019, 2021, 2022], people),
    "sodium": sodium,
    "trait": np.repeat(rng.permutation(people), 4).astype(float),
    "back": rng.random(number) < 1 / (1 + np.exp(1.2 - 0.5 * (site == "B") - 0.1 * (138 - sodium) - own)),
})
models = {"blood tests": Model(("sodium",)), "who the patient is": Model(("trait",), forest=True)}
picker = SplitPicker(stays, models, pairs=[("blood tests", "who the patient is")], plan=Plan("back"))
said = ipywidgets.Label(repr(picker))
picker.observe(lambda change: setattr(said, "value", repr(picker)))
ipywidgets.VBox([picker, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1300})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: for 100 returns predicted at hospital B").focus()
        page.keyboard.type("97")
        page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="single rows")).to_be_enabled()


def said(page: Page):
    return page.locator(".rounds-split [role=status]")


def choose(page: Page, *labels: str) -> None:
    guess_by_keyboard(page)
    for label in labels:
        page.locator(".rounds-split fieldset label", has_text=label).locator("input").check()


def test_nothing_is_chosen_and_nothing_is_drawn_before_the_guess(page: Page) -> None:
    assert all(radio.is_disabled() for radio in page.locator(".rounds-split fieldset input").all())
    assert page.locator(".rounds-split .dots").count() == 0
    assert page.locator(".rounds-split circle.new").count() == 0
    assert re.search(r"\d", page.locator(".rounds-split tbody").inner_text()) is None


def test_guess_and_choose_a_split_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_role("radio", name="single rows")).to_be_focused()
    expect(said(page)).to_contain_text("whom the model has met")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="whole patients")).to_be_checked()
    expect(said(page)).to_contain_text("The model has met none of the tested patients")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="came, for 100 predicted")).to_be_checked()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="another hospital")).to_be_checked()
    expect(said(page)).to_contain_text("Your guess was 97")
    expect(page.locator(".rounds-split .guessed")).to_have_count(1)


def test_what_is_shown_is_what_was_computed(page: Page) -> None:
    choose(page, "another hospital", "came, for 100 predicted")
    expect(page.locator(".widget-label").last).to_contain_text("came for 100 predicted")
    expect(said(page)).to_contain_text("Came, for 100 predicted")
    figure = re.compile(r"blood tests (\d+ \(\d+ to \d+\))")
    computed = figure.search(page.locator(".widget-label").last.inner_text())
    shown = figure.search(said(page).inner_text())
    assert shown is not None
    assert computed is not None
    assert shown[1] == computed[1]
    assert page.locator(".rounds-split tr.now td").last.inner_text() == shown[1].split(" ")[0]


def test_the_picture_of_patients_follows_the_split(page: Page) -> None:
    choose(page, "a later time")
    expect(page.locator(".rounds-split rect.known")).to_have_count(20)  # two of four stays of each are early
    expect(page.locator(".rounds-split .people")).to_have_attribute("aria-label", re.compile("stays from 2021 on"))
    choose(page, "whole patients")
    expect(page.locator(".rounds-split rect.known")).not_to_have_count(20)
    assert page.locator(".rounds-split circle.new").count() + page.locator(".rounds-split rect.known").count() == 40


def test_two_models_are_compared_in_one_strip(page: Page) -> None:
    choose(page, "whole patients", "two models")
    expect(page.locator(".rounds-split .dots")).to_have_count(1)
    expect(said(page)).to_contain_text("blood tests, less who the patient is +0.")
    expect(said(page)).to_contain_text("two things differ: the columns, and the algorithm")


@pytest.mark.parametrize("width", [400, 1000])
def test_no_line_strikes_through_the_name_of_a_model(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1300})
    choose(page, "another hospital", "came, for 100 predicted")
    expect(page.locator(".rounds-split .guessed")).to_have_count(1)
    expect(page.locator(".rounds-split .of-guess")).to_contain_text("your guess")
    page.wait_for_timeout(300)
    tops = page.locator(".rounds-split .plot").evaluate(
        "svg => [...svg.querySelectorAll('.name')].map((name) => name.getBBox().y + name.getBBox().height)"
    )
    for line in ("guessed", "coin"):
        path = page.locator(f".rounds-split .{line}").get_attribute("d") or ""
        starts = [float(one) for one in re.findall(r"M[\d.]+ ([\d.]+)V", path)]
        assert len(starts) == len(tops)
        assert all(start >= top - 1 for start, top in zip(starts, tops, strict=True))


def test_a_narrow_table_scrolls_in_its_own_box_and_breaks_no_word(page: Page) -> None:
    box = page.locator(".rounds-split .scrolls")
    page.set_viewport_size({"width": 1000, "height": 1300})
    expect(box).not_to_have_attribute("tabindex", "0")
    page.set_viewport_size({"width": 240, "height": 1300})
    expect(box).to_have_attribute("tabindex", "0")
    head = box.locator("thead th").first
    assert head.evaluate("(head) => head.scrollWidth <= head.clientWidth")
    assert head.evaluate("(head) => getComputedStyle(head).overflowWrap") == "normal"


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    choose(page, "another hospital", "came, for 100 predicted")
    assert list(find_faults(page, ".rounds-split", scheme, (width, 1300))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "whole patients")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
