"""The curriculum's page and counts are read from the lessons themselves, and the page in the docs is current."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.courses import FOLDERS
from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.lessons.curriculum.counts import count
from rounds.lessons.curriculum.overview import LessonOverview, look_at
from rounds.lessons.curriculum.page import COUNTED, render_page
from rounds.lessons.curriculum.peers import render_peers
from rounds.lessons.folder import LessonFolder
from rounds.lessons.loading import load_answers, load_lesson

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def lessons() -> list[LessonOverview]:
    """Return what each lesson of Rounds teaches."""
    return [look_at(folder) for folder in FOLDERS.values()]


def test_the_page_in_the_docs_is_current(lessons: list[LessonOverview]) -> None:
    page = (ROOT / "docs" / "reference" / "curriculum.md").read_text(encoding="utf-8")
    assert page == render_page(lessons, count(lessons)), "run: rounds lessons curriculum"


def test_every_count_has_its_words_and_is_that_of_the_lessons(lessons: list[LessonOverview]) -> None:
    counts = count(lessons)
    assert counts.keys() == COUNTED.keys()
    assert counts["notebooks"] == len(FOLDERS)
    graded = {
        (folder.id, exercise.id)
        for folder in FOLDERS.values()
        for exercise in load_lesson(folder).exercises
        if exercise.points
    }
    assert counts["exercises"] == len(graded)
    tried = {folder.id: load_answers(folder) for folder in FOLDERS.values()}
    assert counts["wrong_answers"] == sum(len(tried[lesson][exercise].wrong) for lesson, exercise in graded)


def test_nothing_is_missing_from_any_lesson(lessons: list[LessonOverview]) -> None:
    counts = count(lessons)
    assert counts["lint_findings"] == counts["figures_without_alt"] == 0
    assert counts["instructor_pages"] == counts["widgets"] == counts["notebooks"]
    assert counts["exercises_with_hidden"] == counts["exercises"]


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=lambda folder: folder.id)
def test_each_lesson_says_what_it_is_for(folder: LessonFolder) -> None:
    lesson = look_at(folder)
    assert len(lesson.objectives) == 3
    assert lesson.misconceptions
    assert lesson.widget
    assert len(lesson.discovery.split()) > 8, f"{folder.name}/notes.md: **What the widget lets discover:** ..."
    assert len(lesson.exercises) >= 4
    for exercise in lesson.exercises:
        assert exercise.part in ("must", "should", "could")
        assert exercise.minutes > 0
        assert exercise.mistakes >= 3
        assert exercise.wrong_answers >= 3


def test_a_count_is_written_for_people_and_for_programs() -> None:
    said = CliRunner().invoke(app, ["lessons", "count"])
    assert f"{len(FOLDERS)}  lessons" in said.output
    counts = json.loads(CliRunner().invoke(app, ["lessons", "count", "--json"]).output)
    assert counts["notebooks"] == len(FOLDERS)


def test_lint_names_the_file_and_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "event.toml").touch()
    new = CliRunner().invoke(app, ["lessons", "new", "x7_fever", "--folder", str(tmp_path)])
    assert new.exit_code == 0, new.output
    source = tmp_path / "tutorials" / "together" / "x7_fever" / "lesson.py"
    source.write_text(
        source.read_text(encoding="utf-8").replace("You may have thought", "One may think"), encoding="utf-8"
    )
    said = CliRunner().invoke(app, ["lessons", "lint", "--folder", str(tmp_path)])
    assert 'lesson.py: The misconception box does not say "You may have thought".' in str(said.exception)
    assert "older than its source" in str(said.exception)


def test_our_column_beside_the_peers_is_counted(lessons: list[LessonOverview]) -> None:
    counts = count(lessons)
    rows = {line.split(" | ")[0].strip("| "): line for line in render_peers(lessons, counts)}
    assert rows["automatic check of learner work"].endswith(f"| {counts['exercises']} exercises |")
    assert rows["time estimate"].endswith(f"| {counts['exercises']} of {counts['exercises']} exercises |")
    assert rows["learning objectives in every unit"].endswith(f"| {len(FOLDERS)} of {len(FOLDERS)}, three each |")
    fewer = {row.split(" | ")[0].strip("| "): row for row in render_peers(lessons[:3], count(lessons[:3]))}
    assert fewer["automatic check of learner work"] != rows["automatic check of learner work"]
    profiles = (ROOT / "docs" / "explanation" / "learners.md").read_text(encoding="utf-8")
    assert rows["learner profiles"].split(" | ")[-1].startswith(str(profiles.count("\n## ")))
