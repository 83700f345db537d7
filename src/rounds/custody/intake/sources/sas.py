"""SAS files (.sas7bdat), through pandas, in pieces; labels of columns are kept.

Dates are read from the counts that such files hold (`elapsed`), so that one out of range is no error.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rounds.custody.intake.sources.elapsed import Elapsed, sas_elapsed
from rounds.custody.intake.sources.encodings import check_known
from rounds.custody.intake.sources.header import Headed, Header, build_header
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, rows_at_once
from rounds.custody.intake.sources.readstat import say_special
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_BROKEN = (ValueError, OSError, struct.error, IndexError, KeyError, EOFError, AttributeError, UnicodeDecodeError)


@dataclass(frozen=True)
class SasFile(Headed):
    """One SAS file."""

    path: Path
    reading: Reading

    @cached_property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""
        with self._open() as reader:
            return build_header(str(self.path), [str(name) for name in reader.column_names])

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, row {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return the labels of the columns, and what is lost of their missing values."""
        with self._open() as reader:
            labels = [_text(column.label).strip() for column in reader.columns]
        special = self._special
        return {
            name: FileNotes(label, said=say_special(counts))
            for name, label, counts in zip(self.header, labels, special, strict=True)
        }

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order."""
        import pyarrow as pa

        start = 1
        for frame, dates in self._pieces():
            columns = [_as_array(frame[name], elapsed) for name, elapsed in zip(frame.columns, dates, strict=True)]
            yield Batch(pa.RecordBatch.from_arrays(columns, list(self.header)), range(start, start + len(frame)))
            start += len(frame)

    @cached_property
    def _special(self) -> list[Counter[str]]:
        """Return how often each special missing value occurs in each column, told by the bits of the number."""
        found = [Counter[str]() for _ in self.header]
        for frame, _ in self._pieces():
            for counts, name in zip(found, frame.columns, strict=True):
                if frame[name].dtype.kind == "f":
                    counts.update(find_letters(frame[name].to_numpy()))
        return found

    def _pieces(self) -> Iterator[tuple[pd.DataFrame, list[Elapsed | None]]]:
        most = rows_at_once(len(self.header))
        with self._open() as reader:
            dates = [sas_elapsed(_text(column.format)) for column in reader.columns]
            while (frame := self._read(reader, most)) is not None:
                yield frame, dates

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import pandas as pd

        encoding = self.reading.encoding
        check_known(self.path, encoding)
        with ExitStack() as stack:
            try:
                opened: Any = pd.read_sas(self.path, iterator=True, encoding=encoding or "infer")
                reader = stack.enter_context(opened)
                reader.convert_dates = False
            except _BROKEN as error:
                raise self._is_broken() from error
            yield reader

    def _read(self, reader: Any, most: int) -> pd.DataFrame | None:
        try:
            frame: pd.DataFrame = reader.read(most)
        except StopIteration:
            return None
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise DataError(
                f"{self.path}: byte 0x{byte:02x} is not {self.reading.encoding or 'infer'}. "
                "Say the encoding in a draft: ",
                Command("data", "import", self.path, "--draft", "decisions.toml"),
            ) from None
        except _BROKEN as error:
            raise self._is_broken() from error
        return frame if frame is not None and len(frame) else None

    def _is_broken(self) -> DataError:
        return DataError(f"{self.path}: this is not a SAS file that can be read; it may be cut off. Export it again.")


def _as_array(values: pd.Series, elapsed: Elapsed | None) -> pa.Array:
    import pyarrow as pa

    if elapsed and values.dtype.kind in "iuf":
        return pa.array(elapsed.as_texts(values.to_numpy()), pa.string())
    return pa.array(values, from_pandas=True)


def find_letters(values: np.ndarray) -> list[str]:
    """Return the letters of special missing values: SAS writes them into the bits of a number that is none."""
    bits = values[np.isnan(values)].astype("float64").view("uint64")
    tags = ((~bits >> np.uint64(40)) & np.uint64(0xFF)).tolist()
    return [letter for tag in tags if (letter := _letter(tag))]


def _letter(tag: int) -> str:
    if tag == 0:
        return "_"
    if 2 <= tag < 28:
        return chr(ord("a") + tag - 2)
    return chr(tag).lower() if ord("A") <= tag <= ord("Z") else ""


def _text(value: Any) -> str:
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else str(value or "")
