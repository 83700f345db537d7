"""Characters that look like those of Python and are others: from a text editor, a web page, another keyboard."""

from __future__ import annotations

import unicodedata

QUOTES = "“”„‟‘’‚‛«»‹›״׳`´"
MINUS = "–—−‐‑‒―"
MEANT = {
    **dict.fromkeys(MINUS, "-"),
    "×": "*",
    "·": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "，": ",",
    "،": ",",
    "；": ";",
    "：": ":",
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "＝": "=",
    "…": "...",
    "¬": "~",
}
POWERS = "²³"
MONEY = "€£₪¥"  # a number with one of these is told of in `numbers_written`


def explain_character(code: str) -> tuple[str, str] | None:
    """Return the rule's name and the sentence for the first look-alike in code whose texts are blanked."""
    found = next((mark for mark in code if _is_strange(mark)), None)
    if found is None:
        return None
    if found in QUOTES:
        return "quotes", f'The mark {found} is no quote of Python. Type straight quotes on both sides: "like this".'
    if found in MEANT:
        return "look-alike", f"The character {found} is no sign of Python. Type {MEANT[found]} in its place."
    if found in POWERS:
        return "power", f"The small {found} is no sign of Python. For a power write ** and the number."
    if unicodedata.category(found) == "Zs" or unicodedata.category(found) == "Cf":
        return "space", "This line holds a space or a sign that cannot be seen. Delete the spaces and type them again."
    if unicodedata.category(found) == "Nd":
        number = unicodedata.digit(found)
        return "digit", f"Python reads the digits 0 to 9 only. Type {number} in place of {found}."
    return "character", f"The character {found} is no sign of Python. Delete it, or put the text in quotes."


def _is_strange(mark: str) -> bool:
    return mark in QUOTES or (not mark.isascii() and mark not in MONEY and (mark.isdigit() or not mark.isidentifier()))
