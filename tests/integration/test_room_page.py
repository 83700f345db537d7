"""What a team's page says when its server has stopped, and how it goes on: signed in, with what was typed meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.integration.demo import Demo
from tests.integration.people import ClassRoom, find_axe_violations
from tests.integration.test_class_at_work import EMPTY_CELL, KERNEL, open_lab, wait_until_saved

pytestmark = pytest.mark.integration
SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='beds')"
LONG = "import time\nfor line in range(30):\n    print('line', line)\n    time.sleep(1)"


@pytest.fixture(scope="module")
def hana(class_: ClassRoom, demo: Demo) -> Page:
    """Return the page of a member of Team Stork, in the team's room."""
    page = class_.sign_in_by_link("hana", demo.invite("hana"))
    page.goto(f"{demo.base}/services/desk/open/team/stork")
    page.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    return page


def write(demo: Demo, name: str, *sources: str) -> Path:
    """Write a notebook into the team's folder."""
    cells = [{**EMPTY_CELL, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL}, "cells": cells}
    path = demo.state / "teams" / "stork" / name
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def open_notebook(page: Page, demo: Demo, name: str) -> None:
    """Open a notebook of the team in an own layout."""
    open_lab(page, f"{demo.room('team-stork')}/lab/workspaces/hana/tree/{name}")


def run_first(page: Page) -> None:
    """Run the first cell."""
    page.locator(".jp-NotebookPanel .jp-Cell").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def ask_hub(demo: Demo, method: str) -> None:
    """Stop or start the team's server as an organiser's command does."""
    token = json.loads((demo.state / "hub" / "secrets.json").read_text(encoding="utf-8"))["apply"]
    address, headers = f"{demo.base}/hub/api/users/team-stork/server", {"Authorization": f"token {token}"}
    httpx.request(method, address, headers=headers, timeout=90, trust_env=False).raise_for_status()


def test_a_cell_that_ran_on_under_no_page_says_so_below_itself(hana: Page, demo: Demo) -> None:
    write(demo, "long.ipynb", LONG, "")
    open_notebook(hana, demo, "long.ipynb")
    run_first(hana)
    expect(hana.get_by_text("line 2")).to_be_visible()
    hana.goto("about:blank")
    hana.goto(f"{demo.room('team-stork')}/lab/workspaces/hana/tree/long.ipynb?reset")
    expect(hana.get_by_role("note")).to_contain_text("still runs", timeout=60_000)
    expect(hana.get_by_role("note")).to_contain_text("ran on, or was cut off", timeout=60_000)
    run_first(hana)
    expect(hana.get_by_role("note")).to_have_count(0, timeout=60_000)


def test_a_widget_of_an_ended_kernel_says_what_to_do(hana: Page, demo: Demo) -> None:
    write(demo, "slider.ipynb", SLIDER)
    open_notebook(hana, demo, "slider.ipynb")
    run_first(hana)
    expect(hana.locator(".widget-slider")).to_be_visible(timeout=60_000)
    hana.wait_for_timeout(2_000)  # the output is written
    ask_hub(demo, "DELETE")
    ask_hub(demo, "POST")
    hana.goto(f"{demo.base}/services/desk/open/team/stork")
    hana.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    hana.goto(f"{demo.room('team-stork')}/lab/workspaces/hana/tree/slider.ipynb?reset")
    expect(hana.get_by_text("Run this cell again")).to_be_visible(timeout=60_000)


def test_a_page_says_that_its_server_stopped_starts_it_and_goes_on(hana: Page, demo: Demo) -> None:
    path = write(demo, "typed.ipynb", "")
    open_notebook(hana, demo, "typed.ipynb")
    editor = hana.locator(".jp-NotebookPanel .jp-Cell .cm-content").first
    editor.click()
    hana.keyboard.type("before = 1\n")
    wait_until_saved(path, "before = 1")
    ask_hub(demo, "DELETE")
    hana.keyboard.type("meanwhile = 2\n")
    bar = hana.get_by_role("alert")
    expect(bar).to_contain_text("has stopped", timeout=60_000)
    assert [found for found in find_axe_violations(hana) if "rounds" in found] == []
    with hana.context.expect_page() as opened:
        hana.get_by_role("button", name="Start the server").press("Enter")
    opened.value.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    opened.value.close()
    expect(bar).to_have_count(0, timeout=60_000)
    wait_until_saved(path, "meanwhile = 2")
    assert path.read_text(encoding="utf-8").count("before = 1") == 1


def test_a_renamed_folder_is_told_of_and_a_kept_copy_takes_what_is_typed_after(hana: Page, demo: Demo) -> None:
    team = demo.state / "teams" / "stork"
    (team / "folder").mkdir()
    write(demo, "folder/inside.ipynb", "")
    open_notebook(hana, demo, "folder/inside.ipynb")
    (team / "folder").rename(team / "moved")  # as a terminal does: no event tells of it
    bar = hana.get_by_role("alert")
    expect(bar).to_contain_text("was deleted or moved", timeout=60_000)
    (team / "folder").mkdir()
    dialog = hana.locator(".jp-Dialog")  # JupyterLab's own: the file browser stands in a folder that is gone
    while dialog.count():
        hana.keyboard.press("Escape")
        hana.wait_for_timeout(300)
    hana.get_by_role("button", name="Keep a copy").press("Enter")
    expect(bar).to_contain_text("which is open now", timeout=60_000)
    editor = hana.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content").first
    editor.click()
    hana.keyboard.type("kept = 1\n")
    (copy,) = (team / "folder").glob("*.ipynb")
    wait_until_saved(copy, "kept = 1")


def test_an_error_in_a_teams_own_notebook_is_explained_first(hana: Page, demo: Demo) -> None:
    write(demo, "mistake.ipynb", "beds = 12\nprint(bedz)", "")
    open_notebook(hana, demo, "mistake.ipynb")
    run_first(hana)
    error = hana.locator(
        ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText"
    ).first
    expect(error).to_contain_text('→ Line 2: There is no name "bedz" yet. Did you mean "beds"?', timeout=60_000)
    expect(error).to_contain_text("NameError")
