"""Lay a challenge's starter notebooks into a team's folder, never over the team's own."""

from __future__ import annotations

import shutil
from pathlib import Path

from rounds.challenges.folder import DASHBOARD, ChallengeFolder


def place_starters(challenge: ChallengeFolder, work: Path) -> list[Path]:
    """Copy what is missing and return it: the challenge's notebooks, and its dashboard below ``dashboards/``."""
    wanted = {path: work / "notebooks" / path.name for path in challenge.notebooks}
    dashboard = challenge.path / DASHBOARD
    if dashboard.is_file():
        wanted[dashboard] = work / "dashboards" / f"{challenge.name}.ipynb"
    placed = [(source, target) for source, target in wanted.items() if not target.exists()]
    for source, target in placed:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return [target for _, target in placed]
