"""In which encoding a text file is written: what its bytes prove, and where they prove nothing, what they suggest.

Only UTF-8, and UTF-16 with its mark, are certain.  Everything else is a proposal that a person confirms in a draft.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from rounds.counted import counted
from rounds.custody.intake.sources.utf8_lines import Utf8Lines, count_utf8_lines, scripts_of
from rounds.errors import DataError, suggest

CHUNK, MOST_SEEN, MOST_WORDS = 1 << 20, 200_000, 3
ENOUGH = 60  # letters beyond ASCII from which on their frequencies tell languages apart
_SAVE = "Save the file as CSV in UTF-8."
CERTAIN = ("utf-8", "utf-8-sig", "utf-16")
# Python's name, and the name that people know; in this order where several read the bytes equally well
KNOWN = {
    "cp1252": "windows-1252",
    "cp1255": "windows-1255",
    "cp1251": "windows-1251",
    "cp1256": "windows-1256",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1250": "windows-1250",
    "cp1257": "windows-1257",
    "iso8859_8": "iso-8859-8",
    "cp862": "cp862",
    "cp850": "cp850",
    "cp866": "cp866",
    "koi8_r": "koi8-r",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
}
WIDE = ("gb18030", "big5", "shift_jis")  # two bytes a letter: they read nearly anything that is short


@dataclass(frozen=True)
class Guess:
    """The encoding that fits best, whether it is certain, the others that fit, and the lines that decided."""

    encoding: str
    certain: bool
    others: tuple[str, ...] = ()
    bad_line: int = 0
    bad_byte: int = 0
    letters: int = 0
    lines: Utf8Lines = field(default_factory=Utf8Lines)

    @property
    def how_sure(self) -> str:
        """Return how much the guess rests on."""
        if not self.letters:
            return "a guess from its zero bytes"
        weak = "a good guess" if self.letters >= ENOUGH and not self.lines.is_mixed else "a weak guess"
        return f"{weak}, from {counted(self.letters, 'letter')} beyond ASCII"


def guess_encoding(path: Path) -> Guess:
    """Return the encoding of a text file; the whole file is looked at."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", certain=True)
    bad = find_bad_byte(path, "utf-8")
    if bad is None:
        return Guess("utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8", certain=True)
    if head[1:2] == b"\0" or head[:1] == b"\0":
        return Guess("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", certain=False, bad_line=1)
    lines = count_utf8_lines(path)
    seen = lines.bad_seen if lines.is_mixed else b"\n".join(_unusual_lines(path))[:MOST_SEEN]
    fits = _rank(seen)
    if lines.is_mixed:
        fits = _of_one_script(fits, lines)
    fits = fits or ["windows-1252"]
    letters = sum(byte > 127 for byte in seen)
    return Guess(fits[0], False, tuple(fits[1:4]), *bad, letters=letters, lines=lines)


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
        raise DataError(f"{path}, line {line}: byte 0x{byte:02x} does not exist in {encoding}. {_choose(path)}")


def refuse(path: Path, guess: Guess) -> DataError:
    """Return the error for a file whose encoding nobody has confirmed, or that has two of them."""
    if guess.lines.is_mixed:
        return _refuse_mixed(path, guess)
    if not guess.bad_byte:
        may_be = f"This may be {guess.encoding}. {_choose(path)}" if guess.encoding.startswith("utf-16") else _SAVE
        return DataError(f"{path}, line {guess.bad_line}: a zero byte. {may_be}")
    return DataError(
        f"{path}, line {guess.bad_line}: byte 0x{guess.bad_byte:02x} is not UTF-8. This may be {guess.encoding}. "
        f"{_choose(path)}"
    )


def _refuse_mixed(path: Path, guess: Guess) -> DataError:
    lines = guess.lines
    named = ", ".join(map(str, lines.first_bad))
    more = f" and {lines.bad - len(lines.first_bad):,} more" if lines.bad > len(lines.first_bad) else ""
    return DataError(
        f"{path}: this file holds two encodings. Not UTF-8: line {named}{more}, perhaps {guess.encoding}. "
        f"UTF-8: {counted(lines.good, 'line')}, first line {lines.first_good[0]}. {_SAVE}"
    )


def find_bad_byte(path: Path, encoding: str) -> tuple[int, int] | None:
    """Return line and value of the first byte that an encoding cannot read, or of the first zero; None for none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
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


def _rank(seen: bytes) -> list[str]:
    """Return the encodings that read the unusual lines, the best first."""
    from charset_normalizer import from_bytes

    order = list(KNOWN)
    many = sum(byte > 127 for byte in seen) >= ENOUGH
    found = [
        m for m in from_bytes(seen, cp_isolation=order, threshold=0.5, language_threshold=0.02) if m.encoding in order
    ]
    found.sort(
        key=lambda m: (round(m.chaos, 1), m.encoding in WIDE, -round(m.coherence, 1) * many, order.index(m.encoding))
    )
    same = {m.encoding for m in found[:1]} | {name for m in found[:1] for name in m.could_be_from_charset}
    best = [name for name in order if name in same]  # these read it to the same letters: the most usual first
    if _is_latin(seen) and not many:
        best = ["cp1252", *best]
    return list(dict.fromkeys(KNOWN[name] for name in (*best, *(m.encoding for m in found))))


def _of_one_script(fits: list[str], lines: Utf8Lines) -> list[str]:
    """Return the encodings that read the lines to letters of the scripts of the UTF-8 lines, before the others."""
    wanted = scripts_of(lines.good_seen.decode("utf-8", "ignore"))
    order = list(dict.fromkeys([*fits, *KNOWN.values()]))
    same = [name for name in order if scripts_of(lines.bad_seen.decode(name, "replace")) <= wanted]
    return [*same, *(name for name in fits if name not in same)]


def _is_latin(seen: bytes) -> bool:
    """Tell whether letters beyond ASCII stand beside ASCII's, as in "Größe"; words of other scripts are whole."""
    touching = re.findall(rb"[A-Za-z][\x80-\xff]+|[\x80-\xff]+[A-Za-z]", seen)
    return 2 * len(touching) > len(re.findall(rb"[\x80-\xff]+", seen))


def _unusual_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines with bytes over 127, until enough of them were seen."""
    total = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                total += len(line)
                yield line[:2000]
            if total > MOST_SEEN:
                return


def _choose(path: Path) -> str:
    return f"See it in a draft and say which: rounds data import {quote(str(path))} --draft decisions.toml"
