"""One line per pressed check and per opened lesson: which, when, passed or not, which attempt; never what was written.

In a room its server writes the line: code in the room cannot change the log.  The file is the one that
``ROUNDS_CHECK_LOG`` names; without it nothing is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rounds.errors import RoomError
from rounds.own_room import ask_room, has_service

VARIABLE = "ROUNDS_CHECK_LOG"


def report_check(lesson: str, exercise: str, passed: bool, attempt: int) -> None:
    """Have a press written down, in a room by its server; what goes wrong there never disturbs the learner."""
    if has_service():
        with suppress(RoomError):
            ask_room("log", lesson=lesson, exercise=exercise, passed=passed, attempt=attempt)
    else:
        record_check(lesson, exercise, passed, attempt)


def record_check(
    lesson: str,
    exercise: str,
    passed: bool,
    attempt: int,
    now: datetime | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Append one line to the log; a full disk or a missing folder never disturbs the learner."""
    pressed = {"lesson": lesson, "exercise": exercise, "passed": passed, "attempt": attempt}
    _append(pressed, now or datetime.now(UTC), environ)


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
