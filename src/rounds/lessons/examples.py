"""The answers to one exercise, and to the gaps of a faded example, that the tests try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer and words that the reply must hold; hidden ones pass the visible."""

    answer: Any
    says: str
    hidden: bool = False


@dataclass(frozen=True)
class Examples:
    """Right answers (alternatives are welcome), the stub, and at least three wrong ones."""

    right: tuple[Any, ...]
    stub: Any
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Gaps:
    """What is written into the gaps of a faded example.

    `before` names the cells that run first.  `box` is the box with ``{}`` for each gap.  An entry of `right` has the
    code of each gap; one of `wrong` has words of the sentence to it as well.
    """

    before: tuple[str, ...]
    box: str
    right: tuple[tuple[str, ...], ...]
    wrong: tuple[tuple[tuple[str, ...], str], ...]
