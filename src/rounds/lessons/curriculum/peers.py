"""What peers offer beside what is here: their column was read, ours is counted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from rounds.lessons.curriculum.overview import LessonOverview


def render_peers(lessons: Sequence[LessonOverview], counts: Mapping[str, int]) -> Iterator[str]:
    """Yield the lines of a table: one row for each feature, one column for each peer, and ours last."""
    table = _read()
    known = {**counts, **_count_more(lessons, counts)}
    yield "| feature | " + " | ".join(table["peers"]) + " | **Rounds** |"
    yield "|---" * (len(table["peers"]) + 2) + "|"
    for feature in table["feature"]:
        yield f"| {feature['name']} | {' | '.join(feature['peers'])} | {feature['ours'].format_map(known)} |"


def _count_more(lessons: Sequence[LessonOverview], counts: Mapping[str, int]) -> dict[str, int]:
    exercises = [exercise for lesson in lessons for exercise in lesson.exercises]
    return {
        "with_objectives": sum(len(lesson.objectives) == 3 for lesson in lessons),
        "with_misconceptions": sum(bool(lesson.misconceptions) for lesson in lessons),
        "with_minutes": sum(exercise.minutes > 0 for exercise in exercises),
        "with_alt": counts["pictures"] - counts["figures_without_alt"],
        "tracks": len({lesson.track for lesson in lessons}),
    }


def _read() -> dict[str, Any]:
    return tomllib.loads(files("rounds.lessons.curriculum").joinpath("peers.toml").read_text(encoding="utf-8"))
