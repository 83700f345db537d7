"""What outlives a kernel of a lesson: what was chosen in its widgets, and how often a check said "not yet".

One small file beside the notebook, written by the learner's own kernel; it is not handed in, and no mark comes of it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

FOLDER = ".rounds"  # beside the notebook
SAVED_AFTER_S = 0.3  # a slider that is drawn changes many times a second
LONGEST, MOST = 2_000, 2_000_000  # signs of one text; bytes of a file that is still read
Scalar = bool | int | float | str | None


class Kept:
    """The file of one notebook, read at the kernel's start and written a moment after each change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        said = _read(path)
        self.widgets: dict[str, dict[str, dict[str, Scalar]]] = _clean(said.get("widgets"))
        failures = said.get("failures")
        self.failures: dict[str, int] = {
            str(name): count
            for name, count in (failures.items() if isinstance(failures, dict) else ())
            if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= 100_000
        }

    def keep(self, cell: str, part: str, trait: str, value: Scalar) -> None:
        """Keep the value of one trait of one part of a cell's widget."""
        self.widgets.setdefault(cell, {}).setdefault(part, {})[trait] = value
        self._save_soon()

    def count(self, exercise: str, failures: int) -> None:
        """Keep how often a check said "not yet"."""
        self.failures[exercise] = failures
        self._save_soon()

    def save(self) -> None:
        """Write the file now; a full disk or a folder that went away never disturbs the learner."""
        with self._lock, suppress(OSError, RuntimeError):  # RuntimeError: it changes while it is written
            self._timer = None
            text = json.dumps({"widgets": self.widgets, "failures": self.failures})
            make_folder(self.path.parent)
            write_whole(self.path, text)

    def _save_soon(self) -> None:
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(SAVED_AFTER_S, self.save)
                self._timer.daemon = True
                self._timer.start()


class Failures(Counter[str]):
    """How often each exercise's check said "not yet"; a change is kept."""

    def __init__(self, lesson_id: str, kept: Kept) -> None:
        start = f"{lesson_id}/"
        super().__init__({k.removeprefix(start): v for k, v in kept.failures.items() if k.startswith(start)})
        self._lesson_id, self._kept = lesson_id, kept

    def __setitem__(self, exercise: str, count: int) -> None:
        super().__setitem__(exercise, count)
        if hasattr(self, "_kept"):  # not yet while the base class fills it
            self._kept.count(f"{self._lesson_id}/{exercise}", count)


_of_this_kernel: list[Kept] = []


def open_kept(notebook: Path) -> Kept:
    """Return what is kept of a notebook; its file is that of this kernel from now on."""
    _of_this_kernel[:] = [Kept(notebook.parent / FOLDER / f"{notebook.stem}.json")]
    return _of_this_kernel[0]


def kept_failures(lesson_id: str) -> Counter[str]:
    """Return how often each exercise failed: kept where a lesson's page opened the notebook, else counted anew."""
    return Failures(lesson_id, _of_this_kernel[0]) if _of_this_kernel else Counter()


def is_kept(value: object) -> bool:
    """Return whether a value is one that is kept: a number, yes or no, a short text, nothing."""
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= LONGEST)


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= MOST else {}
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _clean(said: Any) -> dict[str, dict[str, dict[str, Scalar]]]:
    """Return of a read file what has the form of kept widgets: by cell, by part, by trait."""
    return {
        str(cell): {
            str(part): {str(name): value for name, value in _items(traits) if is_kept(value)}
            for part, traits in _items(parts)
        }
        for cell, parts in _items(said)
    }


def _items(said: Any) -> list[tuple[Any, Any]]:
    return list(said.items()) if isinstance(said, Mapping) else []
