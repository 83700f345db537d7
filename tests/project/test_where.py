"""The table "Where does it live?" of CONTRIBUTING.md leads to files that define what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROW = re.compile(r"(?m)^\| (?P<question>[^|]+) \| `(?P<file>[\w./-]+\.\w+)` \| `(?P<name>[\w-]+)` \|$")
CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
ROWS = [match.groups() for match in ROW.finditer(CONTRIBUTING.read_text(encoding="utf-8"))]


def test_at_least_twenty_questions_are_answered() -> None:
    assert len({question for question, _, _ in ROWS}) == len(ROWS) >= 20


@pytest.mark.parametrize(("question", "file", "name"), ROWS, ids=[question for question, _, _ in ROWS])
def test_the_place_exists_and_defines_what_the_table_says(root: Path, question: str, file: str, name: str) -> None:
    below = ("tutorials/", "notebooks/", "widgets/", "labextension/", "tests/", "docs/")
    path = root / file if file.startswith(below) else root / "src" / "rounds" / file
    assert path.is_file(), question
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        defined = (
            rf"(?m)^(?:    )?(?:async )?(?:def|class) {name}\b|^(?:    )?(?:\w+, )*{name}(?:, \w+)*(?:: [^=]+)? ?="
        )
        assert re.search(defined, text), f"{path} does not define {name}"
    else:
        assert name in text or name == path.stem, f"{path} says nothing of {name}"
