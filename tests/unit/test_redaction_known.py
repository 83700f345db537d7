"""Redaction also blanks the names and numbers that the dataset itself holds in the columns that go."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_deidentify_road import EXPERT, NOW, write_dataset

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.deidentify import deidentify
from rounds.custody.privacy.draft_plan import draft_plan
from rounds.custody.privacy.treating.known_people import KnownPeople
from rounds.custody.privacy.treating.redaction import redact_text
from rounds.data.dataset import Dataset

ROWS = 120
NAMES = ["Vered Zilberstein", "May Long", "Yossi Ben-Zaken", "ורד זילברשטיין", "Ida O'Mally", "Grey Tzipora"]
FIRST = pd.Series(
    [NAMES[i // 2 % len(NAMES)] if i % 2 else f"Qo{chr(97 + i % 26)}x Wyz{chr(97 + i // 26)}e" for i in range(ROWS)]
)


def make_notes(note: str) -> pd.DataFrame:
    """Draw people with a name, a record number, an old id and a note; one note is ``note``."""
    notes = [f"Fever and cough for {i % 9} days, chest clear, potassium 4.{i % 9}, home tomorrow." for i in range(ROWS)]
    notes[7] = note
    return pd.DataFrame(
        {
            "patient_id": [f"PT-{7_000_000 + i}" for i in range(ROWS)],
            "mrn": np.arange(ROWS) + 88_100_200,
            "family_name": FIRST,
            "phone": [f"054 {1_000_000 + i}" for i in range(ROWS)],
            "sex": ["f", "m"] * (ROWS // 2),
            "note": notes,
        }
    )


def treat(folder: Path, note: str, **steps: Any) -> tuple[str, Dataset]:
    dataset = write_dataset(folder / "d", {"visit": make_notes(note)}, "patient_id")
    plan = replace(draft_plan(dataset, check_dataset(dataset, 11), "c", 11), expert=EXPERT)
    plan = plan.with_step("visit", "note", action="redact", reason="read by R. Eader")
    for column, step in steps.items():
        plan = plan.with_step("visit", column, **step)
    clean = deidentify(dataset, plan, folder / "out", folder / "key", policy_k=11, now=NOW).dataset
    usual = clean.frame().note.str.startswith("Fever and cough")
    return clean.frame().note[~usual].item(), clean


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("Spoke with Vered Zilberstein about home", "Spoke with [name] [name] about home"),
        ("told vered and ZILBERSTEIN's son", "told [name] and [name]'s son"),
        ("mother of Zaken, seen with Mr Tzipora", "mother of [name], seen with [names of people]"),
        ("שוחחתי עם ורד ואמרתי לזילברשטיין", "שוחחתי עם [name] ואמרתי [name]"),
        ("the grey skin may last long", "the grey skin may last long"),
        ("asked May, then Long again", "asked [name], then [name] again"),
        ("chart 88100207, also 0088100207", "chart [id], also [id]"),
        ("formerly PT-7000007 and pt7000007", "formerly [id] and [id]"),
        ("see ID88100207/2 and PT_7000007", "see ID[id]/2 and [id]"),
        ("reachable 054 1000007", "reachable [telephone numbers]"),
        ("potassium 4.1, platelets 150000", "potassium 4.1, platelets 150000"),
        ("Veredith is no name here", "Veredith is no name here"),
    ],
)
def test_a_text_loses_the_names_and_numbers_of_the_table(tmp_path: Path, note: str, left: str) -> None:
    assert treat(tmp_path, f"{note}, and so on for some words.")[0] == f"{left}, and so on for some words."


def test_the_result_passes_and_none_of_its_old_names_and_ids_is_anywhere(tmp_path: Path) -> None:
    _, clean = treat(tmp_path, "Vered Zilberstein, 88100207, PT-7000007 and grey sputum for many days.")
    assert check_dataset(clean, 11).passed
    everything = " ".join(map(str, clean.frame().to_numpy().ravel())).casefold()
    raw = make_notes("")
    old = {part.casefold() for name in raw.family_name for part in name.split()} - {"may", "long", "grey"}
    assert not [word for word in {*old, *raw.mrn.astype("str"), *raw.patient_id.str.lower()} if word in everything]


def test_a_column_that_stays_takes_no_word_away(tmp_path: Path) -> None:
    kept = {"family_name": {"action": "keep", "reason": "names of wards"}}
    assert "Zilberstein" in treat(tmp_path, "The Zilberstein pavilion was full for many days.", **kept)[0]


def test_what_was_put_in_for_an_identifier_is_not_read_again() -> None:
    known = KnownPeople(frozenset({"names", "people", "addresses", "telephone"}))
    assert redact_text("Dr. Levi, 054-1234567", known) == "[names of people], [telephone numbers]"


def test_a_hundred_thousand_names_cost_one_look_a_word() -> None:
    known = KnownPeople(
        frozenset(f"name{'abcdefghij'[i % 10]}{i}" for i in range(100_000)) | {"zilberstein"}, frozenset({"70001"})
    )
    text = "seen with Zilberstein, chart 70001, stable and eating, " * 4
    begin = time.perf_counter()
    for _ in range(200):
        assert redact_text(text, known).count("[name]") == 4
    assert time.perf_counter() - begin < 2


def test_a_hebrew_title_begins_a_word() -> None:
    """The last letters of a first name such as Omer are no "Mr", and nothing of the name may stay."""
    assert redact_text("עומר פרץ") == "[name] [name]"
    assert redact_text("דיבר עם מר כהן") == "דיבר עם [names of people]"
    assert redact_text('לד"ר לוי') == "[names of people]"
