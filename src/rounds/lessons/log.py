"""One line per pressed check and opened lesson: which, when, passed, attempt, mistake; never what was written.

A mistake is the name of a diagnosis (`rounds.lessons.ladder.recognise`), ``unrecognised`` where no name fits, and empty
for an answer that holds.  In a room its server writes the line: code in the room cannot change the log.  The file is
the one that ``ROUNDS_CHECK_LOG`` names; without it nothing is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rounds.errors import RoomError
from rounds.own_room import ask_room, has_service

VARIABLE = "ROUNDS_CHECK_LOG"


@dataclass(frozen=True)
class Pressed:
    """One press of a check button."""

    lesson: str
    exercise: str
    passed: bool
    attempt: int
    mistake: str = ""


def report_check(pressed: Pressed) -> None:
    """Have a press written down, in a room by its server; what goes wrong there never disturbs the learner."""
    if has_service():
        with suppress(RoomError):
            ask_room("log", **asdict(pressed))
    else:
        record_check(pressed)


def record_check(pressed: Pressed, now: datetime | None = None, environ: Mapping[str, str] = os.environ) -> None:
    """Append one line to the log; a full disk or a missing folder never disturbs the learner."""
    _append(asdict(pressed), now or datetime.now(UTC), environ)


def record_opened(lesson: str, now: datetime | None = None, environ: Mapping[str, str] = os.environ) -> None:
    """Append that a lesson was opened: the minutes until its first press are counted from here."""
    _append({"lesson": lesson, "opened": True}, now or datetime.now(UTC), environ)


def _append(said: Mapping[str, object], now: datetime, environ: Mapping[str, str]) -> None:
    name = environ.get(VARIABLE)
    if not name:
        return
    line = json.dumps({"time": now.isoformat(timespec="seconds"), **said})
    with suppress(OSError):
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
