"""A line of code as marks: its texts and comments blanked, its brackets counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PAIRS = {")": "(", "]": "[", "}": "{"}
_TEXT = re.compile(r"""#[^\n]*|(?:'{3}|"{3}).*?(?:'{3}|"{3})|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


@dataclass(frozen=True)
class Bracket:
    """A bracket that nothing closes, and its line."""

    mark: str
    line: int


def blank(code: str) -> str:
    """Return code of the same length in which texts are ``""`` filled with blanks, and comments are blanks.

    Examples
    --------
    >>> blank('x = "5 %"  # 5 %')
    'x = "   "       '
    """
    return _TEXT.sub(_blanked, code)


def _blanked(match: re.Match[str]) -> str:
    text = match[0]
    if text.startswith("#"):
        return " " * len(text)
    return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[-1]


def open_brackets(code: str) -> list[Bracket]:
    """Return the brackets that are still open at the end, innermost last."""
    stack: list[Bracket] = []
    for line, mark in _brackets(blank(code)):
        if mark in PAIRS.values():
            stack.append(Bracket(mark, line))
        elif stack and stack[-1].mark == PAIRS[mark]:
            stack.pop()
    return stack


def _brackets(code: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(code.splitlines(), 1):
        yield from ((number, mark) for mark in line if mark in "()[]{}")
