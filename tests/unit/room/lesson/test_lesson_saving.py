"""Outputs of cells that run by themselves are not saved; a learner's own are, and other notebooks stay as they are."""

import copy

from nbformat.v4 import new_output
from tests.courses import FOLDERS

from rounds.lessons.build import build_learner
from rounds.room.lesson.saving import leave_out_outputs


def saved(notebook):
    model = {"type": "notebook", "content": copy.deepcopy(notebook)}
    leave_out_outputs(model=model, path="a3/a3.ipynb", contents_manager=None)
    return model["content"]


def ran():
    notebook = build_learner(FOLDERS["a3"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [new_output("stream", text="ran")], 3
    notebook.metadata["widgets"] = {"state": {}}
    return notebook


def test_only_boxes_and_tests_keep_what_they_said():
    content = saved(ran())
    kept = {cell.id for cell in content.cells if cell.cell_type == "code" and cell.outputs}
    assert kept == {"f1", *(f"e{number}{end}" for number in range(1, 5) for end in ("", "-test"))}
    assert "widgets" not in content.metadata


def test_a_notebook_of_no_lesson_stays_as_it_is():
    notebook = ran()
    del notebook.metadata["rounds"]
    assert saved(notebook) == notebook


def test_what_is_no_notebook_is_passed_over():
    for model in ({"type": "file", "content": "text"}, {"type": "notebook"}, {"type": "notebook", "content": None}):
        before = copy.deepcopy(model)
        leave_out_outputs(model=model)
        assert model == before
