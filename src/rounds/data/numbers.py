"""Tell whether a text is written as a number."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def is_number(text: str) -> bool:
    """Tell whether a cell is written as a number."""
    return _NUMBER.fullmatch(text.strip()) is not None
