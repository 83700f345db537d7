"""Publish a dashboard: try it, then copy it, whole and without outputs, to where its viewers are served from."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rounds.errors import PublishError, suggest
from rounds.room.images import embed_images
from rounds.room.trial import try_out
from rounds.slugs import page_kernel, slugify_letters
from rounds.store.whole import write_whole

LARGEST_MB = 5  # without outputs: text, code and the images of the text
SOURCE = "rounds_source"


def publish_dashboard(notebook: str | Path, environ: Mapping[str, str] = os.environ) -> str:
    """Publish `notebook` for mentors and jury and return a sentence that says so.

    Parameters
    ----------
    notebook
        The path of a notebook, from the team's folder or from where this notebook stands, such as
        ``"dashboards/birthweight.ipynb"``.

    Raises
    ------
    PublishError
        When there is no such notebook, this is not a team's room, another notebook has the name, an image of its text
        is missing, or one of its cells stops with an error.

    Notes
    -----
    The published copy is frozen: later edits show only when you publish again.  Outputs stay behind, because they
    may hold rows; each viewer's page computes its own, with small counts hidden.
    """
    target = environ.get("ROUNDS_PUBLISHED")
    if not target:
        raise PublishError("Only a team's room can publish. Open this notebook in your team's room.")
    path = _find(Path(notebook), environ)
    content = _freeze(_read(path), path, environ)
    place = Path(target) / _name_of(path)
    _check_is_the_same(place, path, content)
    remark = try_out(content, {**os.environ, **environ})
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, json.dumps(content, indent=1))
    return f"Published: mentors and jury now see {path.name} under Dashboards.{remark}"


def _name_of(path: Path) -> str:
    """Return the name of the published copy: safe in an address, in the letters that the team wrote it in."""
    name = slugify_letters(path.stem)
    if not name:
        raise PublishError(f'Not published: "{path.name}" has no letter in its name. Rename it, then publish.')
    return f"{name}.ipynb"


def _check_is_the_same(place: Path, path: Path, content: Mapping[str, Any]) -> None:
    """Raise `PublishError` when another notebook is published under this one's name."""
    there = _source_of(_read(place)) if place.is_file() else ""
    if there and there != _source_of(content):
        raise PublishError(
            f'Not published: "{path.name}" would take the place of "{there}", which is published already. '
            "Rename one of the two, then publish."
        )


def _source_of(content: Mapping[str, Any]) -> str:
    return str(content.get("metadata", {}).get(SOURCE, ""))


def _find(path: Path, environ: Mapping[str, str]) -> Path:
    """Return `path` as seen from here or, when nothing is there, from the team's folder."""
    below_team = Path(environ.get("ROUNDS_ROOM", ".")) / path
    return below_team if not path.exists() and below_team.parent.is_dir() else path


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*.ipynb")])
        raise PublishError(f'There is no notebook "{path}".{near}')
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise PublishError(f'"{path}" is not a notebook. Save it in JupyterLab, then publish.') from None
    if not isinstance(content, dict) or "cells" not in content:
        raise PublishError(f'"{path}" is not a notebook. Save it in JupyterLab, then publish.')
    return content


def _freeze(content: dict[str, Any], path: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the copy that is published: no outputs, its images within, on the kernel of the team."""
    cells = [_freeze_cell(cell, path.parent) for cell in content["cells"]]
    kept = {key: value for key, value in content.get("metadata", {}).items() if key != "widgets"}
    source = os.path.relpath(path.resolve(), Path(environ.get("ROUNDS_ROOM", path.parent)).resolve())
    frozen = {**content, "cells": cells, "metadata": {**kept, "kernelspec": _kernel(environ), SOURCE: source}}
    if len(json.dumps(frozen)) > LARGEST_MB * 1_000_000:
        raise PublishError(f'Not published: "{path.name}" is larger than {LARGEST_MB} MB without its outputs.')
    return frozen


def _freeze_cell(cell: dict[str, Any], folder: Path) -> dict[str, Any]:
    if cell.get("cell_type") == "code":
        return {**cell, "outputs": [], "execution_count": None}
    return embed_images(cell, folder) if cell.get("cell_type") == "markdown" else cell


def _kernel(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the kernel that serves the page: the team's, with the packages that the team has installed."""
    team = environ.get("ROUNDS_TEAM", "")
    return {"display_name": "Python 3", "language": "python", "name": page_kernel(team) if team else "python3"}
