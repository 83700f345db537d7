"""How far a learner is with a lesson, and the minutes: read from what the room's server itself wrote down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.store.whole import write_whole


@dataclass(frozen=True)
class Standing:
    """Which exercises of a lesson a check has passed, and how often each was tried."""

    passed: tuple[str, ...]
    tried: dict[str, int]


def read_standing(log: Path, lesson_id: str) -> Standing:
    """Return how a lesson stands after the presses in a log; a line that is none is passed over."""
    passed: dict[str, None] = {}
    tried: Counter[str] = Counter()
    for said in _lines(log):
        if said.get("lesson") == lesson_id and isinstance(exercise := said.get("exercise"), str):
            tried[exercise] += 1
            if said.get("passed") is True:
                passed[exercise] = None
    return Standing(tuple(passed), dict(tried))


def read_minutes(file: Path) -> dict[str, int]:
    """Return the minutes spent with each lesson; nothing when none were noted yet."""
    try:
        return {str(name): int(minutes) for name, minutes in json.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def add_minute(file: Path, lesson_id: str) -> int:
    """Note one minute more with a lesson, and return how many they are."""
    minutes = read_minutes(file)
    minutes[lesson_id] = minutes.get(lesson_id, 0) + 1
    write_whole(file, json.dumps(minutes))
    return minutes[lesson_id]


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            yield said
