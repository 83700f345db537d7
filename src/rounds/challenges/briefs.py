"""A brief and a dataset together: the rows that the question is about, honest features, limits of the table.

A team's own table may take the place of the challenge's; columns that it lacks are left out and named as limits.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.challenges.brief import FILE, Brief, Inclusion, load_brief
from rounds.data.dataset import Dataset
from rounds.data.leaks import find_leaks
from rounds.errors import DataError, suggest
from rounds.explore.cohort import Box, Cohort
from rounds.explore.steps import Step
from rounds.synthetic.ehr.analysis import build_study, has_study

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "ROUNDS_CHALLENGES"  # where the event laid out its challenges, as rooms read them


def brief_of(challenge: str, environ: Mapping[str, str] = os.environ) -> Brief:
    """Return what a challenge asks of its analysis table, from where the event laid it out or beside this notebook."""
    name = challenge.replace("-", "_")
    place = Path(environ[VARIABLE]) if environ.get(VARIABLE) else Path.cwd().parent
    file = place / name / FILE
    if not file.is_file():
        known = [path.parent.name for path in place.glob(f"*/{FILE}")]
        raise DataError(f'There is no brief for "{challenge}" here.{suggest(name, known)}')
    return load_brief(file)


def choose_rows(dataset: Dataset, brief: Brief) -> Cohort:
    """Return the rows of the analysis table that the question is about."""
    names = dataset.table().names()
    if brief.outcome not in names:
        raise DataError(f'Dataset "{dataset.name}" has no column "{brief.outcome}". {brief.no_outcome}')
    rows = Cohort.of(dataset)
    for step in brief.step:
        if _column(step, brief) in names:
            rows = _keep(rows, step, brief)
    return rows


def _column(step: Inclusion, brief: Brief) -> str:
    """Return the column that a step asks about."""
    return step.condition.split()[0] if step.condition else brief.outcome


def _keep(rows: Cohort, step: Inclusion, brief: Brief) -> Cohort:
    if step.condition:
        return rows.where(step.condition, step.label)
    return rows.where(Step(brief.outcome, "range", step.range, step.label))


def count_rows(dataset: Dataset, brief: Brief) -> pd.DataFrame:
    """Return the cohort's flow as a table: from the records where they are there, then the steps of the question."""
    import pandas as pd

    boxes = choose_rows(dataset, brief).flow()
    if len(dataset.package.tables) > 1 and has_study(dataset.name):
        boxes = [*_from_records(dataset), *boxes[1:]]
    shown = [(box.label, box.n_rows, box.n_persons, box.excluded) for box in boxes]
    return pd.DataFrame(shown, columns=["step", brief.rows, brief.people, "left out"]).convert_dtypes().fillna(0)


def limits_of(dataset: Dataset, brief: Brief) -> list[str]:
    """Return what this table cannot support because a column is missing, one sentence each."""
    names = dataset.table().names()
    limits = [text for name, text in brief.limits.items() if name not in names]
    if dataset.table().person is None:
        limits.insert(0, brief.no_person)
    return limits


def honest_features(dataset: Dataset) -> list[str]:
    """Return the columns that are known when the prediction is made."""
    names = dataset.package.table.names("feature", "quasi-identifier")
    leaks = {leak.column for leak in find_leaks(names, dataset.package)}
    return [name for name in names if name not in leaks]


def features_of(dataset: Dataset, brief: Brief) -> list[str]:
    """Return the columns that are known when the prediction is made, and that a model may use."""
    names = [*honest_features(dataset), *(name for name in brief.also if name in dataset.table().names())]
    return [name for name in names if name not in brief.without]


def _from_records(dataset: Dataset) -> list[Box]:
    return build_study(dataset.name, dataset).flow()
