"""Five boxes of a notebook, and the memory behind them: each move is a pure step from one state to the next.

A box holds one line: a name gets a number, a sum or a difference, or a name is printed.  A line is read by its form
and worked out here; nothing that a browser says is ever run as code.  A move is ``run 3``, ``run 5 guess 6``,
``all guess 6``, ``write 17`` (a new number in the box that may be changed), ``restart`` or ``hers``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

_WORD = r"[a-z_][a-z0-9_]{0,11}|\d{1,4}"
_GIVEN = re.compile(rf"(?P<name>[a-z_][a-z0-9_]{{0,11}}) = (?P<first>{_WORD})(?: (?P<sign>[+-]) (?P<second>{_WORD}))?")
_PRINTED = re.compile(r"print\((?P<first>[a-z_][a-z0-9_]{0,11})\)")
_MOVE = re.compile(
    r"(?:run (?P<box>[1-9])|(?P<all>all))(?: guess (?P<guess>-?\d{1,5}|error))?|write (?P<number>\d{1,3})|restart|hers"
)
ERROR = "error"
Value = TypeVar("Value")


@dataclass(frozen=True)
class BoxLine:
    """One line: ``name = first sign second``, ``name = first``, or ``print(first)`` where there is no name."""

    first: str
    name: str = ""
    sign: str = ""
    second: str = ""

    def __str__(self) -> str:
        """Return the line as it stands in its box."""
        if not self.name:
            return f"print({self.first})"
        return f"{self.name} = {self.first}" + (f" {self.sign} {self.second}" if self.sign else "")

    @property
    def counts_on(self) -> bool:
        """Return whether the line makes its name of itself, as in ``beds = beds + 2``."""
        return bool(self.name) and self.name in (self.first, self.second)

    def find_missing(self, memory: Mapping[str, int]) -> str:
        """Return the first name that has no value yet, "" where all have one."""
        return next((w for w in (self.first, self.second) if w and not w.isdigit() and w not in memory), "")

    def compute(self, memory: Mapping[str, int]) -> int:
        """Return the value of the right side; every name in it has one."""
        first, second = (int(w) if w.isdigit() else memory[w] for w in (self.first, self.second or "0"))
        return first - second if self.sign == "-" else first + second


@dataclass(frozen=True)
class Boxes:
    """A notebook as it was written: its lines, which one may be changed (from 0), and the line of somebody else."""

    lines: tuple[BoxLine, ...]
    changes: int
    hers: BoxLine

    @property
    def last(self) -> int:
        """Return the number of the last box, which prints, from 1."""
        return len(self.lines)

    @property
    def again(self) -> int:
        """Return the number of the box that counts on, such as ``beds = beds + 2``; of the last where none does."""
        return next((number for number, line in enumerate(self.lines, 1) if line.counts_on), self.last)

    @property
    def maker(self) -> int:
        """Return the number of the box that makes the printed name; of the last where none does."""
        wanted = self.lines[-1].first
        return next((number for number, line in enumerate(self.lines, 1) if line.name == wanted), self.last)


@dataclass(frozen=True)
class KernelState:
    """What stands on the page, and what the computer knows."""

    lines: tuple[BoxLine, ...]
    numbers: tuple[int, ...]  # the run number beside each box, 0 before its first run
    said: tuple[str, ...]  # what stands below each box
    memory: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)  # by which run each name got its value
    count: int = 0  # runs since the last start
    past: tuple[str, ...] = ()  # what was run, in this order
    her_number: int = 0

    @property
    def outcome(self) -> str:
        """Return what the last box printed: a number, or that it stopped."""
        said = self.said[-1]
        return said if re.fullmatch(r"-?\d+", said) else ERROR


def parse_line(text: str) -> BoxLine | None:
    """Return the line that a text is; None where it has another form."""
    match = _GIVEN.fullmatch(text) or _PRINTED.fullmatch(text)
    return BoxLine(**{key: value or "" for key, value in match.groupdict().items()}) if match else None


def is_move(text: str, boxes: Boxes) -> bool:
    """Return whether a text is a move in these boxes."""
    match = _MOVE.fullmatch(text)
    return match is not None and int(match["box"] or 1) <= len(boxes.lines)


def read_guess(move: str) -> str:
    """Return what was guessed before a run, "" where nothing was asked."""
    match = _MOVE.fullmatch(move)
    return (match["guess"] or "") if match else ""


def start(boxes: Boxes) -> KernelState:
    """Return the notebook as it is opened: nothing has run."""
    boxes_there = len(boxes.lines)
    return KernelState(boxes.lines, (0,) * boxes_there, ("",) * boxes_there)


def replay(boxes: Boxes, moves: Sequence[str]) -> KernelState:
    """Return the state after these moves.

    Examples
    --------
    >>> lines = tuple(map(parse_line, ("beds = 20", "free = beds - 14", "print(free)")))
    >>> replay(Boxes(lines, 0, parse_line("beds = 12")), ["run 1", "run 2", "hers", "run 3"]).outcome
    '6'
    """
    state = start(boxes)
    for move in moves:
        state = step(boxes, state, move)
    return state


def step(boxes: Boxes, state: KernelState, move: str) -> KernelState:
    """Return the state after one move more."""
    match = _MOVE.fullmatch(move)
    if match is None:
        return state
    if match["number"]:
        lines = list(state.lines)
        lines[boxes.changes] = replace(lines[boxes.changes], first=match["number"])
        return replace(state, lines=tuple(lines))
    if match["box"]:
        return _run(state, int(match["box"]) - 1)
    if match["all"]:
        return _run_all(state)
    return _restart(state) if move == "restart" else _run_hers(boxes, state)


def _run(state: KernelState, box: int) -> KernelState:
    count, line = state.count + 1, state.lines[box]
    said = ""
    if missing := line.find_missing(state.memory):
        said = f'There is no name "{missing}" yet. Run the box that makes it.'
    elif line.name:
        state = _remember(state, line, f"[{count}] box {box + 1}")
    else:
        said = str(line.compute(state.memory))
    return replace(
        state,
        count=count,
        numbers=_put(state.numbers, box, count),
        said=_put(state.said, box, said),
        past=(*state.past, f"[{count}] box {box + 1}"),
    )


def _run_all(state: KernelState) -> KernelState:
    """Run the boxes from top to bottom; like every notebook, stop at the first that fails."""
    for box in range(len(state.lines)):
        state = _run(state, box)
        if state.said[box].startswith("There"):
            break
    return state


def _run_hers(boxes: Boxes, state: KernelState) -> KernelState:
    count = state.count + 1
    if not boxes.hers.find_missing(state.memory):
        state = _remember(state, boxes.hers, f"[{count}] Yael")
    return replace(state, count=count, her_number=count, past=(*state.past, f"[{count}] Yael"))


def _remember(state: KernelState, line: BoxLine, run: str) -> KernelState:
    value = line.compute(state.memory)
    return replace(state, memory={**state.memory, line.name: value}, made={**state.made, line.name: run})


def _restart(state: KernelState) -> KernelState:
    """Empty the memory; the page keeps its text, its numbers and what was printed."""
    return replace(state, memory={}, made={}, count=0, past=(*state.past, "restart"))


def _put(values: tuple[Value, ...], place: int, value: Value) -> tuple[Value, ...]:
    return (*values[:place], value, *values[place + 1 :])
