"""Publish a dashboard: copy a notebook, whole and without outputs, to where its viewers are served from."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rounds.errors import PublishError, suggest
from rounds.slugs import slugify
from rounds.store.whole import write_whole

LARGEST_MB = 5


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
        When there is no such notebook, or this is not a team's room.

    Notes
    -----
    The published copy is frozen: later edits show only when you publish again.  Outputs stay behind, because they
    may hold rows; each viewer's page computes its own, with small counts hidden.
    """
    target = environ.get("ROUNDS_PUBLISHED")
    if not target:
        raise PublishError("Only a team's room can publish. Open this notebook in your team's room.")
    path = _find(Path(notebook), environ)
    content = _read(path)
    name = slugify(path.stem) + ".ipynb"
    _write(Path(target) / name, _without_outputs(content))
    return f"Published: mentors and jury now see {path.name} under Dashboards."


def _find(path: Path, environ: Mapping[str, str]) -> Path:
    """Return `path` as seen from here or, when nothing is there, from the team's folder."""
    below_team = Path(environ.get("ROUNDS_ROOM", ".")) / path
    return below_team if not path.exists() and below_team.parent.is_dir() else path


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*.ipynb")])
        raise PublishError(f'There is no notebook "{path}".{near}')
    if path.stat().st_size > LARGEST_MB * 1_000_000:
        raise PublishError(f'"{path}" is larger than {LARGEST_MB} MB. Clear its outputs and save it, then publish.')
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise PublishError(f'"{path}" is not a notebook. Save it in JupyterLab, then publish.') from None
    if not isinstance(content, dict) or "cells" not in content:
        raise PublishError(f'"{path}" is not a notebook. Save it in JupyterLab, then publish.')
    return content


def _without_outputs(content: dict[str, Any]) -> dict[str, Any]:
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell
        for cell in content["cells"]
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    kept = {key: value for key, value in content.get("metadata", {}).items() if key != "widgets"}
    return {**content, "cells": cells, "metadata": {**kept, "kernelspec": kernel}}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=1))
