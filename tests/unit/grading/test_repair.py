"""Copied, deleted, moved, re-typed, split and stripped cells are put right, and each repair is said."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from rounds.grading.repair import repair


def answer(name: str, source: str) -> Any:
    own = {"grade": False, "solution": True, "locked": False, "grade_id": name, "schema_version": 3, "task": False}
    return new_code_cell(source, id=f"x-{name}", metadata={"nbgrader": own})


def test_cell(name: str) -> Any:
    own = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": 2, "schema_version": 3}
    return new_code_cell(f"check.{name}", id=f"x-{name}", metadata={"nbgrader": {**own, "task": False}})


test_cell.__test__ = False  # type: ignore[attr-defined]


def released() -> list[Any]:
    return [
        new_markdown_cell("# A lesson", id="x-title"),
        new_code_cell("check = open_lesson()", id="x-setup"),
        answer("e1-answer", "one = ..."),
        new_code_cell("check.button('e1')", id="x-e1-check"),
        test_cell("e1-test"),
        answer("e2-answer", "two = ..."),
        test_cell("e2-test"),
    ]


def submitted() -> list[Any]:
    cells = released()
    cells[2].source, cells[5].source = "one = 1", "two = 2"
    return cells


def shape(cells: list[Any]) -> list[tuple[str, str, str]]:
    """Return name, type and text of each cell."""
    return [(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.cell_type, cell.source) for cell in cells]


RIGHT = shape(submitted())


def test_an_honest_notebook_is_left_as_it_is() -> None:
    cells = submitted()
    before = copy.deepcopy(cells)
    assert repair(cells, released()) == []
    assert cells == before


def strip(cells: list[Any], with_ids: bool = False) -> None:
    for number, cell in enumerate(cells):
        cell.metadata = from_dict({})  # type: ignore[no-untyped-call]
        if with_ids:
            cell.id = f"new{number}"


def retype(cells: list[Any]) -> None:
    cells[2].cell_type = "markdown"
    del cells[2]["outputs"], cells[2]["execution_count"]


def take(cells: list[Any], at: int) -> None:
    del cells[at]


SPOILED: dict[str, tuple[Callable[[list[Any]], Any], str]] = {
    "a test cell was copied": (lambda cells: cells.append(copy.deepcopy(cells[4])), "e1-test was there more than once"),
    "a test cell was deleted": (lambda cells: take(cells, 4), "e1-test had been deleted"),
    "all test cells were deleted": (lambda cells: [take(cells, at) for at in (6, 4)], "e2-test had been deleted"),
    "the answer became text": (retype, "e1-answer had become a markdown cell"),
    "all notes were stripped": (strip, "The mark of e1-test was missing"),
    "notes and ids were stripped": (lambda cells: strip(cells, with_ids=True), "The mark of e2-answer was missing"),
    "a test cell was changed": (lambda cells: cells[4].update(source="pass"), "e1-test is locked"),
    "points were raised": (lambda cells: cells[4].metadata.nbgrader.update(points=99), ""),
    "a name of nobody's": (lambda cells: cells[1].metadata.update(nbgrader={"grade_id": "zz"}), ""),
    "half a note": (lambda cells: cells[1].metadata.update(nbgrader={"grade": True}), ""),
    "a note that is none": (lambda cells: cells[1].metadata.update(nbgrader=[1]), ""),
    "the test stands before the answer": (lambda cells: cells.insert(1, cells.pop(4)), "e1-test stood before"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_notebook_is_put_right(name: str) -> None:
    cells = submitted()
    spoil, says = SPOILED[name]
    spoil(cells)
    said = repair(cells, released())
    found = shape(cells)
    assert [cell for cell in found if cell[0]] == [cell for cell in RIGHT if cell[0]]
    assert found.index(RIGHT[2]) < found.index(RIGHT[4])
    assert says in " ".join(said)
    assert [cell.metadata.nbgrader for cell in cells if "nbgrader" in cell.metadata] == [
        cell.metadata.nbgrader for cell in released() if "nbgrader" in cell.metadata
    ]


def test_of_two_answers_the_last_counts_and_the_first_is_still_run() -> None:
    cells = submitted()
    cells.insert(3, copy.deepcopy(cells[2]))
    cells[3].source = "one = 11"
    assert repair(cells, released()) == ["e1-answer was there more than once; one of them counts."]
    assert shape(cells)[2:4] == [("", "code", "one = 1"), ("e1-answer", "code", "one = 11")]


def test_a_split_answer_stays_in_two_boxes() -> None:
    """JupyterLab copies the notes of a cell to both halves."""
    cells = submitted()
    cells.insert(3, copy.deepcopy(cells[2]))
    cells[2].source, cells[3].source = "half = 0.5", "one = half * 2"
    repair(cells, released())
    assert [cell.source for cell in cells[2:4]] == ["half = 0.5", "one = half * 2"]
    assert shape(cells)[4:] == RIGHT[3:]
