"""Publish a dashboard: try it, then copy it, whole and without outputs, to where its viewers are served from."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rounds.errors import PublishError, suggest
from rounds.own_room import ask_room, has_service
from rounds.room.images import embed_images
from rounds.room.trial import try_out
from rounds.slugs import page_kernel, slugify_letters
from rounds.store.whole import write_whole

LARGEST_MB = 5  # without outputs: text, code and the images of the text
SOURCE = "rounds_source"
NO_TEAM = "Only a team's room can publish. Open this notebook in your team's room."


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
        raise PublishError(NO_TEAM)
    path = _find(Path(notebook), environ)
    content = _freeze(_read(path), path, environ)
    check_can_put_up(path.name, content, Path(target))
    remark = try_out(content, {**os.environ, **environ})
    if has_service(environ):
        ask_room("publish", environ, name=path.name, content=content)
    else:
        put_up(path.name, content, Path(target), environ)
    return f"Published: mentors and jury now see {path.name} under Dashboards.{remark}"


def put_up(name: str, content: Mapping[str, Any], target: Path, environ: Mapping[str, str]) -> None:
    """Write a dashboard into the folder that its viewers are served from.

    In a room this is the server's: it believes neither that outputs were left behind nor which kernel is named.

    Parameters
    ----------
    name
        The name of the notebook's file.
    target
        The team's folder of published dashboards.

    Raises
    ------
    PublishError
        When it is no notebook, too large, or another notebook has the name.
    """
    place = check_can_put_up(name, content, target)
    if not isinstance(content.get("cells"), list) or not isinstance(content.get("metadata"), dict):
        raise PublishError(f'"{name}" is not a notebook. Save it in JupyterLab, then publish.')
    cells = [_without_outputs(cell) for cell in content["cells"]]
    kept = {**content, "cells": cells, "metadata": {**content["metadata"], "kernelspec": _kernel(environ)}}
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, _write_down(kept, name))


def check_can_put_up(name: str, content: Mapping[str, Any], target: Path) -> Path:
    """Return where a dashboard goes; raise `PublishError` when another notebook is published under this one's name."""
    place = target / _name_of(name)
    there = _source_of(_read(place)) if place.is_file() else ""
    if there and there != _source_of(content):
        raise PublishError(
            f'Not published: "{name}" would take the place of "{there}", which is published already. '
            "Rename one of the two, then publish."
        )
    return place


def _name_of(file: str) -> str:
    """Return the name of the published copy: safe in an address, in the letters that the team wrote it in."""
    name = slugify_letters(file.removesuffix(".ipynb"))
    if not name:
        raise PublishError(f'Not published: "{file}" has no letter in its name. Rename it, then publish.')
    return f"{name}.ipynb"


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
    _write_down(frozen, path.name)
    return frozen


def _write_down(content: Mapping[str, Any], name: str) -> str:
    """Return the text of a published file; raise `PublishError` when it is too large."""
    text = json.dumps(content, indent=1)
    if len(text) > LARGEST_MB * 1_000_000:
        raise PublishError(f'Not published: "{name}" is larger than {LARGEST_MB} MB without its outputs.')
    return text


def _freeze_cell(cell: dict[str, Any], folder: Path) -> dict[str, Any]:
    return embed_images(cell, folder) if cell.get("cell_type") == "markdown" else _without_outputs(cell)


def _without_outputs(cell: dict[str, Any]) -> dict[str, Any]:
    return {**cell, "outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell


def _kernel(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the kernel that serves the page: the team's, with the packages that the team has installed."""
    team = environ.get("ROUNDS_TEAM", "")
    return {"display_name": "Python 3", "language": "python", "name": page_kernel(team) if team else "python3"}
