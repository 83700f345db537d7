"""What A3 says in words holds on the shipped table: a row is a morning, and an infection has about two of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.courses import FOLDERS

from rounds.data.dataset import Dataset
from rounds.lessons.loading import load_lesson
from rounds_widgets import ReportCard


@pytest.fixture(scope="module")
def days(lesson: Callable[[str], Dataset]) -> pd.DataFrame:
    """Return the mornings in order of patient and day, each before an infection with the number of that infection."""
    days = lesson("bsi_days").frame().sort_values(["person_id", "calendar_day"])
    before = days["bsi_next_48h"]
    begins = before & ~before.groupby(days["person_id"]).shift(fill_value=False)
    return days.assign(infection=begins.cumsum().where(before), alert=days["warning_score"] >= 0.30)


def test_an_infection_has_about_two_mornings_before_it(days):
    assert days["infection"].value_counts().mean() == pytest.approx(2, abs=0.15)


def test_more_infections_than_mornings_before_them_get_an_alert(days):
    before = days[days["bsi_next_48h"]]
    mornings, infections = before["alert"].mean(), before.groupby("infection")["alert"].any().mean()
    assert (round(100 * mornings), round(100 * infections)) == (42, 59)


def test_on_the_card_the_prevalence_moves_the_predictive_value_and_the_sensitivity_by_a_few_percent_only(days):
    shares = {}
    for prevalence in (0.02, 0.1, 0.2, 0.3):
        seen = ReportCard(days, prevalence=prevalence).counts()
        true = seen["true alerts"]
        shares[prevalence] = (true / (true + seen["missed"]), true / (true + seen["false alerts"]))
    sensitivities, values = zip(*shares.values(), strict=True)
    assert max(sensitivities) - min(sensitivities) < 0.05
    assert max(values) - min(values) > 0.4


def test_the_limit_of_exercise_4_is_kept_on_average_and_not_every_day(days):
    alerts = (days["warning_score"] >= 0.29).groupby([days["ward"], days["calendar_day"]]).sum()
    assert (round(alerts.mean(), 1), round(100 * (alerts > 3).mean())) == (2.9, 34)


def test_the_notes_tell_these_figures():
    notes = " ".join(Path(FOLDERS["a3"].file("notes.md")).read_text(encoding="utf-8").split())
    assert "an alert on 42 of 100 of these mornings, and at least once before 59 of 100 infections" in notes
    assert "2.9 alerts a day, and 34 of 100 ward-days have more than 3" in notes


def test_no_word_of_the_lesson_calls_a_morning_an_infection():
    said = FOLDERS["a3"].file("lesson.py").read_text(encoding="utf-8")
    assert "Of 100 infections" not in said
    assert all(
        "infections" not in option
        for question in load_lesson(FOLDERS["a3"]).questions[2:]
        for option in question.options
    )
