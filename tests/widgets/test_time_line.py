"""The timeline shows what is known at time zero, and a score that was measured on the cohort beforehand."""

import pandas as pd
import pytest

from rounds.errors import DataError
from rounds.synthetic.ehr.analysis.bsi_tasks import LEAKS, LOOK_BACKS_H, build_tasks
from rounds_widgets import TimeLine
from rounds_widgets.teaching.together.time_line import KNOWN, NOT_YET, TOO_OLD, _read_scores, key_of
from rounds_widgets.teaching.together.time_line_record import read_record

DRAWN = 7 * 24 + 11.5


@pytest.fixture
def record():
    rows = [
        ("temperature 38.9 °C", "temperature", 174.0, 174.0),
        ("CRP 90 mg/L", "CRP", 173.0, 177.0),  # exactly at the round of day 7
        ("old temperature", "temperature", 150.0, 150.0),
        ("blood culture drawn", "culture", DRAWN, DRAWN),
        ("germ in that culture", "culture", DRAWN, 203.0),
        ("code", "code", DRAWN, 1000.0),
    ]
    return pd.DataFrame(rows, columns=["what", "kind", "happened", "known"])


def test_a_mark_is_known_from_its_result_on_and_not_from_its_draw(record):
    line = TimeLine(record, drawn=DRAWN)
    states = line.states()
    assert (line.t0_day, line.t0) == (7, 177.0)
    assert states["CRP 90 mg/L"] == states["temperature 38.9 °C"] == KNOWN
    assert states["blood culture drawn"] == states["germ in that culture"] == states["code"] == NOT_YET
    assert states["old temperature"] == TOO_OLD
    line.look_back_h = 48
    assert line.states()["old temperature"] == KNOWN
    line.t0_day = 9
    assert line.states()["germ in that culture"] == KNOWN
    assert line.states()["code"] == NOT_YET


def test_the_score_falls_for_the_next_48_hours_and_each_later_column_lifts_it(record):
    line = TimeLine(record, drawn=DRAWN)
    assert line.score() > 0.95
    line.window = "next 48 h"
    fair = line.score()
    assert 0.65 < fair < 0.72
    for leak in LEAKS:
        setattr(line, leak, True)
        assert line.score() > fair + 0.01, leak
        setattr(line, leak, False)
    line.label = "resulted"
    assert line.score() > fair + 0.1


def test_after_the_infection_there_is_no_question(record):
    line = TimeLine(record, drawn=DRAWN, t0_day=8)
    assert line.score() is None
    assert "behind time zero" in repr(line)


def test_there_is_a_score_for_each_choice(record):
    line = TimeLine(record, drawn=DRAWN)
    assert len(_read_scores()) == 3 * 2 * 3 * 8
    for hours in LOOK_BACKS_H:
        line.look_back_h = hours
        assert 0.5 < line.score() < 1


def test_scores_are_those_of_the_cohort_that_ships(lesson):
    """The table beside the widget is what the generator gives today; two of its forty-eight questions a look-back."""
    found = {
        key_of(task["look_back_h"], task["label"], task["window"], task["leaks"]): task["auroc"]
        for task in build_tasks(
            lesson("bsi"), (24,), windows=("today", "next 48 h"), leaks=((), ("code_at_discharge",))
        )
    }
    assert len(found) == 8
    for key, auroc in found.items():
        assert _read_scores()[key]["auroc"] == pytest.approx(auroc, abs=0.005), key


def test_record_of_the_cohort_has_a_fever_before_and_a_germ_after(lesson):
    record, drawn = read_record(lesson("bsi"))
    assert 3 <= len(record) <= 9
    assert (record["known"] >= record["happened"]).all()
    germ = record[record["what"].str.startswith("germ")].iloc[0]
    assert germ["happened"] == drawn < germ["known"] - 12
    assert drawn // 24 == 7


def test_widget_is_locked_until_a_guess_and_its_payload_is_small(record):
    line = TimeLine(record, drawn=DRAWN)
    assert line.prediction is None
    assert len(str(line.get_state()["_marks"])) < 2_000
    assert line._repr_mimebundle_()[0]["text/plain"] == repr(line)
    assert repr(line).startswith("Timeline at day 7, 09:00, looking ahead: today; 2 of 6 marks known; AUROC 0.9")


def test_time_zero_stays_near_and_unknown_choices_are_refused(record):
    line = TimeLine(record, drawn=DRAWN)
    line.t0_day = 40
    assert line.t0_day == 9
    with pytest.raises(DataError, match=r'no window "next week". Choose from: today, tomorrow, next 48 h'):
        line.window = "next week"


def test_a_missing_column_and_a_long_record_are_refused(record, lesson):
    with pytest.raises(DataError, match='no column "known"'):
        TimeLine(record.rename(columns={"known": "knwn"}), drawn=DRAWN)
    with pytest.raises(DataError, match="a record of 30 marks"):
        TimeLine(pd.concat([record] * 5), drawn=DRAWN)
    with pytest.raises(DataError, match="needs the hour of its culture"):
        TimeLine(record)
    with pytest.raises(DataError, match='has no table "transplant"'):
        TimeLine(lesson("bsi_days"))
