"""Answers of clinicians about columns: one small file for each dataset, beside its package.

The desk writes it, whole or not at all; rooms read it.  It holds words of people, never a row.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LARGEST_BYTES = 4_000_000


@dataclass(frozen=True)
class Answer:
    """A question about one column, what a clinician answered, who and when."""

    table: str
    column: str
    question: str
    answer: str
    by: str
    at: str


def answers_file(folder: Path, dataset: str) -> Path:
    """Return where the answers about a dataset lie; ``folder`` holds its package."""
    return folder / f"{dataset}.answers.json"


def write_answers(folder: Path, dataset: str, answers: Iterable[Answer]) -> None:
    """Replace the answers about a dataset in one step."""
    text = json.dumps([asdict(answer) for answer in answers], indent=1, ensure_ascii=False)
    handle, fresh = tempfile.mkstemp(prefix=f".{dataset}.answers-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        Path(fresh).chmod(0o644)
        os.replace(fresh, answers_file(folder, dataset))
    finally:
        Path(fresh).unlink(missing_ok=True)


def find_answers(package_folder: Path, environ: Mapping[str, str] = os.environ) -> tuple[Answer, ...]:
    """Return the answers about the dataset in a folder; those of a sample or the full data lie with all others."""
    named = environ.get("ROUNDS_DATA", "").split(os.pathsep)
    folders = [package_folder.parent, *(Path(part) for part in named if part)]
    found = (read_answers(folder, package_folder.name) for folder in folders)
    return next((answers for answers in found if answers), ())


def read_answers(folder: Path, dataset: str) -> tuple[Answer, ...]:
    """Return the answers about a dataset; none when there is no file or it cannot be read."""
    path = answers_file(folder, dataset)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return ()
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    found = (_parse(entry) for entry in said) if isinstance(said, list) else ()
    return tuple(answer for answer in found if answer is not None)


def _parse(entry: Any) -> Answer | None:
    keys = Answer.__dataclass_fields__
    if not isinstance(entry, dict) or any(not isinstance(entry.get(key), str) for key in keys):
        return None
    return Answer(**{key: entry[key] for key in keys})
