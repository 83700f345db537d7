"""Measure the lesson's table of patient-days."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from rounds.data.dataset import Dataset

from .models import auroc

PERSON = "person_id"


def frames(dataset: Dataset, wanted: set[str]) -> dict[str, pd.DataFrame]:
    """Return the rows."""
    return {"rows": dataset.frame()}


MEASURES: dict[str, tuple[str, Callable[[pd.DataFrame], float]]] = {
    "outcome": ("rows", lambda d: float(d.bsi_next_48h.mean())),
    "score_auroc": ("rows", auroc("bsi_next_48h", "warning_score")),
    "score_mean": ("rows", lambda d: float(d.warning_score.mean())),
    "allogeneic": (
        "rows",
        lambda d: float((d.drop_duplicates("person_id").transplant_type == "allogeneic").mean()),
    ),
    "cultured": ("rows", lambda d: float(d.culture_taken.mean())),
    "crp_measured_at_a": ("rows", lambda d: float(d[d.site == "A"].crp.notna().mean())),
}
