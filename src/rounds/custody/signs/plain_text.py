"""Text as a program reads it: no invisible marks, ASCII digits, a plain minus.  What people see stays the same."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

# Marks of direction and joiners, soft hyphen, byte order mark
_INVISIBLE = (0xAD, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
_SPACES = (0xA0, 0x2007, 0x2009, 0x202F, 0x3000)
_SAME = {0x2212: "-", 0xFF0D: "-", 0xFE63: "-", 0x66B: ".", 0x66C: ",", 0xFF0E: ".", 0xFF1A: ":", 0xFF0F: "/"}


@cache
def _table() -> dict[int, str | None]:
    """Return what each letter becomes; digits of every script become ASCII."""
    digits = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(128, sys.maxunicode)
        if unicodedata.decimal(chr(code), None) is not None
    }
    return {**digits, **_SAME, **dict.fromkeys(_INVISIBLE)}


def plain(text: str) -> str:
    """Return a text without invisible marks, with ASCII digits and a plain minus, and trimmed."""
    return text.strip() if text.isascii() else text.translate(_table()).strip()


def plain_with_spaces(text: str) -> str:
    """Return a plain text whose odd spaces are ordinary ones, as dates are read."""
    text = plain(text)
    return text if text.isascii() else text.translate(dict.fromkeys(_SPACES, " ")).strip()


def plain_texts(values: pa.Array) -> pa.Array:
    """Return a column of texts, each plain; a missing one stays missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(values)
    odd = pc.invert(pc.fill_null(pc.string_is_ascii(trimmed), True))
    if not pc.any(odd).as_py():
        return trimmed
    pairs = zip(trimmed.to_pylist(), odd.to_pylist(), strict=True)
    texts = [plain(text) if text and strange else text for text, strange in pairs]
    return pa.array(texts, pa.string())
