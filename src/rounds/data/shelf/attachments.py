"""Which dataset a challenge's notebooks open: the one that an organiser attached, or the challenge's own.

Rooms read it in a small file.  The record is the event's database, from which the file is written (``ledger``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from rounds.data.shelf.catalogue import VARIABLE
from rounds.errors import DataError
from rounds.store.whole import write_whole

FILE = "attachments.json"


def attached(dataset: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return the name of the dataset that stands in for ``dataset`` here.

    Examples
    --------
    >>> attached("birthweight", {})
    'birthweight'
    """
    for part in environ.get(VARIABLE, "").split(os.pathsep):
        found = read_attached(Path(part)).get(dataset) if part else None
        if found:
            return found
    return dataset


def read_attached(folder: Path) -> dict[str, str]:
    """Return which dataset stands in for which; raise when that cannot be read: it would show the wrong data."""
    path = folder / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {str(asked_for): str(name) for asked_for, name in said.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path}: which dataset stands in for which cannot be read ({error}). An organiser has it written again "
            "from the event's database: rounds event apply FILE"
        ) from error


def write_attached(folder: Path, opens: Mapping[str, str]) -> None:
    """Say which dataset stands in for which from now on; one step, or nothing."""
    for left in folder.glob(f".{FILE}-*.new"):
        left.unlink(missing_ok=True)
    write_whole(folder / FILE, json.dumps(dict(opens), indent=2) + "\n")
