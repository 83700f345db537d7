"""Which publication a challenge opens: all parts are of one, or people of the hold-out could stand in the full data.

Two publications can hold out different people.  Whoever holds the hold-out of one and the full data of another can look
the outcomes up.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rounds.custody.publishing.leftovers import withdraw
from rounds.custody.publishing.publication import Publication
from rounds.data.shelf.sizes import Homes
from rounds.errors import DataError
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole


@dataclass(frozen=True)
class Opened:
    """The publication that a challenge opens: its id, its folder, and the dataset of each part that was attached."""

    publication: str
    folder: str
    parts: dict[str, str] = field(default_factory=dict)


def find_opened(home: Path, challenge: str) -> Opened | None:
    """Return what a challenge opens, None when no publication was attached to it."""
    path = _file(home, challenge)
    try:
        return Opened(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: what this challenge opens cannot be read ({error}).") from error


def check_one_publication(home: Path, challenge: str, publication: Publication) -> None:
    """Raise when parts of another publication are attached to the challenge."""
    opened = find_opened(home, challenge)
    if opened and opened.parts and opened.publication != publication.id:
        raise DataError(
            f"The challenge {challenge} opens {' and '.join(opened.parts)} of another publication, {opened.folder}. "
            "Two publications can hold out different people, so the full data of one can hold the outcomes of the "
            "other's hold-out. To go over to this one, attach it with --replace: it closes those parts first."
        )


def close_other(home: Path, challenge: str, publication: Publication, homes: Homes) -> tuple[str, ...]:
    """Take away what a challenge opens of another publication, and its hold-out's registration; return the parts."""
    opened = find_opened(home, challenge)
    if opened is None or opened.publication == publication.id:
        return ()
    for part, name in opened.parts.items():
        folder = homes.of(part) / name
        if folder.is_dir():
            withdraw(folder)
    (home / f"{challenge}.json").unlink(missing_ok=True)
    _write(home, challenge, Opened(publication.id, ""))
    return tuple(opened.parts)


def record_opened(home: Path, challenge: str, publication: Publication, folder: Path, part: str, name: str) -> None:
    """Write down that a part of a publication is attached to a challenge."""
    before = find_opened(home, challenge)
    parts = before.parts if before and before.publication == publication.id else {}
    _write(home, challenge, Opened(publication.id, str(folder.resolve()), {**parts, part: name}))


def _write(home: Path, challenge: str, opened: Opened) -> None:
    write_whole(_file(make_folder(home), challenge), json.dumps(asdict(opened), indent=2) + "\n")


def _file(home: Path, challenge: str) -> Path:
    return home / f"{challenge}.publication"
