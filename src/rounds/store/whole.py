"""Replace a file in one step: who reads it sees the old text or the new one, also when the writer is killed."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all, in a folder that is there already."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
