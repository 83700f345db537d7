"""A column of text is published only when somebody was shown what it holds, or when it is a declared code system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.findings.unseen_texts import MOST_SHOWN, say_forms, texts_to_show
from rounds.custody.privacy.plan.plan import Plan
from rounds.custody.privacy.plan.plan_file import parse_plan, render_plan
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage, Table

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROWS = 400


def write(folder: Path, code_system: str | None = None) -> Dataset:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "person_id": np.arange(ROWS) + 1000,
            "sex": rng.choice(["f", "m"], ROWS),
            "finding": rng.choice(["clear", "shadow", "fluid"], ROWS),
        }
    )
    folder = folder / "raw" / "d"
    folder.mkdir(parents=True)
    frame.to_parquet(folder / "t.parquet", index=False)
    columns = (
        Column("person_id", "integer", role="identifier"),
        Column("sex", "string", role="quasi-identifier"),
        Column("finding", "string", code_system=code_system),
    )
    write_package(DataPackage("d", "d", "restricted", (Table("t", "t.parquet", columns, person="person_id"),)), folder)
    return open_dataset(folder)


def stops(folder: Path, change: Callable[[Plan], Plan], code_system: str | None = None) -> list[str]:
    raw = write(folder, code_system)
    plan = change(draft_plan(raw, check_dataset(raw, 11), "c", 11))
    clean = deidentify(raw, plan, folder / "clean" / "d", folder / "key", policy_k=11, now=NOW).dataset
    return [f.where for f in check_dataset(clean, 11).stops if f.kind == "seen"]


def hide(plan: Plan) -> Plan:
    return plan.with_step("t", "finding", texts=(), different=0)


def test_the_draft_of_a_plan_shows_every_text_that_stays(tmp_path: Path) -> None:
    raw = write(tmp_path)
    plan = draft_plan(raw, check_dataset(raw, 11), "c", 11)
    step = plan.step("t", "finding")
    assert step is not None
    assert (step.texts, step.different) == (("clear", "fluid", "shadow"), 3)
    import tomllib

    assert 'texts = ["clear", "fluid", "shadow"]' in render_plan(plan)
    assert parse_plan(tomllib.loads(render_plan(plan))).step("t", "finding") == replace(step, why="")


def test_what_the_plan_showed_is_published(tmp_path: Path) -> None:
    assert stops(tmp_path, lambda plan: plan) == []


def test_a_text_that_nobody_was_shown_bars_the_publication(tmp_path: Path) -> None:
    assert stops(tmp_path, hide) == ["t.finding"]


@pytest.mark.parametrize("texts", [("clear", "fluid"), ("clear", "fluid", "something else")])
def test_a_text_that_the_plan_does_not_show_bars_it_too(tmp_path: Path, texts: tuple[str, ...]) -> None:
    def show(plan: Plan) -> Plan:
        return plan.with_step("t", "finding", texts=texts, different=len(texts))

    assert stops(tmp_path, show) == ["t.finding"]


def test_a_reason_or_a_declared_code_system_lets_it_stay(tmp_path: Path) -> None:
    assert stops(tmp_path / "a", lambda plan: hide(plan).with_step("t", "finding", reason="read by Dr Levi")) == []
    assert stops(tmp_path / "b", hide, code_system="local findings") == []


def test_of_many_texts_a_sample_their_number_and_their_forms_are_shown() -> None:
    values = pd.Series([f"bed {i}" for i in range(500)] + ["seen 3 May 2024", "07:30", "Maria", "1234567"])
    texts, different = texts_to_show(values)
    assert (len(texts), different) == (MOST_SHOWN, 504)
    said = say_forms(values)
    assert "times of the clock 1" in said
    assert "words of the list of names 1" in said
    assert "numbers of six digits or more 1" in said
