"""The box of an exercise as it stands: has it run, did its last run stop, did its text change since?

A kernel that explains errors keeps each cell's last run (`rounds.mistakes.runs`); the box of exercise ``e2`` is the
cell ``e2``, as the build writes it.  Where nobody knows the cells' ids, in a run without a page, nothing is said.
"""

from __future__ import annotations

import os
from typing import Any

from rounds.lessons.ladder import Diagnosis
from rounds.mistakes.runs import Run, Runs, digest
from rounds.mistakes.shell import explainer_of, start

GRADED = "NBGRADER_EXECUTION"  # set by nbgrader where a notebook is graded
NOT_RUN = "Run the box above first, then press again."
CHANGED = "You changed the box after its last run. Run it, then press again."
INTERRUPTED = "The last run of the box above was broken off. Run it again, then press."
_present: dict[str, tuple[str, Run | None]] = {}  # what a page shows, and the last run when it told so


def watch_boxes() -> None:
    """Keep the last run of each cell from now on, and explain its errors; not where a notebook is graded."""
    shell = _shell()
    if shell is not None and hasattr(shell, "_showtraceback") and not os.environ.get(GRADED):
        start(shell)


def note_present_source(exercise: str, text: str) -> None:
    """Note what the page shows in an exercise's box now; the page tells it while somebody types.

    A run that comes later says more: it is of the text that the page shows then, which the page tells a moment after.
    """
    runs = _runs()
    _present[exercise] = (digest(text), runs.last(exercise) if runs is not None else None)


def is_button_of(exercise: str) -> bool:
    """Return whether the cell that runs now is the button of this exercise, by its id: then the box has its id too."""
    runs = _runs()
    return runs is not None and runs.cell == f"{exercise}-check"


def find_box_problem(exercise: str) -> Diagnosis | None:
    """Return what keeps a box from being judged, None when its last run was well and is what the page shows."""
    runs = _runs()
    if runs is None:
        return None
    last = runs.last(exercise)
    if last is None:
        return Diagnosis(NOT_RUN, "box-not-run")
    shown, told_after = _present.get(exercise, (last.mark, last))
    if told_after is last and shown != last.mark:
        return Diagnosis(CHANGED, "box-changed")
    return Diagnosis(say_stopped(last), "box-stopped") if last.stopped else None


def say_stopped(last: Run) -> str:
    """Return the sentences to a box whose last run stopped.

    Examples
    --------
    >>> say_stopped(Run("", "SyntaxError", 3, "A colon : is missing at the end of this line."))
    'The box above stopped in line 3. A colon : is missing at the end of this line. Mend that first.'
    """
    if last.kind == "KeyboardInterrupt":
        return INTERRUPTED
    where = f" in line {last.line}" if last.line else ""
    more = f"{last.words} Mend that first." if last.words else "Mend that first, then press again."
    return f"The box above stopped{where}. {more}"


def _runs() -> Runs | None:
    explainer = explainer_of(_shell())
    return explainer.runs if explainer is not None else None


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()
