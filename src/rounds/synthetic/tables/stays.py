"""The made-up stays of a new challenge: a small table to begin with, and to replace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rounds.data.dataset import write_parquet
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table

STAYS, SEED = 600, 1
NOTICE = "Synthetic data, made up for a skeleton: no real person is in it, and it means nothing."


def write_stays(folder: Path, name: str, title: str) -> None:
    """Write a data package with one table of made-up stays, of which one patient may have several."""
    folder.mkdir()
    write_parquet(make_stays(np.random.default_rng(SEED)), folder / "stays.parquet")
    table = Table(name="stays", path="stays.parquet", columns=COLUMNS, row="one stay in hospital", person="person_id")
    timeline = ("admission", "discharge")
    package = DataPackage(
        name, title, "synthetic", (table,), seed=SEED, notice=NOTICE, timeline=timeline, prediction_time="admission"
    )
    write_package(package, folder)


def make_stays(rng: np.random.Generator) -> pd.DataFrame:
    """Draw stays whose outcome depends on age and score."""
    age = rng.normal(66, 14, STAYS).clip(16, 99).round()
    score = rng.gamma(2, 2, STAYS).round(1)
    risk = 1 / (1 + np.exp(-(-5 + 0.04 * age + 0.25 * score)))
    return pd.DataFrame(
        {
            "stay_id": [f"s{number:04d}" for number in range(STAYS)],
            "person_id": [f"p{number:04d}" for number in rng.integers(0, STAYS * 2 // 3, STAYS)],
            "age": age.astype("int64"),
            "score": score,
            "length_of_stay": rng.gamma(2, 3, STAYS).round(1),
            "outcome": rng.random(STAYS) < risk,
        }
    )


def _column(name: str, kind: str, role: str, available: str, clinical: str, ml: str, **more: Any) -> Column:
    return Column(
        name=name, type=kind, role=role, available=available, definition_clinical=clinical, definition_ml=ml, **more
    )


COLUMNS = (
    _column("stay_id", "string", "identifier", "admission", "A made-up number of the stay.", "The row's key."),
    _column("person_id", "string", "identifier", "admission", "A made-up number of the patient.", "Split by this."),
    _column("age", "integer", "quasi-identifier", "admission", "Age at admission.", "A number of years.", unit="a"),
    _column(
        "score", "number", "feature", "admission", "A made-up score of illness.", "A feature that ranks.", unit="1"
    ),
    _column("length_of_stay", "number", "feature", "discharge", "Days in hospital.", "Known too late.", unit="d"),
    _column("outcome", "boolean", "outcome", "discharge", "What is to be predicted.", "The label."),
)
