"""SAS (.sas7bdat, .xpt) and Stata (.dta) files, through pandas, in pieces; labels of columns and codes are kept."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.custody.intake.sources.encodings import CERTAIN, KNOWN
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, check_names, rows_at_once
from rounds.errors import Command, DataError, suggest

if TYPE_CHECKING:
    import pandas as pd

_DATE_FORMATS = ("DATE", "YYMMDD", "DDMMYY", "MMDDYY", "E8601DA", "JULIAN", "MONYY")
_MOMENT_FORMATS = ("DATETIME", "E8601DT")
_EPOCH = "1960-01-01"
_BROKEN = (ValueError, OSError, struct.error, IndexError, KeyError, EOFError, AttributeError, UnicodeDecodeError)


@dataclass(frozen=True)
class Statistical:
    """One SAS or Stata file."""

    path: Path
    reading: Reading

    @property
    def is_stata(self) -> bool:
        """Tell whether this is a Stata file."""
        return self.path.suffix.lower() == ".dta"

    @cached_property
    def header(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        with self._open() as reader:
            names = self._names(reader)
        check_names(str(self.path), names)
        return tuple(names)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, row {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return the labels of the columns and, for Stata, the words for their codes."""
        with self._open() as reader:
            labels = self._labels(reader)
            words = self._words(reader) if self.is_stata else {}
        return {name: FileNotes(labels.get(name, ""), words.get(name, {})) for name in self.header}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order; dates of a SAS transport file become dates."""
        import pyarrow as pa

        start, most = 1, rows_at_once(len(self.header))
        dates = self._dates()
        with self._open() as reader:
            while (frame := self._read(reader, most)) is not None:
                for name, unit in dates.items():
                    frame[name] = _as_moment(frame[name], unit)
                batch = pa.RecordBatch.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
                yield Batch(batch, range(start, start + len(frame)))
                start += len(frame)

    @contextmanager
    def _open(self) -> Iterator[Any]:
        import pandas as pd

        encoding = self._encoding()
        with ExitStack() as stack:
            try:
                if self.is_stata:
                    opened: Any = pd.read_stata(self.path, iterator=True, convert_categoricals=False)
                else:
                    opened = pd.read_sas(self.path, iterator=True, encoding=encoding)
                reader = stack.enter_context(opened)
                if self.is_stata:
                    reader.variable_labels()  # reads the head, so that a broken file shows here
            except _BROKEN as error:
                raise self._is_broken() from error
            yield reader

    def _encoding(self) -> str:
        wanted = self.reading.encoding
        if wanted and wanted not in (*CERTAIN, *KNOWN.values(), *KNOWN, "iso-8859-1", "infer"):
            raise DataError(
                f'{self.path}: the encoding "{wanted}" is not known.{suggest(wanted, {*CERTAIN, *KNOWN.values()})}'
            )
        return wanted or ("infer" if self.path.suffix.lower() == ".sas7bdat" else "utf-8")

    def _read(self, reader: Any, most: int) -> pd.DataFrame | None:
        try:
            frame: pd.DataFrame = reader.read(most)
        except StopIteration:
            return None
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise DataError(
                f"{self.path}: byte 0x{byte:02x} is not {self._encoding()}. Say the encoding in a draft: ",
                Command("data", "import", self.path, "--draft", "decisions.toml"),
            ) from None
        except _BROKEN as error:
            raise self._is_broken() from error
        return frame if frame is not None and len(frame) else None

    def _names(self, reader: Any) -> list[str]:
        if self.is_stata:
            return list(reader.variable_labels())
        if self.path.suffix.lower() == ".xpt":
            return [_text(field["name"]) for field in reader.fields]
        return [str(name) for name in reader.column_names]

    def _labels(self, reader: Any) -> dict[str, str]:
        if self.is_stata:
            return {name: label.strip() for name, label in reader.variable_labels().items()}
        if self.path.suffix.lower() == ".xpt":
            return {_text(field["name"]): _text(field["label"]).strip() for field in reader.fields}
        return {str(c.name): _text(c.label).strip() for c in reader.columns}

    def _words(self, reader: Any) -> dict[str, dict[str, str]]:
        sets = reader.value_labels()
        return {
            name: {_number(code): text for code, text in sets[label].items()}
            for name, label in zip(reader._varlist, reader._lbllist, strict=True)
            if label in sets
        }

    def _dates(self) -> dict[str, str]:
        """Return the columns of a SAS transport file whose format is a date's (days) or a moment's (seconds)."""
        if self.path.suffix.lower() != ".xpt":
            return {}
        with self._open() as reader:
            formats = {_text(f["name"]): _text(f["nform"]).strip().upper() for f in reader.fields}
        units = {name: _unit_of(text) for name, text in formats.items()}
        return {name: unit for name, unit in units.items() if unit}

    def _is_broken(self) -> DataError:
        what = "Stata" if self.is_stata else "SAS"
        return DataError(
            f"{self.path}: this is not a {what} file that can be read; it may be cut off. Export it again."
        )


def _unit_of(text: str) -> str:
    if text.startswith(_MOMENT_FORMATS):
        return "s"
    return "D" if text.startswith(_DATE_FORMATS) else ""


def _as_moment(values: pd.Series, unit: str) -> pd.Series:
    import pandas as pd

    return pd.to_datetime(values, unit=unit, origin=_EPOCH)  # type: ignore[call-overload, no-any-return]


def _text(value: Any) -> str:
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else str(value or "")


def _number(code: Any) -> str:
    return str(int(code)) if float(code).is_integer() else str(code)
