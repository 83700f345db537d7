"""Cohorts that several tests read: made once, by whoever comes first, and kept below test-artifacts.

The key is a hash of all that makes them, so a kept cohort is never older than the code; the parts of a run share
it, and one waits while the other makes.  Whoever changes what all read fails at the next reading.
"""

from __future__ import annotations

import fcntl
import shutil
import sys
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from rounds.data.dataset import Dataset, open_dataset
from rounds.synthetic.ehr.generate import SAMPLE, write_cohort
from rounds.synthetic.make import make_dataset

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "test-artifacts" / "made"
MAKERS = ("duckdb", "ibis-framework", "numpy", "pandas", "pyarrow", "sqlglot")
UNUSED_S = 24 * 3600.0  # what older code made is kept for a day: other tests may be at work on it
STAFF = "staff"
WARD_SEED = 11
WARD = {"birthweight": 2000, "bsi": 600, "covid": 2500, "heart_failure": 1200}


def lesson(name: str) -> Dataset:
    """Return a lesson's table, or a challenge's cohort at lesson size, as an event ships it."""
    return _made("lesson", name, lambda folder: make_dataset(name, folder, truth_folder=folder / STAFF))


def people(name: str, persons: int, seed: int = 5) -> Dataset:
    """Return a cohort of this many patients; the truth lies in the folder ``staff`` beside it."""
    group = f"{persons}-of-{seed}"
    return _made(group, name, lambda folder: write_cohort(name, persons, seed, folder, folder / STAFF))


def sample(name: str) -> Dataset:
    """Return a cohort of a hundred patients."""
    return people(name, SAMPLE)


def ward(name: str) -> Dataset:
    """Return a cohort of so many patients that its medicine can be counted, in blocks where they are small."""
    return _made("ward", name, lambda folder: write_cohort(name, WARD[name], WARD_SEED, folder, folder / STAFF))


def _made(group: str, name: str, make: Callable[[Path], object]) -> Dataset:
    folder = home() / group
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / f".{name}.made"
    with (folder / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not listed.is_file():
            make(folder)
            listed.write_text(contents(folder / name), encoding="utf-8")
        assert listed.read_text(encoding="utf-8") == contents(folder / name), f"a test changed {folder / name}"
    return open_dataset(folder / name)


def contents(folder: Path) -> str:
    """Return the files of a folder, each with its size and the time of its last change."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return "".join(f"{p.relative_to(folder)} {p.stat().st_size} {p.stat().st_mtime_ns}\n" for p in files)


@cache
def home() -> Path:
    """Return this code's own folder, after the folders of older code that nobody used for a day are gone."""
    mine = HOME / made_by(ROOT / "src" / "rounds", Path(__file__))
    mine.mkdir(parents=True, exist_ok=True)
    (mine / "used").touch()
    for other in HOME.iterdir():
        used = other / "used"
        if other != mine and (not used.exists() or used.stat().st_mtime < time.time() - UNUSED_S):
            shutil.rmtree(other, ignore_errors=True)
    return mine


def made_by(*places: Path) -> str:
    """Return a hash of the code in these files and folders, and of the versions of what makes tables."""
    digest = sha256(" ".join([sys.version, *(f"{name} {version(name)}" for name in MAKERS)]).encode())
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(place)}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:20]
