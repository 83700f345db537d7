"""What installed packages offer to an event: an entry point names a package, and its folder holds the thing.

Nothing is imported but the package's own parents, and nothing of what lies in the folder is run here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from rounds.errors import StartError

LESSONS, CHALLENGES = "rounds.lessons", "rounds.challenges"


@dataclass(frozen=True)
class Installed:
    """One folder of an installed package, by the name that its entry point gives it."""

    name: str
    folder: Path
    distribution: str
    files: tuple[str, ...]


def find_installed(group: str) -> tuple[Installed, ...]:
    """Return the folders that installed packages offer in a group of entry points."""
    return tuple(build_installed(entry_points(group=group)))


def build_installed(points: Iterable[EntryPoint]) -> Iterable[Installed]:
    """Yield what each entry point offers; raise `StartError` for one that leads nowhere."""
    for point in points:
        name = point.dist.name if point.dist else point.value
        listed = (point.dist.files if point.dist else None) or []
        yield Installed(point.name, _folder(point, name), name, tuple(map(str, listed)))


def _folder(point: EntryPoint, distribution: str) -> Path:
    try:
        spec = find_spec(point.module)
    except ImportError:
        spec = None
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise StartError(
            f'The installed package "{distribution}" offers "{point.name}" at {point.value}, and no package lies '
            f"there. Mend its entry point, or remove it: pip uninstall {distribution}"
        )
    return Path(next(iter(places)))
