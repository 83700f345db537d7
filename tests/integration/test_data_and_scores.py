"""From the data dictionary to a score, in real browsers: ask, answer, both teams see; three tries and no fourth."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from rounds.data.dataset import open_dataset
from rounds.store.folders import Folders
from tests.integration.demo import ROOT, Demo, started
from tests.integration.people import ClassRoom, find_axe_violations

pytestmark = pytest.mark.integration
QUESTION, ANSWER = "Is it the gain up to delivery?", "Up to the last visit; <em>the midwife</em> asks."


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Return a running demo event with a hold-out for one challenge."""
    with started(tmp_path_factory.mktemp("scores")) as demo:
        assert "rows to predict" in demo.rounds("data", "hold-out", "birthweight", "--people", "500", "--inside-state")
        yield demo


@pytest.fixture(scope="module")
def people(browser: Browser, ward: Demo) -> ClassRoom:
    """Return noa and hana of stork, tal of cradle, stork's clinician, and a juror, all signed in."""
    room = ClassRoom(browser, ward.base, Path(ROOT / "test-artifacts"))
    links = {"noa": "bio/med participant", "tal": "participant of another team", "orna": "juror"}
    for name, what in links.items():
        room.sign_in_by_link(name, ward.links[what])
    room.sign_in_by_link("dana", ward.links["clinician mentor"])
    room.sign_in_by_link("hana", ward.invite("hana"))
    return room


def go(page: Page, ward: Demo, path: str) -> Page:
    page.goto(f"{ward.base}/services/desk/{path}")
    return page


def write_predictions(ward: Demo, folder: Path, seed: int) -> Path:
    rows = open_dataset(Folders(ward.state).data / "birthweight_hold_out").frame()
    known = rows["previous_birthweight_g"].fillna(3250)
    noise = np.random.default_rng(seed).normal(0, 50, len(rows))
    path = folder / f"predictions-{seed}.csv"
    rows[["child_id"]].assign(prediction=(1600 + 0.5 * known + noise).clip(300, 6500)).to_csv(path, index=False)
    return path


def hand_in(page: Page, file: Path) -> None:
    page.get_by_label("Predictions file").set_input_files(file)
    page.get_by_role("button", name="Use a try").click()


def test_a_participant_finds_a_column_while_typing_and_asks(people: ClassRoom, ward: Demo) -> None:
    noa = go(people.pages["noa"], ward, "data")
    noa.get_by_role("link", name=re.compile("Open its data dictionary.*Newborn")).click()
    noa.get_by_label("Search in names and meanings").press_sequentially("weight_gain_kg")
    expect(noa.locator("article.column")).to_have_count(1)
    expect(noa.locator("article.column")).to_contain_text("known only after the prediction")
    people.shot("noa", "20-dictionary")
    noa.get_by_role("link", name=re.compile("Ask about this column.*weight_gain_kg")).focus()
    noa.keyboard.press("Enter")
    noa.get_by_label("What do you want to know?").fill(QUESTION)
    noa.keyboard.press("Tab")
    noa.keyboard.press("Enter")
    expect(noa.get_by_text("It waits for the clinicians")).to_be_visible()


def test_the_clinician_finds_it_at_home_and_answers(people: ClassRoom, ward: Demo) -> None:
    dana = go(people.pages["dana"], ward, "")
    expect(dana.get_by_text("1 question waits for you")).to_be_visible()
    dana.get_by_role("link", name="Answer", exact=True).click()
    dana.get_by_label("Your answer").fill(ANSWER)
    assert list(find_axe_violations(dana)) == []
    dana.get_by_role("button", name=re.compile("Answer.*about weight_gain_kg")).click()
    expect(dana.get_by_text("No question waits for you")).to_be_visible()
    expect(go(dana, ward, "").get_by_text("question waits")).to_have_count(0)


def test_both_teams_read_the_answer_on_the_desk_and_in_notebooks(people: ClassRoom, ward: Demo) -> None:
    for name in ("noa", "tal"):
        page = go(people.pages[name], ward, "data/birthweight?q=weight_gain_kg")
        expect(page.get_by_text(ANSWER)).to_be_visible()  # open, because it is new; as text: the tags are shown
        expect(page.get_by_text("by Dana Shalev")).to_be_visible()
        assert list(find_axe_violations(page)) == []
    code = 'import rounds.data as d; print(d.describe(d.load("birthweight")))'
    environ = {**os.environ, "ROUNDS_DATA": str(Folders(ward.state).data)}  # as every room has it
    said = subprocess.check_output([sys.executable, "-c", code], env=environ, text=True)
    assert f"answered:  {ANSWER} (Dana Shalev, " in said


@pytest.mark.parametrize("name", ["noa", "tal"])
def test_a_member_hears_of_the_answer_once_and_comes_from_it_to_its_column(
    people: ClassRoom, ward: Demo, name: str
) -> None:
    page = go(people.pages[name], ward, "")
    expect(page.get_by_text("1 new answer about the columns of your challenge.")).to_be_visible()
    page.get_by_role("link", name="Read the answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    assert list(find_axe_violations(page)) == []
    page.get_by_role("link", name=re.compile("what weight_gain_kg means")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/birthweight#births.weight_gain_kg")
    expect(page.locator("article:target h3")).to_have_text("weight_gain_kg")
    expect(page.locator("article:target h3")).to_be_in_viewport()
    expect(page.get_by_text(ANSWER)).to_be_hidden()  # folded: it was read
    expect(go(page, ward, "").get_by_text("new answer")).to_have_count(0)


def test_the_table_in_sight_is_named_and_every_other_is_one_key_away(people: ClassRoom, ward: Demo) -> None:
    noa = go(people.pages["noa"], ward, "data/birthweight")
    noa.get_by_role("navigation", name="Tables").get_by_role("link", name="lab").focus()
    noa.keyboard.press("Enter")
    noa.mouse.wheel(0, 400)
    heading = noa.locator("#table-lab .table-head")
    noa.wait_for_function("document.querySelector('#table-lab .table-head').getBoundingClientRect().top === 0")
    expect(heading).to_be_in_viewport()
    heading.get_by_role("link", name="All tables").focus()
    noa.keyboard.press("Enter")
    expect(noa.get_by_role("navigation", name="Tables")).to_be_in_viewport()


def test_a_juror_knows_the_question_and_no_column(people: ClassRoom, ward: Demo) -> None:
    orna = go(people.pages["orna"], ward, "data")
    expect(orna.get_by_text("predict the newborn's birthweight")).to_be_visible()
    response = orna.goto(f"{ward.base}/services/desk/data/birthweight")
    assert response is not None
    assert response.status == 403


def test_a_file_that_does_not_fit_uses_no_try(people: ClassRoom, ward: Demo, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("child_id,predicted\nx,3000\n", encoding="utf-8")
    noa = go(people.pages["noa"], ward, "scores")
    hand_in(noa, wrong)
    expect(noa.get_by_role("alert")).to_contain_text('The column "prediction" is missing')
    expect(noa.get_by_text("0 of 3 tries used")).to_be_visible()
    assert list(find_axe_violations(noa)) == []


def test_three_predictions_are_scored_and_a_fourth_is_refused(people: ClassRoom, ward: Demo, tmp_path: Path) -> None:
    noa, hana = people.pages["noa"], go(people.pages["hana"], ward, "scores")  # hana's page stays as it is now
    go(noa, ward, "scores")
    for number in (1, 2, 3):
        hand_in(noa, write_predictions(ward, tmp_path, number))
        expect(noa.get_by_text(f"{number} of 3 tries used")).to_be_visible(timeout=20_000)
    expect(noa.get_by_label("Predictions file")).to_have_count(0)
    people.shot("noa", "21-scores")
    pictures = noa.locator("svg.span")
    assert len({picture.get_attribute("aria-label").partition("on a scale")[2] for picture in pictures.all()}) == 1
    expect(pictures.locator(".band")).to_have_count(3)
    assert list(find_axe_violations(noa)) == []
    hand_in(hana, write_predictions(ward, tmp_path, 4))
    expect(hana.get_by_role("alert")).to_contain_text("has used its 3 tries")
    expect(hana.get_by_role("heading", name="Try 3")).to_be_visible()
    expect(hana.get_by_role("heading", name="Try 4")).to_have_count(0)


def test_the_jury_sees_the_figures_and_the_other_team_does_not(people: ClassRoom, ward: Demo) -> None:
    orna = go(people.pages["orna"], ward, "scores")
    expect(orna.locator("#stork article")).to_have_count(3)
    expect(orna.locator("#stork article").first).to_contain_text("95 % interval")
    sections = orna.locator("main section").evaluate_all("all => all.map(one => one.id)")
    assert sections[:2] == ["stork", "cradle"]  # the event file's order
    assert list(find_axe_violations(orna)) == []
    tal = go(people.pages["tal"], ward, "scores")
    expect(tal.locator("main section")).to_have_count(1)
    expect(tal.get_by_text("0 of 3 tries used")).to_be_visible()


@pytest.mark.parametrize("path", ["data", "data/birthweight", "questions", "scores"])
def test_the_pages_fit_a_narrow_screen(people: ClassRoom, ward: Demo, path: str) -> None:
    noa = people.pages["noa"]
    noa.set_viewport_size({"width": 400, "height": 900})
    go(noa, ward, path)
    assert noa.evaluate("document.documentElement.scrollWidth") <= 400
    noa.set_viewport_size({"width": 1280, "height": 900})


def test_no_browser_asked_another_host_and_no_page_failed(people: ClassRoom, ward: Demo) -> None:
    assert people.foreign == []
    assert "a page failed" not in ward.hub_log()
