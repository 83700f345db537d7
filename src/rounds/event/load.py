"""Read an event file and its people file: file to `Event`, or every problem of both at once."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rounds.errors import EventError, suggest
from rounds.event.model import Event
from rounds.event.people_file import PeopleFile, merge_problems, parse_people
from rounds.event.problems import Problem, find_contradictions, find_line, problems_of_toml


def load_event(path: Path) -> Event:
    """Return the event of `path`; raise `EventError` that lists every problem of it and of its people file."""
    event, problems = read_event(path)
    if event is None or problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        raise EventError(f"{path} has {count}:\n{listed}")
    return event


def read_event(path: Path) -> tuple[Event | None, list[Problem]]:
    """Return the event of `path`, when its parts are valid, and all problems found."""
    text = _read_text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_problem_of_syntax(error, path.name)]
    found = read_people(path, table)
    table["terms"], missing = _read_terms(path, table, text)
    table["consent"], no_consent = _read_consent(path, table, text)
    table["people"] = ()
    event, wrong_parts = _build_event(table, path.name, text)
    problems = [*wrong_parts, *missing, *no_consent, *found.problems]
    if event is None:
        return None, problems
    whole = event.model_copy(update={"people": tuple(found.people)})
    if problems and not found.people:  # without people everything else seems wrong, too
        return whole, problems
    return whole, [*problems, *merge_problems(find_contradictions(whole, path.name, text, found.lines))]


def _build_event(table: dict[str, Any], file: str, text: str) -> tuple[Event | None, list[Problem]]:
    """Return the event; one wrong part is reported and left out, so that the rest can be checked too."""
    try:
        return Event.model_validate(table), []
    except ValidationError as error:
        problems = problems_of_toml(error, file, text)
        rest = copy.deepcopy(table)
        for path in {tuple(e["loc"]) for e in error.errors()}:
            _leave_out(rest, path)
    try:
        return Event.model_validate(rest), problems
    except ValidationError:
        return None, problems


def _leave_out(table: Any, path: tuple[str | int, ...]) -> None:
    """Delete what stands at `path`, if it stands there."""
    for part in path[:-1]:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(table, dict):
        table.pop(path[-1], None)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = suggest(path.name, [p.name for p in path.parent.glob("*.toml")])
        raise EventError(f"{path}: no such file.{near}") from None
    except IsADirectoryError:
        raise EventError(f"{path} is a folder. Name the file in it: {path / 'event.toml'}") from None
    except OSError as error:
        raise EventError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise EventError(f"{path}:{line}: is not UTF-8 text; save the file as UTF-8.") from None


def _problem_of_syntax(error: tomllib.TOMLDecodeError, file: str) -> Problem:
    message = str(error)
    _, _, place = message.rpartition("(at line ")
    line = int(place.split(",")[0]) if place[:1].isdigit() else 1
    return Problem(file, line, "", f"is not TOML: {message.partition(' (at ')[0]}")


def _read_terms(path: Path, table: dict[str, Any], text: str) -> tuple[str, list[Problem]]:
    """Return the terms that people accept at their first sign-in."""
    return _read_beside(path, str(_section(table, "event").get("terms", "terms.md")), ("event", "terms"), text)


def _read_consent(path: Path, table: dict[str, Any], text: str) -> tuple[str, list[Problem]]:
    """Return the event's own words of consent to the tests of knowledge; none where it names no file."""
    name = str(_section(table, "learning").get("consent", ""))
    return _read_beside(path, name, ("learning", "consent"), text) if name else ("", [])


def _read_beside(path: Path, name: str, key: tuple[str, str], text: str) -> tuple[str, list[Problem]]:
    try:
        return (path.parent / name).read_text(encoding="utf-8"), []
    except OSError:
        message = f'no file "{name}" beside it; write the {key[1]} of the event there'
        return "", [Problem(path.name, find_line(text, key), ".".join(key), message)]


def _section(table: dict[str, Any], name: str) -> dict[str, Any]:
    section = table.get(name)
    return section if isinstance(section, dict) else {}


def read_people(path: Path, table: dict[str, Any]) -> PeopleFile:
    """Return the people of an event file's table; `path` is the event file."""
    name = str(_section(table, "event").get("people", "people.csv"))
    try:
        data = (path.parent / name).read_bytes()
    except OSError:
        return PeopleFile(problems=[Problem(path.name, 1, "event.people", f'no file "{name}" beside it')])
    return parse_people(data, name)


def find_notes(path: Path) -> list[str]:
    """Return what is to be known of the people file of a valid event, one sentence each."""
    return read_people(path, tomllib.loads(_read_text(path))).notes
