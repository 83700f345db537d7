"""Steps in order: every order that works is right, and a wrong one is told why."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.lessons.kinds.order import Steps, is_in_order, is_order, share_in_order
from rounds.lessons.ladder import climb

# load, choose the rows, choose the columns, fit, measure; and shuffling the labels, which nothing needs
NEEDS = {"A": "", "B": "A", "C": "A", "D": "BC", "E": "D"}
STEPS = Steps({step: frozenset(needs) for step, needs in NEEDS.items()}, {"F": "It would break the labels."})
RUNGS = (is_order("steps", "ABCDEF"), is_in_order(STEPS))


def meet(answer: object) -> tuple[str, str]:
    said = climb(RUNGS, answer)
    return ("", "") if said is None else (said.name, str(said))


def test_every_order_that_works_is_right_and_no_other() -> None:
    right = [order for order in permutations("ABCDE") if not climb(RUNGS, list(order))]
    assert right == [tuple("ABCDE"), tuple("ACBDE")]
    assert meet(["a", " b", "c", "d", "e"]) == ("", "")


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        ("ABCDE", "type", "a list of letters"),
        ({"A": 1}, "type", "of type dict"),
        (["A", "G"], "type", "there is no step 'G'"),
        (["A", 2], "type", "there is no step 2"),
        (["A", "B", "A"], "twice", "Step A stands there twice"),
        (["A", "F", "B", "C", "D", "E"], "needless-step", "It would break the labels."),
        (["B", "A", "C", "D", "E"], "too-early", "Step B comes too early"),
        (["A", "D", "B", "C", "E"], "too-early", "4 of 5 stand well"),
        (["A", "B", "C", "D"], "step-missing", "1 step is missing"),
        (["A"], "step-missing", "4 steps are missing"),
        ([], "step-missing", "5 steps are missing"),
    ],
)
def test_each_slip_has_its_sentence(answer: object, name: str, says: str) -> None:
    met, said = meet(answer)
    assert (met, says in said) == (name, True), said
    assert max(len(part.split()) for part in said.split(". ")) <= 25


@given(st.lists(st.sampled_from("ABCDEF"), unique=True))
def test_the_share_is_whole_for_right_orders_only(answer: list[str]) -> None:
    share = share_in_order(answer, STEPS)
    assert 0 <= share <= 1
    assert (share == 1) == (climb(RUNGS, answer) is None)
