"""A small table that is written down is the table that is meant."""

from __future__ import annotations

import pandas as pd
import pytest

from rounds.lessons.values.written import read_table

TEXT = """
encounter_id admit_ts         planned value note
E1           2020-01-01T08:00 no      1.5   12a
E2           2020-01-02       yes     -     -
"""


def test_every_column_has_its_kind() -> None:
    table = read_table(TEXT)
    assert table["admit_ts"].tolist() == [pd.Timestamp("2020-01-01 08:00"), pd.Timestamp("2020-01-02")]
    assert table["planned"].tolist() == [False, True]
    assert table["value"].dtype.kind == "f"
    assert table.isna().sum().to_dict() == {"encounter_id": 0, "admit_ts": 0, "planned": 0, "value": 1, "note": 1}
    assert table["note"][0] == "12a"


def test_a_column_without_any_value_is_text() -> None:
    assert read_table("a b\n- 1")["a"].isna().all()


def test_a_line_of_another_length_is_an_error_of_the_author() -> None:
    with pytest.raises(ValueError, match='"E1 2" has 2 values for 3 columns'):
        read_table("a b c\nE1 2")
