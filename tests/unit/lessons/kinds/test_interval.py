"""A range: near enough is right, and an end that is off is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.lessons.kinds.interval import covers, is_interval, overlap
from rounds.lessons.ladder import Mistake, climb

RUNGS = (
    is_interval("span", 0, 1),
    covers(0.1, 0.5, Mistake("whole", lambda a: tuple(a) == (0, 1), "This is the whole scale.")),
)
ends = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted).filter(lambda pair: pair[1] - pair[0] > 1e-6)


@pytest.mark.parametrize("answer", [(0.1, 0.5), [0.1, 0.5], (0.12, 0.48), (0.05, 0.5)])
def test_near_enough_is_right(answer: object) -> None:
    assert climb(RUNGS, answer) is None


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        (0.3, "type", "a pair of numbers"),
        ((0.1, ...), "type", "a pair of numbers"),
        ((True, 2), "type", "a pair of numbers"),
        ((0.1, float("nan")), "type", "a pair of numbers"),
        ((0.5, 0.1), "ends-swapped", "lower number first"),
        ((0.1, 50), "outside", "reaches outside 0 to 1"),
        ((0, 1), "whole", "the whole scale"),
        ((0.1, 0.9), "unrecognised", "upper end is too high"),
        ((0.4, 0.5), "unrecognised", "lower end is too high"),
        ((0.1, 0.2), "unrecognised", "upper end is too low"),
    ],
)
def test_what_is_wrong_is_named(answer: object, name: str, says: str) -> None:
    said = climb(RUNGS, answer)
    assert said is not None
    assert said.name == name
    assert says in said


@given(ends, ends)
def test_agreement_is_a_share_the_same_from_both_sides(one: list[float], other: list[float]) -> None:
    assert overlap(one, one) == pytest.approx(1)
    assert 0 <= overlap(one, other) <= 1 + 1e-9
    assert overlap(one, other) == pytest.approx(overlap(other, one))
