"""In which encoding a text file is written: what its bytes prove, and where they prove nothing, what they suggest.

Only UTF-8, and UTF-16 with its mark, are certain.  Everything else is a proposal that a person confirms in a draft:
Western letters, Hebrew ones, or what charset-normalizer takes it for.  A file in two encodings is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rounds.counted import counted
from rounds.custody.intake.sources.packed import open_bytes
from rounds.errors import Command, DataError, suggest

CHUNK, MOST_SEEN, MOST_WORDS, MOST_NAMED = 1 << 20, 200_000, 3, 5
ENOUGH = 60  # letters beyond ASCII from which on a guess is a good one
_SAVE = "Save the file as CSV in UTF-8."
CERTAIN = ("utf-8", "utf-8-sig", "utf-16")
WESTERN, HEBREW = "windows-1252", "windows-1255"
# Python's name, and the name that people know
KNOWN = {
    **{f"cp{page}": f"windows-{page}" for page in range(1250, 1259)},
    "cp850": "cp850",
    "cp862": "cp862",
    "cp866": "cp866",
    "koi8_r": "koi8-r",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "iso8859_8": "iso-8859-8",
}
WIDE = ("gb18030", "big5", "shift_jis")  # two bytes a letter: they read nearly anything that is short


@dataclass(frozen=True)
class Guess:
    """The encoding that fits best, whether it is certain, the others that fit, and what decided.

    ``mixed`` says which lines are UTF-8 and which are not, of a file that has both.
    """

    encoding: str
    certain: bool
    others: tuple[str, ...] = ()
    bad_line: int = 0
    bad_byte: int = 0
    letters: int = 0
    mixed: str = ""

    @property
    def how_sure(self) -> str:
        """Return how much the guess rests on."""
        if not self.letters:
            return "a guess from its zero bytes"
        weak = "a good guess" if self.letters >= ENOUGH else "a weak guess"
        return f"{weak}, from {counted(self.letters, 'letter')} beyond ASCII"


def guess_encoding(path: Path) -> Guess:
    """Return the encoding of a text file; the whole file is looked at."""
    with open_bytes(path) as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", certain=True)
    bad = find_bad_byte(path, "utf-8")
    if bad is None:
        return Guess("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", certain=True)
    if head[1:2] == b"\0" or head[:1] == b"\0":
        return Guess("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", certain=False, bad_line=1)
    lines = _sort_lines(path)
    fits = _rank(seen := bytes(lines.seen))
    mixed = _say_mixed(lines, fits[0]) if lines.good else ""
    return Guess(fits[0], False, tuple(fits[1:]), *bad, letters=sum(byte > 127 for byte in seen), mixed=mixed)


def in_other_encodings(words: Sequence[str], guess: Guess) -> list[str]:
    """Return the next likely encodings, each with the words as it would read them."""
    raw = [word.encode(guess.encoding, "replace") for word in words]
    said = []
    for name in guess.others:
        read = [each.decode(name, "replace") for each in raw]
        shown = "the same words" if read == list(words) else ", ".join(read[:MOST_WORDS])
        said.append(f"{name} ({shown})" if words else name)
    return said


def check_encoding(path: Path, encoding: str) -> None:
    """Raise when the encoding is not known, or when a byte of the file does not exist in it."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise DataError(
            f'{path}: the encoding "{encoding}" is not known.{suggest(encoding, {*CERTAIN, *KNOWN.values()})}'
        ) from None
    bad = find_bad_byte(path, encoding)
    if bad is not None and bad[1] == 0:
        raise DataError(f"{path}, line {bad[0]}: a zero byte. {_SAVE}")
    if bad is not None:
        line, byte = bad
        raise DataError(f"{path}, line {line}: byte 0x{byte:02x} does not exist in {encoding}. ", *_choose(path))


def check_known(path: Path, encoding: str) -> None:
    """Raise when nobody knows an encoding; none at all is that of the file itself."""
    if encoding and encoding not in (*CERTAIN, *KNOWN.values(), *KNOWN, "iso-8859-1"):
        known = {*CERTAIN, *KNOWN.values()}
        raise DataError(f'{path}: the encoding "{encoding}" is not known.{suggest(encoding, known)}')


def refuse(path: Path, guess: Guess) -> DataError:
    """Return the error for a file whose encoding nobody has confirmed, or that has two of them."""
    if guess.mixed:
        return DataError(f"{path}: {guess.mixed}")
    if not guess.bad_byte:
        zero = f"{path}, line {guess.bad_line}: a zero byte. "
        is_wide = guess.encoding.startswith("utf-16")
        return DataError(f"{zero}This may be {guess.encoding}. ", *_choose(path)) if is_wide else DataError(zero, _SAVE)
    return DataError(
        f"{path}, line {guess.bad_line}: byte 0x{guess.bad_byte:02x} is not UTF-8. This may be {guess.encoding}. ",
        *_choose(path),
    )


def find_bad_byte(path: Path, encoding: str) -> tuple[int, int] | None:
    """Return line and value of the first byte that an encoding cannot read, or of the first zero; None for none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with open_bytes(path) as file:
        while True:
            chunk = file.read(CHUNK)
            state = decoder.getstate()[0]
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                whole = state + chunk
                before = whole[: error.start].decode(encoding, errors="ignore")
                return lines + before.count("\n"), whole[error.start]
            except UnicodeError:  # UTF-16 without its mark
                return 1, chunk[0]
            if "\0" in text:
                return lines + text[: text.index("\0")].count("\n"), 0
            if not chunk:
                return None
            lines += text.count("\n")


@dataclass
class _Lines:
    """Of the lines beyond ASCII: how many are UTF-8 and how many not, the first of each, some bytes of the latter."""

    good: int = 0
    wrong: int = 0
    first_good: int = 0
    first_wrong: list[int] = field(default_factory=list)
    seen: bytearray = field(default_factory=bytearray)

    def add(self, number: int, line: bytes) -> None:
        if _reads(line, "utf-8"):
            self.good += 1
            self.first_good = self.first_good or number
            return
        self.wrong += 1
        if self.wrong <= MOST_NAMED:
            self.first_wrong.append(number)
        if len(self.seen) < MOST_SEEN:
            self.seen += line[:2000]


def _sort_lines(path: Path) -> _Lines:
    found = _Lines()
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if not line.isascii():
                found.add(number, line)
    return found


def _reads(seen: bytes, encoding: str) -> bool:
    try:
        seen.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _say_mixed(lines: _Lines, encoding: str) -> str:
    named = ", ".join(map(str, lines.first_wrong))
    more = f" and {lines.wrong - MOST_NAMED:,} more" if lines.wrong > MOST_NAMED else ""
    return (
        f"this file holds two encodings. Not UTF-8: line {named}{more}, perhaps {encoding}. "
        f"UTF-8: {counted(lines.good, 'line')}, first line {lines.first_good}. {_SAVE} If it has one encoding all the "
        f'same, write encoding = "{encoding}" under [[file]] of a file of decisions.'
    )


def _rank(seen: bytes) -> list[str]:
    """Return the encodings that read the unusual lines, the likeliest first: Western, Hebrew, and the best guess."""
    from charset_normalizer import from_bytes

    found = [
        m
        for m in from_bytes(seen, cp_isolation=list(KNOWN), threshold=0.5, language_threshold=0.02)
        if m.encoding in KNOWN
    ]
    best = min(found, key=lambda m: (round(m.chaos, 1), m.encoding in WIDE, -round(m.coherence, 1)), default=None)
    guessed = [KNOWN[best.encoding]] if best else []
    if _is_latin(seen):
        order = [WESTERN, *guessed, HEBREW]
    else:
        order = [HEBREW, *guessed, WESTERN] if _is_hebrew(seen) else [*guessed, WESTERN, HEBREW]
    return [name for name in dict.fromkeys(order) if _reads(seen, name)] or [WESTERN]


def _is_latin(seen: bytes) -> bool:
    """Tell whether letters beyond ASCII stand beside ASCII's, as in "Größe"; words of other scripts are whole."""
    touching = re.findall(rb"[A-Za-z][\x80-\xff]+|[\x80-\xff]+[A-Za-z]", seen)
    return 2 * len(touching) > len(re.findall(rb"[\x80-\xff]+", seen))


def _is_hebrew(seen: bytes) -> bool:
    """Tell whether all letters beyond ASCII are Hebrew ones; Russian and Greek have capitals and others beside them."""
    letters, marks = (len(re.findall(kind, seen)) for kind in (rb"[\xe0-\xfa]", rb"[\x80-\xbf]"))
    return letters > marks and re.search(rb"[\xc0-\xdf\xfb\xfc\xff]", seen) is None


def _choose(path: Path) -> tuple[str, Command]:
    return "See it in a draft and say which: ", Command("data", "import", path, "--draft", "decisions.toml")
