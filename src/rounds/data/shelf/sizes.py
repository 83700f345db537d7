"""How much of a dataset a room opens: one table, by the room, whose challenge it is, and what the phase opens.

Values only; ``opening`` knows the clock, ``shelf`` knows the folders.  What the table does not name stays closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Size(StrEnum):
    """How much of a dataset: 100 people, about 5,000 synthetic people, or all."""

    SAMPLE = "sample"
    LESSON = "lesson"
    FULL = "full"


class RoomKind(StrEnum):
    """Where a notebook runs."""

    LEARNING = "a learning server"
    TEAM = "a team's room"
    DASHBOARDS = "a team's dashboards"


class Whose(StrEnum):
    """Whose challenge a dataset belongs to."""

    OWN = "the team's challenge"
    OTHER = "another challenge"


class Opens(StrEnum):
    """What a phase opens: the ``data`` of a ``[[phase]]``."""

    NONE = "none"
    SAMPLE = "sample"
    FULL = "full"


@dataclass(frozen=True)
class Allowed:
    """The sizes that may be opened; the first one that is there is opened unasked."""

    synthetic: tuple[Size, ...] = ()
    real: tuple[Size, ...] = ()

    def sizes(self, is_synthetic: bool) -> tuple[Size, ...]:
        """Return the sizes of a synthetic dataset, or those of any other."""
        return self.synthetic if is_synthetic else self.real


_S, _L, _F = Size.SAMPLE, Size.LESSON, Size.FULL
LESSON_ONLY = Allowed(synthetic=(_L,))
SAMPLE = Allowed(synthetic=(_S, _L), real=(_S,))
FULL = Allowed(synthetic=(_F, _L, _S), real=(_F, _S))

RULE: dict[tuple[RoomKind, Whose, Opens], Allowed] = {
    (RoomKind.LEARNING, Whose.OWN, Opens.NONE): LESSON_ONLY,
    (RoomKind.LEARNING, Whose.OWN, Opens.SAMPLE): LESSON_ONLY,
    (RoomKind.LEARNING, Whose.OWN, Opens.FULL): LESSON_ONLY,
    (RoomKind.LEARNING, Whose.OTHER, Opens.NONE): LESSON_ONLY,
    (RoomKind.LEARNING, Whose.OTHER, Opens.SAMPLE): LESSON_ONLY,
    (RoomKind.LEARNING, Whose.OTHER, Opens.FULL): LESSON_ONLY,
    (RoomKind.TEAM, Whose.OWN, Opens.NONE): LESSON_ONLY,
    (RoomKind.TEAM, Whose.OWN, Opens.SAMPLE): SAMPLE,
    (RoomKind.TEAM, Whose.OWN, Opens.FULL): FULL,
    (RoomKind.TEAM, Whose.OTHER, Opens.NONE): LESSON_ONLY,
    (RoomKind.TEAM, Whose.OTHER, Opens.SAMPLE): LESSON_ONLY,
    (RoomKind.TEAM, Whose.OTHER, Opens.FULL): LESSON_ONLY,
    (RoomKind.DASHBOARDS, Whose.OWN, Opens.NONE): LESSON_ONLY,
    (RoomKind.DASHBOARDS, Whose.OWN, Opens.SAMPLE): SAMPLE,
    (RoomKind.DASHBOARDS, Whose.OWN, Opens.FULL): FULL,
    (RoomKind.DASHBOARDS, Whose.OTHER, Opens.NONE): LESSON_ONLY,
    (RoomKind.DASHBOARDS, Whose.OTHER, Opens.SAMPLE): LESSON_ONLY,
    (RoomKind.DASHBOARDS, Whose.OTHER, Opens.FULL): LESSON_ONLY,
}


def allowed_sizes(room: RoomKind, whose: Whose, opens: Opens) -> Allowed:
    """Return what a room may open; nothing where the table is silent."""
    return RULE.get((room, whose, opens), Allowed())


@dataclass(frozen=True)
class Homes:
    """Where datasets lie: what every room may open, and below ``sized`` what follows the phases."""

    data: Path
    sized: Path | None = None

    def of(self, size: str) -> Path:
        """Return the folder of the datasets of a size; an unsized part, such as a hold-out's features, lies in data."""
        return self.sized / size if self.sized is not None and size in (_S, _F) else self.data
