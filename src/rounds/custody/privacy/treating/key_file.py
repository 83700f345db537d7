"""The key that leads back to the patients: written once, for the custodian alone, never inside a dataset."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.data.descriptor import FILE
from rounds.errors import DataError

if TYPE_CHECKING:
    from rounds.custody.privacy.treating.actions import Secrets

MODE = 0o600


def check_key_path(path: Path, *forbidden: Path) -> None:
    """Raise when the key would overwrite something, or would stand where a dataset stands or will stand."""
    if path.exists():
        raise DataError(f"{path}: this file exists. A key is never written over; name another path.")
    whole = path.resolve()
    for folder in forbidden:
        if whole.is_relative_to(folder.resolve()):
            raise DataError(
                f"{path}: the key may not lie in {folder}, where others read. Name a folder of the custodian."
            )
    if any((parent / FILE).is_file() for parent in whole.parents):
        raise DataError(f"{path}: the key may not lie inside a data package. Name a folder of the custodian.")


def write_key(path: Path, challenge: str, secrets: Secrets, now: datetime) -> None:
    """Write ids and shifts to a new file that only its owner can read."""
    entry = {
        "challenge": challenge,
        "written": now.isoformat(timespec="seconds"),
        "ids": {domain: {str(old): new for old, new in ids.items()} for domain, ids in secrets.ids.items()},
        "shift_days": {str(person): int(days) for person, days in secrets.shifts.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w", encoding="utf-8") as file:
        json.dump(entry, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
