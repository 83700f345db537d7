"""A class at work in real browsers, in the order of a day; each step needs the ones before it."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from rounds.warm.client import socket_of
from tests.integration.demo import Demo, words_of
from tests.integration.lessons import wait_until_awake, write
from tests.integration.people import PASSWORD, ClassRoom, find_axe_violations

pytestmark = pytest.mark.integration
KERNEL = {"name": "team-stork", "display_name": "Team Stork", "language": "python"}
EMPTY_CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "outputs": [], "execution_count": None}
DESK_PAGES = (
    "",
    "lessons",
    "lessons/path",
    "lessons/path/questions",
    "lessons/knowledge",
    "lessons/reviews",
    "teams",
    "data",
    "scores",
    "dashboards",
    "glossary",
)
ORGANISER_PAGES = ("invitations", "event", "event/learned")


def open_lab(page: Page, address: str) -> None:
    """Open one notebook alone: a reset workspace brings back no other tab."""
    page.goto(f"{address}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=60_000)


def status_of(page: Page, address: str) -> int:
    """Return the status of a page that a person opens: the browser alone knows the host of a room."""
    response = page.goto(address)
    assert response is not None
    return response.status


def shared_notebook(demo: Demo, name: str) -> str:
    """Return the address of the team's shared notebook in a member's own layout."""
    return f"{demo.room('team-stork')}/lab/workspaces/{name}/tree/shared.ipynb"


def run_cell(page: Page, text: str) -> None:
    """Type `text` into the last cell, once it is the empty one that follows what another member ran, and run it."""
    editor = page.locator(".jp-NotebookPanel .jp-Cell").last.locator(".cm-content")
    expect(editor).to_have_text("")
    write_and_run(editor, text)


def test_an_organiser_signs_in_by_link_and_sees_the_event(class_: ClassRoom, demo: Demo) -> None:
    page = class_.sign_in_by_link("rivka", demo.links["organiser"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rivka")
    class_.shot("rivka", "01-organiser-home")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("dana", "clinician mentor"),
        ("noa", "bio/med participant"),
        ("roni", "engineer"),
        ("karim", "engineer of the same team"),
        ("tal", "participant of another team"),
        ("orna", "juror"),
    ],
)
def test_everybody_signs_in_by_an_own_link(class_: ClassRoom, demo: Demo, name: str, what: str) -> None:
    page = class_.sign_in_by_link(name, demo.links[what])
    expect(page.get_by_role("heading", level=1)).to_contain_text(name.title())


def test_a_used_a_forged_and_a_replaced_link_say_so(class_: ClassRoom, demo: Demo) -> None:
    page = class_.enter("stranger")
    for link, said in (
        (demo.links["organiser"], "This link was used before"),
        (f"{demo.base}/hub/invitation/{'x' * 43}", "This link is not one of ours"),
    ):
        page.goto(link)
        expect(page.get_by_text(said)).to_be_visible()
    replaced = demo.links["data-science mentor"]
    demo.links["data-science mentor"] = demo.invite("omer")
    page.goto(replaced)
    expect(page.get_by_text("A newer link was sent to you")).to_be_visible()
    assert list(find_axe_violations(page)) == []
    page.goto(demo.links["data-science mentor"])
    expect(page.get_by_label("Choose a password")).to_be_visible()
    assert list(find_axe_violations(page)) == []
    class_.shot("stranger", "02-replaced-link")


def test_a_wrong_password_is_answered_in_a_sentence(class_: ClassRoom, demo: Demo) -> None:
    page = class_.pages["stranger"]
    page.goto(f"{demo.base}/hub/login")
    page.get_by_label("User name").fill("noa")
    page.get_by_label("Password", exact=True).fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    assert list(find_axe_violations(page)) == []


def test_two_engineers_edit_one_notebook_and_share_its_kernel(class_: ClassRoom, demo: Demo) -> None:
    roni, karim = class_.pages["roni"], class_.pages["karim"]
    roni.goto(f"{demo.base}/services/desk/")
    roni.get_by_role("link", name="Open my team’s server").or_(
        roni.get_by_role("button", name="Open my team’s server")
    ).first.click()
    roni.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    roni.wait_for_selector(".jp-Launcher, .jp-NotebookPanel", timeout=60_000)
    class_.shot("roni", "03-team-room")
    shared = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL}, "cells": [EMPTY_CELL]}
    (demo.state / "teams" / "stork" / "shared.ipynb").write_text(json.dumps(shared))
    for name, page in (("roni", roni), ("karim", karim)):
        open_lab(page, shared_notebook(demo, name))
    run_cell(roni, "ward = 41 + 1")
    expect(karim.locator(".jp-NotebookPanel")).to_contain_text("ward = 41 + 1")
    run_cell(karim, "print('beds', ward)")
    expect(roni.locator(".jp-OutputArea-output")).to_contain_text("beds 42", timeout=30_000)
    class_.shot("roni", "03-co-editing")


def test_each_sees_the_other_by_name(class_: ClassRoom) -> None:
    for me, other in (("roni", "Karim Zoabi"), ("karim", "Roni Halevi")):
        page = class_.pages[me]
        page.locator("[data-id='jp-collaboration-panel']").click()
        expect(page.locator("#jp-collaboration-panel")).to_contain_text(other)
        class_.shot(me, f"04-collaborators-{me}")


def test_outsiders_are_refused_at_the_team_server(class_: ClassRoom, demo: Demo) -> None:
    for name in ("tal", "dana", "orna", "rivka"):
        page = class_.pages[name]
        for path in ("lab", "api/contents"):
            for address in (f"{demo.room('team-stork')}/{path}", f"{demo.base}/user/team-stork/{path}"):
                assert status_of(page, address) in (403, 404), (name, address)
    class_.shot("tal", "05-outsider")


def write_and_run(editor: Locator, text: str) -> None:
    """Put `text` in the place of what an editor holds, and run its cell.

    While JupyterLab makes a cell the active one it may drop what was selected: then the text is put in once more.
    """
    lines = editor.locator(".cm-line")
    editor.click()
    editor.fill(text)
    if lines.all_inner_texts() != text.split("\n"):
        editor.fill(text)
    expect(lines).to_have_text(text.split("\n"))
    editor.press("Shift+Enter")


def answer(page: Page, marker: str, text: str) -> None:
    """Replace the content of the code cell that contains `marker`, and run it."""
    write_and_run(page.locator(".jp-CodeCell", has_text=marker).first.locator(".cm-content"), text)


def menu(page: Page, name: str, item: str) -> None:
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def run_all(page: Page) -> None:
    """Run all cells for the first time, and wait until JupyterLab is done: meanwhile it may take the focus away."""
    menu(page, "Run", "Run All Cells")
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=60_000)
    page.locator("#jp-main-statusbar", has_text="| Idle").wait_for()


FIRST_EXERCISE = "# of the 1,000 sick people\nsick_and_positive, well_and_positive = 900, 4950\nchance_percent = {}"


def test_a_learner_opens_a_lesson_by_one_click_and_presses_check(class_: ClassRoom, demo: Demo) -> None:
    noa = class_.pages["noa"]
    noa.goto(f"{demo.base}/services/desk/lessons")
    noa.locator("a[href*='open/lesson/a3-report-card']").first.click()
    noa.wait_for_url("**/user/noa/rounds/lesson/a3-report-card/notebooks/**", timeout=90_000)
    wait_until_awake(noa)
    button = noa.get_by_role("button", name="Check exercise 1")
    write(noa, "Exercise 1", FIRST_EXERCISE.format(95))
    button.press("Enter")  # a click misses a button that moves while JupyterLab scrolls to the next cell
    expect(noa.get_by_text("95 is how often well people test negative")).to_be_visible(timeout=20_000)
    class_.shot("noa", "06-check-wrong")
    write(noa, "Exercise 1", FIRST_EXERCISE.format("(95"))
    button.press("Enter")
    expect(noa.get_by_text("The box above stopped in line 3. The bracket ( is never closed.")).to_be_visible(
        timeout=20_000
    )
    class_.shot("noa", "06-check-stopped")
    write(noa, "Exercise 1", FIRST_EXERCISE.format("100 * 900 / (900 + 4950)"))
    button.press("Enter")
    expect(noa.get_by_text("This is right. It counts when you hand in.")).to_be_visible(timeout=20_000)
    class_.shot("noa", "07-check-right")


def test_a_learner_hands_in_from_jupyterlab(class_: ClassRoom, demo: Demo) -> None:
    noa = class_.pages["noa"]
    wait_until_saved(demo.state / "homes" / "noa" / "a3-report-card" / "a3_report_card.ipynb", "(900 + 4950)")
    open_lab(noa, f"{demo.room('noa')}/lab/tree/a3-report-card/a3_report_card.ipynb")
    menu(noa, "Nbgrader", "Assignment List")
    noa.get_by_role("button", name="Submit").click()
    expect(noa.locator("#submitted_assignments_list, [id*=submitted]").first).to_contain_text(
        "a3-report-card", timeout=20_000
    )
    class_.shot("noa", "08-handed-in")


def test_the_mark_comes_back_within_seconds_without_anybody(class_: ClassRoom, demo: Demo) -> None:
    noa = class_.pages["noa"]
    noa.goto(f"{demo.base}/services/desk/lessons/a3-report-card/feedback")
    expect(noa.get_by_text("2 of 8 points")).to_be_visible(timeout=30_000)
    expect(noa.locator("section.card", has_text="Count people")).to_contain_text("Done: 2 of 2")
    assert not list(find_axe_violations(noa))
    class_.shot("noa", "08-feedback")
    assert "Nothing new" in demo.rounds("grading", "run")


@pytest.mark.parametrize(("name", "sees"), [("dana", True), ("tal", False)])
def test_feedback_is_its_learners_and_the_mentors(class_: ClassRoom, demo: Demo, name: str, sees: bool) -> None:
    page = class_.pages[name]
    status = page.goto(f"{demo.base}/services/desk/lessons/a3-report-card/feedback?who=noa")
    assert status is not None
    assert status.status == (200 if sees else 403)
    assert ("2 of 8 points" in page.content()) == sees


def test_the_mark_is_on_the_right_boards_only(class_: ClassRoom, demo: Demo) -> None:
    for name, sees in (("noa", True), ("dana", True), ("rivka", True), ("tal", False)):
        page = class_.pages[name]
        page.goto(f"{demo.base}/services/desk/lessons")
        expect(page.get_by_text(re.compile(r"\b1 of \d+ exercises"))).to_have_count(0) if not sees else expect(
            page.get_by_text(re.compile(r"\b1 of \d+")).first
        ).to_be_visible()
        class_.shot(name, f"09-board-{name}")
    assert "Noa Levi" not in class_.pages["tal"].content()


ENVIRON = """{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
 {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# What a dashboard sees"},
 {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": null, "outputs": [],
  "source": "import os, ipywidgets\\nprint('SEES', sorted(os.environ))\\nprint('IN', os.getcwd())"}]}"""


def test_a_team_publishes_from_its_room(class_: ClassRoom, demo: Demo) -> None:
    (demo.state / "teams" / "stork" / "dashboards" / "environ.ipynb").write_text(ENVIRON)
    roni = class_.pages["roni"]
    open_lab(roni, shared_notebook(demo, "roni"))
    run_cell(
        roni,
        "from rounds.room import publish_dashboard\nprint(publish_dashboard('dashboards/environ.ipynb'))\n"
        "print(publish_dashboard('dashboards/birthweight.ipynb'))",
    )
    said = roni.get_by_text("Published: mentors and jury now see birthweight.ipynb")
    expect(said).to_be_visible(timeout=150_000)  # each was tried before


def test_a_mentor_views_the_dashboard_and_moves_a_control(class_: ClassRoom, demo: Demo) -> None:
    dana = class_.pages["dana"]
    dana.goto(f"{demo.base}/services/desk/dashboards")
    class_.shot("dana", "10-dashboards")
    dana.goto(f"{demo.base}/services/desk/open/dashboard/stork/birthweight.ipynb")
    dana.wait_for_url("**/user/dash-stork/voila/render/**", timeout=90_000)
    control = dana.locator("select").first
    control.wait_for(timeout=90_000)
    class_.shot("dana", "11-dashboard")
    shown = "() => [...document.querySelectorAll('svg, img')].map(e => e.outerHTML).join('')"
    before = dana.evaluate(shown)
    control.select_option("smoking")
    dana.wait_for_function(f"before => ({shown})() !== before", arg=before, timeout=20_000)
    assert "smoking" in dana.locator("body").inner_text()
    class_.shot("dana", "12-dashboard-after-a-change")


def test_a_dashboard_sees_nothing_of_the_hub(class_: ClassRoom, demo: Demo) -> None:
    orna = class_.pages["orna"]
    orna.goto(f"{demo.base}/services/desk/open/dashboard/stork/environ.ipynb")
    orna.wait_for_url("**/user/dash-stork/voila/render/**", timeout=90_000)
    shown = orna.locator("pre", has_text="SEES")
    shown.wait_for(timeout=60_000)
    text = shown.inner_text()
    assert "ROUNDS_VIEW" in text
    assert not [word for word in ("JUPYTERHUB", "JPY_API", "CONFIGPROXY", "SECRET", "TOKEN") if word in text]
    assert str(demo.state / "published" / "stork") in text


def test_a_viewer_of_dashboards_runs_no_code_and_an_outsider_sees_none(class_: ClassRoom, demo: Demo) -> None:
    dash = f"{demo.room('dash-stork')}"
    for name, statuses in (("dana", (404, 405, 403)), ("tal", (403, 404))):
        page = class_.pages[name]
        for path in ("/lab", "/api/kernels", "/api/contents", "/api/terminals"):
            assert status_of(page, f"{dash}{path}") in statuses, (name, path)
    assert status_of(class_.pages["tal"], f"{dash}/voila/render/birthweight.ipynb") in (403, 404)
    assert status_of(class_.pages["dana"], f"{demo.room('team-stork')}/lab") in (403, 404)


def test_every_desk_page_is_accessible(class_: ClassRoom, demo: Demo) -> None:
    found = []
    for name in ("rivka", "dana", "noa", "orna"):
        page = class_.pages[name]
        for path in (*DESK_PAGES, *(ORGANISER_PAGES if name == "rivka" else ())):
            page.goto(f"{demo.base}/services/desk/{path}")
            found += find_axe_violations(page)
    assert found == []


def test_a_foreign_table_is_imported_and_explored_in_the_team_server(
    class_: ClassRoom, demo: Demo, made_up_births: Path
) -> None:
    said = demo.rounds("data", "import", str(made_up_births), "--challenge", "birthweight")
    assert "1,000 rows, 14 columns" in said
    roni = class_.pages["roni"]
    open_lab(roni, f"{demo.room('team-stork')}/lab/workspaces/roni/tree/notebooks/start.ipynb")
    menu(roni, "Run", "Run All Cells")
    last = roni.locator(".jp-OutputArea-output", has_text="Not published. Write PUBLISH = True")
    expect(last).to_be_visible(timeout=90_000)
    explorer = roni.get_by_text("1,000 of 1,000 rows", exact=True)
    explorer.scroll_into_view_if_needed()
    for _ in range(4):
        roni.get_by_role("slider").first.press("ArrowRight")
    expect(roni.get_by_text(re.compile(r"^[1-9]\d{0,2} of 1,000 rows$"))).to_be_visible(timeout=20_000)
    class_.shot("roni", "12b-explorer-on-births14")


def test_the_kernels_of_learners_teams_and_dashboards_are_forked(class_: ClassRoom, demo: Demo) -> None:
    dana = class_.pages["dana"]  # a dashboard's kernel ends with its page, so one is open now
    dana.goto(f"{demo.room('dash-stork')}/voila/render/birthweight.ipynb")
    dana.locator("select").first.wait_for(timeout=90_000)
    kernels = [p for p in demo.processes() if "ipykernel_launcher" in " ".join(words_of(p))]
    rooms = {Path(p.cwd()).relative_to(demo.state).parts[0] for p in kernels}
    assert {"homes", "teams", "published"} <= rooms
    for kernel in kernels:
        assert any("rounds.warm.template" in parent.cmdline() for parent in kernel.parents()), kernel.cmdline()


def test_judges_are_forked_from_the_events_own_template(demo: Demo) -> None:
    judges = [p for p in demo.processes() if "rounds.grading.judge.program" in " ".join(words_of(p))]
    assert judges  # of the check and the hand-in before
    for judge in judges:
        above = [" ".join(words_of(parent)) for parent in judge.parents()]
        assert any("rounds.warm.template" in words for words in above), (words_of(judge), above[:3])
    assert not socket_of(os.environ).exists()  # where a service that was told of no template would have started one


def test_open_tabs_and_settings_of_each_room_are_its_own(demo: Demo) -> None:
    rooms = demo.state / "rooms"
    kept = {path.relative_to(rooms).parts[0] for path in rooms.rglob("*.jupyterlab-workspace")}
    assert {"noa", "team-stork"} <= kept
    for room in kept:
        config = json.loads((rooms / room / "config" / "jupyter_server_config.json").read_text())
        assert Path(config["LabApp"]["user_settings_dir"]).is_relative_to(rooms / room)


def test_memory_is_told_for_each_person_and_team(demo: Demo) -> None:
    said = demo.rounds("hub", "memory")
    rows = {cells[0].strip(): cells[1:] for line in said.split("\n") if len(cells := line.strip("│").split("│")) == 5}
    assert {"noa", "team-stork", "dash-stork", "warm template", "hub, proxy and services", "all"} <= set(rows)
    assert int(rows["team-stork"][1]) == 1
    assert int(rows["team-stork"][2]) >= 1
    assert 10 < float(rows["noa"][3].replace(",", "")) < 500


def sockets(page: Page) -> list[str]:
    """Return the states of the websockets that Jupyter keeps open on a page."""
    return page.evaluate("() => (window.roundsSockets || []).map(s => s.readyState)")  # type: ignore[no-any-return]


WATCH_SOCKETS = """
const Original = window.WebSocket;
window.roundsSockets = [];
window.WebSocket = class extends Original {
  constructor(...given) { super(...given); window.roundsSockets.push(this); }
};
"""


def test_a_removed_member_is_out_within_30_s_and_team_mates_stay(class_: ClassRoom, demo: Demo) -> None:
    roni, karim = class_.pages["roni"], class_.pages["karim"]
    for name, page in (("roni", roni), ("karim", karim)):
        page.add_init_script(WATCH_SOCKETS)
        open_lab(page, shared_notebook(demo, name))
        assert 1 in sockets(page)
    people = demo.event_file.with_name("people.csv")
    lines = people.read_text().split("\n")
    people.write_text("\n".join(line for line in lines if not line.startswith("Karim Zoabi")))
    began = time.monotonic()
    assert "1 left the event" in demo.rounds("event", "apply", str(demo.event_file))
    while 1 in sockets(karim) and time.monotonic() - began < 30:
        time.sleep(0.5)
    assert 1 not in sockets(karim)
    assert status_of(karim, f"{demo.room('team-stork')}/api/contents") in (403, 404)
    desk = karim.request.get(f"{demo.base}/services/desk/")
    assert (desk.status, "you are not part of the event now" in desk.text()) == (403, True)
    assert time.monotonic() - began < 30
    class_.shot("karim", "13-removed")
    run_cell(roni, "print('still', 40 + 2, 'here')")
    expect(roni.get_by_text("still 42 here")).to_be_visible(timeout=20_000)


def test_a_moved_member_changes_rooms(class_: ClassRoom, demo: Demo) -> None:
    tal = class_.pages["tal"]
    people = demo.event_file.with_name("people.csv")
    text = people.read_text()
    line = next(line for line in text.split("\n") if line.startswith("Tal Friedman"))
    people.write_text(text.replace(line, line.rpartition(",")[0] + ",stork"))
    demo.rounds("event", "apply", str(demo.event_file))
    tal.goto(f"{demo.base}/services/desk/open/team/stork")
    tal.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    assert status_of(tal, f"{demo.room('team-cradle')}/api/contents") in (403, 404, 424, 503)


def test_a_broken_event_file_changes_nothing(demo: Demo) -> None:
    people = demo.event_file.with_name("people.csv")
    text = people.read_text()
    people.write_text(text.replace(",stork", ",storck"))
    with pytest.raises(AssertionError, match='Did you mean "stork"'):
        demo.rounds("event", "apply", str(demo.event_file))
    people.write_text(text)
    assert "0 left" in demo.rounds("event", "apply", str(demo.event_file))


def test_a_learners_work_is_saved_by_itself_before_its_server_is_killed(class_: ClassRoom, demo: Demo) -> None:
    noa = class_.pages["noa"]
    open_lab(noa, f"{demo.room('noa')}/lab/tree/a3-report-card/a3_report_card.ipynb")
    answer(noa, "lowest_threshold", "unsaved_by_hand = 'but kept'  # lowest_threshold")
    notebook = demo.state / "homes" / "noa" / "a3-report-card" / "a3_report_card.ipynb"
    wait_until_saved(notebook, "unsaved_by_hand")
    killed = find_room(demo, demo.state / "homes" / "noa")
    assert any("singleuser" in word for process in killed for word in process.cmdline())
    for process in killed:
        process.kill()
    noa.goto(f"{demo.base}/services/desk/")
    json.loads(notebook.read_text())


def wait_until_saved(notebook: Path, text: str) -> None:
    """Wait until the room has written `text` to the notebook by itself."""
    deadline = time.monotonic() + 40
    while text not in notebook.read_text() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert text in notebook.read_text()


def find_room(demo: Demo, work: Path) -> list[psutil.Process]:
    """Return the processes of the room that shows the folder `work`: its server and its kernels."""
    account = work.name if work.parent.name == "homes" else f"team-{work.name}"
    own = demo.state / "rooms" / account  # a server works in its own home, not in what its room shows
    return [process for process in demo.processes() if _works_in(process, work) or _works_in(process, own)]


def _works_in(process: psutil.Process, work: Path) -> bool:
    try:
        return Path(process.cwd()).is_relative_to(work)
    except psutil.Error:
        return False


def test_all_work_is_there_after_the_hub_was_killed(class_: ClassRoom, demo: Demo) -> None:
    roni = class_.pages["roni"]
    run_cell(roni, "kept = 'through the night'")
    wait_until_saved(demo.state / "teams" / "stork" / "shared.ipynb", "through the night")
    left = demo.processes()
    demo.find("jupyterhub", "--config").kill()
    demo.running.wait(timeout=60)
    _, alive = psutil.wait_procs(left, timeout=10)
    assert [p.cmdline() for p in alive] == []
    demo.start()
    assert "engineer " not in demo.links or "your password" in demo.output
    roni.goto(f"{demo.base}/hub/login")
    if "login" in roni.url:
        roni.get_by_label("User name").fill("roni")
        roni.get_by_label("Password", exact=True).fill(PASSWORD)
        roni.get_by_role("button", name="Sign in").click()
    roni.goto(f"{demo.base}/services/desk/open/team/stork")
    roni.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    open_lab(roni, shared_notebook(demo, "roni"))
    panel = roni.locator(".jp-NotebookPanel")
    for text in ("ward = 41 + 1", "beds 42", "through the night"):
        expect(panel).to_contain_text(text, timeout=20_000)
    assert panel.get_by_text("ward = 41 + 1").count() == 1
    noa = demo.state / "homes" / "noa" / "a3-report-card" / "a3_report_card.ipynb"
    assert "4950" in noa.read_text()
    class_.shot("roni", "14-after-the-restart")


def test_no_browser_asked_another_host(class_: ClassRoom) -> None:
    assert class_.foreign == []


def test_no_error_was_logged(demo: Demo) -> None:
    log = (demo.state / "hub" / "hub.log").read_text(encoding="utf-8", errors="replace")
    ours = [trace for trace in re.findall(r"(?s)Traceback .{0,3000}?Error", log) if "/rounds/" in trace]
    assert ours == []
