"""Each code cell of a lesson says in its metadata and by its id what it is for; what a page would miss is named."""

import re

import nbformat
import pytest
from tests.courses import FOLDERS

from rounds.lessons.build import build_instructor, build_learner
from rounds.lessons.linting.lint import find_problems
from rounds.lessons.source import read_source
from rounds.lessons.view.cell_roles import BY_ITSELF, FOLDED, ROLES, add_minutes, find_role_problems
from rounds.room.lesson.text import render_text

A3 = FOLDERS["a3"].file("lesson.py")


def said(notebook):
    """Return what is noted of each code cell, but for its form (test_forms.py)."""
    noted = {cell.id: cell.metadata["rounds"] for cell in notebook.cells if cell.cell_type == "code"}
    return {name: {key: value for key, value in note.items() if key != "form"} for name, note in noted.items()}


def test_a_box_has_the_id_of_its_exercise_and_says_what_its_heading_says():
    cells = said(build_learner(FOLDERS["a3"]))
    assert cells["e3"] == {
        "role": "box",
        "exercise": "e3",
        "title": "The prevalence behind a published score",
        "part": "should",
        "minutes": 6,
    }
    assert cells["f1"] == {"role": "box", "exercise": "f1", "title": "Your turn, with gaps"}


def test_what_belongs_to_an_exercise_or_a_question_names_it():
    cells = said(build_learner(FOLDERS["b2"]))
    assert cells["e2-check"] == {"role": "check", "exercise": "e2"}
    assert cells["e2-test"] == {"role": "test", "exercise": "e2"}
    assert cells["s1"] == {"role": "question", "question": "s1"}
    assert (cells["setup"]["role"], cells["units"]["role"], cells["worked-units"]["role"]) == (
        "setup",
        "widget",
        "show",
    )


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_every_code_cell_of_every_lesson_has_a_role_and_an_id_that_says_it(lesson_id):
    for name, cell in said(build_learner(FOLDERS[lesson_id])).items():
        own = cell.get("exercise") or cell.get("question") or ""
        ends = {"box": own, "check": f"{own}-check", "test": f"{own}-test", "question": own, "setup": "setup"}
        assert cell["role"] in ROLES
        assert name == ends.get(cell["role"], name)


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_the_ids_of_learners_and_instructors_notebooks_are_those_of_the_source(lesson_id):
    ids = [cell.id for cell in read_source(FOLDERS[lesson_id].file("lesson.py")).cells]
    for build in (build_instructor, build_learner):
        assert [cell.id for cell in build(FOLDERS[lesson_id]).cells] == ids


def test_the_notebook_says_how_many_minutes_are_planned():
    planned = build_learner(FOLDERS["j1"]).metadata["rounds"]["minutes"]
    assert planned == {"must": 26, "should": 3, "could": 1}
    assert add_minutes("| a | 2 | **must** |\n| b | 3 | must |\n| c | many | could |") == {
        "must": 5,
        "should": 0,
        "could": 0,
    }


def test_what_a_source_says_of_a_cell_itself_stays(tmp_path):
    path = tmp_path / "lesson.py"
    path.write_text(A3.read_text().replace('# %% id="look"', '# %% id="look" rounds={"role": "setup"}'))
    assert 'Cell look has another id than a page looks for. Write: id="setup"' in find_problems(read_source(path))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('check = open_lesson("a3")', "check = None", "opens the checks. Write in the first one: check = open_lesson"),
        ('# %% id="e2" nb', '# %% id="a3-e2" nb', 'Cell a3-e2 has another id than a page looks for. Write: id="e2"'),
        ('# %% id="q2"', '# %% id="q3"', 'Cell q3 has another id than a page looks for. Write: id="q2"'),
        ('check.button("e3")', "pass", 'The box of e3 has no button. Write: check.button("e3")'),
        ('"grade_id": "f1-answer"', '"grade_id": "f2-answer"', "The button of f1 has no box."),
        ('# %% id="card"', '# %% id="card" rounds={"role": "widgets"}', 'the role "widgets", which is none.'),
    ],
)
def test_what_a_page_would_miss_is_named(tmp_path, old, new, says):
    path = tmp_path / "lesson.py"
    assert old in A3.read_text()
    path.write_text(A3.read_text().replace(old, new))
    assert any(says in problem for problem in find_problems(read_source(path))), find_problems(read_source(path))


def test_the_page_knows_the_same_roles():
    script = (FOLDERS["a3"].parts[0].parents[2] / "labextension/rounds_labextension/roles.js").read_text()
    for name, roles in {"BY_ITSELF": BY_ITSELF, "FOLDED": FOLDED}.items():
        said = re.search(rf"export const {name} = \[(.*)\];", script)
        assert tuple(re.findall(r'"(\w+)"', said[1])) == roles


@pytest.mark.parametrize("lesson_id", FOLDERS)
def test_a_cell_that_makes_a_table_or_a_picture_is_no_widget(lesson_id):
    cells = [cell for cell in build_learner(FOLDERS[lesson_id]).cells if cell.cell_type == "code"]
    widgets = [cell.source for cell in cells if cell.metadata["rounds"]["role"] == "widget"]
    assert len(widgets) == 1
    assert "rounds_widgets" in widgets[0]
    assert render_text(build_learner(FOLDERS[lesson_id]), "A lesson").count("Something to move") == 1


def test_a_widget_cell_without_a_widget_is_named():
    cell = nbformat.v4.new_code_cell("table = 1", id="table", metadata={"rounds": {"role": "widget"}})
    setup = nbformat.v4.new_code_cell('check = open_lesson("x1")', id="setup")
    assert list(find_role_problems([setup, cell])) == ['Cell table shows no widget. Write: rounds={"role": "made"}']
