"""Put the cells of a learner's own copy right when it is opened: each of the lesson's cells once, with id and notes.

What a learner wrote stays.  A cell that was deleted is put back as it was released, one that was copied is an ordinary
cell, and a copy that was begun under an older release gets the ids and roles of today.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping
from typing import Any

from rounds.grading.repair import align, repair

COLLAPSED = "jp-MarkdownHeadingCollapsed"  # JupyterLab's: all below a heading is gone, by one key
NOTES = ("nbgrader", "rounds", "deletable", "editable", "tags")


def put_right(own: Any, released: Any) -> bool:
    """Change a learner's notebook in its place, by the released one; return whether anything was changed."""
    before = copy.deepcopy(own)
    found = _find(own.cells, released.cells)
    for number, cell in found.items():
        _rename(cell, own.cells, released.cells[number])
    _forget(own.cells, list(found.values()))
    _put_back(own.cells, released.cells, found)
    repair(own.cells, released.cells)
    own.metadata["rounds"] = copy.deepcopy(released.metadata.get("rounds", {}))
    own.nbformat_minor = max(5, own.nbformat_minor)
    return bool(own != before)


def _find(cells: list[Any], released: list[Any]) -> dict[int, Any]:
    """Return what became of each released cell, by number: known by id, by nbgrader's name, by place and text."""
    by_id = {str(cell.get("id")): cell for cell in reversed(cells)}
    by_name = {_name(cell): cell for cell in cells if _name(cell)}
    found: dict[int, Any] = {}
    for number, before in enumerate(released):
        cell = by_id.get(str(before.id)) or by_name.get(_name(before))
        if cell is not None and cell.cell_type == before.cell_type:
            found[number] = cell
    numbers = {id(before): number for number, before in enumerate(released)}
    taken = {id(cell) for cell in found.values()}
    for before, cell in align(cells, released):
        if numbers[id(before)] not in found and id(cell) not in taken and cell.cell_type == before.cell_type:
            found[numbers[id(before)]] = cell
            taken.add(id(cell))
    return found


def _name(cell: Any) -> str:
    own = cell.metadata.get("nbgrader")
    return str(own.get("grade_id", "")) if isinstance(own, Mapping) else ""


def _rename(cell: Any, cells: list[Any], before: Any) -> None:
    """Give a cell its id and the lesson's notes; another cell that bears this id gets a new one."""
    for other in cells:
        if other is not cell and other.get("id") == before.id:
            other["id"] = secrets.token_hex(4)
    cell["id"] = before.id
    cell.metadata.pop(COLLAPSED, None)
    for note in NOTES:
        cell.metadata.pop(note, None)
        if note in before.metadata:
            cell.metadata[note] = copy.deepcopy(before.metadata[note])


def _forget(cells: list[Any], known: list[Any]) -> None:
    """Take the lesson's notes from cells that are none of the lesson's: copies, and what the learner added."""
    kept = {id(cell) for cell in known}
    for cell in cells:
        if id(cell) not in kept:
            for note in ("nbgrader", "rounds", "deletable", "editable"):
                cell.metadata.pop(note, None)
            cell.setdefault("id", secrets.token_hex(4))


def _put_back(cells: list[Any], released: list[Any], found: dict[int, Any]) -> None:
    """Put each cell that is missing behind the one that stood before it."""
    at = 0
    for number, before in enumerate(released):
        if number not in found:
            found[number] = copy.deepcopy(before)
            cells.insert(at, found[number])
        at = next(place for place, cell in enumerate(cells) if cell is found[number]) + 1
