"""The analysis finds a planted gain and none where there is none; small groups and missing tests are not told."""

from __future__ import annotations

import numpy as np
import pytest

from rounds.instrument.bank import AREAS, load_bank
from rounds.instrument.gains import (
    FEWEST,
    FOR_FORMS,
    Answered,
    compare_forms,
    compare_taken,
    measure_gain,
    measure_items,
)

ITEMS = [item.id for item in load_bank()]
LESSON_OF = {item.id: item.lesson for item in load_bank()}
LESSONS = sorted(set(LESSON_OF.values()))


def learners(
    people: int, gain: float, seed: int = 1, *, only_taken: bool = False, harder_b: float = 0.0
) -> list[Answered]:
    """Return simulated learners: each knows 45 of 100 items on average, and learns this share of what was not known."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(people):
        ability = np.clip(rng.normal(0.45, 0.15), 0.05, 0.9) - harder_b * (number % 2)
        taken = frozenset(rng.choice(LESSONS, 8, replace=False))
        first = {item: int(rng.random() < ability) for item in ITEMS}
        after = {}
        for item in ITEMS:
            learns = gain if LESSON_OF[item] in taken or not only_taken else 0.0
            after[item] = int(rng.random() < ability + (1 - ability) * learns)
        made.append(Answered("biomed" if number % 3 else "engineering", "ab"[number % 2], first, after, taken))
    return made


@pytest.mark.parametrize("gain", [0.2, 0.4])
def test_a_planted_gain_is_found_and_lies_in_its_interval(gain: float) -> None:
    covered = 0
    for seed in range(10):
        found = measure_gain(learners(48, gain, seed), ITEMS).gain
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert found.low > 0
        assert found.value == pytest.approx(gain, abs=0.12)
        covered += found.low <= gain <= found.high
    assert covered >= 8  # of 10, where 9.5 are expected


def test_none_is_found_where_there_is_none() -> None:
    found = [measure_gain(learners(48, 0.0, seed), ITEMS).gain for seed in range(20)]
    without_zero = sum(not (one.low or 0) <= 0 <= (one.high or 0) for one in found)
    assert without_zero <= 3  # of 20, where 1 is expected
    assert abs(np.mean([one.value for one in found])) < 0.02


def test_the_gain_is_what_was_learned_of_what_could_be_learned() -> None:
    half, most = {"x": 1, "y": 0}, {"x": 1, "y": 1}
    same = [Answered("biomed", "a", half, most)] * FEWEST
    assert measure_gain(same, ["x", "y"]).gain.value == 1
    assert measure_gain(same, ["x"]).gain.value is None  # all was known before
    lost = [Answered("biomed", "a", most, half)] * 9 + [Answered("biomed", "a", half, half)]
    assert measure_gain(lost, ["x", "y"]).gain.value == pytest.approx((0.5 - 0.95) / 0.05)


def test_lessons_taken_are_told_from_lessons_not_taken() -> None:
    planted = compare_taken(learners(48, 0.4, only_taken=True), LESSON_OF)
    assert planted.value == pytest.approx(0.4, abs=0.12)
    assert (planted.low or 0) > 0
    everywhere = compare_taken(learners(48, 0.4), LESSON_OF)  # who learns from anything else shows no difference
    assert (everywhere.low or 0) <= 0 <= (everywhere.high or 0)


def test_a_person_with_one_kind_of_lesson_only_stands_in_no_comparison() -> None:
    nothing = [Answered("biomed", "a", dict.fromkeys(ITEMS, 0), dict.fromkeys(ITEMS, 1))] * 30
    assert compare_taken(nothing, LESSON_OF).people == 0


def test_a_harder_form_is_found_once_fifty_have_answered() -> None:
    found = compare_forms(learners(80, 0.0, harder_b=0.15))
    assert (found.low or 0) > 0.05
    assert found.value == pytest.approx(0.15, abs=0.08)
    even = compare_forms(learners(80, 0.0))
    assert (even.low or 0) <= 0 <= (even.high or 0)
    assert compare_forms(learners(FOR_FORMS - 1, 0.0)).value is None


@pytest.mark.parametrize("people", [0, 1, FEWEST - 1])
def test_no_figure_of_a_small_group_is_told(people: int) -> None:
    group = learners(people, 0.3)
    gain = measure_gain(group, ITEMS)
    assert [one.value for one in (gain.before, gain.after, gain.gain)] == [None] * 3
    assert compare_taken(group, LESSON_OF).value is None
    assert all(one.difficulty is None for one in measure_items(group, ITEMS))


def test_who_took_the_first_test_only_counts_for_the_items_and_for_no_gain() -> None:
    group = [Answered(one.profession, one.form, one.before, None) for one in learners(40, 0.3)]
    assert measure_gain(group, ITEMS).gain.people == 0
    assert all(one.people == 20 and one.difficulty is not None for one in measure_items(group, ITEMS))


def test_what_was_left_without_an_answer_and_who_began_with_which_form_stand_beside_a_gain() -> None:
    nothing, most = frozenset({"x", "y"}), frozenset({"y"})
    group = [
        Answered("biomed", "a" if at < 6 else "b", {"x": 0, "y": 0}, {"x": 1, "y": 0}, unsure=(nothing, most))
        for at in range(10)
    ]
    beside = measure_gain(group, ["x", "y"]).beside
    assert beside is not None
    assert (beside.began_with, beside.unsure_before, beside.unsure_after) == ({"a": 6, "b": 4}, 1, 0.5)
    assert measure_gain(group[:9], ["x", "y"]).beside is None


def test_no_correlation_of_a_few_people_is_told() -> None:
    few = measure_items(learners(2 * FOR_FORMS - 2, 0.0), ITEMS)
    assert all(one.difficulty is not None and one.discrimination is None for one in few)
    assert all(one.discrimination is not None for one in measure_items(learners(2 * FOR_FORMS, 0.0), ITEMS))


def test_an_item_that_the_able_answer_is_told_from_one_that_nobody_does() -> None:
    rng = np.random.default_rng(3)
    group = []
    for _ in range(200):
        able = rng.random()
        row = {item: int(rng.random() < able) for item in ITEMS}
        group.append(Answered("biomed", "a", {**row, ITEMS[0]: int(rng.random() < 0.5), ITEMS[1]: 0}, None))
    figures = {one.item: one for one in measure_items(group, ITEMS) if one.form == "a"}
    assert abs(figures[ITEMS[0]].discrimination or 0) < 0.2 < (figures[ITEMS[2]].discrimination or 0)
    assert (figures[ITEMS[1]].difficulty, figures[ITEMS[1]].discrimination) == (0, None)


def test_the_items_are_six_areas_of_four_in_two_forms() -> None:
    assert [item.area for item in load_bank()] == [area for area in AREAS for _ in range(4)]
    assert len({item.id for item in load_bank()}) == 24
    for number, item in enumerate(load_bank()):
        wordings = list(item.forms.values())
        assert len({one.text for one in wordings}) == 2, number
        assert all(len(set(one.options)) == 3 and one.right in one.options for one in wordings)
        assert len({one.right for one in wordings}) == 2, number


@pytest.mark.parametrize("form", ["a", "b"])
def test_no_place_and_no_length_gives_the_right_option_away(form: str) -> None:
    wordings = [item.forms[form] for item in load_bank()]  # type: ignore[index]
    places = [one.options.index(one.right) for one in wordings]
    assert all(6 <= places.count(place) <= 10 for place in range(3)), places
    longest = sum(len(one.right) == max(map(len, one.options)) for one in wordings)
    assert longest <= 10
