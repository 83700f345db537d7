"""A hold-out of a synthetic dataset: new people of the same recipe, drawn with a secret seed.

Nobody is taken out of the datasets that lessons and rehearsals rely on, and their bytes stay the same.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.scoring.features import build_features
from rounds.custody.scoring.held import Held, draw_answers, find_linkage, hold
from rounds.custody.scoring.hold_out import PRIVATE_FOLDER, describe_hold_out, write_hold_out
from rounds.custody.scoring.task import Task, check_task
from rounds.data.dataset import Dataset, write_parquet
from rounds.data.descriptor import write_package
from rounds.data.package import DataPackage
from rounds.data.shelf.shelf import HOLD_OUT as SUFFIX
from rounds.errors import Command, DataError
from rounds.meter import Progress
from rounds.store.staging import stage
from rounds.store.tables import Attachment
from rounds.synthetic.ehr.generate import PLANS, write_cohort
from rounds.synthetic.make import SEEDS, make_dataset

if TYPE_CHECKING:
    import pandas as pd

MOST_DRAWS, SECRET_BITS = 40, 63


@dataclass(frozen=True)
class Places:
    """The custodian's folder, the folder where rooms look for data, and what puts the features there on record."""

    custodian: Path
    rooms: Path
    attach: Callable[[Attachment, Path], AbstractContextManager[Path]]


def make_hold_out(
    dataset: Dataset, challenge: str, task: Task, places: Places, people: int, progress: Progress
) -> Attachment:
    """Draw about ``people`` new people; write outcomes to the custodian and features to where rooms look."""
    check_can_draw(dataset)
    check_apart(places)
    check_task(task, dataset.package)
    held = _draw(dataset, people, progress)
    answers = draw_answers(held, task, secrets.randbits(SECRET_BITS))
    package, frames = build_features(held, task, answers)
    target = places.custodian / f"{challenge}-{secrets.token_hex(8)}"
    with stage(target) as staging:
        write_hold_out(staging, challenge, task, answers, dataset.package)
    target.chmod(PRIVATE_FOLDER)
    made = describe_hold_out(target, challenge, f"{dataset.path.name}{SUFFIX}")
    with places.attach(made, places.rooms / made.dataset) as staging:
        write_package(package, staging)
        for table in package.tables:
            write_parquet(frames[table.name], staging / table.path)
    progress(f"the hold-out of {challenge} is ready", people, people)
    return made


def check_can_draw(dataset: Dataset) -> None:
    """Raise unless new people can be drawn: the dataset is synthetic and Rounds has its recipe."""
    known = dataset.name in (PLANS if _is_cohort(dataset) else SEEDS)
    if dataset.package.kind != "synthetic" or dataset.package.seed is None or not known:
        raise DataError(
            f'"{dataset.name}" has no recipe to draw new people from. A real table is held out at publishing: ',
            Command("data", "publish", "NAME"),
            ", then ",
            Command("data", "attach", "FOLDER", "--challenge", "CHALLENGE", "--part", "hold-out"),
        )


def _is_cohort(dataset: Dataset) -> bool:
    """Return whether a dataset is one of the cohorts with records, and not a single table."""
    return len(dataset.package.tables) > 1


def check_apart(places: Places) -> None:
    """Raise when the outcomes would lie where rooms look for data."""
    custodian, rooms = places.custodian.resolve(), places.rooms.resolve()
    if custodian.is_relative_to(rooms):
        raise DataError(f"{places.custodian}: the hold-out may not lie in {places.rooms}, where rooms look for data.")


def _draw(dataset: Dataset, people: int, progress: Progress) -> Held:
    """Draw the recipe until enough people are there; no two draws share an id."""
    import pandas as pd

    parts: list[dict[str, pd.DataFrame]] = []
    drawn, own = 0, dataset.package.table
    for frames in _draws(dataset, people):
        progress(f"draw new people of {dataset.name}", min(drawn, people), people)
        parts.append(frames)
        drawn += frames[own.name][own.person].nunique()
        if drawn >= people:
            break
    names = [table.name for table in dataset.package.tables]
    whole = {n: pd.concat([p[n] for p in parts], ignore_index=True) for n in names}
    return hold(dataset.package, whole, find_linkage(dataset.package, whole))


def _draws(dataset: Dataset, people: int) -> Iterator[dict[str, pd.DataFrame]]:
    for _ in range(MOST_DRAWS):
        seed = secrets.randbits(SECRET_BITS)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if _is_cohort(dataset):
                fresh = write_cohort(dataset.name, people, seed, folder, folder / "truth")
            else:
                fresh = make_dataset(dataset.name, folder, seed=seed)
            frames = {table.name: fresh.frame(table.name) for table in fresh.package.tables}
        yield rename_ids(dataset.package, frames)


def rename_ids(package: DataPackage, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables whose identifiers are new random ones, the same everywhere."""
    import pandas as pd

    keys = {t.name: [c.name for c in t.columns if c.role == "identifier"] for t in package.tables}
    found = pd.unique(pd.concat([frames[t][c].dropna() for t, names in keys.items() for c in names]))
    new = {old: f"h{secrets.token_hex(8)}" for old in found}
    return {t: frames[t].assign(**{c: frames[t][c].map(new) for c in names}) for t, names in keys.items()}
