"""A wrong type anywhere in the event file is said in the words of the file, never in pydantic's or Python's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError
from tests.sections import SECTIONS

from rounds.event.model import Event
from rounds.event.problems import problems_of_toml

WRONG: tuple[Any, ...] = ("nonsense", -5, 1e400, 5.5, True, [], ["x"], [[1]], {"a": 1}, "x" * 200)
STRANGE = re.compile(r"[Ii]nput should|valid (string|integer|number|boolean|tuple|datetime|dict)|NoneType|instance")
KEYS = [(section, key) for section, model in SECTIONS.items() for key in model.model_fields]


@pytest.mark.parametrize(("section", "key"), KEYS, ids=lambda part: part)
def test_no_wrong_value_of_a_key_is_answered_in_pydantics_words(section: str, key: str) -> None:
    for value in WRONG:
        part = {key: value}
        many = section not in ("event", "policy", "hosting")
        for problem in _problems({section: [part] if many else part}):
            assert not STRANGE.search(problem), problem


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("value", WRONG)
def test_nor_is_a_section_that_is_none(section: str, value: Any) -> None:
    for problem in _problems({section: value}):
        assert not STRANGE.search(problem), problem


@pytest.mark.parametrize(
    ("section", "line", "said"),
    [
        ("hosting", {"listen": 5}, '5 takes a text in quotes; an example: listen = "..."'),
        ("policy", {"min_cell_count": "ten"}, '"ten" takes a whole number without quotes'),
        ("policy", {"pass_mark": 2}, "2 must be 1 or less"),
        ("policy", {"warm_learning_servers": "yes please"}, "takes true or false, without quotes"),
        ("hosting", {"room_ports": 9000}, "9000 takes a list in square brackets"),
        ("hosting", 5, "5 is a section of its own"),
    ],
)
def test_the_words_say_what_to_write(section: str, line: Any, said: str) -> None:
    assert any(said in problem for problem in _problems({section: line}))


def _problems(values: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Event.model_validate(values)
    return [str(problem) for problem in problems_of_toml(caught.value, "event.toml", "")]
