"""The small groups that Rounds finds are the cells that acro calls too small."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from rounds.custody.privacy.crowds.classes import find_classes
from tests.oracles.ask import HERE, PYTHON
from tests.oracles.tables import make_table

THRESHOLD = 10  # acro's own


@pytest.mark.parametrize(("seed", "rows", "towns"), [(1, 80, 2), (2, 250, 6), (3, 500, 9)])
def test_small_groups_are_those_of_acro(tmp_path: Path, seed: int, rows: int, towns: int) -> None:
    frame = make_table(seed, rows, towns)
    frame.to_parquet(tmp_path / "t.parquet")
    command = [str(PYTHON), "-W", "ignore", str(HERE / "acro_answers.py"), str(tmp_path / "t.parquet"), "age", "town"]
    said = subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL)
    theirs = {tuple(cell) for cell in json.loads(said.splitlines()[-1])}
    small = find_classes(frame, ["age", "town"]).size_of_row() < THRESHOLD
    ours = set(zip(frame.age[small].astype(str), frame.town[small], strict=True))
    held = set(zip(frame.age.astype(str), frame.town, strict=True))
    assert ours < held
    assert ours == theirs & held  # acro marks empty cells too
    assert ours
