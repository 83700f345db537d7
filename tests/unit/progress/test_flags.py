"""What wants mending is told from the log: too easy, too hard, a sentence after which people fail the same way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.progress.flags import FEWEST, NO_HELP, TOO_EASY, TOO_HARD, find_flags
from rounds.progress.presses import Press, read_presses

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)


def log(*said: str, exercise: str = "e1") -> list[Press]:
    """Return one person's presses of an exercise: "ok", or the name of a mistake."""
    return [
        Press(NINE + timedelta(minutes=at), "a3", exercise, one == "ok", "" if one == "ok" else one)
        for at, one in enumerate(said)
    ]


# how many of twenty pass at the first press, and what is said of it
@pytest.mark.parametrize(("passed", "what"), [(20, TOO_EASY), (19, None), (5, None), (4, TOO_HARD), (0, TOO_HARD)])
def test_the_first_press_tells_an_exercise_that_is_too_easy_or_too_hard(passed: int, what: str | None) -> None:
    logs = [log("ok") for _ in range(passed)] + [log("percent", "ok") for _ in range(20 - passed)]
    found = [flag for flag in find_flags(logs) if not flag.mistake]
    assert [(flag.what, flag.share, flag.people) for flag in found] == ([(what, passed / 20, 20)] if what else [])


def test_a_sentence_after_which_people_fail_in_the_same_way_helps_few() -> None:
    same, other = log("percent", "percent", "ok"), log("percent", "odds", "ok")
    found = [flag for flag in find_flags([same] * 7 + [other] * 5) if flag.what == NO_HELP]
    assert [(flag.mistake, flag.people) for flag in found] == [("percent", 12)]
    assert found[0].share == pytest.approx(7 / 12)
    assert not [flag for flag in find_flags([same] * 6 + [other] * 6) if flag.what == NO_HELP]


def test_a_person_counts_once_for_a_sentence_and_not_without_another_press() -> None:
    stubborn = log(*["percent"] * 30)
    assert [flag for flag in find_flags([stubborn]) if flag.mistake] == []
    assert [flag for flag in find_flags([log("percent")] * 20) if flag.mistake] == []


def test_nothing_is_said_of_fewer_than_ten_people() -> None:
    assert find_flags([log("percent", "percent")] * (FEWEST - 1)) == []
    assert len(find_flags([log("percent", "percent")] * FEWEST)) == 2


def test_a_press_is_read_with_its_mistake(tmp_path: Path) -> None:
    said = {
        "time": NINE.isoformat(),
        "lesson": "a3",
        "exercise": "e1",
        "passed": False,
        "attempt": 1,
        "mistake": "odds",
    }
    (tmp_path / "log").write_text(json.dumps(said) + "\n")
    assert list(read_presses(tmp_path / "log")) == log("odds")
