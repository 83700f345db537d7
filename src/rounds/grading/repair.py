"""Put a submission's cells right where a learner copied, deleted, moved, re-typed or stripped them.

The released notebook says which cells there are.  A learner's own text is kept as it is; what the lesson locked, and
all that nbgrader notes beside a cell, is the release's again.  Each repair is one sentence.  Nothing here touches disk.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

OWN = "nbgrader"


def repair(cells: list[Any], released: Sequence[Any]) -> list[str]:
    """Change the cells of a submission in their place; return what was done, in sentences."""
    wanted = {_id(cell): cell for cell in released if _id(cell)}
    _forget_unknown(cells, wanted)
    said = [f"The mark of {name} was missing in the notebook and was put back." for name in _find(cells, released)]
    said += [f"{name} was there more than once; one of them counts." for name in _drop_copies(cells, wanted)]
    for cell in cells:
        if _id(cell):
            said += _restore(cell, wanted[_id(cell)])
    said += [f"{name} had been deleted and was put back." for name in _put_back(cells, released)]
    said += [f"{name} stood before its answer and was moved behind it." for name in _reorder(cells, released)]
    return said


def _id(cell: Any) -> str:
    own = cell.metadata.get(OWN)
    return str(own.get("grade_id", "")) if isinstance(own, dict) else ""


def _is_test(cell: Any) -> bool:
    own = cell.metadata.get(OWN, {})
    return bool(own.get("grade")) and not own.get("solution")


def _forget_unknown(cells: list[Any], wanted: dict[str, Any]) -> None:
    """Take away notes of nbgrader's that are of no cell of this lesson."""
    for cell in cells:
        if OWN in cell.metadata and _id(cell) not in wanted:
            del cell.metadata[OWN]


def _find(cells: list[Any], released: Sequence[Any]) -> Iterator[str]:
    """Give cells that lost their notes these notes again, and yield their names."""
    there = {_id(cell) for cell in cells}
    for before, cell in align(cells, released):
        name = _id(before)
        if name and name not in there and OWN not in cell.metadata:
            cell.metadata[OWN] = copy.deepcopy(before.metadata[OWN])
            there.add(name)
            yield name


def align(cells: list[Any], released: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each released cell with what became of it: by its own id, its text, or its place between known ones."""
    by_id = {cell.get("id"): cell for cell in cells if cell.get("id")}
    known = [before for before in released if before.get("id") in by_id]
    yield from ((before, by_id[before["id"]]) for before in known)
    texts = [_text(cell) for cell in released], [_text(cell) for cell in cells]
    for kind, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(released[a:b], cells[c:d], strict=True)
        elif kind == "replace":
            code = [cell for cell in cells[c:d] if cell.cell_type == "code"]
            yield from zip([cell for cell in released[a:b] if cell.cell_type == "code"], code, strict=False)


def _text(cell: Any) -> str:
    return "\n".join(line.rstrip() for line in str(cell.source).strip().split("\n"))


def _drop_copies(cells: list[Any], wanted: dict[str, Any]) -> list[str]:
    """Of answers keep the last, and the others as ordinary boxes; of locked cells keep the first alone."""
    names = [_id(cell) for cell in cells]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    for name in twice:
        same = [cell for cell in cells if _id(cell) == name]
        if wanted[name].metadata[OWN].get("solution"):
            for cell in same[:-1]:
                del cell.metadata[OWN]
        else:
            cells[:] = [cell for cell in cells if not any(cell is copied for copied in same[1:])]
    return twice


def _restore(cell: Any, before: Any) -> Iterator[str]:
    """Make type, notes and locked text of a cell the release's again; yield what a learner should know of."""
    own = before.metadata[OWN]
    if cell.cell_type != before.cell_type:
        yield f"{_id(cell)} had become a {cell.cell_type} cell and was made a {before.cell_type} cell again."
        _retype(cell, before.cell_type)
    if (own.get("locked") or _is_test(before)) and not own.get("solution") and _text(cell) != _text(before):
        yield f"{_id(cell)} is locked; its text was put back."
        cell.source = before.source
    cell.metadata[OWN] = copy.deepcopy(own)


def _retype(cell: Any, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _put_back(cells: list[Any], released: Sequence[Any]) -> Iterator[str]:
    """Add test cells that are missing, each behind what stood before it; yield their names."""
    for number, before in enumerate(released):
        if _is_test(before) and _id(before) not in {_id(cell) for cell in cells}:
            names = [_id(cell) for cell in cells]
            above = [_id(cell) for cell in released[:number] if _id(cell) in names and _id(cell)]
            at = names.index(above[-1]) + 1 if above else len(cells)
            cells.insert(at, copy.deepcopy(before))
            yield _id(before)


def _reorder(cells: list[Any], released: Sequence[Any]) -> Iterator[str]:
    """Move each test cell behind the answers that it is about; yield the names of those that were moved."""
    answers: list[str] = []
    for before in released:
        if not _is_test(before):
            answers += [_id(before)] if _id(before) and before.metadata[OWN].get("solution") else []
            continue
        names = [_id(cell) for cell in cells]
        last = max((names.index(name) for name in answers if name in names), default=-1)
        at = names.index(_id(before))
        if at < last:
            cells.insert(last, cells.pop(at))
            yield _id(before)
        answers = []
