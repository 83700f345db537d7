"""Steps to put in order, with steps that are not needed: any order is right in which each step has what it needs.

A graph says which step must come before which; an answer is a list of the steps' letters.  `share_in_order` is the part
of the needed steps that already stand well, for partial credit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rounds.lessons.ladder import Diagnosis, Mistake, Rung, recognise


@dataclass(frozen=True)
class Steps:
    """Steps by letter: what each one needs before it, and why a step that is not needed is none."""

    needs: Mapping[str, frozenset[str]]
    needless: Mapping[str, str] = field(default_factory=dict)

    def missing_before(self, given: Sequence[str]) -> tuple[str, str] | None:
        """Return the first step that comes too early, and what it needs first; None where every step has that."""
        for number, step in enumerate(given):
            lacking = sorted(self.needs.get(step, frozenset()) - set(given[:number]))
            if lacking:
                return step, lacking[0]
        return None


def is_order(name: str, letters: Sequence[str]) -> Rung:
    """Ask for a list of different letters, each of a step."""

    def ask(answer: Any) -> str | None:
        if isinstance(answer, str):
            return f'{name} is one text. Write a list of letters: ["{letters[0]}", "{letters[1]}"].'
        if not isinstance(answer, list | tuple):
            return f"{name} is of type {type(answer).__name__}; write a list of letters in square brackets."
        given = [_plain(letter) for letter in answer]
        strange = [letter for letter, plain in zip(answer, given, strict=True) if plain not in tuple(letters)]
        if strange:
            return f"{name}: there is no step {strange[0]!r}. The steps are {', '.join(letters)}."
        twice = next((letter for letter in given if given.count(letter) > 1), "")
        return (
            Diagnosis(f"Step {twice} stands there twice; each step is used once at most.", "twice") if twice else None
        )

    return Rung("type", ask)


def is_in_order(steps: Steps) -> Rung:
    """Ask for all needed steps, none that is not needed, and each after what it needs."""
    return recognise(
        "values",
        Mistake(
            "needless-step", lambda answer: bool(_needless(answer, steps)), lambda answer: _say_needless(answer, steps)
        ),
        Mistake(
            "too-early", lambda answer: _early(answer, steps) is not None, lambda answer: _say_early(answer, steps)
        ),
        Mistake(
            "step-missing", lambda answer: bool(_missing(answer, steps)), lambda answer: _say_missing(answer, steps)
        ),
    )


def share_in_order(answer: Sequence[str], steps: Steps) -> float:
    """Return which part of the needed steps stands after all that it needs; each needless step takes one away.

    Examples
    --------
    >>> steps = Steps({"A": frozenset(), "B": frozenset("A"), "C": frozenset("B")}, {"D": "No step needs it."})
    >>> share_in_order(["A", "B", "C"], steps), round(share_in_order(["B", "A", "C"], steps), 2)
    (1.0, 0.67)
    """
    given = [_plain(step) for step in answer]
    well = [s for number, s in enumerate(given) if s in steps.needs and steps.needs[s] <= set(given[:number])]
    extra = sum(step not in steps.needs for step in given)
    return max(0, len(set(well)) - extra) / len(steps.needs)


def _plain(letter: Any) -> Any:
    return letter.strip().upper() if isinstance(letter, str) else letter


def _needless(answer: Sequence[str], steps: Steps) -> list[str]:
    return [step for step in map(_plain, answer) if step in steps.needless]


def _say_needless(answer: Sequence[str], steps: Steps) -> str:
    step = _needless(answer, steps)[0]
    return f"Step {step} is not needed. {steps.needless[step]}"


def _missing(answer: Sequence[str], steps: Steps) -> list[str]:
    return sorted(set(steps.needs) - {_plain(step) for step in answer})


def _say_missing(answer: Sequence[str], steps: Steps) -> str:
    number = len(_missing(answer, steps))
    return f"So far the order works, and {number} step{'s are' if number > 1 else ' is'} missing."


def _early(answer: Sequence[str], steps: Steps) -> tuple[str, str] | None:
    return steps.missing_before([_plain(step) for step in answer])


def _say_early(answer: Sequence[str], steps: Steps) -> str:
    early = _early(answer, steps)
    well = round(share_in_order(answer, steps) * len(steps.needs))
    step = early[0] if early else ""
    done = f"{well} of {len(steps.needs)} stand well."
    return f"Step {step} comes too early: something that it needs is not done yet. {done}"
