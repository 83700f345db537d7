"""The model card in a real browser: filled by keyboard, checked against the test, kept, readable narrow and dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.widgets.served import open_widget

CODE = """import pandas as pd
from rounds_widgets import ModelCard
tested = pd.DataFrame({"observed": [0, 0, 0, 1] * 50, "predicted": [0.1, 0.2, 0.3, 0.4] * 50, "person": range(200)})
ModelCard(tested)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voila")


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Page]:
    with open_widget(CODE, folder) as page:
        page.get_by_label("Rows in the test").wait_for(timeout=60_000)
        yield page


def said_of(page: Page, label: str) -> str:
    beside = page.locator(".widget-vbox", has=page.get_by_label(label, exact=True)).last
    return beside.locator("[role=status]").inner_text()


def test_a_card_is_filled_by_keyboard_and_each_figure_is_compared(page: Page, folder: Path) -> None:
    page.get_by_label("Rows in the test").focus()
    page.keyboard.type("200")
    page.keyboard.press("Tab")
    expect(page.get_by_text("1 of 23 entries hold, 22 are open. Kept in model-card.json.")).to_be_visible()
    page.keyboard.type("20")  # people
    page.keyboard.press("Tab")
    expect(page.get_by_text("1 differ from your test")).to_be_visible()
    assert said_of(page, "People in the test") == "✗ Your test says 200."
    assert said_of(page, "Rows in the test") == "✓ As in your test."
    page.get_by_label("The risk from which somebody acts").fill("0.35")
    page.get_by_label("Of the alerts, the share that is right").fill("1.00")
    page.keyboard.press("Tab")
    expect(page.get_by_text("3 of 23 entries hold")).to_be_visible()
    kept = json.loads((folder / "model-card.json").read_text(encoding="utf-8"))
    assert kept["states"]["ppv"] == "holds"
    assert kept["entries"]["people"] == "20"


def test_what_a_team_mate_wrote_meanwhile_stays(page: Page, folder: Path) -> None:
    path = folder / "model-card.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["entries"]["contact"] = "Noa Levi"
    path.write_text(json.dumps(kept), encoding="utf-8")
    page.get_by_label("People in the test").fill("200")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Who answers questions")).to_have_value("Noa Levi")
    assert json.loads(path.read_text(encoding="utf-8"))["entries"]["contact"] == "Noa Levi"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_it_is_whole_at_400_px_light_and_dark(page: Page, look: str) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light }", str(look == "light").lower())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page, context=".jp-OutputArea-output").response["violations"]
    assert [one["id"] for one in violations if one["impact"] in ("serious", "critical")] == []
    page.set_viewport_size({"width": 1000, "height": 900})


def test_the_same_file_comes_back_and_a_broken_one_is_named(page: Page, folder: Path) -> None:
    page.reload()
    expect(page.get_by_label("Rows in the test")).to_have_value("200", timeout=60_000)
    (folder / "model-card.json").write_text("{", encoding="utf-8")
    page.get_by_label("Rows in the test").fill("201")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Not saved: model-card.json is no model card, or a damaged one.")
    assert (folder / "model-card.json").read_text(encoding="utf-8") == "{"
