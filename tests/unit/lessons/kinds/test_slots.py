"""What the text of a slot names: plain forms are told apart, and what only resembles them passes."""

import pytest

from rounds.lessons.kinds import slots
from rounds.lessons.kinds.events import has_happened, is_event


@pytest.mark.parametrize(
    ("tell", "yes", "no"),
    [
        (slots.is_person, "the nurse on the ward", "phone the nurse"),
        (slots.is_person, "a doctor of the heart clinic", "the doctor orders cultures"),
        (slots.is_person, "ward nurse", "discharge patients"),
        (slots.is_staff, "the midwife", "nurses of the Covid ward"),
        (slots.is_place, "the transplant ward", "at the ward round"),
        (slots.is_place, "in the intensive care unit", "entry to the ICU"),
        (slots.is_place, "at the bedside", "arrival at the bedside"),
        (slots.is_length, "the next 48 hours", "24 hours after admission"),
        (slots.is_time, "the day of discharge", "the last 100 patients"),
        (slots.is_time, "each morning at 7", "a visit to the clinic"),
        (slots.is_vague, "the risk of the patient", "the risk of a fall"),
        (slots.is_everybody, "all of the patients", "all patients with heart failure"),
        (slots.is_act, "phone the patient", "call centre nurse"),
        (is_event, "an unplanned return to hospital", "plan a return to hospital"),
    ],
)
def test_a_form_is_told_from_what_resembles_it(tell, yes, no):
    assert (tell(yes), tell(no)) == (True, False)


@pytest.mark.parametrize(
    "said", ["two days", "a year", "24h", "30-day window", "half a year", "90 minutes", "next week", "30 calendar days"]
)
def test_a_length_of_time_may_be_written_in_words(said):
    assert slots.DURATION.search(said)


@pytest.mark.parametrize("said", ["soon", "some days", "a short time", "30", "days", "a few days", "the next days"])
def test_what_nobody_can_measure_is_no_length_of_time(said):
    assert not slots.DURATION.search(said)


@pytest.mark.parametrize(
    ("moment", "event", "is_there"),
    [
        ("when the culture grows", "sepsis", True),
        ("when fever begins, no infection so far", "an infection", False),
        ("at death", "death", True),
        ("after the birth", "a small baby", True),
        ("28 weeks before birth", "a newborn under 2,500 g", False),
        ("readmission", "an unplanned return", True),
        ("the day of a Covid infection", "a bloodstream infection", False),
        ("after the stroke", "another stroke", False),
    ],
)
def test_an_event_that_is_there_by_the_moment_is_known(moment, event, is_there):
    assert has_happened(moment, event) is is_there
