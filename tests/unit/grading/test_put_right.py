"""A learner's copy of a lesson is put right when it is opened, whatever became of its cells; what was written stays."""

import copy

import pytest
from nbformat.v4 import new_code_cell
from tests.courses import FOLDERS, cell_of

from rounds.grading.put_right import COLLAPSED, NOTES, put_right
from rounds.lessons.build import build_learner


@pytest.fixture(scope="module")
def released():
    return build_learner(FOLDERS["a3"])


@pytest.fixture
def own(released):
    own = copy.deepcopy(released)
    cell_of(own, "e1").source = "chance_percent = 1.8"
    return own


def ids(notebook):
    return [cell.id for cell in notebook.cells]


def notes(cell):
    return {note: cell.metadata.get(note) for note in (*NOTES, COLLAPSED)}


def test_a_copy_that_is_whole_is_left_alone(own, released):
    before = copy.deepcopy(own)
    assert not put_right(own, released)
    assert own == before


def delete(own):
    own.cells.remove(cell_of(own, "e2-check"))
    own.cells.remove(cell_of(own, "title"))
    own.cells.remove(cell_of(own, "e3"))


def copy_box(own):
    copied = copy.deepcopy(cell_of(own, "e1"))
    copied.id = "copied"
    own.cells.insert(0, copied)


def same_id_twice(own):
    own.cells.append(copy.deepcopy(cell_of(own, "e4")))


def strip(own):
    for number, cell in enumerate(own.cells):
        cell.metadata.clear()
        cell.id = f"colab{number}"


def old_ids(own):
    for cell in own.cells:
        cell.metadata.pop("rounds", None)
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.id = f"a3-{name or cell.id}"
    own.metadata.pop("rounds")


def fold_a_heading(own):
    cell_of(own, "widget").metadata["jp-MarkdownHeadingCollapsed"] = True


@pytest.mark.parametrize("spoil", [delete, copy_box, same_id_twice, strip, old_ids, fold_a_heading])
def test_each_cell_of_the_lesson_is_there_once_with_its_id_and_notes(own, released, spoil):
    spoil(own)
    assert put_right(own, released)
    known = [cell for cell in own.cells if cell.id in ids(released)]
    assert [cell.id for cell in known] == ids(released)
    assert [notes(cell) for cell in known] == [notes(cell) for cell in released.cells]
    others = [cell for cell in own.cells if cell.id not in ids(released)]
    assert not any("nbgrader" in cell.metadata or "rounds" in cell.metadata for cell in others)
    assert len(set(ids(own))) == len(own.cells)
    assert cell_of(own, "e1").source == "chance_percent = 1.8"
    assert not put_right(own, released)


def test_what_a_learner_added_stays_where_it_is(own, released):
    at = ids(own).index("e2")
    own.cells.insert(at, new_code_cell("my_own = 1", id="mine"))
    delete(own)
    put_right(own, released)
    assert cell_of(own, "mine").source == "my_own = 1"
    assert ids(own).index("mine") == ids(own).index("e2") - 1


def test_a_test_that_was_changed_is_the_lessons_again(own, released):
    cell_of(own, "e1-test").source = "pass"
    assert put_right(own, released)
    assert cell_of(own, "e1-test").source == cell_of(released, "e1-test").source
