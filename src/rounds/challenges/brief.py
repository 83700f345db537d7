"""What a challenge asks of its analysis table, as its folder's ``brief.toml`` says it.

The file is read with one model; every problem of it is said at once, each with its line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rounds.errors import ChallengeError, suggest

FILE = "brief.toml"


class BriefSection(BaseModel):
    """A part of a brief: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Inclusion(BriefSection):
    """One ``[[step]]``: the rows that stay, by a condition or a range of the outcome; left out without its column."""

    label: str = Field(min_length=1)
    condition: str = ""
    range: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Inclusion:
        if bool(self.condition) == bool(self.range) or len(self.range) not in (0, 2):
            raise ValueError('takes one of the two: condition = "age >= 18", or range = [300, 6500] of the outcome')
        return self


class Shift(BriefSection):
    """A model of one part of the table, tested on another: a later time, or another hospital; conditions of pandas."""

    train: tuple[str, ...] = Field(min_length=1)
    test: tuple[str, ...] = Field(min_length=1)
    words: str = Field(min_length=1)


class Brief(BriefSection):
    """One challenge's question to its analysis table; a row is a patient's stay where nothing else is said."""

    outcome: str = Field(min_length=1)
    event: str = Field(min_length=1)
    rows: str = "stays"
    people: str = "patients"
    unit: tuple[str, ...] = ("encounter_id",)
    step: tuple[Inclusion, ...] = ()
    alone: str = ""
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    shift: Shift | None = None
    no_outcome: str = "It is the outcome to predict."
    no_person: str = "No person: rows of one patient cannot be kept on one side of a split."
    limits: Mapping[str, str] = {}

    @property
    def status(self) -> str:
        """The column that says what came first: the outcome, a competing event, or nothing."""
        return f"{self.outcome}_status"


_SAID = {
    "missing": 'is missing; an example: outcome = "died_28", event = "death by day 28", label = "Adults"',
    "tuple_type": 'takes a list; an example: unit = ["stay_id"]',
    "string_type": 'takes a text in quotation marks; an example: event = "death by day 28"',
    "string_too_short": "is empty",
}


def load_brief(path: Path) -> Brief:
    """Return the brief of a file; raise `ChallengeError` with everything that is wrong in it."""
    text = path.read_text(encoding="utf-8")
    try:
        return Brief.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ChallengeError(
            f'{path}: is not TOML ({error}). A text stands in quotation marks: event = "death"'
        ) from None
    except ValidationError as error:
        lines = [_say(dict(problem), path, text) for problem in error.errors()]
        raise ChallengeError("\n".join(lines)) from None


def _say(problem: dict[str, object], path: Path, text: str) -> str:
    place = [part for part in problem["loc"] if isinstance(part, str)]  # type: ignore[attr-defined]
    key = place[-1] if place else ""
    line = next((n for n, row in enumerate(text.split("\n"), 1) if key and row.lstrip("[ ").startswith(key)), 1)
    if problem["type"] == "extra_forbidden":
        parts: dict[str, type[BriefSection]] = {"step": Inclusion, "shift": Shift}
        known = parts.get(place[0], Brief) if len(place) > 1 else Brief
        return f'{path}:{line}: unknown key "{key}".{suggest(key, known.model_fields)}'
    said = _SAID.get(str(problem["type"]), str(problem["msg"]).removeprefix("Value error, "))
    return f"{path}:{line}: {'.'.join(place)}: {said}"
