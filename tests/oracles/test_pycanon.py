"""k, l and t equal pycanon's on sixteen questions about generated tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from rounds.custody.privacy.crowds import measures
from tests.oracles.ask import ask_pycanon, question
from tests.oracles.tables import write_tables


def test_all_measures_equal_those_of_pycanon(tmp_path: Path) -> None:
    asked = write_tables(tmp_path)
    answers = ask_pycanon([question(*one) for one in asked], tmp_path)
    assert len(answers) == 16
    for (file, quasi, sensitive), answer in zip(asked, answers, strict=True):
        frame, theirs = pd.read_parquet(file), answer["answers"]
        assert measures.k_anonymity(frame, quasi) == theirs["k"]
        assert measures.l_diversity(frame, quasi, sensitive) == theirs["l"]
        assert measures.t_closeness(frame, quasi, sensitive) == pytest.approx(theirs["t"], abs=1e-9)
