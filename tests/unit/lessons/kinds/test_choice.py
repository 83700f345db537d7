"""One of a few options: its form is asked for, and which one was chosen is a property."""

from __future__ import annotations

import pytest

from rounds.lessons.kinds.choice import chose, is_choice
from rounds.lessons.ladder import climb

RUNG = is_choice("counted", ("under 20", "Under 35", "both"))


@pytest.mark.parametrize("answer", ["under 20", " Under 20 ", "UNDER 35", "both"])
def test_each_option_passes_in_any_spelling(answer: str) -> None:
    assert climb((RUNG,), answer) is None


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        (35, "type", "is of type int; write one of these in quotes: under 20, Under 35, both."),
        (None, "type", "is of type NoneType"),
        (("both", "under 20"), "several", "Choose one only"),
        ([], "several", "Choose one only"),
        ("35", "no-option", "counted is none of these: under 20, Under 35, both."),
        ("", "no-option", "none of these"),
    ],
)
def test_anything_else_is_named(answer: object, name: str, says: str) -> None:
    said = climb((RUNG,), answer)
    assert said is not None
    assert said.name == name
    assert says in said


def test_a_list_of_one_is_taken_for_what_it_holds() -> None:
    assert climb((RUNG,), ["Both"]) is climb((RUNG,), {"both"}) is None
    assert chose("both")(["Both"])
    assert "none of these" in str(climb((RUNG,), ["all"]))


def test_what_was_chosen_is_a_property() -> None:
    assert chose("Under 35")(" under 35")
    assert not chose("both")("under 20")
