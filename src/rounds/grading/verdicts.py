"""What the judge found in the last hand-in of each person, as the feedback page and the desk read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rounds.grading.course import Course
from rounds.grading.judge.verdict import Verdict
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole


@dataclass(frozen=True)
class Findings:
    """The verdicts of one hand-in by exercise, and what was repaired in its notebook.

    `title` and `titles` are those of the lesson and its exercises, so that a page needs no lesson's code.
    """

    verdicts: Mapping[str, Verdict]
    repairs: Sequence[str] = ()
    title: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def write_findings(course: Course, lesson: str, who: str, findings: Findings) -> None:
    """Keep what was found, in the place of what was found before."""
    path = _place(course, lesson, who)
    make_folder(path.parent)
    verdicts = {exercise: asdict(verdict) for exercise, verdict in findings.verdicts.items()}
    said = {"verdicts": verdicts, "repairs": list(findings.repairs), "title": findings.title}
    write_whole(path, json.dumps({**said, "titles": dict(findings.titles)}, indent=1))


def read_findings(course: Course, lesson: str, who: str) -> Findings:
    """Return what was found last; nothing where nothing was judged."""
    path = _place(course, lesson, who)
    if not path.is_file():
        return Findings({})
    said = json.loads(path.read_text(encoding="utf-8"))
    said["verdicts"] = {exercise: Verdict(**verdict) for exercise, verdict in said["verdicts"].items()}
    return Findings(**said)


def _place(course: Course, lesson: str, who: str) -> Path:
    return course.root / "verdicts" / lesson / f"{who}.json"
