"""What a publication says of the ones before it: who stays held out, and whose outcomes were published already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rounds.counted import counted
from rounds.data.dataset import Dataset, open_dataset
from rounds.store.folders import Folders

if TYPE_CHECKING:
    from rounds.custody.publishing.held_before import Before


def look_back(folders: Folders, dataset: Dataset, target: Path, custodian: Path, insist: bool) -> Before:
    """Return who was held out and published before; with ``insist`` raise when it cannot be known."""
    from rounds.custody.publishing.held_before import check_linked, find_before

    others = sorted(path.parent for path in folders.road.glob("*/published/*/publication.json"))
    before = find_before(dataset, [path for path in others if path.resolve() != target.resolve()], custodian)
    if insist:
        check_linked(before, custodian)
    return before


def say_before(before: Before, target: Path, held: Path | None) -> list[str]:
    """Return the sentences: who stays held out, and each way in which an outcome of the hold-out may be known."""
    from rounds.custody.publishing.parts import people_of

    if not before.where:
        return []
    now = people_of(open_dataset(held)) if held else frozenset[str]()
    full = people_of(open_dataset(next((target / "full").iterdir())))
    there = ", ".join(before.where)
    return [
        *_say_kept(len(before.held & now), len(before.held) + before.gone, before.gone),
        *_say_known(len(before.given & now), "held out now", there),
        *_say_known(len(before.held & full), f"held out in {there}", "this publication"),
        *(f"Look out: it is not known of everybody who was held out before: {missing}." for missing in before.unlinked),
    ]


def say_sample_without_held(drawn: Dataset | None, published: Path) -> str:
    """Say how many of a sample that was drawn before are held out, and so not published with it."""
    from rounds.custody.publishing.parts import people_of

    if drawn is None:
        return ""
    gone = len(people_of(drawn) - people_of(open_dataset(published)))
    return f"Held out, and so no longer in it: {counted(gone, 'person', 'people')}." if gone else ""


def _say_kept(many: int, then: int, gone: int) -> list[str]:
    if not then:
        return []
    lost = f" {gone:,} of them are not in these tables." if gone else ""
    return [f"Of {counted(then, 'person', 'people')} held out before, {many:,} are held out again.{lost}"]


def _say_known(many: int, who: str, where: str) -> list[str]:
    """Warn of people whose outcomes one publication holds out and the other publishes."""
    if not many:
        return []
    return [
        f"Look out: {where} shows the outcomes of {counted(many, 'person', 'people')} {who}. Where its full data were "
        "opened to a team, scores against the hold-out say nothing."
    ]
