"""Rules of de-identification that hold for any families: intervals, weekdays, ids, and nobody split over parts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.test_deidentify_road import write_dataset
from tests.unit.test_publish_road import hold_outs, publish

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.crowds.people import linkage_groups
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Statement
from rounds.custody.publishing.publication import Approval
from rounds.custody.publishing.publish import PublicationOrder
from rounds.data.dataset import Dataset, open_dataset

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EXPERT = Statement("Dr Expert", "2026-11-20", "Shifts of whole multiples of 364 days; the risk is very small.")
DATES = (("pregnancy", "delivery_ts"), ("visit", "admit_ts"), ("lab", "taken_ts"))
DAY_ONE = pd.Timestamp("1996-01-01")  # day 1 is in a leap year
families = st.lists(  # for each mother the days of her deliveries, as many as she has children
    st.lists(st.integers(0, 9000), min_size=1, max_size=3), min_size=14, max_size=22
)


def frames_of(drawn: list[list[int]]) -> dict[str, pd.DataFrame]:
    mothers = [1000 + i for i in range(len(drawn))]
    rows = [(mothers[i], 5000 + 10 * i + j, day) for i, days in enumerate(drawn) for j, day in enumerate(days)]
    births = pd.DataFrame(rows, columns=["mother_id", "child_id", "day"])
    at = DAY_ONE + pd.to_timedelta(births.day, unit="D")
    return {
        "person": pd.DataFrame({"person_id": [*mothers, *births.child_id], "sex": "f"}),
        "pregnancy": pd.DataFrame({"mother_id": births.mother_id, "child_id": births.child_id, "delivery_ts": at}),
        "visit": pd.DataFrame(
            {
                "visit_id": np.arange(2 * len(births)) + 90_000,
                "person_id": [*births.mother_id, *births.child_id],
                "admit_ts": [*(at - pd.Timedelta(hours=7)), *(at + pd.Timedelta(days=400, minutes=3))],
            }
        ),
        "lab": pd.DataFrame({"visit_id": np.arange(2 * len(births)) + 90_000, "taken_ts": [*at, *at], "line": 1.5}),
    }


def clean(folder: Path, dataset: Dataset, run: str) -> tuple[Dataset, dict[str, Any]]:
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "birthweight", 11), expert=EXPERT)
    plan = replace(plan, most_suppressed=0.3)
    for table, column in DATES:  # a column with nothing but first days of January counts as years otherwise
        plan = plan.with_step(table, column, action="shift")
    done = deidentify(dataset, plan, folder / run / "births", folder / f"{run}.key", policy_k=11, now=NOW)
    return done.dataset, json.loads((folder / f"{run}.key").read_text())


@settings(max_examples=10, deadline=None)
@given(families, st.integers(0, 2**20))
def test_any_families_keep_their_intervals_stay_together_and_share_no_id_with_another_run(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[list[int]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    raw = write_dataset(folder / "births", frames_of(drawn))
    first, key = clean(folder, raw, "first")
    _check_intervals(raw, first, key)
    _, other = clean(folder, raw, "second")
    ids = [{v for domain in k["ids"].values() for v in domain.values()} for k in (key, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    _check_parts(folder, first, seed)


def _check_intervals(raw: Dataset, done: Dataset, key: dict[str, Any]) -> None:
    """Every date of a family moved by one and the same multiple of 364 days, and never by none."""
    groups = linkage_groups(raw.package, {t.name: raw.frame(t.name) for t in raw.package.tables}, _linkage(raw))
    back = {new: int(old) for old, new in key["ids"]["person_id"].items()}
    visits = {new: int(old) for old, new in key["ids"]["visit_id"].items()}
    owner = raw.frame("visit").set_index("visit_id").person_id
    moved = []
    births = done.frame("pregnancy").assign(child=lambda f: f.child_id.map(back))
    old = raw.frame("pregnancy").set_index("child_id").delivery_ts
    moved.append(pd.DataFrame({"person": births.child, "by": births.delivery_ts - births.child.map(old)}))
    for table, column in (("visit", "admit_ts"), ("lab", "taken_ts")):
        frame = done.frame(table).assign(visit=lambda f: f.visit_id.map(visits))
        old = raw.frame(table).set_index("visit_id")[column]
        moved.append(pd.DataFrame({"person": frame.visit.map(owner), "by": frame[column] - frame.visit.map(old)}))
    every = pd.concat(moved)
    assert (every.groupby(every.person.map(groups)).by.nunique() == 1).all()
    assert (every.by % pd.Timedelta(days=364) == pd.Timedelta(0)).all()
    assert (every.by != pd.Timedelta(0)).all()
    for table in ("visit", "pregnancy"):
        for column in set(done.frame(table).columns) & {"person_id", "mother_id", "child_id"}:
            assert done.frame(table)[column].map(back).notna().all()


def _linkage(raw: Dataset) -> tuple[str, ...]:
    return ("pregnancy.mother_id", "pregnancy.child_id")


def _check_parts(folder: Path, done: Dataset, seed: int) -> None:
    order = PublicationOrder(Approval("1", date(2027, 1, 1)), people=6, hold_out=0.3, seed=seed)
    publish(done, folder / "data" / "births", folder / "custodian", order, policy_k=11, now=NOW)
    held = open_dataset(hold_outs(folder / "custodian")[0])
    parts = {"hold-out": held, "full": open_dataset(folder / "data" / "births" / "full" / "births")}
    people = {name: set(part.frame("person").person_id) for name, part in parts.items()}
    assert not people["hold-out"] & people["full"]
    sample = set(open_dataset(folder / "data" / "births" / "sample" / "births").frame("person").person_id)
    assert sample <= people["full"]
    for name, part in parts.items():
        births = part.frame("pregnancy")
        assert set(births.mother_id) | set(births.child_id) <= people[name]
        assert set(part.frame("visit").person_id) <= people[name]
        assert set(part.frame("lab").visit_id) <= set(part.frame("visit").visit_id)
