"""Which dataset a challenge's notebooks open: the one that an organiser attached, or the challenge's own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from rounds.data.shelf.catalogue import VARIABLE
from rounds.store.whole import write_whole

FILE = "attached.json"


def attach_dataset(folder: Path, challenge_dataset: str, name: str) -> None:
    """Let notebooks that ask for ``challenge_dataset`` open ``name`` from now on; one step, or nothing."""
    path = folder / FILE
    write_whole(path, json.dumps({**_read(path), challenge_dataset: name}, indent=2))


def attached(dataset: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of the dataset that stands in for ``dataset`` here.

    Examples
    --------
    >>> attached("birthweight", {})
    'birthweight'
    """
    for part in environ.get(VARIABLE, "").split(os.pathsep):
        found = _read(Path(part) / FILE).get(dataset) if part else None
        if found:
            return found
    return dataset


def _read(path: Path) -> dict[str, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
