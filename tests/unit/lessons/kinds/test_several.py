"""Some of a few options, in any order."""

from __future__ import annotations

from itertools import permutations

import pytest

from rounds.lessons.kinds.several import are_all, is_several
from rounds.lessons.ladder import climb

OPTIONS = ("names", "numbers", "text", "pictures")
WHY = {"text": "The text stays.", "pictures": "Pictures stay."}
RUNGS = (is_several("lost", OPTIONS), are_all({"names", "numbers"}, WHY, "{number} more."))


@pytest.mark.parametrize(
    "answer", [*map(list, permutations(["names", "numbers"])), ("Names", " numbers "), {"names", "numbers"}]
)
def test_any_order_and_any_collection_is_right(answer: object) -> None:
    assert climb(RUNGS, answer) is None


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        ("names", "type", "write a list".capitalize()),
        ({"names": 1}, "type", "of type dict"),
        (["name"], "type", "'name' is unknown"),
        (["names", "names"], "twice", "has names twice"),
        (["names"], "some-missing", "1 more."),
        ([], "some-missing", "2 more."),
        (["names", "numbers", "text"], "named-text", "The text stays."),
    ],
)
def test_what_is_wrong_is_named(answer: object, name: str, says: str) -> None:
    said = climb(RUNGS, answer)
    assert said is not None
    assert said.name == name
    assert says in said


LONG = ("went home and came back", "went to another hospital", "died during the stay here", "no blood was taken here")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            ["went to another hospitl"],
            "'went to another hospitl' is unknown. Did you mean \"went to another hospital\"?",
        ),
        (["somebody"], "'somebody' is unknown; choose from the 4 names, like \"went home and came back\"."),
    ],
)
def test_many_long_options_are_not_all_said(answer: object, says: str) -> None:
    said = climb((is_several("lost", LONG),), answer)
    assert said is not None
    assert said == f"lost: {says}"
    assert len(said.split()) <= 25
