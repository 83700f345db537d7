"""Write a synthetic cohort: block after block into one Parquet file for each table, whole or not at all.

The challenge's study runs on each block before it is forgotten; its rows are the first table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import DataPackage
from rounds.errors import DataError, suggest
from rounds.meter import Progress, silent
from rounds.store.staging import stage
from rounds.synthetic.ehr.analysis import read_analysis_table
from rounds.synthetic.ehr.analysis.blocks import open_analyst
from rounds.synthetic.ehr.block import Block, Chunk
from rounds.synthetic.ehr.layout import read_description
from rounds.synthetic.ehr.parquet import arrow_rows, arrow_schema, open_writer, write_rows
from rounds.synthetic.ehr.truth import Truth, keep_truth

SAMPLE, LESSON = 100, 5000  # for whom: docs/how-to/data-sizes-and-phases.md


@dataclass(frozen=True)
class CohortRecipe:
    """How many patients a cohort has at full size, and how many are drawn at once."""

    full: int
    block: int

    def persons(self, size: str) -> int:
        """Return the number of patients of a size."""
        sizes = {"sample": SAMPLE, "lesson": LESSON, "full": self.full}
        if size not in sizes:
            raise DataError(f'There is no size "{size}".{suggest(size, sizes)}')
        return sizes[size]


PLANS = {
    # Full: about 2 GB each in memory when all is read (docs/how-to/data-sizes-and-phases.md).  Blocks: making one takes
    # at most 0.75 GB (docs/explanation/performance.md).
    "birthweight": CohortRecipe(full=72_500, block=2_500),
    "bsi": CohortRecipe(full=20_500, block=500),
    "heart_failure": CohortRecipe(full=37_000, block=1_000),
    "covid": CohortRecipe(full=60_000, block=1_250),
}


def generate(
    name: str,
    size: str,
    seed: int,
    folder: Path,
    truth_folder: Path | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Write a cohort into ``folder/name`` and its truth into ``truth_folder`` (``folder`` without one).

    ``size`` is "sample" (100 patients), "lesson" (5,000) or "full" (about 2 GB in memory).
    The bytes depend on the seed, the size, the version of the recipe and of pyarrow only.
    """
    plan = _plan(name)
    return write_cohort(name, plan.persons(size), seed, folder, truth_folder or folder, progress)


def describe_cohort(name: str, seed: int) -> DataPackage:
    """Return the data package of a cohort without its rows: the analysis table first, then the records."""
    records = read_description(name, seed)
    return replace(records, tables=(read_analysis_table(name), *records.tables))


def write_cohort(
    name: str, persons: int, seed: int, folder: Path, truth_folder: Path, progress: Progress = silent
) -> Dataset:
    """Write a cohort of this many patients."""
    package = describe_cohort(name, seed)
    module = import_module(f"rounds.synthetic.ehr.{name}")
    blocks = list(_blocks(name, persons, seed))
    with keep_truth(truth_folder, name) as truth, stage(folder / name) as staging:
        write_package(package, staging)
        _write_blocks(package, (module.draw_block, blocks), staging, truth, progress)
        truth.write(module.TRUTH, seed=seed, version=package.version, persons=persons)
    return open_dataset(folder / name)


def _write_blocks(
    package: DataPackage,
    work: tuple[Callable[[Block], Chunk], list[Block]],
    staging: Path,
    truth: Truth,
    progress: Progress,
) -> None:
    draw, blocks = work
    records = {table.name: arrow_schema(table) for table in package.tables[1:]}
    written = dict.fromkeys(records, 0)
    with ExitStack() as stack:
        writers = _open_writers(stack, package, staging)
        analyst = stack.enter_context(open_analyst(package.name, records))
        for done, block in enumerate(blocks):
            progress(f"draw and write {package.name}", done, len(blocks))
            chunk = draw(block)
            _check_tables(package.name, chunk, records)
            tables = {name: arrow_rows(rows, records[name]) for name, rows in chunk.tables.items()}
            for name, rows in tables.items():
                write_rows(writers[name], rows)
                truth.add_rows(name, chunk.tables[name], written[name])
                written[name] += rows.num_rows
            write_rows(writers[package.table.name], analyst.analyse(tables))
            truth.add_block(chunk.latent, chunk.facts)
    _close_files(package, staging)
    progress(f"{package.name} is ready", len(blocks), len(blocks))


def _open_writers(stack: ExitStack, package: DataPackage, staging: Path) -> dict[str, Any]:
    """Open one Parquet file for each table; they close with the stack."""
    return {t.name: stack.enter_context(open_writer(staging / t.path, arrow_schema(t))) for t in package.tables}


def _close_files(package: DataPackage, staging: Path) -> None:
    """Make the files read-only."""
    for table in package.tables:
        (staging / table.path).chmod(0o444)


def _check_tables(name: str, chunk: Chunk, schemas: dict[str, Any]) -> None:
    if set(chunk.tables) != set(schemas):
        raise ValueError(f"{name}: tables differ: {sorted(set(chunk.tables) ^ set(schemas))}")


def _blocks(name: str, persons: int, seed: int) -> Iterator[Block]:
    size = _plan(name).block
    for number, first in enumerate(range(0, persons, size)):
        yield Block(number, min(size, persons - first), seed, name)


def _plan(name: str) -> CohortRecipe:
    if name not in PLANS:
        raise DataError(f'There is no recipe for a cohort "{name}".{suggest(name, PLANS)}')
    return PLANS[name]
