"""How far a learner is comes from what the room's server wrote down, and nothing else."""

from pathlib import Path

import pytest

from rounds.lessons.log import VARIABLE, Pressed, record_check
from rounds.room.lesson.standing import Standing, add_minute, read_minutes, read_standing


def test_what_was_passed_once_stays_passed_and_tries_are_counted(tmp_path):
    log = tmp_path / "checks" / "noa.jsonl"
    for lesson, exercise, passed in (("a3", "e1", False), ("a3", "e1", True), ("a3", "e1", False), ("b2", "e2", True)):
        record_check(Pressed(lesson, exercise, passed, 1), environ={VARIABLE: str(log)})
    assert read_standing(log, "a3") == Standing(("e1",), {"e1": 3})
    assert read_standing(log, "j1") == Standing((), {})


@pytest.mark.parametrize("text", ["", "no json\n", '[1]\n{"lesson": "a3"}\n{"lesson": "a3", "exercise": 3}\n'])
def test_lines_that_are_none_are_passed_over(tmp_path, text):
    log = tmp_path / "log"
    log.write_text(text)
    assert read_standing(log, "a3") == Standing((), {})


def test_without_a_log_nothing_is_done():
    assert read_standing(Path("nowhere"), "a3") == Standing((), {})


def test_minutes_add_up_for_each_lesson(tmp_path):
    file = tmp_path / "minutes.json"
    assert [add_minute(file, "a3"), add_minute(file, "b2"), add_minute(file, "a3")] == [1, 1, 2]
    assert read_minutes(file) == {"a3": 2, "b2": 1}


@pytest.mark.parametrize("text", ["", "[]", '{"a3": "many"}', '{"a3": null}'])
def test_a_damaged_file_counts_anew(tmp_path, text):
    file = tmp_path / "minutes.json"
    file.write_text(text)
    assert read_minutes(file) == {}
    assert add_minute(file, "a3") == 1
