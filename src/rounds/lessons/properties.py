"""The hidden-test library: properties that a right answer has on any data, H1 to H13.

Each returns a sentence when the property does not hold, else None.  A property asks a learner's
function through ``call``, which hands over copies and turns an exception into a sentence.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.lessons.ladder import Mistake, NotYet
from rounds.lessons.values.missing import plain_missing
from rounds.lessons.values.stand_ins import ForeignError
from rounds.mistakes.explaining import explain

if TYPE_CHECKING:
    import pandas as pd

Answer = Callable[..., Any]
Case = tuple[Any, ...]


def call(function: Answer, *arguments: Any) -> Any:
    """Return what the learner's function says to copies of the arguments, or raise NotYet."""
    elsewhere = getattr(function, "on_copies", None)  # in another process: what is sent there is a copy
    try:
        said = elsewhere(*arguments) if elsewhere else function(*copy.deepcopy(arguments))
        return plain_missing(said)
    except Exception as error:
        if "ellipsis" in str(error).lower():  # a gap as an index is KeyError: Ellipsis
            raise NotYet(f"{_name(function)} still holds three dots: replace them.") from None
        raise NotYet(_say_stopped(function, error)) from None


def explain_stop(function: Answer, error: Exception) -> str:
    """Return where an error of a function came up and what it means, empty where no rule knows it."""
    with suppress(Exception):
        meant = explain(error, getattr(function, "__globals__", {}))
        if meant is not None:
            where = f" in line {meant.line} of its cell" if meant.line else ""
            return f" stopped{where}. {meant.words}"
    return ""


def _say_stopped(function: Answer, error: Exception) -> str:
    """Return the sentences to an error of the learner's function: in plain words where they are known."""
    meant = error.meant if isinstance(error, ForeignError) else explain_stop(function, error)
    if meant:
        return _name(function) + meant
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"{_name(function)} stopped with {said[:160]}; mend this line, then press again."


def agrees(mine: object, theirs: object, tolerance: float = 1e-9) -> bool:
    """Say whether two answers are equal: numbers within the tolerance, tables cell by cell (H13)."""
    try:
        left, right = np.asarray(mine, dtype=float), np.asarray(theirs, dtype=float)
    except (TypeError, ValueError):
        return bool(_plain(mine) == _plain(theirs))
    same_shape = left.shape == right.shape
    return same_shape and bool(np.allclose(left, right, rtol=0, atol=tolerance, equal_nan=True))


def agrees_with(other: Answer, cases: Sequence[Case], tolerance: float = 1e-6) -> Callable[[Answer], bool]:
    """Return the property that a function says what another one says, in every one of these cases."""
    return lambda function: all(agrees(call(function, *case), other(*case), tolerance) for case in cases)


def ignores(cases: Sequence[Case]) -> Callable[[Answer], bool]:
    """Return the property that a function says the same in all of these cases."""
    return lambda function: all(agrees(call(function, *cases[0]), call(function, *case)) for case in cases[1:])


def h1_fresh_draw(function: Answer, reference: Answer, draws: Iterable[Case]) -> str | None:
    """Hold on other draws of the data: the function computes, it does not remember."""
    ok = all(agrees(call(function, *case), _expected(reference, case)) for case in draws)
    return None if ok else f"{_name(function)} gives another result than ours on a fresh table."


def h2_time_travel(function: Answer, events: pd.DataFrame, time: str, t0: Any) -> str | None:
    """Give the same answer when everything after ``t0`` is deleted: nothing later is read."""
    ok = agrees(call(function, events, t0), call(function, events[events[time] <= t0], t0))
    return None if ok else f"{_name(function)} changes when the rows after time zero are deleted."


def h3_group_seal(train: Iterable[Any], test: Iterable[Any]) -> str | None:
    """Keep each person on one side of a split."""
    both = set(train) & set(test)
    return f"{len(both)} people stand on both sides of the split." if both else None


def h4_shuffled_labels(auroc: float, tolerance: float = 0.05) -> str | None:
    """Find nothing where nothing is: AUROC is near 0.5 on shuffled labels."""
    if abs(auroc - 0.5) <= tolerance + 1e-9:
        return None
    return f"With shuffled labels the AUROC is {auroc:.2f}; it must be near 0.50."


def h5_row_order(function: Answer, table: pd.DataFrame, *rest: Any) -> str | None:
    """Give the same answer when the rows are reversed or shuffled and the index is new."""
    index = range(100, 100 + len(table))
    orders = (table.iloc[::-1], table.sample(frac=1, random_state=5))
    first = call(function, table, *rest)
    ok = all(agrees(first, call(function, t.set_axis(index), *rest)) for t in orders)
    return None if ok else f"{_name(function)} depends on the order of the rows."


def h6_input_kept(function: Answer, *arguments: Any) -> str | None:
    """Leave the input as it was."""
    before = copy.deepcopy(arguments)
    with_copies = copy.deepcopy(arguments)
    try:
        function(*with_copies)
    except Exception:
        call(function, *arguments)
    kept = all(_same(old, new) for old, new in zip(before, with_copies, strict=True))
    return None if kept else f"{_name(function)} changes the table it is given; work on a copy."


def changes_table(name: str, case: Callable[[], Case]) -> Mistake:
    """Return the typical mistake that a function of this name changes what it is given; `case` makes its arguments."""
    says = f"{name} changes the table it is given; work on a copy."
    return Mistake("table-changed", lambda answer: h6_input_kept(answer, *case()) is not None, says)


def h7_refuses(function: Answer, cases: Iterable[Case]) -> str | None:
    """Raise for a value that has no meaning here: an unknown unit, a sentinel."""
    for case in cases:
        try:
            function(*copy.deepcopy(case))
        except Exception:  # noqa: S112 - any refusal is right
            continue
        return f"{_name(function)} accepts {case[-1]!r}; it must raise an error there."
    return None


def h7_sentinels(function: Answer, cases: Iterable[tuple[Case, Any]]) -> str | None:
    """See through sentinels and units: -1, 999 and mg/dL are not taken at face value."""
    ok = all(agrees(call(function, *case), expected) for case, expected in cases)
    return None if ok else f"{_name(function)} takes a sign for 'no result' as a measurement."


def h8_boundary(function: Answer, cases: Iterable[tuple[Case, Any]]) -> str | None:
    """Be right exactly at the boundary."""
    for case, expected in cases:
        if not agrees(call(function, *case), expected):
            return f"{_name(function)} is not right at the boundary {_show(case)}."
    return None


def h9_sparse(function: Answer, cases: Iterable[tuple[Case, Any]]) -> str | None:
    """Cope with a person with no rows, with one row, with all values missing."""
    ok = all(agrees(call(function, *case), expected) for case, expected in cases)
    return None if ok else f"{_name(function)} is not right where rows or values are missing."


def h10_not_hard_coded(function: Answer, cases: Iterable[Case]) -> str | None:
    """Give another answer where the right answer differs."""
    answers = [call(function, *case) for case in cases]
    same = len(answers) > 1 and all(agrees(answers[0], other) for other in answers[1:])
    return f"{_name(function)} gives the same answer to different questions." if same else None


def h11_reference(function: Answer, reference: Answer, cases: Iterable[Case], tolerance: float = 1e-9) -> str | None:
    """Agree with our own computation."""
    for case in cases:
        if not agrees(call(function, *case), _expected(reference, case), tolerance):
            return f"{_name(function)} differs from our own computation at {_show(case)}."
    return None


def h12_trivial(values: Sequence[float], what: str) -> str | None:
    """Refuse an answer that is the same for everybody."""
    return f"{what} is the same for everybody." if len({*values}) < 2 else None


def h13_same_set(answer: Iterable[Any], expected: Iterable[Any], what: str) -> str | None:
    """Accept a set in any order and any container."""
    mine, ours = set(map(_plain, answer)), set(map(_plain, expected))
    if mine == ours:
        return None
    return f"{what}: {len(ours - mine)} missing and {len(mine - ours)} too many."


_known: dict[tuple[Answer, bytes], Any] = {}
MOST_KNOWN = 200


def _expected(reference: Answer, case: Case) -> Any:
    """Return our own answer; a judge that asks the same of fifty people works it out once."""
    from rounds.lessons.values.encode import encode_value  # pandas, which not everybody who reads checks has loaded

    key = (reference, encode_value(case))
    if key not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = reference(*copy.deepcopy(case))
    return copy.deepcopy(_known[key])


def _name(function: Answer) -> str:
    return getattr(function, "__name__", "Your function")


def _show(case: Case) -> str:
    return ", ".join(repr(part) if np.isscalar(part) else type(part).__name__ for part in case)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _same(old: Any, new: Any) -> bool:
    return bool(old.equals(new)) if hasattr(old, "equals") else agrees(old, new)
