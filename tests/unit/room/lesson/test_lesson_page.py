"""A learning server's own pages of a lesson: real server, real notebook; its text comes with the page."""

import json
import os
import re
import socket
import subprocess
import sys
import time

import httpx
import nbformat
import pytest
from tests.courses import FOLDERS

from rounds.grading.fetch_lesson import fetch_lesson
from rounds.lessons.build import build_learner, render_notebook
from rounds.lessons.log import VARIABLE, Pressed, record_check
from rounds.room.configuration import Room, learning_config, page_config, write_room

LESSON, OTHER = "a3-report-card", "b2-numbers"
HEADERS = {"Authorization": "token t"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the folders of a room, and of what is released to it."""
    place = tmp_path_factory.mktemp("room")
    for name in ("work", "own", f"outbound/{LESSON}", f"outbound/{OTHER}"):
        (place / name).mkdir(parents=True)
    for name, lesson_id in ((LESSON, "a3"), (OTHER, "b2")):
        text = render_notebook(build_learner(FOLDERS[lesson_id]))
        (place / "outbound" / name / f"{name.replace('-', '_')}.ipynb").write_text(text)
    record_check(Pressed("a3", "e1", True, 1), environ={VARIABLE: str(place / "checks.jsonl")})
    return place


@pytest.fixture(scope="module")
def server(place):
    """Return a client of a running learning server."""
    room = Room("noa", place / "work", place / "own")
    config = learning_config(room)
    config["ServerApp"]["tornado_settings"] = {"rounds_lessons": str(place / "outbound")}
    (room.own / "server").mkdir()
    write_room(room, config, page_config(team=False, desk="http://desk/lessons"), {})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, **room.environment, "JUPYTER_TOKEN": "t", VARIABLE: str(place / "checks.jsonl")}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--allow-root"]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, trust_env=False, timeout=60) as client:
            wait_for(client, place / "log")
            yield client
    finally:
        process.kill()
        process.wait()


def wait_for(client, log):
    for _ in range(300):
        try:
            client.get("/api")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def open_lesson(server, name=LESSON):
    return server.get(f"/rounds/lesson/{name}", follow_redirects=True)


def config_of(page):
    return json.loads(re.search(r'id="jupyter-config-data" type="application/json">(.*?)</script>', page, re.S)[1])


def test_a_lesson_opens_as_notebook_sevens_page_with_its_text_in_it(server, place):
    opened = open_lesson(server)
    assert opened.url.path == f"/rounds/lesson/{LESSON}/notebooks/{LESSON}/a3_report_card.ipynb"
    page = opened.text
    assert page.index('id="rounds-text"') < page.index("Why a ward cares") < page.index("jupyter-config-data")
    assert '<html lang="en">' in page
    assert "<title>The report card of a classifier</title>" in page
    assert (place / "work" / LESSON / "a3_report_card.ipynb").is_file()
    assert f'"lesson": "{LESSON}", "opened": true' in (place / "checks.jsonl").read_text()


def test_the_page_loads_what_a_lesson_needs_and_the_notebook_runs_its_own_cells(server):
    config = config_of(open_lesson(server).text)
    loaded = {one["name"] for one in config["federated_extensions"]}
    assert loaded == {"@jupyter-widgets/jupyterlab-manager", "anywidget", "rounds-room", "rounds-lesson"}
    assert "@jupyterlab/notebook-extension:cell-executor" not in config["disabledExtensions"]
    assert config["token"] == ""
    said = json.loads(config["roundsLesson"])
    assert (said["name"], said["desk"]) == (LESSON, "http://desk/lessons")
    assert "sensitivity" in said["words"]
    assert said["words"]["threshold"]["differ"]


def test_the_modules_are_served_under_a_name_that_changes_with_them(server):
    config = config_of(open_lesson(server).text)
    load = next(one["load"] for one in config["federated_extensions"] if one["name"] == "rounds-lesson")
    assert re.fullmatch(r"static/[0-9a-f]{16}/container\.js", load)
    folder = load.rpartition("/")[0]
    preloaded = re.findall(r'rel="modulepreload" href="([^"]+)"', open_lesson(server).text)
    assert f"/lab/extensions/rounds-lesson/{folder}/view.js" in preloaded
    assert {server.get(address).status_code for address in preloaded} == {200}
    for name in ("container.js", "plugin.js", "view.js", "view.css", "tokens.css"):
        assert server.get(f"/lab/extensions/rounds-lesson/{folder}/{name}").status_code == 200


@pytest.mark.parametrize("name", ["none", "a3", "..%2Fb2"])
def test_a_lesson_that_is_not_released_is_named(server, name):
    assert server.get(f"/rounds/lesson/{name}", follow_redirects=True).status_code == 404
    assert server.get(f"/rounds/lesson/{name}/standing").status_code == 404


def test_the_standing_is_what_the_server_wrote_down(server):
    assert server.get(f"/rounds/lesson/{LESSON}/standing").json() == {
        "passed": ["e1"],
        "minutes": 0,
    }


def test_start_again_has_its_text_from_the_release(server, place):
    open_lesson(server)
    own = place / "work" / LESSON / "a3_report_card.ipynb"
    own.write_text(own.read_text().replace("prevalence = ...", "prevalence = 0.105"))
    cells = {cell["id"]: cell for cell in server.get(f"/rounds/lesson/{LESSON}/released").json()["cells"]}
    assert cells["e3"]["source"].strip() == "prevalence = ..."
    assert cells["e3"]["metadata"]["rounds"]["role"] == "box"


def test_without_a_grading_service_handing_in_says_so(server):
    for ask in (server.get, server.post):
        said = ask(f"/rounds/lesson/{LESSON}/hand-in")
        assert "Open this lesson from the home page" in said.json()["refused"]


def test_what_the_learners_copy_lost_is_there_again_when_the_lesson_is_opened(server, place):
    own = fetch_lesson(OTHER, place / "outbound", place / "work")
    notebook = nbformat.read(own, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ("e2", "e1-check")]
    nbformat.write(notebook, own)
    open_lesson(server, OTHER)
    ids = [cell.id for cell in nbformat.read(own, as_version=4).cells]
    assert {"e2", "e1-check"} < set(ids)


def test_a_copy_that_is_no_notebook_stays_as_its_learner_left_it(server, place):
    own = fetch_lesson(OTHER, place / "outbound", place / "work")
    before = own.read_text()
    own.write_text("no notebook")
    try:
        assert open_lesson(server, OTHER).status_code == 200
        assert own.read_text() == "no notebook"
    finally:
        own.write_text(before)


def test_a_stranger_and_a_form_of_another_page_are_refused(server, place):
    with httpx.Client(base_url=server.base_url, trust_env=False) as stranger:
        for what in ("standing", "released", "hand-in"):
            assert stranger.get(f"/rounds/lesson/{LESSON}/{what}").status_code in (302, 403)
        for what in ("minute", "hand-in"):
            assert stranger.post(f"/rounds/lesson/{LESSON}/{what}").status_code == 403


def test_outputs_that_come_by_themselves_are_not_saved(server, place):
    notebook = build_learner(FOLDERS["a3"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="ran")]
    model = {"type": "notebook", "format": "json", "content": notebook}
    assert server.put(f"/api/contents/{LESSON}/saved.ipynb", json=model).status_code == 201
    saved = nbformat.read(place / "work" / LESSON / "saved.ipynb", as_version=4)
    assert "e1" in {cell.id for cell in saved.cells if cell.get("outputs")}
    assert "card" not in {cell.id for cell in saved.cells if cell.get("outputs")}
