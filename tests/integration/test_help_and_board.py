"""A learner, a mentor and an organiser at their browsers; no page is loaded again: stuck, seen, helped, passed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.integration.demo import Demo
from tests.integration.lessons import wait_until_awake
from tests.integration.people import ClassRoom, find_axe_violations
from tests.integration.test_class_at_work import EMPTY_CELL, KERNEL, open_lab, write_and_run

pytestmark = pytest.mark.integration
OWN_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
PRESS = (
    "from rounds.lessons import open_lesson\ncheck = open_lesson('a3')\nfor _ in range({}):\n    print(check.e1({}))"
)
CELL = "chance = <b>95</b>"
HAND_IN = """import base64, pathlib
from rounds.own_room import ask_room
text = pathlib.Path("j1-same-word/j1_same_word.ipynb").read_bytes()
files = {"j1_same_word.ipynb": base64.b64encode(text).decode()}
print(ask_room("hand-in", lesson="j1-same-word", files=files)["partner"])"""
ASK = """async ([address, xsrf, wish]) => {
  const headers = {"Content-Type": "application/json", ...(xsrf ? {"X-XSRFToken": xsrf} : {})};
  const reply = await fetch(address, {method: wish ? "POST" : "GET", headers, body: wish && JSON.stringify(wish)});
  return [reply.status, await reply.json()];
}"""


@pytest.fixture(scope="module")
def people(class_: ClassRoom, demo: Demo) -> Iterator[dict[str, Page]]:
    """Return Hana (a participant of Team Stork), Omer (its mentor), Uri (of another team) and Rivka (an organiser)."""
    return {name: class_.sign_in_by_link(name, demo.invite(name)) for name in ("hana", "omer", "uri", "rivka")}


def desk(demo: Demo, path: str = "") -> str:
    return f"{demo.base}/services/desk/{path}"


def test_a_page_that_stood_open_takes_no_newer_answer_back(people: dict[str, Page], demo: Demo) -> None:
    first = people["uri"]
    first.goto(desk(demo, "lessons/knowledge"))
    first.get_by_role("button", name="I take part", exact=True).click()
    first.wait_for_url("**/lessons/knowledge/test")
    second = first.context.new_page()

    def choose(page: Page, question: int, option: int) -> None:
        with page.expect_response(lambda one: one.url.endswith("/lessons/knowledge/keep")) as kept:
            page.locator("fieldset").nth(question).get_by_role("radio").nth(option).check()
        assert kept.value.status == 204

    choose(first, 0, 2)
    second.goto(first.url)
    choose(first, 0, 1)
    choose(second, 1, 3)  # it still shows the older answer to the first question
    first.route("**/lessons/knowledge/keep", lambda route: route.abort())
    for question in (2, 3):
        first.locator("fieldset").nth(question).get_by_role("radio").nth(0).check()
    expect(first.get_by_text("Your last choice is not kept yet")).to_be_visible()
    first.unroute("**/lessons/knowledge/keep")
    choose(first, 4, 2)  # and those two go with it
    expect(first.get_by_text("Your last choice is not kept yet")).to_be_hidden()
    second.reload()
    for question, option in enumerate((1, 3, 0, 0, 2)):
        expect(second.locator("fieldset").nth(question).get_by_role("radio").nth(option)).to_be_checked()
    second.close()
    first.goto(desk(demo))


def notebook(cells: list[dict[str, Any]], kernel: dict[str, str]) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells})


@pytest.fixture(scope="module")
def room(people: dict[str, Page], demo: Demo) -> Page:
    """Return a notebook of Hana's own in her learning server, in a second tab."""
    home = people["hana"]
    home.goto(desk(demo, "open/learning"))
    home.wait_for_url("**/user/hana/lab**", timeout=90_000)
    (demo.state / "homes" / "hana" / "press.ipynb").write_text(notebook([EMPTY_CELL], OWN_KERNEL))
    page = home.context.new_page()
    open_lab(page, f"{demo.room('hana')}/lab/tree/press.ipynb")
    home.goto(desk(demo))
    return page


def press(page: Page, answer: str, times: int = 1) -> None:
    """Press the check of the report card's first exercise, so many times, in the notebook's only cell."""
    write_and_run(page.locator(".jp-NotebookPanel .jp-Cell").first.locator(".cm-content"), PRESS.format(times, answer))


def ask(page: Page, address: str, wish: dict[str, Any] | None = None, xsrf: bool = True) -> Any:
    """Ask the room's server from a page of the room, with or without its secret."""
    path = address.partition("/user/")[2]
    found = (c for c in page.context.cookies() if c["name"] == "_xsrf" and path in c["path"])
    secret = next((cookie["value"] for cookie in found), "")
    return page.evaluate(ASK, [f"{address}/rounds/help", secret if xsrf else "", wish])


def test_who_presses_in_vain_is_seen_by_the_mentor_at_once(
    people: dict[str, Page], room: Page, demo: Demo, class_: ClassRoom
) -> None:
    omer = people["omer"]
    omer.goto(desk(demo, "lessons"))
    needs = omer.locator("#board-needs")
    expect(needs).not_to_contain_text("Hana Suzuki")
    class_.shot("omer", "20-board-before")
    press(room, "95", 6)
    expect(needs).to_contain_text("Hana Suzuki")
    expect(needs).to_contain_text("6 presses in a row did not pass")
    row = omer.locator("#board-people tr", has_text="Hana Suzuki")
    expect(row.locator("[data-label=Presses]")).to_have_text("6")
    class_.shot("omer", "21-board-stuck")


WISH = {"lesson": "a3", "exercise": "e1", "words": "Why is 95 not right?", "with_cell": True, "cell": CELL}


def test_a_page_of_the_room_asks_with_its_own_secret_only(people: dict[str, Page], room: Page, demo: Demo) -> None:
    address = demo.room("hana")
    assert ask(room, address, WISH, xsrf=False)[0] == 403
    assert ask(room, address)[1] == {"requests": []}
    status, said = ask(room, address, WISH)
    assert (status, [one["words"] for one in said["requests"]]) == (200, ["Why is 95 not right?"])
    assert ask(room, address, {**WISH, "member": "uri"})[0] == 400
    status, said = ask(room, address, {**WISH, "words": " "})
    assert (status, "Write in a sentence" in said["refused"]) == (409, True)


def test_the_mentor_is_told_takes_it_by_keyboard_and_answers(
    people: dict[str, Page], demo: Demo, class_: ClassRoom
) -> None:
    omer, hana = people["omer"], people["hana"]
    expect(hana.get_by_text("request for help answered")).to_have_count(0)
    link = omer.get_by_role("link", name="Read and answer Hana Suzuki")
    expect(link).to_be_visible()
    class_.shot("omer", "22-board-asked")
    link.focus()
    omer.keyboard.press("Enter")
    omer.wait_for_url("**/help/*")
    expect(omer.locator("pre.cell")).to_have_text(CELL)
    assert omer.locator("pre.cell b").count() == 0
    omer.get_by_role("button", name="I take it").click()
    expect(omer.get_by_text("Omer", exact=False).first).to_be_visible()
    class_.shot("omer", "23-request-taken")
    omer.get_by_label("Your answer").fill("Who of the 5085 is sick? Count these first.")
    omer.get_by_role("button", name="Answer", exact=True).click()
    expect(omer.locator(".said")).to_contain_text("Count these first.")
    expect(hana.get_by_text("1 request for help answered.")).to_be_visible()  # her page was not loaded again
    class_.shot("hana", "24-home-answered")


def test_the_answer_is_in_the_room_and_on_the_desk_and_who_asked_closes_it(
    people: dict[str, Page], room: Page, demo: Demo, class_: ClassRoom
) -> None:
    hana = people["hana"]
    answers = ask(room, demo.room("hana"))[1]["requests"][0]["answers"]
    assert [one["text"] for one in answers] == ["Who of the 5085 is sick? Count these first."]
    hana.get_by_role("link", name="Read what a mentor says").click()
    hana.get_by_role("link", name=re.compile("^Open Hana")).click()
    expect(hana.locator(".said")).to_contain_text("Count these first.")
    class_.shot("hana", "25-request-answered")
    hana.get_by_role("button", name="I need no more help: close it").click()
    expect(hana.get_by_text("This request is closed.")).to_be_visible()
    hana.goto(desk(demo))


def test_what_was_passed_is_seen_on_the_own_page_and_the_mentors(
    people: dict[str, Page], room: Page, demo: Demo, class_: ClassRoom
) -> None:
    hana, omer, uri = people["hana"], people["omer"], people["uri"]
    omer.goto(desk(demo, "lessons"))
    uri.goto(desk(demo, "lessons"))
    before = uri.locator("main").inner_text()
    expect(omer.locator("#board-needs")).to_contain_text("Hana Suzuki")
    press(room, "100 * 900 / (900 + 4950)")
    expect(omer.locator("#board-needs")).not_to_contain_text("Hana Suzuki")
    expect(hana.locator("#home-learning")).to_contain_text(re.compile(r"1 of \d+ exercises passed"))
    assert uri.locator("main").inner_text() == before
    assert "Hana" not in before
    class_.shot("hana", "26-home-passed")
    hana.goto(desk(demo, "lessons"))
    class_.shot("hana", "27-own-board")


def test_in_a_teams_room_the_one_who_asks_is_who_is_signed_in(
    people: dict[str, Page], demo: Demo, class_: ClassRoom
) -> None:
    hana = people["hana"]
    page = hana.context.new_page()
    page.goto(desk(demo, "open/team/stork"))
    page.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    status, said = ask(page, demo.room("team-stork"), {"words": "Which table has the siblings?", "with_cell": False})
    assert (status, len(said["requests"])) == (200, 1)
    (demo.state / "teams" / "stork" / "ask.ipynb").write_text(notebook([EMPTY_CELL], KERNEL))
    open_lab(page, f"{demo.room('team-stork')}/lab/workspaces/hana-asks/tree/ask.ipynb")
    code = "from rounds.own_room import ask_for_help\nprint(len(ask_for_help('And the twins?')['requests']))"
    write_and_run(page.locator(".jp-NotebookPanel .jp-Cell").first.locator(".cm-content"), code)
    expect(page.locator(".jp-OutputArea-output").first).to_be_visible(timeout=30_000)
    page.close()
    rivka = people["rivka"]
    rivka.goto(desk(demo, "lessons"))
    needs = rivka.locator("#board-needs li")
    expect(needs.filter(has_text="Which table has the siblings?")).to_contain_text("Hana Suzuki")
    expect(needs.filter(has_text="And the twins?")).to_contain_text("Team Stork")
    class_.shot("rivka", "28-organisers-board")


def test_two_join_for_a_lesson_and_a_hand_in_of_one_is_both_peoples(
    people: dict[str, Page], room: Page, demo: Demo, class_: ClassRoom
) -> None:
    hana, uri = people["hana"], people["uri"]
    for page in (hana, uri):
        page.goto(desk(demo, "lessons"))
        page.locator("#together-j1-same-word").click()
    hana.get_by_role("button", name="Show a code").click()
    code = hana.locator("#code").inner_text()
    class_.shot("hana", "28-code")
    uri.get_by_role("textbox", name="Code").fill("not a code")
    uri.get_by_role("button", name="Join").click()
    expect(uri.get_by_role("alert")).to_contain_text("This code is not right")
    assert list(find_axe_violations(uri)) == []
    uri.get_by_role("textbox", name="Code").fill(code)
    uri.get_by_role("button", name="Join").click()
    expect(uri.get_by_text("You do this lesson together with Hana Suzuki.")).to_be_visible()
    class_.shot("uri", "28-together")
    lesson = hana.context.new_page()
    lesson.goto(f"{demo.room('hana')}/rounds/lesson/j1-same-word")
    wait_until_awake(lesson)
    with lesson.expect_popup() as other:
        lesson.get_by_role("link", name="Work as two").press("Enter")
    expect(other.value.get_by_text("You do this lesson together with")).to_be_visible()
    lesson.close()
    write_and_run(room.locator(".jp-NotebookPanel .jp-Cell").first.locator(".cm-content"), HAND_IN)
    expect(room.locator(".jp-OutputArea-output").first).to_contain_text("uri", timeout=30_000)
    for page in (hana, uri):
        page.goto(desk(demo, "lessons/j1-same-word/feedback"))
        expect(page.get_by_text(re.compile(r"\d of 8 points"))).to_be_visible(timeout=60_000)


def test_a_screen_reader_hears_a_summary_of_what_changed(people: dict[str, Page], demo: Demo) -> None:
    rivka = people["rivka"]
    said = rivka.get_by_role("status").filter(has_text=re.compile("asks? for help"))
    rivka.goto(desk(demo, "lessons"))
    expect(rivka.locator("#said")).to_have_text("")
    hana = people["hana"]
    hana.goto(desk(demo, "help"))
    hana.get_by_label("What do you want to know?").fill("What is a prior?")
    hana.get_by_role("button", name="Ask", exact=True).click()
    expect(said).to_have_text(re.compile(r"3 people ask for help"), timeout=40_000)  # at most one summary in 20 s


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_board_and_help_are_good_for_everybody(
    people: dict[str, Page], demo: Demo, class_: ClassRoom, scheme: str, width: int
) -> None:
    pages = {
        "omer": ("", "lessons", "lessons?view=exercises", "lessons?view=marks", "help", "help/1", "help/2"),
        "hana": ("", "lessons", "help", "help/1", "lessons/j1-same-word/together"),
    }
    found = []
    for name, paths in pages.items():
        page = people[name]
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            page.goto(desk(demo, path))
            found += find_axe_violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, path, wide)
            class_.shot(name, f"29-{name}-{width}-{scheme}-{path.replace('/', '-').replace('?', '-') or 'home'}")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


def test_no_browser_asked_another_host_for_the_board(class_: ClassRoom) -> None:
    assert class_.foreign == []
