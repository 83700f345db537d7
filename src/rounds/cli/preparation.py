"""What is made before an event opens: its datasets and its lessons, each with a progress bar."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rounds.cli.content import find_content, lay_out, release
from rounds.cli.progress import bar
from rounds.data.shelf.ledger import find_current
from rounds.data.shelf.sizes import Homes, Size
from rounds.event import Challenge, Event
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.versions import LINK
from rounds.synthetic.stock import Item, find_missing, list_stock, make_item, opens_own

BEFORE_AN_EVENT = (Size.LESSON, Size.SAMPLE)
DEMO_PEOPLE, HOLD_OUT_LOG = 1000, "hold-out.log"


def prepare_rooms(event: Event, folders: Folders, source: Path) -> None:
    """Make what is missing, lay out what rooms read, and release what is new; what is there stays."""
    make_datasets(folders)
    content = find_content(event, source, folders.event / LINK)
    lay_out(content, folders)
    release(event, folders, content.lessons)


def prepare_hold_out(challenge: Challenge, folders: Folders) -> bool:
    """Draw a synthetic challenge's hold-out beside the running event; return whether it has one, or needs none.

    It takes some seconds of one processor, so it has a process of its own that lets others go first, and ends with this
    one.  The process is not asked for its code: the event's tether reaps every child.
    """
    if not _is_to_draw(challenge, folders):
        return True
    words = ["data", "hold-out", challenge.id, "--people", str(DEMO_PEOPLE), "--inside-state", "--if-missing"]
    tether = ["nice", "-n", "10", sys.executable, "-m", "rounds.room.tether", "--"]
    command = [*tether, sys.executable, "-m", "rounds", *words, "--state", str(folders.root)]
    with (folders.hub / HOLD_OUT_LOG).open("wb") as output:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output).wait()
    return not _is_to_draw(challenge, folders)


def _is_to_draw(challenge: Challenge, folders: Folders) -> bool:
    """Tell whether a challenge opens its own synthetic dataset, and has no hold-out of it."""
    engine = open_database(folders.database_url)
    try:
        missing = find_current(engine, challenge.id, challenge.dataset) is None
    finally:
        engine.dispose()
    return missing and opens_own(folders.data, challenge.dataset)


def make_datasets(folders: Folders, sizes: Sequence[Size] = BEFORE_AN_EVENT, only: Sequence[str] = ()) -> list[Item]:
    """Make the synthetic datasets that are missing, and return them."""
    homes = Homes(folders.data, folders.sized)
    missing = find_missing(list_stock(sizes, only), homes)
    for item in missing:
        make_folder(homes.of(item.size))
        with bar(f"Synthetic data: {item.says()}") as progress:
            make_item(item, homes, make_folder(folders.truth), progress)
    return missing
