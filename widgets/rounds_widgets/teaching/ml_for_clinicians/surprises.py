"""Why a box printed something else than its page says, found by taking one thing away and running again.

The page says what its text gives when it runs once from top to bottom.  Where a box printed something else, each
possible reason is taken out of the moves in turn; the first without which the box prints something else is the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from rounds_widgets.teaching.ml_for_clinicians.box_machine import ERROR, Boxes, replay

Moves = tuple[str, ...]
ORDER = "order"


def read_page(boxes: Boxes, moves: Moves) -> str:
    """Return what the page says that the last box prints: its text now, run once from top to bottom."""
    return replay(boxes, (*_writes(moves), "all")).outcome


@lru_cache(maxsize=2048)
def find_reason(boxes: Boxes, moves: Moves) -> str:
    """Return why the last box printed something else than the page says; "" where it did not."""
    printed = replay(boxes, moves).outcome
    if printed == read_page(boxes, moves):
        return ""
    without = WITHOUT.items()
    return next((name for name, take in without if replay(boxes, take(boxes, moves)).outcome != printed), ORDER)


def find_reasons(boxes: Boxes, moves: Moves) -> set[str]:
    """Return every reason that a print among these moves has shown."""
    prints = (n for n, move in enumerate(moves, 1) if is_print(boxes, move))
    return {find_reason(boxes, moves[:n]) for n in prints} - {""}


def is_print(boxes: Boxes, move: str) -> bool:
    """Return whether a move runs the last box, which prints."""
    return move.startswith((f"run {len(boxes.lines)}", "all"))


def list_options(boxes: Boxes, moves: Moves, move: str) -> list[str]:
    """Return two or three numbers and an error, among which to guess what this move prints; none is marked."""
    after, now = replay(boxes, (*moves, move)), replay(boxes, moves)
    printed = after.lines[-1].first
    maker = next((line for line in now.lines if line.name == printed), None)
    known = [after.outcome, read_page(boxes, moves), now.outcome]
    for memory in (after.memory, now.memory):  # as if a name followed the others, like a cell of a spreadsheet
        if maker is not None and not maker.find_missing(memory):
            known.insert(2, str(maker.compute(memory)))
    numbers = list(dict.fromkeys(one for one in known if one != ERROR))[:3]
    if len(numbers) == 1:
        numbers.append(str(int(numbers[0]) + 2))
    return [*sorted(numbers, key=int), ERROR]


def _writes(moves: Moves) -> Moves:
    return tuple(move for move in moves if move.startswith("write"))


def _without_restart(_: Boxes, moves: Moves) -> Moves:
    return tuple(move for move in moves if move != "restart")


def _without_her(_: Boxes, moves: Moves) -> Moves:
    return tuple(move for move in moves if move != "hers")


def _without_repeats(boxes: Boxes, moves: Moves) -> Moves:
    """Leave the first run of a box that counts on, such as ``beds = beds + 2``, and take its others away."""
    again = {f"run {n}" for n, line in enumerate(boxes.lines, 1) if line.counts_on}
    kept: list[str] = []
    seen: set[str] = set()
    for move in moves:
        if move not in seen:
            kept.append(move)
        if move == "restart":
            seen = set()
        elif move.startswith("all"):
            seen = set(again)
        elif move in again:
            seen.add(move)
    return tuple(kept)


def _written_first(_: Boxes, moves: Moves) -> Moves:
    return (*_writes(moves), *(move for move in moves if not move.startswith("write")))


WITHOUT: Mapping[str, Callable[[Boxes, Moves], Moves]] = {
    "restart": _without_restart,
    "together": _without_her,
    "twice": _without_repeats,
    "not run": _written_first,
}
REASONS = (ORDER, "twice", "not run", "restart", "together")
