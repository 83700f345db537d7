"""A text file with one row a line: CSV with any separator, read strictly and in pieces, every cell as it stands."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import TextIOWrapper
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.intake.sources.encodings import check_encoding, find_bad_byte, guess_encoding, refuse
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, check_names, rows_at_once
from rounds.custody.intake.sources.title_rows import find_header
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

    import pyarrow as pa

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_BREAK = re.compile(r"\r\n|\r|\n")
LOOK_ROWS, LONGEST_CELL = 200, 131_072


@dataclass(frozen=True)
class Delimited:
    """One text file with its separator, its encoding and its header's line."""

    path: Path
    reading: Reading

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        with self._open() as file:
            names = [name.strip() for name in next(iter(self._take(self._reader(file), 1)), [])]
        check_names(self.where(self.reading.header_line), names)
        return tuple(names)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, line {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return nothing: a text file says nothing of its columns."""
        return {}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order."""
        most, before = rows_at_once(len(self.header)), self.path.stat()
        with self._open() as file:
            reader = self._reader(file)
            self._take(reader, 1)
            line = reader.line_num
            while rows := self._take(reader, most):
                lines = self._lines(rows, line, reader.line_num)
                self._check_widths(rows, lines)
                line = reader.line_num
                yield self._batch(rows, lines, os.lseek(file.fileno(), 0, os.SEEK_CUR) / before.st_size)
        after = self.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DataError(f"{self.path}: the file changed while it was read. Import it again.")

    def _open(self) -> TextIOWrapper:
        return self.path.open(encoding=self.reading.encoding, newline="")

    @property
    def _skipped(self) -> int:
        return self.reading.header_line - 1

    def _reader(self, file: TextIOWrapper) -> CsvReader:
        for _ in range(self._skipped):
            next(file, None)
        return csv.reader(file, delimiter=self.reading.delimiter, strict=True)

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

    def _check_widths(self, rows: list[list[str]], lines: Sequence[int]) -> None:
        wanted = len(self.header)
        if set(map(len, rows)) != {wanted}:
            line, row = next((line, row) for line, row in zip(lines, rows, strict=True) if len(row) != wanted)
            raise self._ragged(line, len(row))

    def _batch(self, rows: list[list[str]], lines: Sequence[int], share: float) -> Batch:
        import pyarrow as pa

        arrays: list[pa.Array] = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        return Batch(pa.RecordBatch.from_arrays(arrays, list(self.header)), lines, share)

    def _ragged(self, line: int, found: int) -> DataError:
        wanted = len(self.header)
        if found == 0:
            return DataError(f"{self.where(line)}: the line is empty. Delete it and import again.")
        name = DELIMITERS.get(self.reading.delimiter, repr(self.reading.delimiter))
        advice = (
            f"Put a cell that holds a {name} in quotes."
            if found > wanted
            else "Write the missing cells. Or delete the line, when it is no row of the table, such as a total."
        )
        return DataError(f"{self.where(line)}: {found} cells, but the header has {wanted}. {advice}")


def open_delimited(path: Path, wanted: Reading, proposing: bool) -> Delimited:
    """Open a text file; what is not decided is taken from the file, and where it is not certain, only in a draft."""
    wanted, evidence = _with_encoding(path, wanted, proposing)
    sample = _sample(path, wanted.encoding)
    if not any(line.strip() for line in sample):
        raise DataError(f"{path}: the file is empty. Export the table again.")
    if not wanted.delimiter:
        wanted = replace(wanted, delimiter=_guess_delimiter(sample))
    rows = _parse(sample, wanted.delimiter)
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


def _sample(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        return [line for line, _ in zip(file, range(LOOK_ROWS), strict=False)]


def _parse(sample: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(sample, delimiter=delimiter))
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
        return f"{text}. A quote inside a cell is written twice."
    return f"{text}."
