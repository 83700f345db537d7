"""Tutorials: built from their solutions, checked while they are written, graded when submitted.

    check = open_lesson("a3")      the first cell of a tutorial
    check.button("e1")             a button that reads the learner's answer and says one sentence

An organiser's side is in ``build`` (notebooks from sources) and ``lint`` (what a tutorial lacks).
"""

from rounds.lessons.check import Check, open_lesson

__all__ = ["Check", "open_lesson"]
