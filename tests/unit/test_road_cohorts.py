"""The road of many tables: each synthetic cohort, taken as if it were a hospital's, comes out clean and whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.made import sample
from tests.unit.test_publish_road import hold_outs, publish

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.plan.plan import Statement
from rounds.custody.privacy.reports.report import build_report, verify_report, write_report
from rounds.custody.publishing.publication import Approval
from rounds.custody.publishing.publish import PublicationOrder
from rounds.data.dataset import open_dataset

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
EXPERT = Statement("Dr Expert", "2026-11-20", "Shifts of whole multiples of 364 days; the risk is very small.")
KEYS = {"person_id", "encounter_id"}


@pytest.mark.parametrize("name", ["birthweight", "bsi", "heart_failure", "covid"])
def test_a_cohort_comes_out_clean_and_its_tables_still_fit_together(tmp_path: Path, name: str) -> None:
    raw = sample(name)
    before = check_dataset(raw, 11)
    assert {"C", "R", "k"} <= {f.kind for f in before.stops}
    plan = draft_plan(raw, before, name, 11)
    plan = replace(plan, expert=EXPERT, most_suppressed=0.3)
    outcome = deidentify(raw, plan, tmp_path / "clean" / name, tmp_path / "key", policy_k=11, now=NOW)
    clean = outcome.dataset
    check = check_dataset(clean, 11)
    assert [f.says() for f in check.stops] == []
    assert outcome.treatment.k_measured >= 11
    people, encounters = set(clean.frame("person").person_id), set(clean.frame("encounter").encounter_id)
    for table in clean.package.tables:
        frame = clean.frame(table.name)
        if "encounter_id" in frame.columns:
            assert set(frame.encounter_id.dropna()) <= encounters
        if "person_id" in frame.columns:
            assert set(frame.person_id) <= people
    order = PublicationOrder(Approval("1", date(2027, 1, 1)), people=20, hold_out=0.2)
    target = tmp_path / "data" / name
    publish(clean, target, tmp_path / "custodian", order, policy_k=11, now=NOW)
    held = open_dataset(hold_outs(tmp_path / "custodian")[0]).frame("person").person_id
    full = open_dataset(target / "full" / name).frame("person").person_id
    report = build_report(check, outcome.treatment, NOW, before)
    signed, page = write_report(report, tmp_path / "report", tmp_path / "signing.pem")
    assert verify_report(signed)[0]["verdict"] == "passed"
    assert sum(row["after"] for row in report["classes"]) == 0
    assert not {*raw.frame("person").person_id} & set(re.findall(r"\w+", page.read_text(encoding="utf-8")))
    assert not set(held) & set(full)
    assert set(held) | set(full) == people


def test_hours_between_a_blood_draw_and_its_result_are_what_they_were(tmp_path: Path) -> None:
    raw = sample("covid")
    plan = replace(draft_plan(raw, check_dataset(raw, 11), "covid", 11), expert=EXPERT, most_suppressed=0.3)
    clean = deidentify(raw, plan, tmp_path / "clean", tmp_path / "key", policy_k=11, now=NOW).dataset
    back = {new: old for old, new in json.loads((tmp_path / "key").read_text())["ids"]["encounter_id"].items()}
    old, new = raw.frame("lab"), clean.frame("lab")
    spans = [old.assign(encounter=old.encounter_id.astype("str")), new.assign(encounter=new.encounter_id.map(back))]
    before, after = (
        (frame.resulted_ts - frame.collected_ts).groupby(frame.encounter).agg(lambda s: sorted(s.dropna()))
        for frame in spans
    )
    assert len(after) > 20
    assert (before.reindex(after.index) == after).all()
    weekdays = [frame.collected_ts.dt.day_of_week.groupby(frame.encounter).agg(sorted) for frame in spans]
    assert (weekdays[0].reindex(after.index) == weekdays[1]).all()
