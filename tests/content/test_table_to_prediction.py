"""What A1 says in words of the booking visit holds on the shipped cohort."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from tests.courses import FOLDERS

from rounds.data.dataset import Dataset


@pytest.fixture(scope="module")
def weeks(lesson: Callable[[str], Dataset]) -> pd.Series:
    """Return the week of each booking visit."""
    return lesson("birthweight").frame("pregnancy")["ga_booking_days"] / 7


def test_booking_is_mostly_in_weeks_8_to_12(weeks):
    assert 0.6 < weeks.between(8, 13, inclusive="left").mean() < 0.8  # week 12 itself is among them
    assert "mostly in weeks 8 to 12" in FOLDERS["a1"].file("lesson.py").read_text(encoding="utf-8")


def test_one_woman_in_twenty_books_when_the_test_of_diabetes_may_be_over(weeks):
    assert (weeks >= 24).mean() == pytest.approx(1 / 20, abs=0.01)
