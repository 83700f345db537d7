"""The trace of a stay counts what has happened and what of it could be read, and keeps the three orders apart."""

import pandas as pd
import pytest

from rounds.errors import DataError
from rounds_widgets import StayTrace
from rounds_widgets.teaching.clinic_for_engineers.stay_trace import MOST_MARKS
from rounds_widgets.teaching.clinic_for_engineers.stay_trace_record import TOLD, read_stays
from rounds_widgets.teaching.clinic_for_engineers.stay_trace_sources import HOLDERS, LANDSCAPE, QUESTIONS

NONE = float("nan")


@pytest.fixture
def marks():
    rows = [
        ("breathless at home", "told", -13.0, NONE, NONE),
        ("arrival", "encounter", 0.0, 0.0, 0.0),
        ("pneumonia, the code", "diagnosis", 0.0, 190.0, 190.0),
        ("potassium", "lab", 1.0, 1.0, 2.0),  # readable exactly at the first moment
        ("haemoglobin", "lab", 1.0, 1.0, 2.5),
        ("dose of furosemide", "medication", 4.0, 2.1, 4.0),
        ("goes home", "encounter", 96.0, 96.0, 96.0),
    ]
    columns = ["what", "table", "happened", "charted", "available"]
    return pd.DataFrame(rows, columns=columns).assign(stay="Stay 1", clock=12.5, left=96.0)


def test_what_happened_is_more_than_what_can_be_read(marks):
    trace = StayTrace(marks)
    assert (trace.t0, trace.count()) == (2.0, (5, 2))
    trace.t0 = 2.5
    assert trace.count() == (5, 3)
    trace.t0 = 200.0
    assert trace.count() == (7, 6)  # what is only told stays unread for ever


def test_the_three_orders_differ(marks):
    trace = StayTrace(marks)
    happened = trace.order()
    assert happened[:3] == ["breathless at home", "arrival", "pneumonia, the code"]
    trace.view = "charted"
    assert trace.order().index("dose of furosemide") == 3
    trace.view = "available"
    assert trace.order()[-2:] == ["pneumonia, the code", "breathless at home"]
    assert sorted(trace.order()) == sorted(happened)


def test_tables_that_are_ticked_off_are_not_read_and_undo_nothing_that_happened(marks):
    trace = StayTrace(marks, hidden="lab,told,nonsense")
    assert trace.hidden == "lab,told"
    assert trace.count() == (5, 1)


def test_stays_of_the_cohort_hold_every_lesson_of_the_trace(lesson):
    """Each stay has results that wait, a code and a letter after the fact, an order before its dose."""
    stays = read_stays(lesson("heart_failure"))
    assert stays["stay"].nunique() == 3
    for name, rows in stays.groupby("stay"):
        by = rows.set_index("what")
        assert len(rows) <= MOST_MARKS, name
        assert (rows["table"] == TOLD).sum() == 3, name
        assert rows.loc[rows["table"] == TOLD, "available"].isna().all()
        labs = rows[rows["table"] == "lab"]
        assert (labs["available"] > labs["happened"]).all(), name
        dose = by.loc["dose of furosemide, first"]
        assert dose["charted"] < dose["happened"] == dose["available"], name
        assert by.loc["heart failure, the code", "available"] > rows["left"].iloc[0] + 24, name
        assert by.loc["letter about the stay", "available"] > rows["left"].iloc[0], name
        happened = rows["happened"] <= 2
        assert (rows["available"] <= 2).sum() < happened.sum() - 2, name


def test_an_entry_of_a_month_later_tells_of_the_return(lesson):
    stays = read_stays(lesson("heart_failure"))
    late = stays[stays["what"] == "note: came back"]
    assert list(late["stay"]) == ["Stay 3: back within a month"]
    row = late.iloc[0]
    assert row["happened"] <= row["left"] + 30 * 24 < row["available"]


def test_payload_is_small_and_the_text_says_the_state(lesson):
    trace = StayTrace(lesson("heart_failure"))
    assert trace.prediction is None
    assert len(str(trace.get_state()["_stays"])) < 12_000
    assert trace._repr_mimebundle_()[0]["text/plain"] == repr(trace)
    assert repr(trace).startswith("Stay 1: an echo of the heart, 2 hours after the arrival: ")
    assert repr(trace).endswith("in the order of what happened.")


def test_chosen_things_are_texts_and_numbers_that_outlive_a_kernel(marks):
    """`rounds.lessons.view.kept` keeps numbers and short texts only."""
    trace = StayTrace(marks, guesses="hospital,no table,what", stay=7)
    assert (trace.guesses, trace.stay) == ("hospital,no table", 0)
    kept = [name for name in trace.traits(sync=True) if not name.startswith("_")]
    for name in ("prediction", "t0", "view", "stay", "hidden", "guesses"):
        assert name in kept
        assert isinstance(getattr(trace, name), int | float | str | None)


def test_moment_stays_on_the_path(marks):
    trace = StayTrace(marks)
    trace.t0 = -100
    assert trace.t0 == -24
    trace.t0 = 5_000
    assert trace.t0 == 96 + 28 * 24


def test_each_question_has_a_holder_and_each_holder_a_blind_spot():
    assert [one.name for one in LANDSCAPE] == list(HOLDERS)
    assert all(one.blind and one.holds for one in LANDSCAPE)
    assert {who for question in QUESTIONS for who in question.right} == set(HOLDERS)


def test_wrong_marks_are_one_clear_sentence(marks, lesson):
    with pytest.raises(DataError, match='no column "charted"'):
        StayTrace(marks.rename(columns={"charted": "chartd"}))
    with pytest.raises(DataError, match='no table "labs"'):
        StayTrace(marks.replace({"table": {"lab": "labs"}}))
    with pytest.raises(DataError, match="it shows 1 to 4 stays of at most 24 marks each"):
        StayTrace(pd.concat([marks] * 4))
    with pytest.raises(DataError, match=r'no view "known". Choose from: happened, charted, available'):
        StayTrace(marks).view = "known"
    with pytest.raises(DataError, match=r'has no table "encounter". Write: load'):
        StayTrace(lesson("bsi_days"))


def test_the_path_goes_on_until_the_last_row_can_be_read(marks):
    late = marks.copy()
    late.loc[late.index[-1], ["charted", "available"]] = 96.0 + 41 * 24
    widget = StayTrace(late)
    widget.t0 = 1e6
    assert widget.t0 > 96.0 + 41 * 24
