"""Everything that is wrong with an event, found at once: what, where, and the nearest valid name.

Pure: it works on texts and values that `load` has read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from rounds.errors import suggest
from rounds.event.hosting import find_wrong_hosting
from rounds.event.learning import find_wrong_learning
from rounds.event.model import Background, Event, Person
from rounds.event.section import Section
from rounds.event.type_words import say_type
from rounds.roles import Role

Path = tuple[str | int, ...]

SECTIONS = {
    "event": ("[event]", 'id = "spring"', 'title = "Spring datathon"', 'timezone = "Asia/Jerusalem"'),
    "phase": ("[[phase]]", 'id = "setup"', "opens = 2027-02-21T09:00:00", 'data = "none"'),
    "challenge": (
        "[[challenge]]",
        'id = "birthweight"',
        'title = "Newborn birthweight"',
        'dataset = "birthweight"',
        'question = "Among women at booking, predict the newborn\'s birthweight."',
    ),
}


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a file."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return f"{self.file}:{self.line}:{key} {self.message}"


def find_line(text: str, path: Path) -> int:
    """Return the line (from 1) of a TOML key such as ``("team", 2, "clinician")``, else of its section."""
    section = path[0]
    number = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    key = next((part for part in reversed(path[1:]) if isinstance(part, str)), None)
    header = re.compile(rf"^\s*\[\[?\s*{re.escape(str(section))}\s*\]\]?\s*(#.*)?$")
    lines = text.split("\n")
    starts = [i for i, line in enumerate(lines) if header.match(line)]
    if len(starts) <= number:
        return 1
    for i in range(starts[number] + 1, len(lines)):
        if lines[i].lstrip().startswith("["):
            break
        if key and re.match(rf'^\s*"?{re.escape(key)}"?\s*=', lines[i]):
            return i + 1
    return starts[number] + 1


def problems_of_toml(error: ValidationError, file: str, text: str) -> list[Problem]:
    """Return one problem for each error that pydantic found in the event file."""
    return [
        Problem(
            file,
            find_line(text, tuple(e["loc"])),
            _dotted(e["loc"]),
            _message(dict(e), Event, e["loc"]),
        )
        for e in error.errors()
    ]


def problems_of_person(error: ValidationError, file: str, line: int) -> list[Problem]:
    """Return one problem for each error that pydantic found in one line of the people file."""
    return [Problem(file, line, _dotted(e["loc"]), _message(dict(e), Person, e["loc"])) for e in error.errors()]


def _dotted(path: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in path)


def _message(error: dict[str, Any], model: type[BaseModel], path: Path) -> str:
    kind, value = error["type"], error.get("input")
    if kind == "extra_forbidden":
        return f'unknown key "{path[-1]}".{suggest(str(path[-1]), _fields_at(model, path[:-1]))}'
    if kind in ("missing", "too_short") and len(path) == 1 and path[0] in SECTIONS:
        return _missing_section(str(path[0]))
    if kind == "missing":
        return f'is missing; add a line: {path[-1]} = "..."'
    if kind == "enum":
        known = re.findall(r"'([^']+)'", error["ctx"]["expected"])
        return f'"{value}" is not known.{suggest(str(value), known)}'
    if value == "" and kind != "extra_forbidden":
        return "is empty; fill it"
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    text = say_type(kind, key, error.get("ctx") or {}) or str(error["msg"]).removeprefix("Value error, ")
    shown = f'"{value}" ' if isinstance(value, str) else f"{value} " if isinstance(value, int | float) else ""
    return f"{shown}{text[0].lower()}{text[1:]}"


def _missing_section(name: str) -> str:
    head, *_ = lines = SECTIONS[name]
    return f"there is no {head}; add these lines and change their values:" + "".join(f"\n      {x}" for x in lines)


def _fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that may stand at `path`."""
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        inner = _section_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    hidden = {"people", "terms", "consent"} if model is Event else set()
    return [name for name in model.model_fields if name not in hidden]


def _section_in(annotation: Any) -> type[Section] | None:
    candidates = (annotation, *getattr(annotation, "__args__", ()))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Section)), None)


def find_contradictions(event: Event, file: str, text: str, people_lines: dict[str, int]) -> list[Problem]:
    """Return what does not fit together in an event whose parts are valid each."""
    people_file, phases = event.event.people, [phase.id for phase in event.phase]

    def at(path: Path, message: str) -> Problem:
        return Problem(file, find_line(text, path), _dotted(path), message)

    def of(person: Person, key: str, message: str) -> Problem:
        return Problem(people_file, people_lines.get(person.username, 1), key, message)

    return [
        *(at(path, message) for path, message in _section_contradictions(event)),
        *(at(("hosting", key), message) for key, message in find_wrong_hosting(event.hosting, event.accounts)),
        *(at(("learning", key), message) for key, message in find_wrong_learning(event.learning, phases)),
        *(at(path, message) for path, message in _challenge_contradictions(event)),
        *(at(path, message) for path, message in _team_contradictions(event)),
        *(of(person, key, message) for person, key, message in _people_contradictions(event)),
    ]


def _section_contradictions(event: Event) -> Iterator[tuple[Path, str]]:
    for section in ("phase", "challenge", "team"):
        ids = [item.id for item in getattr(event, section)]
        for number, id_ in enumerate(ids):
            if id_ in ids[:number]:
                yield (
                    (section, number, "id"),
                    f'"{id_}" stands twice; every {section} needs its own id',
                )
    moments = [event.opens_at(phase) for phase in event.phase]
    for number in range(1, len(moments)):
        if moments[number] <= moments[number - 1]:
            yield (
                ("phase", number, "opens"),
                "opens before the phase above it; put the phases in order of time",
            )


def _challenge_contradictions(event: Event) -> Iterator[tuple[Path, str]]:
    examples = {"outcome": 'outcome = "birthweight_g"', "unit": 'unit = ["child_id"]'}
    for number, challenge in enumerate(event.challenge):
        limits = {"outcome_range": "outcome_range = [300, 6500]"} if challenge.metric == "mae" else {}
        for key, line in (examples | limits).items():
            if challenge.metric and not getattr(challenge, key):
                message = f'is needed for metric = "{challenge.metric}"; an example: {line}'
                yield ("challenge", number, key), message
        band, most = challenge.honest_band, math.inf if challenge.metric == "mae" else 1
        if band and (band[0] < 0 or band[1] > most):
            what = "a mean absolute error, 0 or more" if challenge.metric == "mae" else "an AUROC, from 0 to 1"
            yield ("challenge", number, "honest_band"), f"takes {what}; take the line out when it is not known"


def _team_contradictions(event: Event) -> Iterator[tuple[Path, str]]:
    challenges = [challenge.id for challenge in event.challenge]
    wanted = {"clinician": Background.CLINICIAN, "data_scientist": Background.DATA_SCIENCE}
    for number, team in enumerate(event.team):
        if team.challenge not in challenges:
            message = f'no challenge "{team.challenge}".{suggest(team.challenge, challenges)}'
            yield ("team", number, "challenge"), message
        for key, background in wanted.items():
            name = getattr(team, key)
            fitting = [p.username for p in event.with_role(Role.MENTOR) if p.background is background]
            if name not in fitting:
                message = f'no mentor "{name}" with background {background.value}.{suggest(name, fitting)}'
                yield ("team", number, key), message


def _people_contradictions(event: Event) -> Iterator[tuple[Person, str, str]]:
    teams = [team.id for team in event.team]
    emails = Counter(person.email.lower() for person in event.people)
    for person in event.people:
        if person.team and person.team not in teams:
            yield person, "team", f'no team "{person.team}".{suggest(person.team, teams)}'
        if emails[person.email.lower()] > 1:
            yield (
                person,
                "email",
                f'"{person.email}" stands more than once; every person needs an own address',
            )
