"""The names of a table's columns: as the file gives them, and where it gives none or one twice, ones that fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rounds.data.numbers import is_number
from rounds.errors import DataError

_YEAR = re.compile(r"(1[89]|2[01])\d\d")


@dataclass(frozen=True)
class Header:
    """The names of the columns, what was changed about them, which were invented, and what stands in the file."""

    names: tuple[str, ...]
    said: tuple[str, ...] = ()
    invented: frozenset[str] = frozenset()
    found: tuple[str, ...] = ()


class HasHeading(Protocol):
    """A table that knows its heading."""

    @property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""


class Headed:
    """Gives a table that has a ``heading`` the names of its columns."""

    @property
    def header(self: HasHeading) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.heading.names


def build_header(where: str, found: Sequence[str]) -> Header:
    """Return the header with a name for every column; raise when the line is no header."""
    if not any(name.strip() for name in found):
        raise DataError(f"{where}: there is no column.")
    if _is_data(found):
        raise DataError(
            f"{where}: there is no header, the first line holds numbers. Write the names of the columns there."
        )
    names, said, invented = list[str](), list[str](), set[str]()
    given = {name.strip().casefold() for name in found}
    for place, name in enumerate((name.strip() for name in found), start=1):
        wanted = name or f"column_{place}"
        free = free_name(wanted, {each.casefold() for each in names} | (given - {name.casefold()}))
        if not name:
            invented.add(free)
            said.append(f'column {place} has no name in the header: it is called "{free}"')
        elif free != wanted:
            said.append(f'"{name}" stands in the header twice: column {place} is called "{free}"')
        names.append(free)
    return Header(tuple(names), tuple(said), frozenset(invented), tuple(name.strip() for name in found))


def free_name(wanted: str, taken: set[str]) -> str:
    """Return a name, numbered where another one has it; ``taken`` holds names in small letters."""
    name, number = wanted, 2
    while name.casefold() in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _is_data(names: Sequence[str]) -> bool:
    """Tell whether a header holds numbers that are no years, or years alone."""
    numbers = [name.strip() for name in names if is_number(name)]
    if not numbers:
        return False
    words = [name for name in names if name.strip() and not is_number(name)]
    return not words or len(set(numbers)) < len(numbers) or not all(map(_YEAR.fullmatch, numbers))
