"""The people file as organisers have it: three separators, blank lines, capitals, what a spreadsheet leaves.

What has one meaning is read as it is meant; what has none is one sentence for one cause, however many lines it is on.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from rounds.counted import counted
from rounds.errors import suggest
from rounds.event.model import Person
from rounds.event.problems import Problem, problems_of_person
from rounds.slugs import slugify

COLUMNS = ("username", "name", "email", "role", "background", "education", "skills", "team")
REQUIRED = ("name", "email", "role", "background")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
IN_WORDS = ("role", "background", "team")  # of a few known words: capitals and blanks say nothing there
JOINERS = "\u200c\u200d"  # invisible, and part of how some languages are written
EXAMPLE = "name,email,role,background,team"


@dataclass
class PeopleFile:
    """What was read: the people, the line of each username, what is wrong, and what is to be known of a right file."""

    people: list[Person] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def parse_people(data: bytes, file: str) -> PeopleFile:
    """Return the people of a file's bytes, with everything that is wrong or to be known."""
    found = PeopleFile()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found.problems.append(Problem(file, line, "", "is not UTF-8 text; export it as CSV UTF-8"))
        return found
    separator = find_separator(text)
    if separator != ",":
        found.notes.append(f"{file} has {SEPARATORS[separator]} between its columns, and is read so.")
    if hidden := sum(map(_is_invisible, text.lstrip("\ufeff"))):
        found.notes.append(f"{file}: {counted(hidden, 'invisible character')} left out.")
    _read(found, text, separator, file)
    found.problems = merge_problems(found.problems)
    found.notes += _say_namesakes(found, file)
    return found


def find_separator(text: str) -> str:
    """Return what stands between the columns: what makes the most known names of the first line that has any.

    Examples
    --------
    >>> find_separator("Name;E-Mail;role"), find_separator("name,email")
    (';', ',')
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: sum(_column(part) in COLUMNS for part in first.split(mark)))


def merge_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return one problem for one cause: the first of its kind, with the lines of the others."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        kind = re.sub(r'"[^"]*"', '""', problem.message.partition(" Did you mean")[0])
        kinds.setdefault((problem.file, problem.key, kind), []).append(problem)
    return [merged for alike in kinds.values() for merged in _merge(alike)]


def _merge(alike: list[Problem]) -> list[Problem]:
    """Return problems of one kind as one, where they say the same or are many."""
    if len({problem.message for problem in alike}) > 1 and len(alike) <= 3:
        return alike
    others = [str(problem.line) for problem in alike[1:]]
    if not others:
        return alike
    shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
    return [replace(alike[0], message=f"{alike[0].message} The same on line {shown}.")]


def _read(found: PeopleFile, text: str, separator: str, file: str) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    try:
        for values in reader:
            row = [_clean(value) for value in values]
            if not any(row):
                continue
            if header:
                _add_row(found, header, row, file, reader.line_num)
                continue
            while not row[-1]:
                row.pop()
            header = [_column(name) for name in row]
            if wrong := list(_header_problems(header, row)):
                found.problems += [Problem(file, reader.line_num, "", problem) for problem in wrong]
                return
    except csv.Error:
        lines = text.splitlines()
        odd = next((number for number, line in enumerate(lines, 1) if line.count('"') % 2), reader.line_num)
        message = 'has a quotation mark (") without its partner; close it, or write two for one inside a text'
        found.problems.append(Problem(file, odd, "", message))
    if not header:
        found.problems.append(Problem(file, 1, "", f"is empty; its first line names the columns: {EXAMPLE}"))


def _header_problems(header: list[str], written: list[str]) -> Iterator[str]:
    """Yield what is wrong with the first line."""
    if not set(header) & set(COLUMNS):
        yield f"names no column that is known; write a first line such as: {EXAMPLE}"
        return
    for name, column in zip(written, header, strict=True):
        if column and column not in COLUMNS:
            yield f'unknown column "{name}".{suggest(column, COLUMNS)}'
        elif column and header.count(column) > 1 and header.index(column) == written.index(name):
            yield f'the column "{column}" stands there twice; keep one of them'
    missing = [f'"{column}"' for column in REQUIRED if column not in header]
    if missing:
        what = "column {} is" if len(missing) == 1 else "columns {} are"
        yield f"the {what.format(' and '.join(missing))} missing from the first line"


def _add_row(found: PeopleFile, header: list[str], row: list[str], file: str, line: int) -> None:
    while len(row) > len(header) and not row[-1]:
        row.pop()
    if len(row) != len(header):
        found.problems.append(Problem(file, line, "", _say_length(header, row)))
        return
    given = {column: value for column, value in zip(header, row, strict=True) if column}
    try:
        person = Person.model_validate(_person_values(given))
    except ValidationError as error:
        found.problems += _person_problems(error, given, file, line)
        return
    if person.username in found.lines:
        message = f'"{person.username}" stands on line {found.lines[person.username]} too; fill the column username'
        found.problems.append(Problem(file, line, "username", message))
        return
    found.people.append(person)
    found.lines[person.username] = line


def _person_values(given: dict[str, str]) -> dict[str, Any]:
    words = {column: re.sub(r"\s+", "-", given[column].casefold()) for column in IN_WORDS if column in given}
    skills = tuple(skill.strip() for skill in given.get("skills", "").split(";") if skill.strip())
    username = given.get("username") or slugify(given["email"].partition("@")[0])
    return {**given, **words, "username": username, "skills": skills}


def _person_problems(error: ValidationError, given: dict[str, str], file: str, line: int) -> list[Problem]:
    """Return what is wrong with a person; a user name that was to be made of a wrong address is no second problem."""
    problems = problems_of_person(error, file, line)
    keys = {problem.key for problem in problems}
    if given.get("username") or "username" not in keys:
        return problems
    if "email" in keys:
        return [problem for problem in problems if problem.key != "username"]
    message = f'cannot be made of "{given["email"]}"; fill the column username'
    return [replace(p, message=message) if p.key == "username" else p for p in problems]


def _say_length(header: list[str], row: list[str]) -> str:
    """Return what is wrong with a line of another length; a comma inside a text is the usual reason."""
    said = f"has {counted(len(row), 'value')}, and the first line has {len(header)}"
    if len(row) < len(header):
        return f"{said}; leave no separator out, also behind an empty value"
    at = header.index("email") if "email" in header else 0
    extra = len(row) - len(header)
    if at and "@" in row[min(at + extra, len(row) - 1)]:
        text = ", ".join(row[at - 1 : at + extra])
        return f"{said}; a text with a separator in it stands in quotation marks: '\"{text}\"'"
    return f"{said}; a text with a separator in it stands in quotation marks"


def _say_namesakes(found: PeopleFile, file: str) -> list[str]:
    """Return a question for each name that two people bear."""
    times = Counter(person.name.casefold() for person in found.people)
    return [
        f"{file}: {' and '.join(p.username for p in alike)} are all called {alike[0].name}, on lines "
        f"{', '.join(str(found.lines[p.username]) for p in alike)}. If this is one person, delete the others' lines."
        for name, count in times.items()
        if count > 1
        for alike in [[p for p in found.people if p.name.casefold() == name]]
    ]


def _column(name: str) -> str:
    """Return a column's name as it is known: blanks, hyphens and capitals say nothing."""
    return re.sub(r"[\s_-]+", "", _clean(name)).casefold()


def _clean(text: str) -> str:
    """Return a value without what nobody sees, with single blanks."""
    return " ".join("".join(mark for mark in text if not _is_invisible(mark)).split())


def _is_invisible(mark: str) -> bool:
    return unicodedata.category(mark) == "Cf" and mark not in JOINERS
