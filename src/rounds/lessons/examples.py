"""The answers to one exercise that the tests try."""

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
