"""Which datasets the road's commands mean, and where they lie below the state folder."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.cli.places import ledger_of
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import FILE
from rounds.data.package import RESTRICTED
from rounds.data.shelf.catalogue import Catalogue
from rounds.data.shelf.shelf import HOLD_OUT as SUFFIX
from rounds.errors import Command, DataError, EventError, suggest
from rounds.event import AppliedEvent, Challenge, Deployment, Policy
from rounds.store.folders import Folders, make_folder
from rounds.synthetic.make import SEEDS

if TYPE_CHECKING:
    from rounds.store.tables import Attachment

CHALLENGE = "challenge.txt"


def road_folder(folders: Folders, name: str) -> Path:
    """Return where the road's own datasets lie: apart from the datasets that rooms open."""
    return folders.road / name


def raw_folder(folders: Folders, name: str) -> Path:
    """Return where a restricted table stands after its import: no room opens this folder."""
    return road_folder(folders, name) / "raw"


def dataset_of_challenge(folders: Folders, challenge: str) -> str:
    """Return the dataset that a challenge's notebooks ask for; raise for a challenge that the event does not have."""
    known = AppliedEvent(folders.event).current().challenge_by_id
    if challenge not in known:
        raise DataError(f'The event has no challenge "{challenge}".{suggest(challenge, known)}')
    return known[challenge].dataset


def find_challenge(folders: Folders, name: str) -> Challenge | None:
    """Return a challenge of the event, None when no event was applied here yet; raise for one it does not have."""
    try:
        known = AppliedEvent(folders.event).current().challenge_by_id
    except EventError:
        return None
    if name and name not in known:
        raise DataError(f'The event has no challenge "{name}".{suggest(name, known)}')
    return known.get(name)


def check_kind(folders: Folders, kind: str) -> None:
    """Raise when the event's deployment does not take data of this kind."""
    if kind == RESTRICTED and AppliedEvent(folders.event).current().event.deployment is Deployment.EMBEDDED:
        raise DataError(
            'Restricted data are refused in the deployment "embedded": kernels run in the hub\'s own account there. '
            'Prepare them in a folder of their own: write deployment = "machine" in a copy of the event file, then ',
            Command("event", "apply", "FILE", "--state", "FOLDER"),
            ", and name that folder in every data command. No hub is needed.",
        )


def check_place(folders: Folders, target: Path) -> None:
    """Raise when a publication, which nobody has signed yet, would lie in the state folder where rooms can reach it."""
    place = target.resolve()
    if place.is_relative_to(folders.root) and not place.is_relative_to(folders.road):
        raise DataError(
            f"{target}: this lies in the state folder {folders.root}, and nobody has signed yet. Leave --out away, or "
            "name a folder outside it; the command attach copies it to where rooms look."
        )


def check_free(folders: Folders, name: str, replace: bool) -> None:
    """Raise when an import would take a dataset's place without a word, or one of the event's own at all."""
    if name in SEEDS:
        raise DataError(f'"{name}" is a synthetic dataset of this event. Choose another name: --name my_{name}')
    there = (folders.data / name, raw_folder(folders, name) / name)
    if any((folder / FILE).is_file() for folder in there) and not replace:
        raise DataError(f'There is a dataset "{name}" already. Write --name for another name, or --replace.')


def find_pointing(dataset: Dataset) -> list[str]:
    """Return a sentence for each column that may point at a person: names, numbers of people, addresses, free text."""
    from rounds.custody.signs.finding import SAFE_HARBOR, Severity
    from rounds.custody.signs.scan import Look, scan_column

    found = [
        finding
        for table in dataset.package.tables
        for column in table.columns  # one column at a time, so that a large table fits into memory
        for finding in scan_column(Look(table.name, column, dataset.column(column.name, table.name)))
    ]
    kinds = {*SAFE_HARBOR, "text"} - {"R"}  # a row's number is no person's name
    pointing = [f for f in found if f.severity is Severity.STOP and f.kind in kinds]
    return [f.says() for f in pointing]


def open_to_rooms(folders: Folders, dataset: Dataset, entry: Attachment) -> Dataset:
    """Move an imported dataset to where rooms look, and let a challenge's notebooks open it."""
    target = folders.data / dataset.path.name
    with ledger_of(folders, datetime.now(UTC)) as ledger, ledger.attach(entry, target) as staging:
        for path in dataset.path.iterdir():
            path.rename(staging / path.name)
    shutil.rmtree(dataset.path.parents[1], ignore_errors=True)
    return open_dataset(target)


def policy_k(folders: Folders) -> int:
    """Return the event's k; the usual one when no event was applied yet."""
    try:
        return AppliedEvent(folders.event).current().policy.k_anonymity
    except EventError:
        return Policy().k_anonymity


def open_named(folders: Folders, name: str) -> Dataset:
    """Open a dataset by its folder or by its name."""
    if (Path(name) / FILE).is_file():
        return open_dataset(Path(name))
    raw = raw_folder(folders, name) / name
    if (raw / FILE).is_file():
        return open_dataset(raw)
    shown = Catalogue((folders.data, folders.sized / "sample", folders.sized / "full"))
    imported = {path.parent.name for path in folders.road.glob(f"*/raw/*/{FILE}")}
    if name not in shown.names():
        raise _unknown(name, sorted({*shown.names(), *imported}), folders)
    return shown.load(name)


def _unknown(name: str, known: Sequence[str], folders: Folders) -> DataError:
    """Return that there is no dataset of this name, and which there are, the nearest one first."""
    if not known:
        none = f'There is no dataset "{name}" in {folders.root}, and no other. Import one: '
        return DataError(none, Command("data", "import", "FILE"))
    near = get_close_matches(name, known, n=1)
    meant = f' Did you mean "{near[0]}"?' if near else ""
    return DataError(f'There is no dataset "{name}" in {folders.root}.{meant} There are: {", ".join(known)}.')


def open_for_teams(folders: Folders, name: str) -> tuple[Dataset, Path | None]:
    """Open what teams get of a dataset, and say where its original lies; the original itself before it is attached."""
    raw = raw_folder(folders, name) / name
    shown = Catalogue((folders.data, folders.sized / "full", folders.sized / "sample"))
    if (Path(name) / FILE).is_file() or name not in shown.names():
        return open_named(folders, name), None
    return shown.load(name), raw if (raw / FILE).is_file() else None


def note_challenge(folders: Folders, name: str, challenge: str) -> None:
    """Remember for which challenge a dataset came in, so that the next commands can name it."""
    (make_folder(road_folder(folders, name)) / CHALLENGE).write_text(challenge + "\n", encoding="utf-8")


def noted_challenge(folders: Folders, name: str) -> str:
    """Return for which challenge a dataset came in; empty when nobody knows."""
    path = road_folder(folders, name) / CHALLENGE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def open_clean(folders: Folders, name: str) -> Dataset:
    """Open a de-identified dataset by its folder, or by the name that it was de-identified from."""
    clean = road_folder(folders, name) / "deidentified" / name
    return open_dataset(clean) if (clean / FILE).is_file() else open_named(folders, name)


def other_datasets(folders: Folders, dataset: Dataset) -> Sequence[Dataset]:
    """Return the other datasets of this event, in which an id must not occur again; its own hold-out is none."""
    road = sorted(folders.road.glob(f"*/deidentified/*/{FILE}"))
    raw = sorted(folders.road.glob(f"*/raw/*/{FILE}"))
    paths = [*Catalogue((folders.data,)).paths().values(), *(path.parent for path in (*road, *raw))]
    own = dataset.name.removesuffix(SUFFIX)
    return [other for path in paths if (other := open_dataset(path)).name not in (own, own + SUFFIX)]


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DataError(f'"{text}" is no day. Write it like --expires 2027-06-30') from None
