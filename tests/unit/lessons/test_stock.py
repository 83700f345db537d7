"""The stock edition: nbgrader alone releases and grades it, with the hidden checks as its hidden tests."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from tests.courses import FOLDERS, make_tables

from rounds.errors import LessonError
from rounds.lessons.folder import LessonFolder
from rounds.lessons.ladder import NotYet
from rounds.lessons.loading import load_answers, load_lesson
from rounds.lessons.stock import build_stock, grade_with, write_stock


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(make_tables(tmp_path / "data")))
    monkeypatch.setenv("ROUNDS_LESSONS", str(next(iter(FOLDERS.values())).parts[0].parents[1]))


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_the_hidden_checks_stand_between_nbgraders_marks(lesson_id: str) -> None:
    from nbgrader.preprocessors import ClearHiddenTests

    notebook = build_stock(FOLDERS[lesson_id])
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(tests) == len([exercise for exercise in load_lesson(FOLDERS[lesson_id]).exercises if exercise.points])
    assert all("HIDDEN = {" in cell.source and ".grade(" in cell.source for cell in tests)
    released, _ = ClearHiddenTests().preprocess(notebook, {})
    assert not any("HIDDEN" in cell.source or "grade_with" in cell.source for cell in released.cells)


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_the_hidden_checks_of_a_test_cell_find_what_they_find_in_an_event(lesson_id: str) -> None:
    folder = FOLDERS[lesson_id]
    hidden = folder.parts[0].joinpath("hidden.py").read_text(encoding="utf-8")
    for exercise_id, shown in load_answers(folder).items():
        reads = load_lesson(folder).exercise(exercise_id).reads
        grade_with(lesson_id, exercise_id, {reads: shown.right[0]}, hidden)
        for wrong in shown.wrong:
            if wrong.hidden:
                with pytest.raises(NotYet) as caught:
                    grade_with(lesson_id, exercise_id, {reads: wrong.answer}, hidden)
                assert wrong.says in str(caught.value)


def test_a_course_holds_what_nbgrader_needs(tmp_path: Path) -> None:
    written = write_stock(list(FOLDERS.values()), tmp_path / "course")
    assert [path.name for path in written] == [lesson.name for lesson in FOLDERS.values()]
    for path in written:
        assert {found.name for found in path.iterdir()} >= {f"{path.name}.ipynb", "checks.py"}
        nbformat.validate(nbformat.read(path / f"{path.name}.ipynb", as_version=4))
    assert "course_id" in (tmp_path / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    assert write_stock(list(FOLDERS.values()), tmp_path / "course") == written


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(LessonError, match="is not empty and no course"):
        write_stock(list(FOLDERS.values()), tmp_path)


def test_a_lesson_without_its_hidden_part_is_named(tmp_path: Path) -> None:
    (tmp_path / "lesson.py").write_bytes((FOLDERS["j1"].parts[0] / "lesson.py").read_bytes())
    half = LessonFolder("j1_same_word", "together", tmp_path, tmp_path)
    with pytest.raises(LessonError, match=r"no hidden\.py"):
        write_stock([half], tmp_path / "course")
