"""What k does not count is measured: the day of the year and the length of a stay, which a shift leaves alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.data.privacy.check import check_dataset
from rounds.data.privacy.deidentify import deidentify
from rounds.data.privacy.draft_plan import draft_plan
from rounds.data.privacy.finding import Severity


def test_what_k_does_not_count_is_measured_on_the_shifted_dates(tmp_path: Path) -> None:
    """200 people in two crowds of 100: with the exact day, or the length of the stay, most are nearly alone."""
    rng = np.random.default_rng(2)
    came = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 364, 200), unit="D")
    frame = pd.DataFrame(
        {
            "person_id": np.arange(200),
            "sex": np.repeat(["f", "m"], 100),
            "came_at": came,
            "left_at": came + pd.to_timedelta(np.repeat([3, 4, 5, 40], 50), unit="D"),
        }
    )
    frame.loc[:4, "left_at"] = came[:5] + pd.to_timedelta(100 + np.arange(5), unit="D")
    dataset = write_dataset(tmp_path / "stays", {"stays": frame}, person="person_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT, era="")
    assert not [f for f in check_dataset(dataset, 11).findings if f.kind == "beyond"]
    done = deidentify(dataset, plan, tmp_path / "out" / "stays", tmp_path / "key", policy_k=11, now=NOW).dataset
    found = {f.where: f for f in check_dataset(done, 11).findings if f.kind == "beyond"}
    days = (came - pd.Timestamp(0)).days.to_numpy() % 364
    sizes = pd.Series(days).groupby([frame["sex"], days]).transform("size")
    assert found["stays.came_at"].count == (sizes < 11).sum()
    assert found["stays.left_at"].count == 5
    assert all(f.severity is Severity.LOOK and f.total == 200 for f in found.values())
