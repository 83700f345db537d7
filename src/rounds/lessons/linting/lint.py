"""What a tutorial lacks: its twelve parts, its times, its notices, its alt texts, its terms; what gives an answer away.

A part begins at the cell that carries the tag ``part:<name>``; ``find_problems`` returns every
problem as a sentence that names the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rounds.errors import LessonError
from rounds.lessons.linting.spoilers import find_spoilers
from rounds.lessons.source import list_terms
from rounds.lessons.view.cell_roles import find_role_problems
from rounds.vocabulary import look_up

PARTS = (
    "title",
    "objectives",
    "minutes",
    "needs",
    "ward",
    "predict",
    "widget",
    "worked",
    "faded",
    "exercises",
    "misconception",
    "wrap-up",
)
MOST_LINES, MOST_MUST_MINUTES, FEWEST_ALT_WORDS = 12, 20, 3
_EXERCISE = re.compile(r"^### Exercise \d: .+ \((must|should|could), (\d+) minutes?\)$", re.M)
_FORBIDDEN = {
    "sys.path": re.compile(r"\bsys\.path\b"),
    "!pip": re.compile(r"^\s*[!%]\s*(pip|conda)\b", re.M),
    "an absolute path": re.compile(r"""["'](/[A-Za-z]|[A-Z]:\\)"""),
}


def find_problems(notebook: Any, folder: Path | None = None) -> tuple[str, ...]:
    """Return all problems of a tutorial (a source read by ``read_source``), none when it is whole."""
    parts = _split(notebook)
    found = [*_find_order(notebook)]
    if found:
        return tuple(found)
    found += [*_find_first_screen(parts), *_find_needs(parts), *_find_minutes(parts)]
    found += [*_find_closing(parts), *_find_cells(notebook), *_find_images(notebook, folder)]
    found += [*find_role_problems(notebook.cells), *find_spoilers(notebook.cells)]
    return (*found, *_find_terms(notebook))


def text_of(notebook: Any) -> dict[str, str]:
    """Return the text of each part of a lesson, without its code."""
    return {part: _text(cells) for part, cells in _split(notebook).items()}


def _tags(cell: Any) -> list[str]:
    return [tag[5:] for tag in cell.metadata.get("tags", []) if tag.startswith("part:")]


def _split(notebook: Any) -> dict[str, list[Any]]:
    """Return the cells of each part."""
    parts: dict[str, list[Any]] = {}
    name = ""
    for cell in notebook.cells:
        name = next(iter(_tags(cell)), name)
        parts.setdefault(name, []).append(cell)
    return parts


def _text(cells: list[Any]) -> str:
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def _code(cells: list[Any]) -> str:
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def _find_order(notebook: Any) -> Iterator[str]:
    found = tuple(tag for cell in notebook.cells for tag in _tags(cell))
    if found != PARTS:
        missing = [part for part in PARTS if part not in found]
        if missing:
            yield f'Parts are missing: {missing}. The first cell of a part has a tag: tags=["part:{missing[0]}"].'
        else:
            yield f"The parts do not stand in their order: {', '.join(PARTS)}."


def _find_first_screen(parts: dict[str, list[Any]]) -> Iterator[str]:
    if "synthetic" not in _text(parts["title"]).lower():
        yield "The title does not say that the data are synthetic."
    objectives = re.findall(r"^\d\. ", _text(parts["objectives"]), re.M)
    if len(objectives) != 3:
        yield f"There are {len(objectives)} objectives; wanted are 3, numbered."
    if not all(word in _text(parts["minutes"]) for word in ("must", "should", "could")):
        yield "The minutes do not tell must, should and could apart."


def _find_needs(parts: dict[str, list[Any]]) -> Iterator[str]:
    asked = len(re.findall(r"check\.ask\(", _code(parts["needs"])))
    if asked != 2:
        yield f"The self-check has {asked} questions; wanted are 2."
    if not parts["ward"] or len(re.findall(r"[.?!](\s|$)", _text(parts["ward"]))) > 6:
        yield "The patient's story has more than 6 sentences."
    if "rounds_widgets" not in _code(parts["widget"]):
        yield "The widget part shows no widget of rounds_widgets."


def _find_minutes(parts: dict[str, list[Any]]) -> Iterator[str]:
    exercises = _EXERCISE.findall(_text(parts["exercises"]))
    headings = re.findall(r"^### Exercise.*$", _text(parts["exercises"]), re.M)
    if not exercises or len(exercises) != len(headings):
        yield 'An exercise is not headed "### Exercise 1: title (must, 5 minutes)".'
    must = sum(int(minutes) for level, minutes in exercises if level == "must")
    if must > MOST_MUST_MINUTES:
        yield f"The exercises marked must take {must} minutes; at most {MOST_MUST_MINUTES}."
    buttons = len(re.findall(r"check\.button\(\"e\d", _code(parts["exercises"])))
    if buttons != len(exercises):
        yield f"There are {len(exercises)} exercises and {buttons} check buttons."


def _find_closing(parts: dict[str, list[Any]]) -> Iterator[str]:
    if "You may have thought" not in _text(parts["misconception"]):
        yield 'The misconception box does not say "You may have thought".'
    closing = _text(parts["wrap-up"])
    lines = re.findall(r"^\d\. ", closing, re.M)
    if len(lines) != 3:
        yield f"The wrap-up has {len(lines)} lines; wanted are 3, numbered."
    transfer = re.search(r"\*\*Take it to your challenge.*", closing)
    if not transfer or not re.search(r"\(.+?\)", transfer[0]):
        yield "The wrap-up asks no transfer question. Write: **Take it to your challenge (its name):** ..."


def _find_cells(notebook: Any) -> Iterator[str]:
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        lines = len([line for line in cell.source.splitlines() if not line.startswith("###")])
        if lines > MOST_LINES:
            yield f"Cell {cell.id} has {lines} lines; at most {MOST_LINES}."
        for name, pattern in _FORBIDDEN.items():
            if pattern.search(cell.source):
                yield f"Cell {cell.id} holds {name}."


def _find_images(notebook: Any, folder: Path | None) -> Iterator[str]:
    for cell in notebook.cells:
        for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)", cell.source):
            if len(alt.split()) < FEWEST_ALT_WORDS:
                yield f"Cell {cell.id}: the image {target} has no alt text of three words or more."
            if folder and "://" not in target and not (folder / target).is_file():
                yield f"Cell {cell.id}: there is no image {target}."
        for tag in re.findall(r"<img\b[^>]*>", cell.source):
            if not re.search(r'alt="[^"]{10,}"', tag):
                yield f"Cell {cell.id}: an <img> has no alt text."


def _find_terms(notebook: Any) -> Iterator[str]:
    pairs = [(cell.id, word) for cell in notebook.cells for _, word in list_terms(cell.source)]
    if not pairs:
        yield "No word is linked to the glossary. Write: {term}`sensitivity`"
    for cell_id, word in pairs:
        try:
            look_up(word)
        except LessonError as error:
            yield f"Cell {cell_id}: {error}"
