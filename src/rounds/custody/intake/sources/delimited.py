"""A text file with one row a line: CSV with any separator, read strictly and in pieces, every cell as it stands."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import TextIOWrapper
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rounds.custody.intake.sources.encodings import check_encoding, find_bad_byte, guess_encoding, refuse
from rounds.custody.intake.sources.header import Headed, Header, build_header
from rounds.custody.intake.sources.packed import open_text, share_read
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, rows_at_once
from rounds.custody.intake.sources.title_rows import find_header
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

    import pyarrow as pa

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_BREAK = re.compile(r"\r\n|\r|\n")
LOOK_ROWS, LONGEST_CELL = 200, 131_072
NO_QUOTES = "none"


@dataclass(frozen=True)
class Delimited(Headed):
    """One text file with its separator, its encoding and its header's line."""

    path: Path
    reading: Reading

    @cached_property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""
        with self._open() as file:
            names = next(iter(self._take(self._reader(file), 1)), [])
        return build_header(self.where(self.reading.header_line), names)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, line {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return nothing: a text file says nothing of its columns."""
        return {}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order; empty lines are none, nor are rows without a cell below the last filled one."""
        most, before = rows_at_once(len(self.header)), self.path.stat()
        with self._open() as file:
            reader = self._reader(file)
            self._take(reader, 1)
            line, held = reader.line_num, _NO_ROWS
            while rows := self._take(reader, most):
                found = held.joined(_Rows(rows, self._lines(rows, line, reader.line_num)))
                filled, blank, held = found.without_blank()
                self._check_widths(filled)
                line = reader.line_num
                yield self._batch(filled, blank, share_read(file, before.st_size))
            if held.rows:
                yield self._batch(_NO_ROWS, held.lines, 1.0)
        after = self.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DataError(f"{self.path}: the file changed while it was read. Import it again.")

    def _open(self) -> TextIOWrapper:
        return open_text(self.path, self.reading.encoding)

    @property
    def _skipped(self) -> int:
        return self.reading.header_line - 1

    def _reader(self, file: TextIOWrapper) -> CsvReader:
        for _ in range(self._skipped):
            next(file, None)
        return csv.reader(file, delimiter=self.reading.delimiter, strict=True, quoting=_quoting(self.reading))

    def _take(self, reader: CsvReader, most: int) -> list[list[str]]:
        try:
            return list(islice(reader, most))
        except csv.Error as error:
            raise DataError(f"{self.where(reader.line_num + self._skipped)}: {_say(error)}") from None

    def _lines(self, rows: list[list[str]], before: int, last: int) -> Sequence[int]:
        """Return the line where each row ends; a cell in quotes may hold line breaks."""
        if last - before == len(rows):
            return range(before + self._skipped + 1, last + self._skipped + 1)
        breaks = (1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in rows)
        return [before + self._skipped + line for line in accumulate(breaks)]

    def _check_widths(self, found: _Rows) -> None:
        wanted = len(self.header)
        if not set(map(len, found.rows)) <= {wanted}:
            line, row = next((n, row) for n, row in zip(found.lines, found.rows, strict=True) if len(row) != wanted)
            raise self._ragged(line, len(row))

    def _batch(self, found: _Rows, blank: Sequence[int], share: float) -> Batch:
        import pyarrow as pa

        columns = zip(*found.rows, strict=True) if found.rows else ([] for _ in self.header)
        arrays: list[pa.Array] = [pa.array(column, pa.string()) for column in columns]
        return Batch(pa.RecordBatch.from_arrays(arrays, list(self.header)), found.lines, share, blank)

    def _ragged(self, line: int, found: int) -> DataError:
        wanted = len(self.header)
        name = DELIMITERS.get(self.reading.delimiter, repr(self.reading.delimiter))
        advice = (
            f"Put a cell that holds a {name} in quotes."
            if found > wanted
            else "Write the missing cells. Or delete the line, when it is no row of the table, such as a total."
        )
        return DataError(f"{self.where(line)}: {found} cells, but the header has {wanted}. {advice}")


@dataclass(frozen=True)
class _Rows:
    """Some rows, and the line where each ends."""

    rows: list[list[str]]
    lines: Sequence[int]

    def joined(self, other: _Rows) -> _Rows:
        return _Rows(self.rows + other.rows, [*self.lines, *other.lines]) if self.rows else other

    def without_blank(self) -> tuple[_Rows, list[int], _Rows]:
        """Return the rows, the lines that are empty, and the rows without a cell behind the last filled one."""
        if all(row and row[0] for row in self.rows):  # the usual case, quickly
            return self, [], _NO_ROWS
        pairs = list(zip(self.rows, self.lines, strict=True))
        blank = [line for row, line in pairs if not row]
        pairs = [(row, line) for row, line in pairs if row]
        last = max((at for at, (row, _) in enumerate(pairs, 1) if any(cell.strip() for cell in row)), default=0)
        filled, held = (_Rows([r for r, _ in part], [n for _, n in part]) for part in (pairs[:last], pairs[last:]))
        return filled, blank, held


_NO_ROWS = _Rows([], [])


def open_delimited(path: Path, wanted: Reading, proposing: bool) -> Delimited:
    """Open a text file; what is not decided is taken from the file, and where it is not certain, only in a draft."""
    wanted, evidence = _with_encoding(path, wanted, proposing)
    sample = _sample(path, wanted.encoding)
    if not any(line.strip() for line in sample):
        raise DataError(f"{path}: the file is empty. Export the table again.")
    if not wanted.delimiter:
        wanted = replace(wanted, delimiter=_guess_delimiter(sample))
    if proposing and not wanted.quoting and not wanted.header_line:
        wanted, stray = _with_quoting(path, wanted)
        evidence += stray
    rows = _parse(sample, wanted.delimiter, _quoting(wanted))
    evidence += (_say_delimiter(rows, wanted.delimiter),)
    if not wanted.header_line:
        line, said = find_header(rows)
        if line > 1 and not proposing:
            raise DataError(
                f"{path}, line 1: no header; the names of the columns seem to stand in line {line}. "
                "See it in a draft: ",
                Command("data", "import", path, "--draft", "decisions.toml"),
            )
        wanted, evidence = replace(wanted, header_line=line), (*evidence, said)
    return Delimited(path, replace(wanted, evidence=evidence))


def _with_encoding(path: Path, wanted: Reading, proposing: bool) -> tuple[Reading, tuple[str, ...]]:
    if wanted.encoding:
        check_encoding(path, wanted.encoding)
        return wanted, ()
    guess = guess_encoding(path)
    if guess.certain:
        check_encoding(path, guess.encoding)
        said = f"encoding: every byte of the file is {guess.encoding}"
    elif proposing and not guess.mixed and find_bad_byte(path, guess.encoding) is None:
        also = f"; these read it too: {', '.join(guess.others)}" if guess.others else ""
        said = f"encoding: line {guess.bad_line} is not UTF-8; {guess.encoding} fits best{also}. Compare the words"
    else:
        raise refuse(path, guess)
    return replace(wanted, encoding=guess.encoding, guess=None if guess.certain else guess), (said,)


def _with_quoting(path: Path, wanted: Reading) -> tuple[Reading, tuple[str, ...]]:
    """Return the reading with quotes as ordinary letters, where the file fits together only so."""
    line = _find_stray_quote(path, wanted)
    if not line:
        return wanted, ()
    without = replace(wanted, quoting=NO_QUOTES)
    widths = _widths_without_quotes(path, wanted)
    if len(widths) != 1 or widths == {1}:
        return wanted, ()
    said = f"quoting: line {line} has a quotation mark inside a cell, and all rows fit when such marks are letters"
    return without, (said,)


def _widths_without_quotes(path: Path, wanted: Reading) -> set[int]:
    """Return how many cells the rows have when quotation marks are letters; nothing for a file that has no rows so."""
    with open_text(path, wanted.encoding) as file:
        try:
            return {len(row) for row in csv.reader(file, delimiter=wanted.delimiter, quoting=csv.QUOTE_NONE) if row}
        except csv.Error:
            return set()


def _find_stray_quote(path: Path, wanted: Reading) -> int:
    """Return the line where quotation marks do not enclose whole cells, 0 where they do."""
    with open_text(path, wanted.encoding) as file:
        reader = csv.reader(file, delimiter=wanted.delimiter, strict=True)
        try:
            for _ in reader:
                pass
        except csv.Error:
            return reader.line_num
    return 0


def _quoting(reading: Reading) -> Literal[0, 3]:
    return csv.QUOTE_NONE if reading.quoting == NO_QUOTES else csv.QUOTE_MINIMAL


def _sample(path: Path, encoding: str) -> list[str]:
    with open_text(path, encoding, "replace") as file:
        return [line for line, _ in zip(file, range(LOOK_ROWS), strict=False)]


def _parse(sample: list[str], delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(sample, delimiter=delimiter, quoting=quoting))
    except csv.Error:  # the reading itself says on which line
        return rows
    return rows


def _guess_delimiter(sample: list[str]) -> str:
    """Return the separator that gives the most rows of one width above 1; a comma when none does."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in _parse(sample, delimiter) if row)
        width, rows = max(widths.items(), key=lambda item: item[1] * (item[0] > 1), default=(1, 0))
        return (rows / max(widths.total(), 1), width) if width > 1 else (0.0, 1)

    return max(DELIMITERS, key=score)


def _say_delimiter(rows: list[list[str]], delimiter: str) -> str:
    width, many = Counter(len(row) for row in rows).most_common(1)[0]
    return f"delimiter: {many} of the first {len(rows)} rows have {width} cells with it"


def _say(error: csv.Error) -> str:
    text = str(error)
    if "field larger" in text:
        return f"a cell has more than {LONGEST_CELL:,} characters. A quote may be open: close it, or cut the cell."
    if "unexpected end" in text:
        return f"{text}. A quote was opened and never closed: close it."
    if "expected after" in text:
        letters = 'Or, where quotes are letters, write quoting = "none" under [[file]]'
        return f"{text}. A quote inside a cell is written twice. {letters}."
    return f"{text}."
