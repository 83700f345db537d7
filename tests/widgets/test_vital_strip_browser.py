"""The vital strip in a real browser: guess, fill, width and window by keyboard and pointer, spoken, narrow, dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.widgets.served import LIGHT, find_faults, open_widget

CODE = """import numpy as np, pandas as pd, ipywidgets
from rounds_widgets import VitalStrip
rng = np.random.default_rng(3)
parts = []
for patient, hours in {"ward, six rounds": range(2, 48, 4), "night": range(1, 49)}.items():
    hours = np.array(hours) - 0.2
    warm = hours > 40 if patient == "night" else hours > 44
    for sign, level, more in (("temperature", 36.6, 2.4 if patient == "night" else 1.5), ("pulse", 80, 25)):
        value = (level + more * warm + rng.normal(0, 0.05, len(hours))).round(1)
        parts.append(pd.DataFrame({"patient": patient, "sign": sign, "hour": hours, "value": value}))
rows = pd.concat(parts, ignore_index=True)
rows["aside"] = (rows["patient"] == "night") & (rows["hour"] > 38)
strip = VitalStrip(rows)
said = ipywidgets.Label(repr(strip))
strip.observe(lambda change: setattr(said, "value", repr(strip)))
ipywidgets.VBox([strip, said])"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_widget(CODE, tmp_path_factory.mktemp("voila")) as page:
        expect(page.get_by_role("button", name="Lock in my guess")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 1300})
        yield page


def guess_by_keyboard(page: Page) -> None:
    if page.get_by_role("button", name="Lock in my guess").is_enabled():
        page.get_by_label("My guess: so many of the ten slots").focus()
        page.keyboard.type("2")
        page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="1 hour")).to_be_enabled()


def said(page: Page) -> Locator:
    return page.locator(".rounds-vital [role=status]")


def choose(page: Page, **options: str) -> None:
    guess_by_keyboard(page)
    for group, label in options.items():
        page.locator(f".rounds-vital fieldset.{group} label", has_text=label).first.locator("input").first.check()


def slots(page: Page, kind: str) -> Locator:
    return page.locator(f".rounds-vital .field.{kind}")


def test_nothing_is_chosen_and_nothing_is_drawn_before_the_guess(page: Page) -> None:
    assert all(control.is_disabled() for control in page.locator(".rounds-vital fieldset input").all())
    assert page.locator(".rounds-vital circle").count() == 0
    assert page.locator(".rounds-vital .field").count() == 0
    cells = page.locator(".rounds-vital tbody td").all_inner_texts()
    assert {*cells} == {"?"}


def test_guess_and_fill_by_keyboard_alone(page: Page) -> None:
    guess_by_keyboard(page)
    expect(page.get_by_role("radio", name="1 hour")).to_be_focused()
    expect(said(page)).to_contain_text("14 slots measured, 0 filled, 10 empty")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".rounds-vital .fill input[value=carry]")).to_be_checked()
    expect(said(page)).to_contain_text("for at most 4 hours. 14 slots measured, 3 filled, 7 empty")
    expect(said(page)).to_contain_text("Of the ten slots of the night 3 are filled: move the limit up")
    expect(said(page)).not_to_contain_text("Your guess was")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(page.locator(".rounds-vital .reach output")).to_have_text("24 hours")
    expect(said(page)).to_contain_text("14 slots measured, 10 filled, 0 empty")
    expect(said(page)).to_contain_text(
        "8 of the ten slots of the night are off by more than 1 degree. Your guess was 2."
    )
    expect(said(page)).to_contain_text("Fever by the slots: no, highest 36.")
    expect(said(page)).to_contain_text("By what was measured: yes, highest 39.")
    page.keyboard.press("Home")
    expect(page.locator(".rounds-vital .reach output")).to_have_text("2 hours")
    expect(said(page)).not_to_contain_text("Your guess was")


def test_finer_slots_hold_more_copies_than_readings(page: Page) -> None:
    choose(page, patient="ward, six rounds", fill="carry forward", width="1 hour", window="last 48 hours")
    page.get_by_role("slider").press("End")
    expect(slots(page, "measured")).to_have_count(12)
    expect(slots(page, "filled")).to_have_count(35)  # the first slot lies before the first reading
    choose(page, width="4 hours")
    expect(slots(page, "measured")).to_have_count(12)
    expect(slots(page, "filled")).to_have_count(0)


def test_a_warm_reading_becomes_a_fever_of_an_hour(page: Page) -> None:
    choose(page, patient="ward, six rounds", fill="carry forward", width="1 hour", window="last 24 hours")
    expect(said(page)).to_contain_text("Fever by the slots: yes")
    expect(said(page)).to_contain_text("By what was measured: no")
    choose(page, fill="leave it empty")
    expect(said(page)).to_contain_text("Fever by the slots: no")


def test_a_flat_change_over_climbing_slots_is_explained_below_the_table(page: Page) -> None:
    choose(page, patient="night", sign="temperature", fill="leave it empty", width="1 hour", window="last 12 hours")
    expect(page.locator(".rounds-vital .why")).to_be_hidden()
    choose(page, fill="carry forward")
    page.get_by_role("slider").press("End")
    expect(page.locator(".rounds-vital .why")).to_contain_text("make a pair, 66 in all: ")
    expect(page.locator(".rounds-vital tbody")).not_to_contain_text("pair")


def test_what_is_shown_is_what_was_computed(page: Page) -> None:
    choose(page, patient="night", fill="the mean", width="2 hours", window="last 12 hours")
    label = page.locator(".widget-label").last
    expect(label).to_contain_text("last 12 hours in slots of 2 h, fill mean")
    expect(said(page)).to_contain_text("last 12 hours in slots of 2 hours")
    computed = re.search(r"(\d+) measured, (\d+) filled, (\d+) empty; highest ([\d.]+)", label.inner_text())
    shown = re.search(r"(\d+) slots measured, (\d+) filled, (\d+) empty.*?highest ([\d.]+\d)", said(page).inner_text())
    assert computed is not None
    assert shown is not None
    assert shown.groups() == computed.groups()


def test_pulse_is_shown_by_pointer_and_what_is_put_aside_stays_visible(page: Page) -> None:
    choose(page, patient="night", width="1 hour")
    page.locator(".rounds-vital fieldset.sign").get_by_text("pulse").click()
    expect(page.locator(".rounds-vital .plot")).to_have_attribute("aria-label", re.compile("Readings of pulse"))
    expect(page.locator(".rounds-vital circle.aside")).to_have_count(10)
    expect(page.locator(".rounds-vital .fever")).to_have_count(0)
    choose(page, window="last 24 hours", fill="leave it empty")
    expect(said(page)).to_contain_text(
        "Fast pulse by the slots: no, highest 80. By what was measured: yes, highest 105."
    )
    expect(page.locator(".rounds-vital table")).to_contain_text("fast pulse (above 100 once)")
    expect(page.locator(".rounds-vital table")).not_to_contain_text("degrees")
    page.locator(".rounds-vital fieldset.sign").get_by_text("temperature").click()
    expect(page.locator(".rounds-vital .fever")).to_have_count(1)


@pytest.mark.parametrize("scheme", LIGHT)
@pytest.mark.parametrize("width", [400, 1000])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(page: Page, scheme: str, width: int) -> None:
    choose(page, patient="night", fill="carry forward", width="1 hour", window="last 24 hours")
    page.get_by_role("slider").press("End")
    assert list(find_faults(page, ".rounds-vital", scheme, (width, 1600))) == []


def test_the_view_asks_no_other_host(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, fill="leave it empty")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "blob:", "data:"))] == []
