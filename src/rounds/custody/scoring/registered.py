"""Which hold-out a challenge is scored against: its folder on the custodian's side, and its hash.

No outcome is here.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rounds.errors import DataError
from rounds.store.whole import write_whole

SUFFIX = "_hold_out"


@dataclass(frozen=True)
class Registered:
    """A challenge's hold-out: where it lies, the hash of its outcomes, the dataset of its features, its rows.

    ``outcome_unit`` is the unit of the outcome, such as ``g``; empty when it has none.
    """

    challenge: str
    folder: str
    hash: str
    features: str
    rows: int
    outcome_unit: str = ""


def register_hold_out(home: Path, hold_out: Registered) -> None:
    """Let a challenge be scored against a hold-out from now on; one step, or nothing."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(_file(home, hold_out.challenge), json.dumps(asdict(hold_out), indent=2) + "\n")


def find_registered(home: Path, challenge: str) -> Registered | None:
    """Return a challenge's hold-out, None when none is registered."""
    path = _file(home, challenge)
    try:
        return Registered(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: this hold-out's place cannot be read ({error}).") from error


def find_current(home: Path, challenge: str, dataset: str) -> Registered | None:
    """Return a challenge's hold-out when it is one of the dataset that its teams open now; None otherwise.

    Whoever attaches another dataset leaves the hold-out of the first behind: a model of one is not scored on the other.
    """
    found = find_registered(home, challenge)
    return found if found and found.features == dataset + SUFFIX else None


@contextmanager
def one_at_a_time(home: Path, name: str) -> Iterator[None]:
    """Hold a lock of this name, across threads and processes; who comes second waits."""
    with (home / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _file(home: Path, challenge: str) -> Path:
    return home / f"{challenge}.json"
