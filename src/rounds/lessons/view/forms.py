"""Forms over a box: controls that write the code of an answer, for whoever would rather not type it.

``forms.toml`` beside a lesson's source has a table array for each exercise; each of its entries fills one gap, the
three dots, of the box as it is released.  The build notes a form in the box's metadata; the page shows its controls and
writes into the box what they say, and that code is run, checked and handed in as any other.  No form knows an answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rounds.errors import LessonError, suggest

GAP = "..."
_A_TEXT = re.compile(r'^"([^"]+)"$')
LITERAL = re.compile(r'"[^"]*"|[-+]?[0-9.]+|True|False|None')
MOST_OPTIONS, MOST_ITEMS, LONGEST_TEXT = 12, 14, 200
OF_DATA = (
    "text",
    "number",
    "sort",
    "order",
    "several",
    "interval",
    "pictures",
)  # their answers are data and need no code
Entry = Mapping[str, Any]


def read_forms(path: Path | None) -> dict[str, list[Entry]]:
    """Return the forms of a lesson by exercise, each entry as the page reads it; none where there is no file.

    Raises
    ------
    LessonError
        When an entry has no question, no control or two, a key that is none, or too few options.
    """
    if path is None:
        return {}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{path}: {error}") from None
    return {name: [_read_entry(path, name, entry) for entry in _entries(path, name, said[name])] for name in said}


def note_forms(cells: Sequence[Any], forms: Mapping[str, list[Entry]], path: Path | None, opened: bool) -> None:
    """Write each form into the metadata of its box.

    `opened` says whether a form that writes code stands open; one whose answer is data always does.

    Raises
    ------
    LessonError
        When a form has no box.
    """
    boxes = {cell.id: cell for cell in cells if cell.metadata.get("rounds", {}).get("role") == "box"}
    for name, gaps in forms.items():
        if name not in boxes:
            raise LessonError(f'{path}: there is no box "{name}".{suggest(name, boxes)}')
        is_open = opened or all(map(_is_of_data, gaps))
        boxes[name].metadata["rounds"]["form"] = {"open": is_open, "gaps": gaps}


def check_gaps(cells: Sequence[Any], path: Path | None) -> None:
    """Raise unless each box, as it is released, has as many gaps as its form has entries."""
    for cell in cells:
        form = cell.metadata.get("rounds", {}).get("form")
        if form is not None and (there := cell.source.count(GAP)) != len(form["gaps"]):
            asked = len(form["gaps"])
            raise LessonError(f"{path}: {cell.id} has {asked} entries, and its box {there} gaps of three dots.")


def _is_of_data(gap: Entry) -> bool:
    return gap["kind"] in OF_DATA or (
        gap["kind"] == "choose" and all(LITERAL.fullmatch(code) for _, code in gap["options"])
    )


def _entries(path: Path, name: str, said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise LessonError(f"{path}: {name} is one table. Write [[{name}]] with two brackets above each entry.")
    return said


def _read_entry(path: Path, name: str, entry: Entry) -> dict[str, Any]:
    where = f"{path}: {name}"
    named = [kind for kind in _READERS if kind in entry]
    if len(named) != 1:
        raise LessonError(f"{where} has {len(named)} controls in one entry. Name one of: {', '.join(_READERS)}.")
    kind = named[0]
    known = ("ask", kind, *_BESIDE.get(kind, ()))
    strange = next((key for key in entry if key not in known), None)
    if strange is not None:
        raise LessonError(f'{where}: "{strange}" is no key of such an entry.{suggest(strange, known)}')
    if len(str(entry.get("ask", "")).split()) < 2:
        raise LessonError(f'{where} asks nothing. Write: ask = "What is known at booking?"')
    return {"ask": str(entry["ask"]), "kind": kind, **_READERS[kind](where, entry)}


def _read_range(where: str, entry: Entry) -> dict[str, Any]:
    kind = "number" if "number" in entry else "interval"
    said = entry[kind]
    ends = {key: said[key] for key in ("min", "max", "step") if isinstance(said.get(key), int | float)}
    if set(said) - {"min", "max", "step"} or not {"min", "max"} <= set(ends) or ends["min"] >= ends["max"]:
        raise LessonError(f"{where}: {kind} needs its ends. Write: {kind} = {{ min = 0, max = 100, step = 1 }}")
    return {**ends, "units": _texts(where, "unit", entry.get("unit", []), 0)}


def _read_text(where: str, entry: Entry) -> dict[str, Any]:
    longest = entry["text"]
    if not isinstance(longest, int) or not 1 <= longest <= LONGEST_TEXT:
        raise LessonError(f"{where}: text is the most letters that may be written, at most {LONGEST_TEXT}: text = 80")
    return {"longest": longest}


def _read_choose(where: str, entry: Entry) -> dict[str, Any]:
    """Return the options as pairs of what is shown and the code to it; a list shows code, texts without quotes."""
    said = entry["choose"]
    codes = _texts(where, "choose", list(said.values()) if isinstance(said, dict) else said, 2, MOST_OPTIONS)
    shown = said if isinstance(said, dict) else [_A_TEXT.sub(r"\1", code) for code in codes]
    return {"options": [[str(text), code] for text, code in zip(shown, codes, strict=True)]}


def _read_options(kind: str) -> Callable[[str, Entry], dict[str, Any]]:
    def read(where: str, entry: Entry) -> dict[str, Any]:
        return {"options": _texts(where, kind, entry[kind], 2)}

    return read


def _read_sort(where: str, entry: Entry) -> dict[str, Any]:
    groups = _texts(where, "into", entry.get("into", []), 2, MOST_OPTIONS)
    return {"items": _texts(where, "sort", entry["sort"], 2, MOST_ITEMS), "groups": groups}


def _read_named(kind: str) -> Callable[[str, Entry], dict[str, Any]]:
    def read(where: str, entry: Entry) -> dict[str, Any]:
        named = entry[kind]
        if not isinstance(named, dict) or len(named) < 2:
            raise LessonError(f'{where}: {kind} needs two or more. Write: {kind} = {{ A = "...", B = "..." }}')
        alt = entry.get("alt", {})
        mute = [key for key in named if len(str(alt.get(key, "")).split()) < 3] if kind == "pictures" else []
        if mute:
            raise LessonError(f"{where}: picture {mute[0]} has no alt text. Write: alt = {{ {mute[0]} = ... }}")
        return {"options": [[str(key), str(value)] for key, value in named.items()], "alt": dict(alt)}

    return read


def _texts(where: str, key: str, said: Any, fewest: int, most: int = MOST_ITEMS) -> list[str]:
    good = isinstance(said, list) and fewest <= len(said) <= most and len(set(map(str, said))) == len(said)
    if not good:
        raise LessonError(f"{where}: {key} is a list of {fewest} to {most} different texts.")
    return [str(text) for text in said]


_READERS: Mapping[str, Callable[[str, Entry], dict[str, Any]]] = {
    "text": _read_text,
    "number": _read_range,
    "interval": _read_range,
    "choose": _read_choose,
    "lines": _read_options("lines"),
    "several": _read_options("several"),
    "sort": _read_sort,
    "order": _read_named("order"),
    "pictures": _read_named("pictures"),
}
_BESIDE = {"number": ("unit",), "sort": ("into",), "pictures": ("alt",)}
