"""What each code cell of a lesson is for; the build notes it in the cell's metadata, where page and kernel read it.

``metadata.rounds`` of a code cell is ``{"role": ...}`` and, where it belongs to one, ``"exercise"`` or ``"question"``.
A box has its ``"title"`` too, and where a heading says so ``"part"`` (must, should, could) and ``"minutes"``.
Cells have ids that say the same, ``e2``, ``e2-check``, ``e2-test``: so the kernel knows from the id which box ran.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from rounds.errors import suggest

BY_ITSELF = ("setup", "question", "widget", "check", "made", "show")  # these run when the page opens, in their order
FOLDED = ("setup", "question", "widget", "check", "made", "test")  # their code is not for reading
ROLES = (*BY_ITSELF, "box", "test")
PARTS = ("must", "should", "could")
EXERCISE = re.compile(r"^### Exercise \d+: (.+) \((must|should|could), (\d+) minutes?\)$", re.M)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
_MINUTES = re.compile(r"^\|[^|]*\|\s*(\d+)\s*\|\s*\**(must|should|could)\**\s*\|\s*$", re.M)
_CALLS = {"check": re.compile(r'\bcheck\.button\("([^"]+)"'), "question": re.compile(r'\bcheck\.ask\("([^"]+)"')}
_WIDGET, _SETUP = re.compile(r"\brounds_widgets\b"), re.compile(r"^check = open_lesson\(", re.M)
_IDS = {"setup": "setup", "question": "{question}", "check": "{exercise}-check", "box": "{exercise}"}
_IDS["test"] = "{exercise}-test"


def note_roles(cells: Sequence[Any]) -> None:
    """Write into each code cell's metadata what it is for; what its source says itself stays."""
    heading: dict[str, Any] = {}
    for cell in cells:
        if cell.cell_type == "markdown":
            heading = _read_heading(cell.source) or heading
        elif cell.cell_type == "code":
            said = _describe(cell) | cell.metadata.get("rounds", {})
            cell.metadata["rounds"] = {**said, **heading} if said["role"] == "box" else said


def add_minutes(text: str) -> dict[str, int]:
    """Return the planned minutes of must, should and could in the table of a text."""
    planned = dict.fromkeys(PARTS, 0)
    for minutes, part in _MINUTES.findall(text):
        planned[part] += int(minutes)
    return planned


def find_role_problems(cells: Sequence[Any]) -> Iterator[str]:
    """Yield what a page would miss: the set-up, the button of a box, the box of a button, an id that says no role."""
    note_roles(cells)
    code = [cell for cell in cells if cell.cell_type == "code"]
    if "setup" not in (_said(cell)["role"] for cell in code):
        yield 'No cell opens the checks. Write in the first one: check = open_lesson("x1")'
    for cell in code:
        if _said(cell)["role"] == "widget" and not _WIDGET.search(cell.source):
            yield f'Cell {cell.id} shows no widget. Write: rounds={{"role": "made"}}'
        yield from _find_wrong(cell.id, _said(cell))
    boxes, buttons = _exercises(code, "box"), _exercises(code, "check")
    yield from (f'The box of {name} has no button. Write: check.button("{name}")' for name in boxes - buttons)
    yield from (f"The button of {name} has no box." for name in buttons - boxes)


def _exercises(code: Sequence[Any], role: str) -> Set[str]:
    return {str(_said(cell)["exercise"]): None for cell in code if _said(cell)["role"] == role}.keys()


def _said(cell: Any) -> Mapping[str, Any]:
    return cell.metadata["rounds"]  # type: ignore[no-any-return]


def _find_wrong(cell_id: str, said: Mapping[str, Any]) -> Iterator[str]:
    role = str(said["role"])
    if role not in ROLES:
        yield f'Cell {cell_id} has the role "{role}", which is none.{suggest(role, ROLES)}'
    elif (wanted := _IDS.get(role, cell_id).format_map(said)) != cell_id:
        yield f'Cell {cell_id} has another id than a page looks for. Write: id="{wanted}"'


def _read_heading(text: str) -> dict[str, Any]:
    """Return title, part and minutes of the last exercise of a text, else the title of its last heading."""
    if exercises := EXERCISE.findall(text):
        title, part, minutes = exercises[-1]
        return {"title": title, "part": part, "minutes": int(minutes)}
    headings = _HEADING.findall(text)
    return {"title": headings[-1].strip()} if headings else {}


def _describe(cell: Any) -> dict[str, Any]:
    own = cell.metadata.get("nbgrader", {})
    name = str(own.get("grade_id", ""))
    if own.get("solution"):
        return {"role": "box", "exercise": name.removesuffix("-answer")}
    if own.get("grade"):
        return {"role": "test", "exercise": name.removesuffix("-test")}
    for role, call in _CALLS.items():
        if found := call.search(cell.source):
            return {"role": role, "question" if role == "question" else "exercise": found[1]}
    return {"role": "widget" if _WIDGET.search(cell.source) else "setup" if _SETUP.search(cell.source) else "show"}
