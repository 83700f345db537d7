"""The dashboards that teams have published, as far as the viewer may see them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rounds.desk.access import teams_within
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.viewer import CurrentViewer
from rounds.event import Team
from rounds.roles import Action
from rounds.store.folders import Folders

router = APIRouter()
LARGEST_BYTES = 30_000_000
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Dashboard:
    """One published notebook."""

    team: Team
    name: str
    title: str
    published: datetime


def find_dashboards(folders: Folders, teams: Sequence[Team]) -> list[Dashboard]:
    """Return what `teams` have published, team by team, by title."""
    found = []
    for team in teams:
        paths = [path for path in folders.published(team.id).glob("*.ipynb") if is_published(path)]
        found += sorted((_describe(team, path) for path in paths), key=lambda d: d.title)
    return found


def is_published(path: Path) -> bool:
    """Return whether `path` is a notebook of its own folder: no link to elsewhere, nothing hidden."""
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


def _describe(team: Team, path: Path) -> Dashboard:
    facts = path.stat()
    title = _read_title(path, facts.st_mtime_ns, facts.st_size) or _title_of_name(path)
    return Dashboard(team, path.name, title, datetime.fromtimestamp(facts.st_mtime, UTC))


@lru_cache(maxsize=512)
def _read_title(path: Path, _changed_ns: int, size_bytes: int) -> str:
    """Return the notebook's first heading; empty when it has none or cannot be read."""
    if size_bytes > LARGEST_BYTES:
        return ""
    try:
        return find_title(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ""


def find_title(notebook: Any) -> str:
    """Return the first markdown heading of a notebook's JSON; empty when there is none."""
    cells = notebook.get("cells", []) if isinstance(notebook, dict) else []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
            continue
        for line in "".join(cell.get("source", "")).splitlines():
            if line.startswith("#") and (title := line.strip("# ").strip()):
                return title[:LONGEST_TITLE]
    return ""


def _title_of_name(path: Path) -> str:
    return path.stem.replace("_", " ").replace("-", " ").strip().capitalize()


@router.get("/dashboards")
async def show_dashboards(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the dashboards of every team that the viewer may see."""
    teams = teams_within(viewer.event, viewer.person, Action.VIEW_DASHBOARDS)
    folders = desk_of(request).settings.folders
    found = await asyncio.to_thread(find_dashboards, folders, teams)
    by_team = [(team, [d for d in found if d.team == team]) for team in teams]
    publishers = teams_within(viewer.event, viewer.person, Action.PUBLISH_DASHBOARD)
    return render_page(request, viewer, "dashboards.html", by_team=by_team, found=found, publishers=publishers)
