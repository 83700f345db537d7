"""Questions about earlier lessons come further and further apart, with numbers that nobody saw before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.courses import FOLDERS

from rounds.instrument.review_items import MAKERS, make_item
from rounds.instrument.reviews import AT_ONCE, FIRST, REST, Reviewed, find_due, next_review

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("lesson", MAKERS)
def test_each_question_has_one_right_option_for_every_seed(lesson: str) -> None:
    items = [make_item(lesson, seed) for seed in range(400)]
    for item in items:
        assert 2 <= len(item.options) <= 3
        assert len(set(item.options)) == len(item.options), item
        assert item.options.count(item.right) == 1
        assert item.text.endswith("?")
        assert "{" not in item.text
    places = [item.options.index(item.right) for item in items]
    assert all(places.count(place) > 60 for place in set(places))  # no place is the right one
    assert len({item.text for item in items}) >= 6
    assert len({item.right for item in items}) >= 2 or lesson in ("j5", "j7")
    assert make_item(lesson, 7) == make_item(lesson, 7)


def test_the_numbers_of_a_question_make_its_answer() -> None:
    for seed in range(50):
        item = make_item("a3", seed)
        found, of = item.right.split(" in ")
        assert f"positive in {of} people. {found} of them are ill" in item.text
        joined = make_item("j2", seed)
        counts = [int(word.strip(",")) for word in joined.text.split() if word.strip(",").isdigit()]
        assert int(joined.right) == sum(counts)


def test_every_lesson_has_a_question() -> None:
    assert set(FOLDERS) <= set(MAKERS)


def test_a_lesson_is_asked_about_three_hours_later_and_then_after_ever_longer() -> None:
    passed, asked = {"a3": NINE}, []
    moments, now = [], NINE
    while len(moments) < 4:
        now += HOUR
        if find_due(passed, asked, now):
            moments.append((now - NINE) // HOUR)
            asked.append(Reviewed("a3", len(asked), True, now))
    assert moments == [3, 9, 21, 45]  # 3, then 6, 12, 24 hours more


def test_after_a_wrong_answer_it_begins_anew() -> None:
    asked = [Reviewed("a3", 1, True, NINE + 3 * HOUR), Reviewed("a3", 2, False, NINE + 9 * HOUR)]
    assert find_due({"a3": NINE}, asked, NINE + 12 * HOUR - timedelta(minutes=1)) == []
    assert find_due({"a3": NINE}, asked, NINE + 12 * HOUR) == ["a3"]


def test_two_at_a_time_those_that_wait_longest_and_then_a_rest() -> None:
    passed = {"a1": NINE + HOUR, "a2": NINE, "b1": NINE + 2 * HOUR, "x9": NINE}
    now = NINE + 8 * HOUR
    assert find_due(passed, [], now) == ["a2", "a1"]
    assert len(find_due(passed, [], now)) == AT_ONCE
    asked = [Reviewed("a2", 1, True, now), Reviewed("a1", 1, True, now)]
    assert find_due(passed, asked, now + REST - timedelta(minutes=1)) == []
    assert find_due(passed, asked, now + REST) == ["b1"]
    assert find_due({"a2": NINE}, [], NINE + FIRST - timedelta(minutes=1)) == []


def test_nobody_meets_the_same_numbers_twice() -> None:
    for lesson in ("a0", "a3", "b2", "j6"):
        asked: list[Reviewed] = []
        for _ in range(12 if lesson != "j6" else 8):
            review = next_review("noa", lesson, asked)
            assert review == next_review("noa", lesson, asked)  # the same until it is answered
            assert review.item.text not in {make_item(lesson, one.seed).text for one in asked}
            asked.append(Reviewed(lesson, review.seed, True, NINE))
    assert next_review("noa", "a3", []) != next_review("roni", "a3", [])
