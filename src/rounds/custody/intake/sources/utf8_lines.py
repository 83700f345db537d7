"""Which lines of a text file are UTF-8 and which are not, counted in pieces: a file may hold two encodings.

Lines of ASCII alone prove nothing and are not counted.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE, MOST_NAMED, MOST_KEPT = 1 << 20, 5, 20_000


@dataclass(frozen=True)
class Utf8Lines:
    """Of the lines beyond ASCII: how many are UTF-8, how many are not, the first of each, and some of their bytes."""

    good: int = 0
    bad: int = 0
    first_good: tuple[int, ...] = ()
    first_bad: tuple[int, ...] = ()
    good_seen: bytes = b""
    bad_seen: bytes = b""

    @property
    def is_mixed(self) -> bool:
        """Tell whether the file holds lines of both kinds."""
        return bool(self.good and self.bad)

    @property
    def mostly_good(self) -> bool:
        """Tell whether UTF-8 is what the file should be: at least half of these lines are."""
        return self.is_mixed and self.good >= self.bad


def count_utf8_lines(path: Path) -> Utf8Lines:
    """Return how many lines beyond ASCII are UTF-8, and how many are not; the whole file is read, in pieces."""
    numbers: dict[bool, list[int]] = {True: [], False: []}
    counts, seen = {True: 0, False: 0}, {True: b"", False: b""}
    for number, is_good, start in _lines_beyond_ascii(path):
        counts[is_good] += 1
        numbers[is_good] = [*numbers[is_good], number][:MOST_NAMED]
        if len(seen[is_good]) < MOST_KEPT:
            seen[is_good] += start
    return Utf8Lines(counts[True], counts[False], tuple(numbers[True]), tuple(numbers[False]), seen[True], seen[False])


def scripts_of(text: str) -> set[str]:
    """Return the scripts of the letters beyond ASCII, such as ``{"HEBREW"}``."""
    return {unicodedata.name(c, "NONE").split()[0] for c in text if c.isalpha() and not c.isascii()}


def _lines_beyond_ascii(path: Path) -> Iterator[tuple[int, bool, bytes]]:
    """Yield number, whether it is UTF-8, and the first bytes of each line with a byte over 127."""
    number, line_is_good, start, rest = 1, True, b"", b""
    with path.open("rb") as file:
        while piece := file.readline(PIECE):
            ends = piece.endswith(b"\n")
            if rest or not piece.isascii():
                start = start or piece[:2000]
                fits, rest = _decode(rest + piece, ends)
                line_is_good = line_is_good and fits
            if ends:
                if start:
                    yield number, line_is_good, start
                number, line_is_good, start, rest = number + 1, True, b"", b""
    if start:
        yield number, line_is_good and not rest, start


def _decode(piece: bytes, is_whole: bool) -> tuple[bool, bytes]:
    """Return whether a piece is UTF-8, and the bytes of a letter that the next piece completes."""
    try:
        taken = codecs.utf_8_decode(piece, "strict", is_whole)[1]
    except UnicodeDecodeError:
        return False, b""
    return True, piece[taken:]
