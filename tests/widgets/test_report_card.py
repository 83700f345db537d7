"""The report card counts as the table does, sends no rows, and refuses what it cannot show."""

import numpy as np
import pandas as pd
import pytest

from rounds.errors import DataError
from rounds_widgets import ReportCard
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.clinic_for_engineers import lab_units
from rounds_widgets.teaching.ml_for_clinicians import line_by_hand, report_card
from rounds_widgets.teaching.together import word_match


@pytest.fixture
def days():
    rng = np.random.default_rng(3)
    sick = rng.random(2000) < 0.05
    score = np.where(sick, rng.beta(3, 3, 2000), rng.beta(1.5, 6, 2000)).round(3)
    return pd.DataFrame(
        {
            "ward": "W1",
            "calendar_day": np.arange(2000) // 20,
            "warning_score": score,
            "bsi_next_48h": sick,
        }
    )


def test_counts_of_a_thousand_dots_follow_the_table(days):
    card = ReportCard(days, threshold=0.4)
    counts = card.counts()
    assert sum(counts.values()) == 1000
    sick = days["bsi_next_48h"]
    alert = days["warning_score"] >= 0.4
    assert counts["true alerts"] == pytest.approx(1000 * (sick & alert).mean(), abs=2)
    assert counts["false alerts"] == pytest.approx(1000 * (~sick & alert).mean(), abs=4)


def test_sensitivity_stays_when_the_prevalence_moves(days):
    card = ReportCard(days, threshold=0.4)
    shares = []
    for prevalence in (0.05, 0.2, 0.5):
        card.prevalence = prevalence
        counts = card.counts()
        shares.append(counts["true alerts"] / (counts["true alerts"] + counts["missed"]))
    assert max(shares) - min(shares) < 0.03


def test_threshold_zero_alerts_everybody_and_more_than_one_is_refused(days):
    card = ReportCard(days, threshold=0)
    assert card.counts()["missed"] == card.counts()["rightly quiet"] == 0
    with pytest.raises(Exception, match="threshold"):
        card.threshold = 1.5


def test_prevalence_begins_at_that_of_the_table(days):
    assert ReportCard(days).prevalence == pytest.approx(days["bsi_next_48h"].mean(), abs=0.001)


def test_card_is_locked_until_a_guess(days):
    assert ReportCard(days).prediction is None


def test_browser_gets_quantiles_and_no_rows(days):
    state = ReportCard(days).get_state()
    assert len(state["_sick"]) == len(state["_well"]) == 401
    assert "W1" not in str(state)


def test_text_stands_in_where_no_browser_draws(days):
    card = ReportCard(days, threshold=0.3)
    text = card._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(card)
    assert "true alerts" in text


def test_missing_column_is_answered_with_the_nearest(days):
    with pytest.raises(DataError, match='Did you mean "warning_score"'):
        ReportCard(days, score="warning_scor")


def test_outcome_without_both_kinds_is_refused(days):
    with pytest.raises(DataError, match="true in 0 of 2000 rows"):
        ReportCard(days.assign(bsi_next_48h=False))


@pytest.mark.parametrize("module", [report_card, word_match, lab_units, line_by_hand])
def test_module_is_small_loads_nothing_and_can_be_used_without_a_mouse(module):
    text = load_script(module.__file__).replace("http://www.w3.org/2000/svg", "")  # the name of SVG
    assert len(text) < 50_000
    for forbidden in ("http://", "https://", "import(", "eval(", "fetch("):
        assert forbidden not in text
    assert 'aria-live="polite"' in text or '"aria-live", "polite"' in text
    assert "return () =>" in text
    assert ":focus-visible" in load_style(module.__file__)
