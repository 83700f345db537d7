"""What Rounds 0.x wrote of attached datasets into files of their own: read once into the event's database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rounds.data.shelf.attachments import read_attached
from rounds.data.shelf.sizes import Homes
from rounds.errors import DataError
from rounds.store.folders import Folders


def read_old(folders: Folders) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing that the files say; the latest last.  Without them, those that rooms were told."""
    names = _read(folders.data / "attached.json") or read_attached(folders.data)
    asked_for, known = {name: asked for asked, name in names.items()}, set()
    for challenge in sorted({path.stem for path in _files(folders)[1:]}):
        for part, name, more in _parts(folders.hold_outs, challenge):
            yield _row(folders, challenge, part, asked_for.get(name, name), name) | more
            known.add((asked_for.get(name, name), name))
    for asked, name in names.items():
        if (asked, name) not in known:
            yield _row(folders, "", "table", asked, name)


def _parts(home: Path, challenge: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each part that a challenge opens, its dataset, and what is known of it beside."""
    opened = _read(home / f"{challenge}.publication", "publication", "folder", "parts")
    held = _read(home / f"{challenge}.json", "features", "folder", "hash", "rows")
    published = opened.get("parts", {})
    for part, name in (published | ({"hold-out": held["features"]} if held else {})).items():
        more = {"publication": opened["publication"], "source": opened["folder"]} if part in published else {}
        if part == "hold-out":
            more |= {key: held[key] for key in ("folder", "hash", "rows", "outcome_unit") if key in held}
        yield part, name, more


def move_old(folders: Folders) -> None:
    """Leave the files aside under another name."""
    for path in _files(folders):
        if path.exists():
            path.rename(f"{path}.old")


def _files(folders: Folders) -> list[Path]:
    home = folders.hold_outs
    return [folders.data / "attached.json", *home.glob("*.json"), *home.glob("*.publication")]


def _row(folders: Folders, challenge: str, part: str, asked_for: str, dataset: str) -> dict[str, Any]:
    place = Homes(folders.data, folders.sized).of(part) / dataset
    names = {"challenge": challenge, "part": part, "asked_for": asked_for, "dataset": dataset}
    return {**names, "place": place.relative_to(folders.root).as_posix()}


def _read(path: Path, *needed: str) -> dict[str, Any]:
    try:
        said = dict(json.loads(path.read_text(encoding="utf-8")))
        return {key: said[key] for key in needed} | said
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"{path}: this file of an earlier version of Rounds cannot be read ({error}). Mend it; or move it away, "
            "and attach each dataset again."
        ) from error
