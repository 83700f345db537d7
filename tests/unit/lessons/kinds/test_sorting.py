"""Items in groups: a wrong group has its sentence, another group may be right as well."""

from __future__ import annotations

import pytest

from rounds.lessons.kinds.sorting import is_sorted, is_sorting, share_sorted
from rounds.lessons.ladder import UNRECOGNISED, climb

ITEMS = {"age": "feature", "weight": "label", "week": {"feature", "later"}}
WHY = {("weight", "feature"): "The weight is what we predict."}
RUNGS = (
    *is_sorting("groups", ITEMS, ("feature", "label", "later")),
    is_sorted(ITEMS, WHY, "Look at {item} again; {right} of {of} stand well."),
)


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        ({"age": "feature", "weight": "label", "week": "later"}, "", ""),
        ({"age": " Feature", "weight": "LABEL", "week": "feature"}, "", ""),
        ({"age": "feature", "weight": "Feature", "week": "later"}, "weight-as-feature", "is what we predict"),
        ({"age": "label", "weight": "label", "week": "later"}, UNRECOGNISED, "Look at age again; 2 of 3 stand well."),
        ({"age": "feature", "weight": ..., "week": "later"}, "shape", "still has 1 gap; it is 'weight'"),
        ({"age": "feature", "weight": "kilo", "week": "later"}, "values", "'kilo' at 'weight' is unknown"),
        (["feature"], "type", "of type list"),
    ],
)
def test_the_first_item_in_a_wrong_group_is_answered(answer: object, name: str, says: str) -> None:
    said = climb(RUNGS, answer)
    assert (said.name if said else "") == name
    assert says in (said or "")


def test_a_sentence_to_a_right_group_is_an_error_of_the_author() -> None:
    with pytest.raises(ValueError, match="'age'"):
        is_sorted(ITEMS, {("age", "feature"): "No."}, "{item}")


def test_a_long_item_has_a_mistake_of_a_short_name() -> None:
    item, group = "siblings' mean birthweight in grams at delivery", "not known yet at the booking visit"
    rung = is_sorted({item: "label"}, {(item, group): "It comes later."}, "{item}")
    said = climb((rung,), {item: group})
    assert said is not None
    assert len(said.name) <= 40
    assert said.name.startswith("siblings-mean-birthweigh-as-not-known")


def test_a_part_of_the_items_is_a_share() -> None:
    assert share_sorted({"a": "x", "b": "y"}, {"a": "x", "b": "x"}) == 0.5
