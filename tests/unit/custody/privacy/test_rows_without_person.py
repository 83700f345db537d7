"""Rows without a person: found by the check, decided in the plan, counted in the record."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify, find_lacking
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.plan.plan_file import load_plan, render_plan
from rounds.custody.privacy.reports.report import build_report, write_report
from rounds.data.dataset import Dataset
from rounds.errors import DataError

ROWS = 240


def make_stays(empty: float | str = np.nan) -> dict[str, pd.DataFrame]:
    """Draw stays of people, three of them of nobody, and results that hang on stays."""
    person = pd.Series([f"P{i // 2}" for i in range(ROWS)], dtype="object")
    person[[4, 5, 9]] = empty
    day = pd.Timestamp("2020-02-01") + pd.to_timedelta(np.arange(ROWS) % 90, unit="D")
    stay = np.arange(ROWS) + 500
    return {
        "stay": pd.DataFrame(
            {"visit_id": stay, "patient_id": person, "sex": ["f", "f", "m", "m"] * (ROWS // 4), "visit_ts": day}
        ),
        "lab": pd.DataFrame({"visit_id": np.repeat(stay, 2), "crp": np.arange(2 * ROWS) % 17 * 1.5}),
    }


def write(folder: Path, empty: float | str = np.nan) -> tuple[Dataset, Plan]:
    dataset = write_dataset(folder / "d", make_stays(empty), "patient_id")
    return dataset, replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)


@pytest.mark.parametrize("empty", [np.nan, ""])
def test_check_counts_rows_without_a_person_and_says_what_to_do(tmp_path: Path, empty: float | str) -> None:
    dataset, _ = write(tmp_path, empty)
    (found,) = [f for f in check_dataset(dataset, 11).stops if f.kind == "nobody"]
    assert (found.where, found.count, found.total) == ("stay", 3, ROWS)
    assert 'without_person = "drop"' in found.says()


def test_a_plan_that_does_not_decide_is_refused_and_the_draft_says_so(tmp_path: Path) -> None:
    dataset, plan = write(tmp_path)
    says = "stay has rows with no patient_id: .* \\(3 rows of 240\\)"
    assert any(pd.Series([lack]).str.contains(says).all() for lack in find_lacking(plan, dataset, 11))
    with pytest.raises(DataError, match=says):
        deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "key").exists()


def test_rows_without_a_person_go_with_what_hangs_on_them_and_are_counted(tmp_path: Path) -> None:
    dataset, plan = write(tmp_path)
    (tmp_path / "plan.toml").write_text(render_plan(replace(plan, without_person="drop")))
    plan = load_plan(tmp_path / "plan.toml")
    assert find_lacking(plan, dataset, 11) == ()
    done = deidentify(dataset, plan, tmp_path / "out", tmp_path / "key", policy_k=11, now=NOW)
    assert done.treatment.without_person == {"stay": 3, "lab": 6}
    assert done.treatment.suppressed == {}
    assert {name: len(done.dataset.frame(name)) for name in ("stay", "lab")} == {"stay": ROWS - 3, "lab": 2 * ROWS - 6}
    check = check_dataset(done.dataset, 11)
    assert check.passed
    paths = write_report(build_report(check, done.treatment, NOW), tmp_path / "report", tmp_path / "signing.pem")
    assert json.loads(paths[0].read_text())["report"]["without_person"] == {"stay": 3, "lab": 6}
    assert "9 rows had no person" in paths[1].read_text()


def test_a_word_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    _, plan = write(tmp_path)
    (tmp_path / "plan.toml").write_text(render_plan(replace(plan, without_person="keep")))
    with pytest.raises(DataError, match='Write without_person = "drop"'):
        load_plan(tmp_path / "plan.toml")
