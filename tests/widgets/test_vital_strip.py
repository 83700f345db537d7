"""The vital strip fills slots as it says, keeps from them what is put aside, and sends no person's id."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest
import traitlets

from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds.lessons.view.kept import is_kept
from rounds_widgets import VitalStrip
from rounds_widgets.teaching.together.vital_strip_slots import (
    FILLS,
    WIDTHS,
    count_off,
    fill_slots,
    find_slope,
    has_fever,
)


def record(**values: object) -> pd.DataFrame:
    """Return a patient who was measured each hour and whose fever of the last ten hours is put aside."""
    hours = [float(hour) for hour in range(1, 49)]
    parts = [
        pd.DataFrame({"patient": "night", "sign": sign, "hour": hours, "value": [low] * 40 + [high] * 8})
        for sign, low, high in (("temperature", 36.6, 39.0), ("pulse", 80.0, 110.0))
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(aside=rows["hour"] > 38).assign(**values)


@pytest.fixture
def strip() -> VitalStrip:
    return VitalStrip(record())


@pytest.fixture(scope="module")
def shipped(lesson: Callable[[str], Dataset]) -> VitalStrip:
    return VitalStrip(lesson("bsi"))


READINGS = pd.DataFrame({"hour": [1.5, 2.0, 2.5, 9.0], "value": [36.0, 37.0, 38.0, 39.0]})


def test_a_slot_holds_its_end_and_the_last_reading_wins():
    slots = fill_slots(READINGS, 2, "none", until=10)
    assert slots.values == (37.0, 38.0, None, None, 39.0)
    assert slots.kinds == "mmeem"
    assert slots.ends == (2, 4, 6, 8, 10)


def test_a_value_is_carried_as_many_hours_as_its_limit_and_no_later_one_is_used():
    assert fill_slots(READINGS, 1, "carry-4", until=9).values == (None, 37.0, 38.0, 38.0, 38.0, 38.0, None, None, 39.0)
    exact = pd.DataFrame({"hour": [2.0], "value": [37.0]})
    assert fill_slots(exact, 2, "carry-4", until=8).values == (37.0, 37.0, 37.0, None)


def test_the_mean_fills_each_slot_that_nobody_measured():
    slots = fill_slots(READINGS, 2, "mean", until=10)
    assert slots.values == (37.0, 38.0, 37.5, 37.5, 39.0)
    assert slots.kinds == "mmffm"


@pytest.mark.parametrize(
    ("hours", "values", "fever"),
    [
        ([0, 4], [38.3, 36.0], True),
        ([0, 4], [38.2, 37.9], False),
        ([0, 1], [38.0, 38.0], True),
        ([0, 0.9], [38.0, 38.2], False),
        ([0, 0.5, 1], [38.0, 38.1, 38.2], True),
        ([0, 4, 8], [38.1, 37.9, 38.1], False),
        ([0, 1, 2], [38.0, None, 38.0], False),
        ([0], [None], False),
    ],
)
def test_fever_is_38_3_once_or_38_0_for_an_hour(hours, values, fever):
    assert has_fever(hours, values) is fever


def test_a_slope_is_the_middle_of_all_pairs_and_one_slip_does_not_turn_it():
    hours, values = [0, 6, 12, 18, 24], [36.0, 36.5, 37.0, 37.5, 38.0]
    assert find_slope(hours, values) == pytest.approx(2.0)
    assert find_slope(hours, [*values[:-1], 3.8]) == pytest.approx(2.0, abs=0.1)
    assert find_slope([0, 6], [36, 37]) is None


def test_slots_are_off_only_where_they_were_filled_and_the_truth_is_known():
    true = fill_slots(record().query("sign == 'temperature'"), 1, "none")
    charted = record().query("sign == 'temperature' and not aside")
    assert count_off(fill_slots(charted, 1, "carry-24"), true) == 8
    assert count_off(fill_slots(charted, 1, "carry-4"), true) == 2
    assert count_off(fill_slots(charted, 1, "none"), true) == 0


def test_nothing_is_chosen_before_a_guess(strip):
    assert strip.prediction is None
    assert (strip.patient, strip.sign, strip.width, strip.fill, strip.window) == ("night", "temperature", 1, "none", 24)


def test_a_lesson_keeps_what_was_chosen(strip):
    strip.prediction, strip.sign, strip.width, strip.fill, strip.window = 3, "pulse", 4, "carry-8", 48
    assert all(is_kept(getattr(strip, name)) for name in ("prediction", "patient", "sign", "width", "fill", "window"))


def test_filling_makes_a_calm_patient_out_of_an_unwatched_one(strip):
    strip.fill = "carry-24"
    assert repr(strip) == (
        "Vital strip, night: the last 24 hours in slots of 1 h, fill carry-24: 14 measured, 10 filled, 0 empty; "
        "highest 36.6, fever no; measured: highest 39.0, fever yes."
    )
    assert strip.facts()["off"] == 8
    assert strip._repr_mimebundle_()[0]["text/plain"] == repr(strip)


def test_what_is_said_follows_the_sign(strip):
    strip.sign, strip.fill = "pulse", "carry-24"
    assert (strip.facts()["highest"], strip.facts()["fast"]) == (800, False)
    assert "off" not in strip.facts()  # no degrees of a pulse
    assert repr(strip) == (
        "Vital strip, night: the last 24 hours in slots of 1 h, fill carry-24: 14 measured, 10 filled, 0 empty; "
        "pulse highest 80, fast no; measured: pulse highest 110, fast yes."
    )


def test_a_change_of_nothing_is_explained_only_where_copies_made_it(shipped):
    shipped.patient, shipped.fill = shipped._patients[0], "carry-4"
    assert shipped.facts()["slope"] == 0
    same, rising, falling, pairs = shipped.facts()["copies"]
    assert pairs == 24 * 23 / 2
    assert max(rising, falling) < pairs / 2  # so neither holds the middle
    assert pairs / 3 < same < pairs / 2  # enough for the middle, and not most
    shipped.window = 48  # here the readings themselves do not change
    assert (shipped.facts()["slope"], shipped.facts()["copies"]) == (0, None)
    shipped.fill, shipped.window = "none", 24
    assert shipped.facts()["copies"] is None


def test_the_shipped_patients_show_what_the_card_is_for(shipped):
    ward, step_up, night = shipped._patients
    said = {}
    for shipped.patient in (ward, step_up, night):
        for shipped.width in WIDTHS:
            for shipped.fill in FILLS:
                said[shipped.patient, shipped.width, shipped.fill] = shipped.facts()
    was = {patient: shipped._facts[f"{patient}|temperature|24"] for patient in (ward, step_up, night)}
    # one warm reading becomes a fever of an hour; a slope over copies lies flat; copies are more than readings
    assert not was[ward]["fever"]
    assert said[ward, 1, "carry-4"]["fever"]
    assert was[ward]["slope"] > 10
    assert said[ward, 1, "carry-4"]["slope"] == 0
    assert (said[ward, 1, "carry-4"]["measured"], said[ward, 1, "carry-4"]["filled"]) == (6, 18)
    # wide slots lose a short fever, narrow ones keep it
    assert was[step_up]["fever"]
    assert [said[step_up, width, "none"]["fever"] for width in WIDTHS] == [True, False, False, False]
    # the unwatched night looks calm, and eight of its ten slots are off
    assert was[night]["fever"]
    assert not any(said[night, width, fill]["fever"] for width in WIDTHS for fill in FILLS)
    assert said[night, 1, "carry-12"]["off"] == said[night, 1, "carry-24"]["off"] == said[night, 1, "mean"]["off"] == 8
    assert was[night]["aside"] == 10
    assert said[night, 1, "carry-24"]["highest"] < min(said[one, 1, "carry-24"]["highest"] for one in (ward, step_up))


def test_the_browser_gets_three_unnamed_patients_and_little_more(shipped):
    state = shipped.get_state()
    sent = json.dumps({name: state[name] for name in ("_readings", "_slots", "_facts")})
    assert len(state["_slots"]) == 3 * 2 * len(WIDTHS) * len(FILLS)
    assert "P0" not in sent
    assert "P1" not in sent
    assert len(sent) < 120_000


@pytest.mark.parametrize(
    ("trait", "value"),
    [("patient", "nobody"), ("sign", "weight"), ("width", 3), ("fill", "carry-100"), ("window", 7)],
)
def test_what_the_browser_sends_is_checked(strip, trait, value):
    with pytest.raises(traitlets.TraitError, match="is one of"):
        setattr(strip, trait, value)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (record().rename(columns={"value": "values"}), 'Did you mean "values"'),
        (record(sign="weight"), "temperature or pulse"),
        (pd.concat([record()] * 11), r"rows.head\(1000\)"),
        (record(hour=50.0), "outside 0 to 48"),
        (record(value=None), r"rows.dropna\(\)"),
        (record(sign="pulse"), "needs a temperature and a pulse"),
        (record(aside=False), "no night aside"),
        (record()[:0], "needs a temperature and a pulse"),
    ],
)
def test_wrong_arguments_are_one_sentence(rows, says):
    with pytest.raises(DataError, match=says):
        VitalStrip(rows)


def test_another_dataset_is_refused_in_one_sentence(lesson):
    with pytest.raises(DataError, match=r'Write: VitalStrip\(load\("bsi"\)\)'):
        VitalStrip(lesson("covid"))
