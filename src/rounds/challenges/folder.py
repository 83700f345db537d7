"""A challenge's folder: its brief, its starter notebooks, its dashboard, and perhaps its dataset; found by the id.

    notebooks/challenges/<id>/   brief.toml   what is asked of the analysis table
                                 start.ipynb  a team's first notebook; more notebooks may stand beside it
                                 dashboard.ipynb
                                 dataset/     a data package, where the event has no other

Hyphens of an id may be written as underscores in the folder's name.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rounds.challenges.brief import FILE, load_brief
from rounds.data.descriptor import FILE as DESCRIPTOR
from rounds.errors import ChallengeError
from rounds.installed import CHALLENGES, Installed, find_installed
from rounds.store.versions import write_version

DASHBOARD = "dashboard.ipynb"


@dataclass(frozen=True)
class ChallengeFolder:
    """Where a challenge lies."""

    id: str
    path: Path

    @property
    def name(self) -> str:
        """The id as notebooks write it."""
        return self.id.replace("-", "_")

    @property
    def dataset(self) -> Path | None:
        """The data package that the challenge brings along, None where it brings none."""
        folder = self.path / "dataset"
        return folder if (folder / DESCRIPTOR).is_file() else None

    @property
    def notebooks(self) -> tuple[Path, ...]:
        """The starter notebooks, without the dashboard."""
        return tuple(sorted(path for path in self.path.glob("*.ipynb") if path.name != DASHBOARD))


def find_challenges(places: Sequence[Path], installed: Sequence[Installed] | None = None) -> dict[str, ChallengeFolder]:
    """Return the challenges below ``places`` and of installed packages, by id; raise for two of one id."""
    offered = find_installed(CHALLENGES) if installed is None else installed
    paths = [file.parent for place in places for file in sorted(place.glob(f"*/{FILE}"))]
    found: dict[str, ChallengeFolder] = {}
    for path in [*paths, *(item.folder for item in offered if (item.folder / FILE).is_file())]:
        challenge = ChallengeFolder(path.name.replace("_", "-"), path)
        if challenge.id in found:
            raise ChallengeError(
                f'There are two challenges "{challenge.id}": {found[challenge.id].path} and {path}. Rename one folder.'
            )
        found[challenge.id] = challenge
    return found


def place_challenges(challenges: Sequence[ChallengeFolder], folder: Path) -> None:
    """Lay briefs and notebooks below ``folder``, where rooms read them; all or none, and nothing else is copied."""
    with write_version(folder) as version:
        for challenge in challenges:
            load_brief(challenge.path / FILE)
            target = version / challenge.name
            target.mkdir()
            for file in (challenge.path / FILE, *sorted(challenge.path.glob("*.ipynb"))):
                shutil.copyfile(file, target / file.name)
