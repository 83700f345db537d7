"""What a learner takes home: it is theirs, it runs with nothing but Rounds installed, and no real table is in it."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tests.courses import FOLDERS, make_tables, solved

from rounds.data.shelf.catalogue import Catalogue
from rounds.errors import GradingError
from rounds.room.lesson.take_home import FOLDER, Home, gather, write_archive
from rounds.room.lesson.take_home_text import EMPTY, render_home

NAMED = {lesson.assignment: lesson for lesson in FOLDERS.values()}
DONE = {"title": "Count people", "state": "Done", "points": 2.0, "max_points": 2.0}
PART = {**DONE, "sentence": "Well done.", "comments": []}
RUNS = """
import sys
from IPython.core.interactiveshell import InteractiveShell
import nbformat
shell = InteractiveShell.instance()
notebook = nbformat.read(next(__import__("pathlib").Path(".").glob("*.ipynb")), 4)
for cell in notebook.cells:
    role = cell.metadata.get("rounds", {}).get("role")
    if cell.cell_type == "code" and role in ("setup", "show", "made", "widget", "box"):
        shell.run_cell(cell.source, silent=True).raise_error()
names, check = shell.user_ns, shell.user_ns["check"]
for exercise in check.lesson.exercises:
    if exercise.points:
        print("SAYS", exercise.id, getattr(check, exercise.id)(names[exercise.reads]).passed)
"""


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """Answer as the grading service does, of one lesson that was handed in and one that was not."""
    if message["lesson"] != "a3-report-card":
        return {"attempts": []}
    if message["kind"] == "attempts":
        return {"attempts": [{"time": "2026-12-01 10:00:00", "graded": True, "refused": ""}]}
    return {"said": {"points": 2.0, "most": 8.0, "parts": [PART], "repairs": [], "penalty": 0}}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a learner's folder with two lessons, something of their own in one, and a link out of it."""
    home = tmp_path / "home"
    for lesson_id in ("a3", "b2"):
        folder = home / FOLDERS[lesson_id].assignment
        folder.mkdir(parents=True)
        nbformat.write(solved(lesson_id), folder / f"{FOLDERS[lesson_id].name}.ipynb")
    (home / "a3-report-card" / "mine.txt").write_text("my own words", encoding="utf-8")
    (home / "a3-report-card" / "checks.py").write_text("raise SystemExit('not the lesson's')", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("another's", encoding="utf-8")
    (home / "a3-report-card" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return home


@pytest.fixture
def shelf(tmp_path: Path) -> Catalogue:
    """Return the tables of the lessons."""
    return Catalogue((make_tables(tmp_path / "shelf"),))


def pack(home: Home) -> zipfile.ZipFile:
    target = io.BytesIO()
    write_archive(home, target)
    return zipfile.ZipFile(target)


def test_answers_checks_pictures_and_marks_are_in_it_and_nothing_of_others(work: Path, shelf: Catalogue) -> None:
    archive = pack(gather(NAMED, work, shelf, answer))
    names = set(archive.namelist())
    report = f"{FOLDER}/a3_report_card"
    assert {f"{report}/a3_report_card.ipynb", f"{report}/mine.txt", f"{FOLDER}/README.md"} <= names
    assert {f"{report}/{picture.name}" for picture in FOLDERS["a3"].pictures()} <= names
    assert archive.read(f"{report}/checks.py") == FOLDERS["a3"].file("checks.py").read_bytes()
    assert not any("link.txt" in name or "hidden" in name or name.endswith("answers.py") for name in names)
    marks = archive.read(f"{report}/feedback.md").decode()
    assert marks.startswith("# 2 of 8 points")
    assert "## Count people: 2 of 2\n\nWell done." in marks
    assert f"{FOLDER}/b2_numbers/feedback.md" not in names  # not handed in
    assert "- `b2_numbers`: Numbers with a body behind" in archive.read(f"{FOLDER}/README.md").decode()


def test_a_service_that_does_not_answer_costs_the_marks_only(work: Path, shelf: Catalogue) -> None:
    def away(message: object) -> dict[str, Any]:
        raise GradingError("The grading service does not answer at this moment.")

    names = pack(gather(NAMED, work, shelf, away)).namelist()
    assert not any(name.endswith("feedback.md") for name in names)
    assert f"{FOLDER}/a3_report_card/a3_report_card.ipynb" in names


def test_a_table_that_is_not_synthetic_stays_and_is_named(work: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    every = make_tables(tmp_path / "all")
    for name in ("bsi_days", "covid_labs"):
        shutil.copytree(every / name, folder / name)
    described = folder / "covid_labs" / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    described.chmod(0o644)
    described.write_text(json.dumps({**package, "rounds:kind": "restricted"}), encoding="utf-8")
    home = gather(NAMED, work, Catalogue((folder,)))
    assert "covid_labs" in home.kept
    archive = pack(home)
    assert not any(f"/{name}/" in one for one in archive.namelist() for name in home.kept)
    assert "`covid_labs` is not in here" in archive.read(f"{FOLDER}/README.md").decode()
    assert "Not in it: covid_labs" in render_home(home, "", "x.zip", "")


def test_nothing_was_opened_yet(tmp_path: Path, shelf: Catalogue) -> None:
    home = gather(NAMED, tmp_path, shelf)
    assert home.lessons == ()
    assert EMPTY in render_home(home, "", "x.zip", "")


@pytest.mark.parametrize("lesson_id", ["a3", "b2"])
def test_it_runs_with_nothing_but_rounds(lesson_id: str, work: Path, shelf: Catalogue, tmp_path: Path) -> None:
    pack(gather(NAMED, work, shelf, answer)).extractall(tmp_path / "at_home")
    folder = tmp_path / "at_home" / FOLDER / FOLDERS[lesson_id].name
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ROUNDS_", "JUPYTERHUB_"))}
    done = subprocess.run(
        [sys.executable, "-c", RUNS], cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=300
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("SAYS")]
    assert said == [f"SAYS e{number} True" for number in range(1, 5)], done.stderr[-3000:]


def test_a_notebook_that_its_learner_broke_goes_home_as_it_is(work: Path, shelf: Catalogue) -> None:
    (work / "b2-numbers" / "b2_numbers.ipynb").write_text("{broken", encoding="utf-8")
    home = gather(NAMED, work, shelf)
    assert [one.title for one in home.lessons if one.lesson.id == "b2"] == ["b2-numbers"]
    assert pack(home).read(f"{FOLDER}/b2_numbers/b2_numbers.ipynb") == b"{broken"
    assert "<li>b2-numbers</li>" in render_home(home, "", "x.zip", "")
