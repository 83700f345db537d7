"""How far a learner is comes from what the room's server wrote down, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.lessons.log import VARIABLE, Pressed, record_check, record_opened
from rounds.room.lesson.standing import Standing, read_standing

NINE = datetime(2027, 2, 21, 9, tzinfo=UTC)


def test_what_was_passed_once_stays_passed(tmp_path):
    log = tmp_path / "checks" / "noa.jsonl"
    for lesson, exercise, passed in (("a3", "e1", False), ("a3", "e1", True), ("a3", "e1", False), ("b2", "e2", True)):
        record_check(Pressed(lesson, exercise, passed, 1), NINE, environ={VARIABLE: str(log)})
    assert read_standing(log, ["a3"], NINE) == Standing(("e1",), 0)
    assert read_standing(log, ["j1"], NINE) == Standing((), 0)


@pytest.mark.parametrize("text", ["", "no json\n", '[1]\n{"lesson": "a3"}\n{"lesson": "a3", "exercise": 3}\n'])
def test_lines_that_are_none_are_passed_over(tmp_path, text):
    log = tmp_path / "log"
    log.write_text(text)
    assert read_standing(log, ["a3"], NINE) == Standing((), 0)


def test_without_a_log_nothing_is_done():
    assert read_standing(Path("nowhere"), ["a3"], NINE) == Standing((), 0)


def test_minutes_are_those_of_the_board_and_those_since_the_last_press(tmp_path):
    log = tmp_path / "log"
    environ = {VARIABLE: str(log)}
    record_opened("a3-report-card", NINE, environ)
    for minute in (4, 10, 50):  # between 10 and 50 lies a pause
        record_check(Pressed("a3", "e1", False, 1), NINE + timedelta(minutes=minute), environ)
    names = ("a3", "a3-report-card")
    assert [read_standing(log, names, NINE + timedelta(minutes=at)).minutes for at in (50, 55, 90)] == [10, 15, 10]
    assert read_standing(log, ["b2"], NINE + timedelta(minutes=55)).minutes == 0
