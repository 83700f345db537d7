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

OLD = ".old"


def read_old(folders: Folders) -> Iterator[dict[str, Any]]:
    """Yield a row for each thing that the files say; the latest last.  Without them, those that rooms were told."""
    names = _read(folders.data / "attached.json") or read_attached(folders.data)
    asked_for = {name: asked for asked, name in names.items()}
    for challenge in sorted({path.stem for path in _files(folders)[1:]}):
        held = _read(folders.hold_outs / f"{challenge}.json")
        opened = _read(folders.hold_outs / f"{challenge}.publication")
        parts = opened.get("parts", {}) | ({"hold-out": held["features"]} if held else {})
        for part, name in parts.items():
            row = _row(folders, challenge, part, asked_for.get(name, name), name)
            if part in opened.get("parts", {}):
                row |= {"publication": opened["publication"], "source": opened["folder"]}
            if part == "hold-out":
                row |= {key: held[key] for key in ("folder", "hash", "rows", "outcome_unit") if key in held}
            yield row
    for asked, name in names.items():
        yield _row(folders, "", "table", asked, name)


def move_old(folders: Folders) -> None:
    """Leave the files aside under another name."""
    for path in _files(folders):
        if path.exists():
            path.rename(f"{path}{OLD}")


def _files(folders: Folders) -> list[Path]:
    home = folders.hold_outs
    return [folders.data / "attached.json", *home.glob("*.json"), *home.glob("*.publication")]


def _row(folders: Folders, challenge: str, part: str, asked_for: str, dataset: str) -> dict[str, Any]:
    place = Homes(folders.data, folders.sized).of(part) / dataset
    names = {"challenge": challenge, "part": part, "asked_for": asked_for, "dataset": dataset}
    return {**names, "place": place.relative_to(folders.root).as_posix()}


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise DataError(
            f"{path}: this file of an earlier version of Rounds cannot be read ({error}). Mend it; or move it away, "
            "and attach each dataset again."
        ) from error
