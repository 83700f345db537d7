"""Each hidden property lets the right function pass and stops a typical wrong one."""

import pandas as pd
import pytest

from rounds.lessons import properties as p
from rounds.lessons.ladder import NotYet

TABLE = pd.DataFrame({"t": [1, 2, 3, 4], "x": [1.0, 5.0, 2.0, 8.0], "who": ["a", "a", "b", "b"]})


def mean(table):
    return table["x"].mean()


def before(table, t0):
    return table.loc[table["t"] <= t0, "x"].mean()


def spoil(table):
    table["y"] = 1
    return table["x"].mean()


def strict(value):
    if value not in (1, 2):
        raise ValueError(value)
    return value


CASES = [
    # property, right, wrong
    (lambda f: p.h1_fresh_draw(f, mean, [(TABLE,), (TABLE[:2],)]), mean, lambda table: 4.0),
    (lambda f: p.h2_time_travel(f, TABLE, "t", 2), before, lambda table, t0: table["x"].mean()),
    (lambda f: p.h5_row_order(f, TABLE), mean, lambda table: table["x"].iloc[0]),
    (lambda f: p.h6_input_kept(f, TABLE), mean, spoil),
    (lambda f: p.h7_refuses(f, [(3,), (0,)]), strict, lambda value: value),
    (
        lambda f: p.h7_sentinels(f, [(([1, 999],), 1)]),
        lambda xs: sum(x for x in xs if x != 999),
        sum,
    ),
    (lambda f: p.h8_boundary(f, [((38.0,), True)]), lambda t: t >= 38, lambda t: t > 38),
    (lambda f: p.h9_sparse(f, [(([],), 0)]), lambda xs: len(xs), lambda xs: 1),
    (lambda f: p.h10_not_hard_coded(f, [(1,), (2,)]), lambda x: x, lambda x: 7),
    (lambda f: p.h11_reference(f, abs, [(-1,), (2,)]), lambda x: max(x, -x), lambda x: x),
]


@pytest.mark.parametrize(("ask", "right", "wrong"), CASES)
def test_property_tells_right_from_wrong(ask, right, wrong):
    assert ask(right) is None
    sentence = ask(wrong)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0


def test_group_seal_counts_people_on_both_sides():
    assert p.h3_group_seal("ab", "cd") is None
    assert "1 people" in p.h3_group_seal("ab", "bc")


@pytest.mark.parametrize(("auroc", "held"), [(0.5, True), (0.55, True), (0.44, False), (0.7, False)])
def test_shuffled_labels_leave_nothing_to_find(auroc, held):
    assert (p.h4_shuffled_labels(auroc) is None) is held


def test_trivial_answer_is_refused():
    assert p.h12_trivial([0.1, 0.2], "p") is None
    assert "same for everybody" in p.h12_trivial([0, 0], "p")


def test_set_is_accepted_in_any_order_and_container():
    assert p.h13_same_set(("b", "a"), ["a", "b"], "codes") is None
    assert "1 missing and 1 too many" in p.h13_same_set(["a", "c"], ["a", "b"], "codes")


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        (True, 1, True),
        ([1, 2], pd.Series([1.0, 2.0]), True),
        (float("nan"), float("nan"), True),
        (1, [1, 1], False),
        ("a", "a", True),
        (None, 0.5, False),
    ],
)
def test_equal_answers_are_accepted_in_any_form(mine, theirs, same):
    assert p.agrees(mine, theirs) is same


def test_exception_of_a_learner_becomes_one_sentence():
    def divide(x):
        return 1 / x

    stopped = r"^divide stopped in line \d+ of its cell\. A number is divided by 0 here: x is 0\."
    with pytest.raises(NotYet, match=stopped):
        p.call(divide, 0)


def test_forgotten_dots_in_place_of_a_condition_are_named():
    with pytest.raises(NotYet, match="still holds three dots"):  # pandas says KeyError: Ellipsis
        p.call(lambda table: table[...], pd.DataFrame({"a": [1]}))


def test_forgotten_dots_are_named():
    with pytest.raises(NotYet, match="still holds three dots"):
        p.call(lambda x: x + ..., 1.0)


def test_function_gets_copies():
    table = TABLE.copy()
    p.call(spoil, table)
    assert list(table) == list(TABLE)
