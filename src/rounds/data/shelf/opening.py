"""When each phase opens data, and for which team: a small file that the hub writes and rooms read.

The clock decides at each ``load``: a phase opens while a server runs.  Without a readable file nothing is open.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rounds.data.shelf.sizes import Opens, Size

FILE = "opening.json"
ENOUGH = {Size.SAMPLE: (Opens.SAMPLE, Opens.FULL), Size.FULL: (Opens.FULL,)}


@dataclass(frozen=True)
class PhaseOpening:
    """From when on a phase holds (an aware time), and what it opens."""

    id: str
    opens: datetime
    data: Opens

    def says(self) -> str:
        """Return when it opens, in words."""
        return f"{self.opens:%A} {self.opens.day} {self.opens:%B %Y at %H:%M}"


@dataclass(frozen=True)
class Opening:
    """The phases in order, and the dataset of each team's challenge."""

    phases: tuple[PhaseOpening, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)

    def current(self, now: datetime) -> PhaseOpening | None:
        """Return the phase that holds now; None before the first."""
        begun = [phase for phase in self.phases if phase.opens <= now]
        return max(begun, key=lambda phase: phase.opens, default=None)

    def opens_now(self, now: datetime) -> Opens:
        """Return what is open now."""
        phase = self.current(now)
        return phase.data if phase else Opens.NONE

    def next_with(self, size: Size, now: datetime) -> PhaseOpening | None:
        """Return the next phase that opens a size; None when none will."""
        coming = [phase for phase in self.phases if phase.opens > now and phase.data in ENOUGH.get(size, ())]
        return min(coming, key=lambda phase: phase.opens, default=None)


def write_opening(folder: Path, opening: Opening) -> None:
    """Replace the file in one step."""
    said = {
        "phases": [{"id": p.id, "opens": p.opens.isoformat(), "data": p.data.value} for p in opening.phases],
        "teams": dict(opening.teams),
    }
    handle, fresh = tempfile.mkstemp(prefix=f".{FILE}-", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(said, file, indent=1)
    Path(fresh).chmod(0o644)
    os.replace(fresh, folder / FILE)


def read_opening(folder: Path) -> Opening:
    """Return what the hub wrote; an opening without any phase when the file is not there or is no such file."""
    try:
        said = json.loads((folder / FILE).read_text(encoding="utf-8"))
        phases = [
            PhaseOpening(str(p["id"]), datetime.fromisoformat(p["opens"]), Opens(p["data"])) for p in said["phases"]
        ]
        teams = {str(team): str(dataset) for team, dataset in said["teams"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Opening()
    if any(phase.opens.tzinfo is None for phase in phases):
        return Opening()
    return Opening(tuple(phases), teams)
