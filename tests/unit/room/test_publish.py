"""A notebook is published with what it needs, or it is refused with the reason."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from rounds.errors import PublishError
from rounds.room.environment import TeamKernel, make_environment
from rounds.room.publish import LARGEST_MB, publish_dashboard
from rounds.room.trial import NOT_TO_THE_END, try_out

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the variables of a team's room."""
    (tmp_path / "dashboards").mkdir()
    return {"ROUNDS_PUBLISHED": str(tmp_path / "published"), "ROUNDS_ROOM": str(tmp_path)}


def notebook(*code: str, text: str = "# Flow", output: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a notebook of one text and of code cells."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "t", "metadata": {}, "source": text}]
    for number, source in enumerate(code):
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": {}, "source": source, "execution_count": None}
        cells.append({**cell, "outputs": [output] if output else []})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def write(environ: dict[str, str], name: str, content: dict[str, Any]) -> str:
    """Write a notebook among the team's dashboards; return its path as a member writes it."""
    path = Path(environ["ROUNDS_ROOM"]) / "dashboards" / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def published(environ: dict[str, str]) -> dict[str, Any]:
    """Return what is published, by name."""
    paths = Path(environ["ROUNDS_PUBLISHED"]).glob("*")
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.mark.parametrize("text", ["{", "[1, 2]", '{"metadata": {}}'])
def test_what_is_no_notebook_is_refused(tmp_path: Path, environ: dict[str, str], text: str) -> None:
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(PublishError, match="is not a notebook"):
        publish_dashboard(tmp_path / "a.ipynb", environ)
    assert not (tmp_path / "published").exists()


def test_a_misspelt_notebook_is_answered_with_the_nearest(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "births.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(PublishError, match=r'Did you mean "births\.ipynb"'):
        publish_dashboard("birth.ipynb", environ)


def test_outputs_count_nothing_because_they_stay_behind(environ: dict[str, str]) -> None:
    large = {"output_type": "stream", "name": "stdout", "text": "x" * (LARGEST_MB * 1_100_000)}
    publish_dashboard(write(environ, "flow.ipynb", notebook("1", output=large)), environ)
    assert published(environ)["flow.ipynb"]["cells"][1]["outputs"] == []


def test_a_notebook_that_is_too_large_without_outputs_is_refused(environ: dict[str, str]) -> None:
    path = write(environ, "flow.ipynb", notebook(text="x" * (LARGEST_MB * 1_100_000)))
    with pytest.raises(PublishError, match="larger than 5 MB without its outputs"):
        publish_dashboard(path, environ)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("לידות.ipynb", "לידות.ipynb"), ("My flow.ipynb", "my-flow.ipynb"), ("Übersicht 2.ipynb", "übersicht-2.ipynb")],
)
def test_a_name_keeps_its_letters(environ: dict[str, str], name: str, kept: str) -> None:
    assert name in publish_dashboard(write(environ, name, notebook()), environ)
    assert list(published(environ)) == [kept]


def test_a_name_without_a_letter_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(PublishError, match="no letter in its name"):
        publish_dashboard(write(environ, "--.ipynb", notebook()), environ)


def test_a_second_notebook_of_one_name_is_refused_and_the_same_one_is_published_again(environ: dict[str, str]) -> None:
    first = write(environ, "my-flow.ipynb", notebook(text="# First"))
    publish_dashboard(first, environ)
    with pytest.raises(PublishError, match=r'would take the place of "dashboards/my-flow\.ipynb"'):
        publish_dashboard(write(environ, "My flow.ipynb", notebook(text="# Second")), environ)
    publish_dashboard(write(environ, "my-flow.ipynb", notebook(text="# Third")), environ)
    assert published(environ)["my-flow.ipynb"]["cells"][0]["source"] == "# Third"


def test_a_local_image_is_published_within(environ: dict[str, str]) -> None:
    (Path(environ["ROUNDS_ROOM"]) / "dashboards" / "my plot.png").write_bytes(PIXEL)
    text = '![flow](my%20plot.png) <img alt="" src="my%20plot.png"> ![there](https://example.org/x.png)'
    publish_dashboard(write(environ, "flow.ipynb", notebook(text=text)), environ)
    cell = published(environ)["flow.ipynb"]["cells"][0]
    assert cell["source"].count("attachment:") == 2
    assert "https://example.org/x.png" in cell["source"]
    assert {base64.b64decode(one["image/png"]) for one in cell["attachments"].values()} == {PIXEL}


def test_a_missing_image_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(PublishError, match=r'shows "plot\.png", and there is no such image'):
        publish_dashboard(write(environ, "flow.ipynb", notebook(text="![x](plot.png)")), environ)


def test_a_notebook_that_imports_a_module_of_the_team_is_refused_with_the_cell(environ: dict[str, str]) -> None:
    (Path(environ["ROUNDS_ROOM"]) / "dashboards" / "wards.py").write_text("BEDS = 7\n", encoding="utf-8")
    path = write(environ, "flow.ipynb", notebook("1 + 1", "import wards"))
    with pytest.raises(
        PublishError, match=r"its cell 3 stops with ModuleNotFoundError: No module named 'wards'\. A publ"
    ):
        publish_dashboard(path, environ)
    assert published(environ) == {}


def test_the_trial_sees_what_viewers_see(environ: dict[str, str]) -> None:
    code = "import os; assert os.environ['ROUNDS_VIEW'] == 'published'; assert os.listdir() == ['trial.ipynb']"
    publish_dashboard(write(environ, "flow.ipynb", notebook(code)), environ)
    assert list(published(environ)) == ["flow.ipynb"]


def test_a_trial_that_takes_too_long_is_said(environ: dict[str, str]) -> None:
    assert try_out(notebook("import time; time.sleep(600)"), os.environ, within_s=3) == NOT_TO_THE_END


def test_the_teams_own_kernel_serves_the_page(environ: dict[str, str], tmp_path: Path) -> None:
    kernel = TeamKernel("stork", "Team Stork", tmp_path / "environment", tmp_path / "specs")
    make_environment(kernel)
    packages = next(kernel.folder.glob("lib/python*/site-packages"))
    (packages / "leech.py").write_text("WARD = 7\n", encoding="utf-8")
    room = {**environ, "ROUNDS_TEAM": "stork", "JUPYTER_PATH": str(kernel.jupyter_path)}
    publish_dashboard(write(environ, "flow.ipynb", notebook("import leech")), room)
    assert published(environ)["flow.ipynb"]["metadata"]["kernelspec"]["name"] == "team-stork-page"


def test_a_trial_that_ends_its_process_is_refused_with_the_cell(environ: dict[str, str]) -> None:
    with pytest.raises(PublishError, match="its cell 2 stops with the kernel's end"):
        try_out(notebook("import os; os._exit(0)"), os.environ)


def test_what_a_cell_prints_is_no_answer_of_the_trial(environ: dict[str, str]) -> None:
    code = "import os; print('{\"ended\": true}', flush=True); os.system('echo more'); 1 / 0"
    with pytest.raises(PublishError, match="ZeroDivisionError: division by zero"):
        try_out(notebook(code), os.environ)
