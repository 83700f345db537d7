"""Write a synthetic dataset: package, Parquet, and the truth beside it for the staff. The seeds of all stand here."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.sizes import Size
from rounds.data.staging import stage
from rounds.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.synthetic.cohort import SyntheticCohort

Progress = Callable[[str, int, int], None]
TABLE_SEEDS = {"bsi_days": 20270230, "covid_labs": 20270223}
COHORT_SEEDS = {"birthweight": 20270223, "bsi": 20270302, "heart_failure": 20270309, "covid": 20270316}
SEEDS = {**TABLE_SEEDS, **COHORT_SEEDS}
STEPS = 3


def silent(step: str, done: int, total: int) -> None:
    """Report nothing."""


def make_cohort(name: str, seed: int | None = None) -> SyntheticCohort:
    """Draw the rows and the truth of a lesson's table."""
    _check_name(name, TABLE_SEEDS)
    module = import_module(f"rounds.data.synthetic.{name}")
    cohort: SyntheticCohort = getattr(module, f"make_{name}")(SEEDS[name] if seed is None else seed)
    return cohort


def make_dataset(
    name: str,
    folder: Path,
    seed: int | None = None,
    truth_folder: Path | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Write a lesson's table, or a challenge's cohort at lesson size, into ``folder/name``, whole or not at all.

    The truth (what was planted and where) goes to ``<name>.truth.json`` in ``truth_folder``
    (``folder`` without one), readable by its owner only; ``load`` never opens it.
    """
    from rounds.data.ehr.generate import generate

    _check_name(name, SEEDS)
    seed = SEEDS[name] if seed is None else seed
    if name in COHORT_SEEDS:
        return generate(name, Size.LESSON, seed, folder, truth_folder, progress)
    return _make_table(name, folder, seed, truth_folder or folder, progress)


def _make_table(name: str, folder: Path, seed: int, truth_folder: Path, progress: Progress) -> Dataset:
    from rounds.data.synthetic.cohort import conform, read_template

    progress(f"draw {name}", 0, STEPS)
    cohort, package = make_cohort(name, seed), read_template(name, seed)
    progress(f"write {name}", 1, STEPS)
    with stage(folder / name) as staging:
        write_package(package, staging)
        write_parquet(conform(cohort.frame, package.table), staging / package.table.path)
    progress(f"note the truth of {name}", 2, STEPS)
    _write_truth(truth_folder, name, seed, cohort.truth)
    progress(f"{name} is ready", STEPS, STEPS)
    return open_dataset(folder / name)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a read-only Parquet file."""
    frame.to_parquet(path, index=False, compression="zstd")
    path.chmod(0o444)


def _write_truth(folder: Path, name: str, seed: int, truth: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path, new = folder / f"{name}.truth.json", folder / f".{name}.truth.json"
    new.unlink(missing_ok=True)
    text = json.dumps({"dataset": name, "seed": seed, **truth}, indent=2)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    new.replace(path)


def _check_name(name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise DataError(f'There is no recipe for a dataset "{name}".{suggest(name, known)}')
