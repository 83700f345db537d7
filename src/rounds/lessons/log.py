"""One line per pressed check: which exercise, passed or not, which attempt; never what was written.

The file is the one that ``ROUNDS_CHECK_LOG`` names; without it nothing is written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "ROUNDS_CHECK_LOG"


def record_check(
    lesson: str,
    exercise: str,
    passed: bool,
    attempt: int,
    now: datetime | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Append one line to the log; a full disk or a missing folder never disturbs the learner."""
    name = environ.get(VARIABLE)
    if not name:
        return
    when = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    said = {"time": when, "lesson": lesson, "exercise": exercise}
    line = json.dumps({**said, "passed": passed, "attempt": attempt})
    with suppress(OSError):
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
