"""Write one part of a de-identified dataset as a package of its own, with the risk that it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.risks import Risks, population_risks
from rounds.custody.privacy.crowds.views import build_views
from rounds.custody.privacy.plan.treatment import write_treatment
from rounds.custody.publishing.description import describe_published
from rounds.custody.publishing.parts import Whole, count_people, draw_groups, open_whole, select
from rounds.custody.publishing.scored import Scored
from rounds.data.dataset import Dataset, write_parquet
from rounds.data.descriptor import write_package
from rounds.errors import DataError
from rounds.store.staging import stage

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def write_sample(dataset: Dataset, people: int | None, target: Path, seed: int) -> tuple[int, dict[str, Risks]]:
    """Write a sample of about ``people`` people, or of the usual size; return how many it holds and its risks."""
    whole = open_whole(dataset)
    groups = draw_groups(whole, people, seed)
    with stage(target) as staging:
        risks = write_part(whole, groups, "sample", staging)
    return count_people(whole, groups), risks


def write_part(whole: Whole, groups: np.ndarray, part: str, folder: Path) -> dict[str, Risks]:
    """Write the rows of some groups into an existing folder, read-only; return the population risk of each view."""
    frames = select(whole, groups)
    if all(frame.empty for frame in frames.values()):
        raise DataError(f'The part "{part}" would hold nobody. Choose other sizes.')
    risks = measure_part(whole, frames)
    highest = max((r.highest for r in risks.values()), default=0.0)
    rows = {name: len(frame) for name, frame in frames.items()}
    write_package(describe_published(whole.dataset.package, whole.treatment, frames), folder)
    for table in whole.dataset.package.tables:
        write_parquet(frames[table.name], folder / table.path)
    write_treatment(replace(whole.treatment, part=part, population_risk=round(highest, 6), rows=rows), folder)
    return risks


def write_scored_part(whole: Whole, scored: Scored, folder: Path) -> None:
    """Write the features of the hold-out, read-only, with the record of how the whole was de-identified."""
    folder.mkdir(parents=True)
    write_package(describe_published(scored.package, whole.treatment, scored.frames), folder)
    for table in scored.package.tables:
        write_parquet(scored.frames[table.name], folder / table.path)
    rows = {name: len(frame) for name, frame in scored.frames.items()}
    write_treatment(replace(whole.treatment, part="hold-out features", rows=rows), folder)


def measure_part(whole: Whole, frames: Mapping[str, pd.DataFrame]) -> dict[str, Risks]:
    """Return the risk of a part when the whole de-identified dataset is the population."""
    package = whole.dataset.package
    population = {view.table.name: view for view in build_views(package, whole.frames)}
    return {
        view.table.name: population_risks(view.frame, population[view.table.name].frame, view.quasi, view.person)
        for view in build_views(package, frames)
        if len(view.frame)
    }
