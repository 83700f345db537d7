"""What the judge says of one answer."""

from __future__ import annotations

from dataclasses import dataclass

FIRST, LAST = "first", "last"  # all that needs no hidden input in the learner's process; then the rest
OUR_FAULT = "The check could not read this answer; tell a mentor."


@dataclass(frozen=True)
class Verdict:
    """Whether an answer holds, and the sentence to whoever wrote it; empty when it holds.

    Parameters
    ----------
    passed
        Whether both the visible and the hidden checks hold.
    sentence
        What does not hold yet.
    hidden
        Whether it was a hidden check that did not hold.
    unfinished
        Whether the hidden checks are still to come: those of a function are asked when all else has been said.
    fault
        What went wrong on our side, for the staff: a check that stops, a judge that ended.
    mistake
        The name of the mistake that the sentence answers.
    """

    passed: bool
    sentence: str = ""
    hidden: bool = False
    unfinished: bool = False
    fault: str = ""
    mistake: str = ""
