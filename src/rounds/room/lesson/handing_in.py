"""Hand a lesson in from its page by the road that nbgrader's own submit takes, and wait for the marks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.errors import GradingError
from rounds.grading.exchange.files import IGNORED, read_files

WAITS_S, LOOK_EVERY_S = 60.0, 0.5
Ask = Callable[[Mapping[str, Any]], dict[str, Any]]  # the grading service; raises `UserError` when it refuses


@dataclass(frozen=True)
class HandIn:
    """One lesson of one room; `ask` asks the grading service, `work` is the folder that the room shows."""

    ask: Ask
    lesson: str
    work: Path
    waits_s: float = WAITS_S

    def hand_in(self) -> dict[str, Any]:
        """Hand in what is saved and return the attempt as `find_newest` does, with its marks if they come in time."""
        folder = self.work / self.lesson
        if folder.is_symlink() or not folder.is_dir():
            raise GradingError(f"There is no folder {self.lesson}. Open the lesson from the desk again.")
        self.ask({"kind": "hand-in", "lesson": self.lesson, "files": read_files(folder, IGNORED)})
        deadline = time.monotonic() + self.waits_s
        while not (said := self.find_newest()).get("settled") and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_S)
        return said

    def find_newest(self) -> dict[str, Any]:
        """Return the newest attempt: `time`, whether it is `settled`, why it was `refused`, and its `feedback`.

        The feedback has `points`, `most` and, for each exercise, `title`, `state`, `sentence`, `points`, `max_points`.
        Nothing when nothing was handed in yet.
        """
        attempts = self.ask({"kind": "attempts", "lesson": self.lesson})["attempts"]
        if not attempts:
            return {}
        newest = attempts[-1]
        said = {"time": newest["time"], "settled": bool(newest["graded"] or newest["refused"])}
        if newest["refused"]:
            return {**said, "refused": newest["refused"]}
        if not newest["graded"]:
            return said
        marked = self.ask({"kind": "feedback", "lesson": self.lesson, "time": newest["time"]})
        return {**said, "feedback": marked["said"]}
