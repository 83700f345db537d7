"""A lesson's folder: one part for the learner's room, one for those who grade and teach; found by the lesson's id.

    <track>/<id>_<topic>/   lesson.ipynb checks.py, pictures      the learner's part
                            lesson.py forms.toml hidden.py answers.py notes.md   the staff's part, which no room gets

Both parts lie in one folder, or each in one of its own with the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEARNER, STAFF = ("lesson.ipynb", "checks.py"), ("lesson.py", "forms.toml", "hidden.py", "answers.py", "notes.md")
PICTURES = (".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
NAME = re.compile(r"([a-z]{1,3}[0-9]{0,3})_([a-z0-9]+(?:_[a-z0-9]+)*)")
TRACKS = {
    "ml_for_clinicians": "Machine learning for clinicians",
    "clinic_for_engineers": "The clinic for engineers",
    "together": "Together",
}
FOR_CLINICIANS = "ml_for_clinicians"  # the track of those who need write no code
FOR_TWO = "together"  # the track whose lessons a clinician and an engineer do at one keyboard


@dataclass(frozen=True)
class LessonFolder:
    """Where the parts of one lesson lie; a part that is nowhere is None."""

    name: str
    track: str
    learner: Path | None
    staff: Path | None

    @property
    def id(self) -> str:
        """The lesson's id: what stands before the topic."""
        return self.name.partition("_")[0]

    @property
    def assignment(self) -> str:
        """The lesson's name in nbgrader and in the event file."""
        return self.name.replace("_", "-")

    @property
    def track_title(self) -> str:
        """The track's name as people read it."""
        return TRACKS.get(self.track, self.track.replace("_", " ").capitalize())

    @property
    def parts(self) -> tuple[Path, ...]:
        """The folders that hold the lesson, each once."""
        return tuple(dict.fromkeys(part for part in (self.learner, self.staff) if part))

    def file(self, name: str) -> Path | None:
        """Return the file of a part, None where the part is missing."""
        folder = self.learner if name in LEARNER else self.staff
        return folder / name if folder and (folder / name).is_file() else None

    def pictures(self) -> Iterator[Path]:
        """Yield the pictures that the lesson's text shows."""
        for path in sorted(self.learner.iterdir()) if self.learner else ():
            if path.suffix.lower() in PICTURES and path.is_file():
                yield path
