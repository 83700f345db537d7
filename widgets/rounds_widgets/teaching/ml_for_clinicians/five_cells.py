"""Five boxes of a notebook that run in any order: guess what is printed, run, and see what the computer knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from rounds.errors import DataError
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.ml_for_clinicians.box_machine import (
    ERROR,
    Boxes,
    BoxLine,
    KernelState,
    is_move,
    parse_line,
    read_guess,
    replay,
)
from rounds_widgets.teaching.ml_for_clinicians.surprises import (
    REASONS,
    find_reason,
    find_reasons,
    is_print,
    list_options,
    read_page,
)

FIVE = ("beds = 20", "patients = 14", "free = beds - patients", "beds = beds + 2", "print(free)")
HERS = "beds = 12"
MOST_MOVES, SHOWN_RUNS = 200, 12
NAMES = {
    "order": "Another order",
    "twice": "A box that ran twice",
    "not run": "Changed, not run",
    "restart": "A restart",
    "together": "Two people",
}


class FiveCells(anywidget.AnyWidget):
    """Show a small notebook whose boxes run in any order, and ask before each print what it will be.

    Parameters
    ----------
    lines
        Five lines (or two to nine): ``name = number``, ``name = a + b``, ``name = a - b``, and a print as the last one.
    hers
        The line that a second person runs in the same kernel.
    changes
        Which box may get another number, counted from 1; it is of the form ``name = number``.

    Examples
    --------
    >>> FiveCells().play(["run 1", "run 2", "run 3", "run 4", "run 5"])
    'box 5 printed 6; beds is 22, patients is 14, free is 6'
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    moves = traitlets.List(traitlets.Unicode()).tag(sync=True)
    together = traitlets.Bool(False).tag(sync=True)
    _view = traitlets.Dict().tag(sync=True)

    def __init__(self, lines: Sequence[str] = FIVE, *, hers: str = HERS, changes: int = 2, **traits: Any) -> None:
        self._boxes = _read_boxes(lines, hers, changes)
        super().__init__(**traits)
        self._view = self._draw()

    @property
    def prediction(self) -> str | None:
        """Return the first guess, None before it."""
        return next((guess for guess in map(read_guess, self.moves) if guess), None)

    def play(self, moves: Sequence[str]) -> str:
        """Make moves as the buttons do, and return the state in words."""
        self.moves = [*self.moves, *moves]
        return repr(self)

    @traitlets.validate("moves")
    def _check_moves(self, proposal: Any) -> list[str]:
        moves: list[str] = proposal["value"]
        if len(moves) > MOST_MOVES or not all(is_move(move, self._boxes) for move in moves):
            raise traitlets.TraitError(f"moves are at most {MOST_MOVES} of: run 1, all, write 17, restart, hers")
        return moves

    @traitlets.observe("moves")
    def _follow(self, _: Any) -> None:
        self._view = self._draw()

    def _draw(self) -> dict[str, Any]:
        """Return what the browser draws: the page, the memory, the options of the next guess, and one sentence."""
        moves = tuple(self.moves)
        state = replay(self._boxes, moves)
        found = find_reasons(self._boxes, moves)
        last = f"run {len(self._boxes.lines)}"
        return {
            "boxes": [_draw_box(state, number, self._boxes.changes) for number in range(len(state.lines))],
            "memory": [[name, value, state.made[name]] for name, value in state.memory.items()],
            "past": [*(["…"] if len(state.past) > SHOWN_RUNS else []), *state.past[-SHOWN_RUNS:]],
            "hers": {"text": str(self._boxes.hers), "number": state.her_number},
            "ask": {move: list_options(self._boxes, moves, move) for move in ("all", last)},
            "found": [[NAMES[reason], reason in found, _suggest(self._boxes, reason)] for reason in REASONS],
            "said": self._say(state),
            "full": len(moves) >= MOST_MOVES,
        }

    def _say(self, state: KernelState) -> str:
        if not self.moves:
            return ""
        move, moves = self.moves[-1], tuple(self.moves)
        if is_print(self._boxes, move):
            return self._say_print(state, move, moves)
        if move.startswith("write"):
            box = self._boxes.changes
            return f'Box {box + 1} now says "{state.lines[box]}". It has not run since.'
        if move == "restart":
            return "Restarted: the memory is empty. The page looks the same as before."
        if move == "hers":
            return f'Yael ran "{self._boxes.hers}" in the same kernel, as run [{state.her_number}].'
        box = int(move[4]) - 1
        stopped = state.said[box]
        return f"Box {box + 1} stopped. {stopped}" if stopped else f"Box {box + 1} ran as run [{state.numbers[box]}]."

    def _say_print(self, state: KernelState, move: str, moves: tuple[str, ...]) -> str:
        box, guess, page = len(state.lines), read_guess(move), read_page(self._boxes, moves)
        printed = f"It stopped: {state.said[-1]}" if state.outcome == ERROR else f"Box {box} printed {state.outcome}."
        guessed = "" if not guess else " You guessed so." if guess == state.outcome else f" You guessed {_name(guess)}."
        reason = find_reason(self._boxes, moves)
        read = f" Read from top to bottom, the page would give {_name(page)}." if reason else ""
        if reason == "order" and state.outcome == ERROR:
            return f"{printed}{guessed}{read} What stands on the page counts only after it has run."
        return f"{printed}{guessed}{read} {_explain(self._boxes, reason)}"

    def __repr__(self) -> str:
        state = replay(self._boxes, self.moves)
        knows = ", ".join(f"{name} is {value}" for name, value in state.memory.items()) or "the memory is empty"
        return f"{_say_last(state)}; {knows}"


def _explain(boxes: Boxes, reason: str) -> str:
    """Return why it was printed, in one or two sentences; without a reason the page and the memory agree."""
    return {
        "": "A name keeps the number that it got when its box ran.",
        "order": "The boxes ran in another order than they stand in. Compare their run numbers.",
        "twice": f"Box {boxes.again} ran more than once, and each run counts. The page shows its last number only.",
        "not run": f"Box {boxes.changes + 1} was changed. It counts when it, and each box that uses it, runs again.",
        "restart": "The restart emptied the memory. Text, run numbers and printed lines stayed on the page.",
        "together": f"Yael's box set {boxes.hers.name} in the same memory. Your page does not show it.",
    }[reason]


def _suggest(boxes: Boxes, reason: str) -> str:
    """Return what to try, to find a surprise."""
    last, maker = boxes.last, boxes.maker
    return {
        "order": f"Restart. Run the boxes one by one, and box {boxes.again} before box {maker}.",
        "twice": f"Run all. Then run box {boxes.again} again, box {maker} and box {last}.",
        "not run": f"Run all. Change the number in box {boxes.changes + 1}, and run box {last} only.",
        "restart": f"Run all. Press Restart, then run box {last}.",
        "together": f"Run all. Tick the same kernel, and let Yael run hers. Then run box {maker} and box {last}.",
    }[reason]


def _say_last(state: KernelState) -> str:
    """Return what stands below the last box, in words."""
    if not state.said[-1]:
        return f"{len(state.lines)} boxes, nothing printed yet"
    box = len(state.lines)
    return f"box {box} stopped" if state.outcome == ERROR else f"box {box} printed {state.outcome}"


def _name(outcome: str) -> str:
    return "an error" if outcome == ERROR else outcome


def _draw_box(state: KernelState, box: int, changes: int) -> dict[str, Any]:
    line = state.lines[box]
    return {
        "text": str(line),
        "before": f"{line.name} = " if box == changes else "",
        "value": int(line.first) if box == changes else None,
        "number": state.numbers[box],
        "said": state.said[box],
    }


def _read_boxes(lines: Sequence[str], hers: str, changes: int) -> Boxes:
    if not 2 <= len(lines) <= 9:
        raise DataError(f"FiveCells: there are {len(lines)} lines; write two to nine.")
    read = tuple(_read(f"box {number}", text) for number, text in enumerate(lines, 1))
    if read[-1].name:
        raise DataError(f'FiveCells: the last line is "{lines[-1]}"; write a print, like print({read[-1].name}).')
    if not 1 <= changes <= len(read) or not read[changes - 1].first.isdigit() or read[changes - 1].sign:
        raise DataError(f"FiveCells: box {changes} cannot be changed; name one that is a name and a number.")
    return Boxes(read, changes - 1, _read("hers", hers))


def _read(where: str, text: str) -> BoxLine:
    line = parse_line(text)
    if line is None:
        raise DataError(f'FiveCells: {where} is "{text}"; write a line like: free = beds - patients')
    return line
