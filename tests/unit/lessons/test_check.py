"""The check says one sentence, helps after several attempts, and records no content."""

import json
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rounds.errors import LessonError
from rounds.lessons import Check, open_lesson
from rounds.lessons.check import LATER, PASSED, RIGHT, find_here
from rounds.lessons.exercise import Exercise, Key, Lesson, Question
from rounds.lessons.ladder import MISSING, NotYet, Rung, climb, find_undefined
from rounds.lessons.log import Pressed, record_check

NOW = datetime(2027, 2, 21, 9, 0, tzinfo=UTC)


def noisy(answer):
    print("noise", file=sys.stderr)
    warnings.warn("noise", stacklevel=1)
    return None if answer == 42 else "Look again."


DEEP = Exercise(
    id="e1",
    title="The number",
    reads="number",
    points=1,
    visible=(Rung("values", noisy),),
    hint="It is even.",
    worked_line="number = 6 * 7",
)
COLOUR = Question("q1", "Which?", ("red", "blue"))
KEYS = {"q1": Key("blue", ("No.", "Yes."))}
HERE = {"ROUNDS_LESSONS": str(Path(__file__).parents[3] / "tutorials")}
HIDDEN = {"e1": (Rung("meaning", lambda answer: "Too plain." if isinstance(answer, int) else None),)}
LESSON = Lesson("x1", "A lesson", "x1-lesson", (DEEP,), (COLOUR,))


@pytest.mark.parametrize(
    ("answer", "says"),
    [(MISSING, "run the cell"), (..., "three dots"), (None, "three dots"), (0, None), ([], None)],
)
def test_undefined_and_empty_answers_are_told_apart_from_zero(answer, says):
    sentence = find_undefined("number", answer)
    assert (says in sentence) if says else sentence is None


def test_first_rung_that_does_not_hold_speaks_alone():
    rungs = (
        Rung("type", lambda answer: None),
        Rung("shape", lambda answer: "first"),
        Rung("values", lambda answer: "second"),
    )
    assert climb(rungs, 1) == "first"
    assert climb(rungs[:1], 1) is None


def test_check_is_silent_on_stdout_and_stderr(capsys):
    Check(LESSON, {}).grade("e1", {"number": 42})
    assert capsys.readouterr() == ("", "")


def test_test_cell_raises_one_sentence_without_a_traceback():
    with pytest.raises(AssertionError, match=r"^Look again\.$") as caught:
        Check(LESSON, {}).grade("e1", {"number": 1})
    assert caught.value._render_traceback_() == ["Not yet: Look again."]


def test_hidden_properties_are_asked_apart_from_the_visible():
    check = Check(LESSON, {}, HIDDEN)
    check.grade("e1", {"number": 42})
    with pytest.raises(NotYet, match="Too plain"):
        check.grade_hidden("e1", {"number": 42})
    check.grade_hidden("e1", {"number": 42.0})


def test_a_button_judges_an_answer_that_is_no_function_wholly_where_the_key_is():
    check = Check(LESSON, {}, HIDDEN)
    assert (check.e1(42).sentence, check.e1(42.0).sentence) == ("Too plain.", RIGHT)


def test_a_button_of_a_function_says_that_more_is_checked_at_hand_in():
    function = Exercise("e1", "f", "f", (), "", "", 1)
    check = Check(
        Lesson("x1", "A lesson", "x1-lesson", (function,), ()), {}, {"e1": (Rung("meaning", lambda _: "No."),)}
    )
    assert check.e1(lambda: None).sentence == PASSED


def test_third_failure_offers_a_hint_and_the_fifth_the_worked_line():
    check = Check(LESSON, {})
    replies = [check.e1(0) for _ in range(5)]
    assert [reply.help_text for reply in replies] == ["", "", *["It is even."] * 2, "number = 6 * 7"]
    assert [reply.attempt for reply in replies] == [1, 2, 3, 4, 5]
    assert check.e1(42).help_text == ""


def test_button_reads_the_answer_when_it_is_pressed():
    names = {}
    box = Check(LESSON, names).button("e1")
    button, sentence = box.children
    assert button.description == "Check exercise 1"
    button.click()
    assert (sentence.state, sentence.text[:11]) == ("not yet", "There is no")
    names["number"] = 42
    button.click()
    assert (sentence.state, sentence.text) == ("waiting", LATER)


def test_equal_sentences_in_a_row_still_reach_the_screen_reader():
    button, sentence = Check(LESSON, {"number": 1}).button("e1").children
    button.click()
    before, said = sentence.count, sentence.text
    button.click()
    assert (sentence.count, sentence.text, sentence.same) == (before + 1, said, 2)


def test_question_replies_to_each_option():
    _, choice, button, sentence = Check(LESSON, {}, HIDDEN, KEYS).ask("q1").children
    button.click()
    assert "Choose one" in sentence.text
    choice.index = 0
    button.click()
    assert (sentence.text, sentence.state) == ("No.", "not yet")
    choice.index = 1
    button.click()
    assert (sentence.text, sentence.state) == ("Yes.", "right")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: open_lesson("a33", {}, HERE), 'Did you mean "a3"'),
        (lambda: Check(LESSON, {}).button("e2"), "Known: e1"),
        (lambda: Check(LESSON, {}).ask("q2"), "Known: q1"),
        (lambda: Check(LESSON, {}).e2(1), "Known: e1"),
    ],
)
def test_unknown_name_is_answered_with_the_known_ones(call, says):
    with pytest.raises(LessonError, match=says):
        call()


def test_completion_offers_the_exercises():
    assert "e1" in dir(Check(LESSON, {}))


def test_log_holds_one_line_per_press_and_no_content(tmp_path, monkeypatch):
    path = tmp_path / ".rounds" / "checks.jsonl"
    monkeypatch.setenv("ROUNDS_CHECK_LOG", str(path))
    check = Check(LESSON, {"number": 4711})
    check.e1(4711)
    check.e1(42)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["passed"], line["attempt"]) for line in lines] == [(False, 1), (True, 2)]
    assert set(lines[0]) == {"time", "lesson", "exercise", "passed", "attempt", "mistake"}
    assert [line["mistake"] for line in lines] == ["values", ""]
    assert "4711" not in path.read_text()


def test_without_the_variable_nothing_is_logged(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record_check(Pressed("a3", "e1", True, 1), NOW, {})
    assert list(tmp_path.iterdir()) == []


def test_log_that_cannot_be_written_never_disturbs(tmp_path):
    record_check(Pressed("a3", "e1", True, 1), NOW, {"ROUNDS_CHECK_LOG": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


def test_log_names_the_time_given(tmp_path):
    path = tmp_path / "log"
    record_check(Pressed("a3", "e1", True, 1), NOW, {"ROUNDS_CHECK_LOG": str(path)})
    assert json.loads(path.read_text())["time"] == "2027-02-21T09:00:00+00:00"


def test_in_a_room_nothing_of_the_hand_in_can_be_asked():
    with pytest.raises(LessonError, match="in no room"):
        Check(LESSON, {}).grade_hidden("e1", {"number": 42})


def test_a_lesson_is_found_where_its_author_writes_it(monkeypatch):
    monkeypatch.chdir(Path(HERE["ROUNDS_LESSONS"]) / "together" / "j1_same_word")
    assert find_here("j1", {}).assignment == "j1-same-word"
    monkeypatch.chdir("/")
    with pytest.raises(LessonError, match='no lesson "j1" here'):
        find_here("j1", {})
