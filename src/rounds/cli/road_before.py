"""What a publication says of the ones before it: who stays held out, and whose outcomes were published already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.cli.road_datasets import road_folder
from rounds.data.counted import counted
from rounds.data.dataset import Dataset, open_dataset
from rounds.store.folders import Folders

if TYPE_CHECKING:
    from rounds.data.publishing.held_before import Before


def find_earlier(folders: Folders, dataset: Dataset, target: Path) -> list[Path]:
    """Return the publications of the same tables that stand beside the one to be written."""
    others = sorted(path.parent for path in road_folder(folders, dataset.name).glob("published/*/publication.json"))
    return [path for path in others if path.resolve() != target.resolve()]


def say_before(before: Before, earlier: Sequence[Path], target: Path, held: Path | None, keys: Path) -> list[str]:
    """Return the sentences: who stays held out, and each way in which an outcome of the hold-out may be known."""
    from rounds.data.publishing.parts import people_of

    if not earlier:
        return []
    now = people_of(open_dataset(held)) if held else frozenset[str]()
    full = people_of(open_dataset(next((target / "full").iterdir())))
    there = ", ".join(map(str, earlier))
    return [
        *_say_kept(len(before.held & now)),
        *_say_known(len(before.given & now), f"are held out now stand with their outcomes in {there}"),
        *_say_known(len(before.held & full), f"were held out in {there} stand with their outcomes in this one"),
        *_say_unlinked(before.unlinked if held else (), keys),
    ]


def _say_kept(many: int) -> list[str]:
    return [f"{counted(many, 'person', 'people')} held out before are held out again."] if many else []


def _say_known(many: int, what: str) -> list[str]:
    """Warn of people whose outcomes one publication holds out and the other publishes."""
    if not many:
        return []
    return [
        f"Look out: {counted(many, 'person', 'people')} who {what}. Where those full data were opened to a team, "
        "scores against the hold-out say nothing."
    ]


def _say_unlinked(unlinked: Sequence[Path], keys: Path) -> list[str]:
    return [
        f"Look out: it is not known who was held out in {folder}, or who in it is held out now. Let its hold-out and "
        f"the keys of both de-identifications lie in {keys} as NAME.key, remove this publication, and publish anew."
        for folder in unlinked
    ]
