"""Fetch a released lesson into a learner's folder, never over the learner's own work."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from rounds.errors import GradingError, suggest


def fetch_lesson(lesson_id: str, outbound: Path, work: Path) -> Path:
    """Return the path of a lesson's notebook below `work`, fetched there when it was not.

    The folder is the one that nbgrader's own Assignment List fetches into and submits from.
    """
    notebook = find_notebook(lesson_id, outbound)
    source, target = outbound / lesson_id, work / lesson_id
    if not target.exists():
        _copy_whole(source, target)
    for notebook in sorted(source.rglob("*.ipynb")):
        mine = target / notebook.relative_to(source)
        if not mine.exists():
            mine.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, mine)
    return target / notebook.relative_to(source)


def find_notebook(lesson_id: str, outbound: Path) -> Path:
    """Return where the notebook of a released lesson lies; raise `GradingError` when there is none."""
    source = outbound / lesson_id
    if not source.is_dir():
        known = [p.name for p in outbound.iterdir() if p.is_dir()] if outbound.is_dir() else []
        raise GradingError(f'There is no released lesson "{lesson_id}".{suggest(lesson_id, known)}')
    notebooks = sorted(source.rglob("*.ipynb"))
    if not notebooks:
        raise GradingError(f'The released lesson "{lesson_id}" has no notebook. Tell an organiser.')
    return notebooks[0]


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a folder so that it is there as a whole or not at all, writable for its new owner."""
    fresh = Path(tempfile.mkdtemp(prefix=".fetching-", dir=target.parent))
    for path in sorted(source.rglob("*")):
        copy = fresh / path.relative_to(source)
        if path.is_dir():
            copy.mkdir(parents=True, exist_ok=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    fresh.chmod(0o755)
    os.replace(fresh, target)
