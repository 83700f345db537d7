"""Five boxes run as Python itself would run them, and each surprise is told by its reason."""

from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from rounds.errors import DataError
from rounds.mistakes.explaining import explain
from rounds_widgets import FiveCells
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.ml_for_clinicians import five_cells
from rounds_widgets.teaching.ml_for_clinicians.box_machine import Boxes, is_move, parse_line, replay
from rounds_widgets.teaching.ml_for_clinicians.five_cells import FIVE, HERS
from rounds_widgets.teaching.ml_for_clinicians.surprises import (
    REASONS,
    find_reason,
    find_reasons,
    list_options,
    read_page,
)

BOXES = Boxes(tuple(map(parse_line, FIVE)), 1, parse_line(HERS))
MOVES = st.sampled_from([f"run {n}" for n in range(1, 6)] + ["all", "restart", "hers", "write 9", "write 17"])


def run_in_python(moves):
    """Return what Python prints for these moves, "error" where its last print stops, None before any."""
    texts, names, printed = list(FIVE), {}, None
    for move in moves:
        if move == "restart":
            names = {}
        elif move.startswith("write"):
            texts[1] = f"patients = {move[6:]}"
        else:
            lines = texts if move == "all" else [HERS] if move == "hers" else [texts[int(move[4]) - 1]]
            for line in lines:
                said = StringIO()
                try:
                    with redirect_stdout(said):
                        exec(line, names)
                except NameError:
                    printed = "error" if line.startswith("print") else printed
                    break
                printed = said.getvalue().strip() or printed
    names.pop("__builtins__", None)
    return printed, names


@given(st.lists(MOVES, max_size=12))
def test_boxes_run_as_python_runs_them(moves):
    printed, names = run_in_python(moves)
    state = replay(BOXES, moves)
    assert (state.memory, state.outcome if state.said[-1] else None) == (names, printed)


@given(st.lists(MOVES, max_size=10))
def test_what_is_printed_is_always_among_at_most_four_options(moves):
    for move in ("all", "run 5"):
        options = list_options(BOXES, tuple(moves), move)
        assert replay(BOXES, (*moves, move)).outcome in options
        assert 3 <= len(options) == len(set(options)) <= 4


@given(st.lists(MOVES, max_size=10))
def test_a_surprise_is_found_where_page_and_print_differ_and_only_there(moves):
    moves = (*moves, "run 5")
    differs = replay(BOXES, moves).outcome != read_page(BOXES, moves)
    assert (find_reason(BOXES, moves) in REASONS) is differs


@pytest.mark.parametrize(
    ("moves", "printed", "reason"),
    [
        (["all"], "6", ""),
        (["run 1", "run 2", "run 4", "run 3", "run 5"], "8", "order"),
        (["run 5"], "error", "order"),
        (["all", "run 3", "run 5"], "8", "order"),
        (["all", "run 4", "run 3", "run 5"], "10", "twice"),
        (["run 1", "run 2", "run 4", "run 4", "run 3", "run 5"], "10", "twice"),
        (["all", "write 17", "run 5"], "6", "not run"),
        (["all", "write 17", "run 2", "run 5"], "6", "not run"),
        (["all", "restart", "run 5"], "error", "restart"),
        (["all", "hers", "run 3", "run 5"], "-2", "together"),
        (["all", "hers", "run 5"], "6", ""),
        (["all", "write 17", "all"], "3", ""),
        (["run 4", "run 5"], "error", "order"),
    ],
)
def test_each_surprise_has_its_reason(moves, printed, reason):
    assert (replay(BOXES, moves).outcome, find_reason(BOXES, tuple(moves))) == (printed, reason)


def test_a_run_number_is_that_of_the_last_run_and_a_restart_counts_from_one():
    state = replay(BOXES, ["run 1", "run 4", "run 4", "hers"])
    assert (state.numbers, state.her_number) == ((1, 0, 0, 3, 0), 4)
    again = replay(BOXES, ["run 1", "run 4", "restart", "run 2"])
    assert (again.numbers, again.memory) == ((1, 1, 0, 2, 0), {"patients": 14})


def test_all_stops_at_the_first_box_that_fails():
    boxes = Boxes(tuple(map(parse_line, ("free = beds - 4", "beds = 20", "print(free)"))), 1, parse_line(HERS))
    assert (replay(boxes, ["all"]).numbers, replay(boxes, ["all"]).memory) == ((1, 0, 0), {})


def test_the_five_hints_find_the_five_surprises():
    walks = {
        "order": ("restart", "run 1", "run 2", "run 4", "run 3", "run 5"),
        "twice": ("all", "run 4", "run 3", "run 5"),
        "not run": ("all", "write 17", "run 5"),
        "restart": ("all", "restart", "run 5"),
        "together": ("all", "hers", "run 3", "run 5"),
    }
    assert {name: find_reasons(BOXES, moves) for name, moves in walks.items()} == {name: {name} for name in walks}
    widget = FiveCells()
    widget.play([move for moves in walks.values() for move in moves])
    assert [there for _, there, _ in widget._view["found"]] == [True] * 5


def test_a_missing_name_is_told_in_the_words_of_rounds():
    try:
        exec("print(free)", {})
    except NameError as error:
        told = explain(error, {"beds": 20, "patients": 14}, "print(free)")
    assert str(told).startswith('There is no name "free" yet.')
    assert replay(BOXES, ["run 5"]).said[-1].startswith('There is no name "free" yet.')


def test_widget_says_guess_print_and_reason():
    widget = FiveCells()
    assert (widget.prediction, widget._view["said"]) == (None, "")
    widget.play(["all guess 8"])
    assert widget.prediction == "8"
    assert widget._view["said"].startswith("Box 5 printed 6. You guessed 8.")
    widget.play(["restart", "run 5 guess error"])
    assert "You guessed so." in widget._view["said"]
    assert "The restart emptied the memory" in widget._view["said"]


def test_options_do_not_say_which_is_right_and_nothing_is_said_before_a_guess():
    view = FiveCells()._view
    assert view["ask"]["all"] == ["6", "8", "error"]
    assert "6" not in view["said"]
    assert not any(box["said"] for box in view["boxes"])


@pytest.mark.parametrize(
    "move", ["run 6", "run 0", "run", "print(1)", "write 1000", "write -1", "all guess x", "hers "]
)
def test_nothing_but_a_move_is_taken_from_a_browser(move):
    assert not is_move(move, BOXES)
    widget = FiveCells()
    with pytest.raises(TraitError):
        widget.moves = [move]


def test_a_long_list_of_runs_says_that_its_beginning_is_not_shown():
    cells = FiveCells(FIVE)
    cells.moves = ["all guess error"] + ["run 1"] * 3
    assert cells._view["past"][0] == "[1] box 1"
    cells.moves = ["all guess error"] + ["run 1"] * 20
    assert cells._view["past"][0] == "…"
    assert len(cells._view["past"]) == 13


def test_moves_are_capped_and_the_view_stays_small():
    widget = FiveCells(moves=["run 4", "run 5"] * 100)
    assert widget._view["full"]
    assert len(str(widget._view)) < 4000
    with pytest.raises(TraitError):
        widget.moves = [*widget.moves, "run 1"]


def test_moves_that_were_kept_bring_the_state_back():
    first = FiveCells()
    first.play(["all guess 6", "run 4", "hers"])
    assert repr(FiveCells(moves=first.moves)) == repr(first)


def test_other_lines_make_another_notebook():
    lines = ("dose = 5", "weight = 70", "total = dose + weight", "weight = weight + 4", "print(total)")
    widget = FiveCells(lines, hers="dose = 9", changes=1)
    assert widget.play(["all"]) == "box 5 printed 75; dose is 5, weight is 74, total is 75"


@pytest.mark.parametrize(
    ("lines", "named", "says"),
    [
        (("beds = 20 * 2", "print(beds)"), {}, 'box 1 is "beds = 20 \\* 2"; write a line like'),
        (("beds = __import__('os')", "print(beds)"), {}, "box 1 is"),
        (("beds = 20", "free = beds"), {}, "write a print, like print\\(free\\)"),
        (("beds = 20",), {}, "there are 1 lines; write two to nine"),
        (("beds = 20", "free = beds", "print(free)"), {"changes": 2}, "box 2 cannot be changed"),
        (("beds = 20", "print(beds)"), {"changes": 3}, "box 3 cannot be changed"),
        (("beds = 20", "print(beds)"), {"changes": 1, "hers": "beds is 3"}, 'hers is "beds is 3"'),
    ],
)
def test_a_line_of_another_form_is_one_clear_sentence(lines, named, says):
    with pytest.raises(DataError, match=f"FiveCells: .*{says}"):
        FiveCells(lines, **named)


def test_text_stands_in_where_no_browser_draws():
    widget = FiveCells()
    assert widget._repr_mimebundle_()[0]["text/plain"] == repr(widget)
    assert repr(widget) == "5 boxes, nothing printed yet; the memory is empty"


def test_module_is_small_loads_nothing_and_can_be_used_without_a_mouse():
    text = load_script(five_cells.__file__).replace("http://www.w3.org/2000/svg", "")  # the name of SVG
    assert len(text) < 50_000
    for forbidden in ("http://", "https://", "import(", "eval(", "fetch("):
        assert forbidden not in text
    assert '"aria-live", "polite"' in text
    assert "return () =>" in text
    assert ":focus-visible" in load_style(five_cells.__file__)
