"""Write a synthetic dataset: package, Parquet, and the truth beside it for the staff. The seeds of all stand here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.data.dataset import Dataset, open_dataset, write_parquet
from rounds.data.descriptor import write_package
from rounds.data.shelf.sizes import Size
from rounds.errors import DataError, suggest
from rounds.meter import Progress, silent
from rounds.store.staging import stage

if TYPE_CHECKING:
    from rounds.synthetic.tables.cohort import SyntheticCohort

TABLE_SEEDS = {"bsi_days": 20270230, "covid_labs": 20270223}
COHORT_SEEDS = {"birthweight": 20270223, "bsi": 20270302, "heart_failure": 20270309, "covid": 20270316}
SEEDS = {**TABLE_SEEDS, **COHORT_SEEDS}
STEPS = 3


def make_cohort(name: str, seed: int | None = None) -> SyntheticCohort:
    """Draw the rows and the truth of a lesson's table."""
    _check_name(name, TABLE_SEEDS)
    module = import_module(f"rounds.synthetic.tables.{name}")
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
    from rounds.synthetic.ehr.generate import generate

    _check_name(name, SEEDS)
    seed = SEEDS[name] if seed is None else seed
    if name in COHORT_SEEDS:
        return generate(name, Size.LESSON, seed, folder, truth_folder, progress)
    return _make_table(name, folder, seed, truth_folder or folder, progress)


def _make_table(name: str, folder: Path, seed: int, truth_folder: Path, progress: Progress) -> Dataset:
    from rounds.synthetic.tables.cohort import conform, read_template

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
