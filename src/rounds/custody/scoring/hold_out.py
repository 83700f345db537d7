"""The custodian's folder of one hold-out: outcomes, and how they are scored.  Only the scoring process reads it.

Each file is readable by its owner only.  What teams handed in is kept beside it, under its hash.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.scoring.task import Task
from rounds.data.package import DataPackage
from rounds.errors import DataError
from rounds.store.manifest import hash_all, hash_file

if TYPE_CHECKING:
    import pandas as pd

    from rounds.store.tables import Attachment

ANSWERS, ABOUT, HANDED_IN = "outcomes.parquet", "scoring.json", "handed-in"
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class HoldOut:
    """The outcomes of one hold-out and the task that they answer."""

    folder: Path
    challenge: str
    task: Task
    answers: pd.DataFrame
    hash: str

    @property
    def seed(self) -> int:
        """The seed of the intervals: the same for every try, so that two tries can be compared."""
        return int(self.hash[:15], 16)

    def kept(self, team: str, file_hash: str) -> Path:
        """Return where a file that a team handed in is kept."""
        return self.folder.parent / HANDED_IN / self.folder.name / team / file_hash


def write_hold_out(folder: Path, challenge: str, task: Task, answers: pd.DataFrame, package: DataPackage) -> None:
    """Write outcomes and task into an existing folder; ``package`` describes the whole dataset."""
    entry = {
        "challenge": challenge,
        "dataset": package.name,
        "version": package.version,
        "task": asdict(task),
        "rows": len(answers),
        "outcome_unit": package.table.column(task.outcome).unit or "",
    }
    answers.drop(columns="place").to_parquet(folder / ANSWERS, index=False, compression="zstd")
    (folder / ABOUT).write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in (ANSWERS, ABOUT):
        (folder / name).chmod(PRIVATE_FILE)


def hash_hold_out(folder: Path) -> str:
    """Return the hash of a hold-out's outcomes and task."""
    if not (folder / ANSWERS).is_file() or not (folder / ABOUT).is_file():
        raise DataError(f"{folder} is no hold-out that can be scored. Publish it for a challenge with a metric.")
    return hash_all({name: hash_file(folder / name) for name in (ANSWERS, ABOUT)})


def open_hold_out(folder: Path, expected: str) -> HoldOut:
    """Read a hold-out; raise when it is not the one that was registered."""
    import pandas as pd

    found = hash_hold_out(folder)
    if found != expected:
        raise DataError(f"{folder}: the hold-out changed since it was registered. The custodian looks at it first.")
    entry = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    told: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry["task"].items()
    }
    return HoldOut(folder, entry["challenge"], Task(**told), pd.read_parquet(folder / ANSWERS), found)


def describe_hold_out(folder: Path, challenge: str, features: str) -> Attachment:
    """Return a hold-out as the ledger names it: its folder and its hash, no outcome."""
    from rounds.data.shelf.ledger import HELD  # only here: the scoring process needs no database
    from rounds.store.tables import Attachment

    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    hash_, unit = hash_hold_out(folder), about["outcome_unit"]
    names = {"challenge": challenge, "part": HELD, "asked_for": features, "dataset": features}
    return Attachment(**names, folder=str(folder.resolve()), hash=hash_, rows=about["rows"], outcome_unit=unit)


def keep_file(path: Path, target: Path) -> None:
    """Keep a scored file under its hash, for its owner only."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    fresh = target.with_name(f".{target.name}-{os.getpid()}")
    shutil.copyfile(path, fresh)
    fresh.chmod(PRIVATE_FILE)
    os.replace(fresh, target)
