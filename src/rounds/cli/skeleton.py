"""Write the skeleton of a lesson, a challenge or a widget: whole and working, for an organiser to write over."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from string import Template

from rounds.errors import StartError
from rounds.store.folders import make_folder
from rounds.store.staging import stage
from rounds.store.whole import write_whole


def write_folder(kind: str, target: Path, words: Mapping[str, str]) -> None:
    """Write a folder of its own, whole or not at all; raise `StartError` when something is there."""
    _check_free(target)
    with stage(target) as fresh:
        for name, text in _render(kind, words).items():
            (fresh / name).write_text(text, encoding="utf-8")


def write_files(kind: str, folder: Path, stem: str, words: Mapping[str, str]) -> list[Path]:
    """Write the skeleton's files into a folder under one name, and return them; raise when one is there."""
    made = {folder / f"{stem}{Path(name).suffix}": text for name, text in _render(kind, words).items()}
    for target in made:
        _check_free(target)
    make_folder(folder)
    for target, text in made.items():
        write_whole(target, text)
    return list(made)


def check_event_folder(folder: Path) -> None:
    """Raise `StartError` for a folder that is none of an event: a misspelt name would begin another one."""
    if not (folder / "event.toml").is_file():
        raise StartError(
            f"{folder} has no event.toml. Name your event's folder, or begin one: cp -r events/demo {folder}"
        )


def _check_free(target: Path) -> None:
    if target.exists():
        raise StartError(f"{target} is there already; nothing was written. Choose another name, or move it away.")


def _render(kind: str, words: Mapping[str, str]) -> dict[str, str]:
    """Return the skeleton's files: name and text."""
    with as_file(files("rounds.cli") / "skeletons" / kind) as skeleton:
        return {
            path.stem: Template(path.read_text(encoding="utf-8")).substitute(words)
            for path in sorted(skeleton.glob("*.txt"))
        }
