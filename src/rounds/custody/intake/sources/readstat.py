"""SPSS (.sav, .zsav), Stata (.dta) and SAS transport (.xpt) files, through pyreadstat, in pieces.

Labels of columns and words for codes are kept.  Dates are read from the counts that such files hold (`elapsed`).
Special missing values of Stata (.a to .z) become missing, and how many there were is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rounds.counted import counted
from rounds.custody.intake.sources.elapsed import Elapsed, sas_elapsed, spss_elapsed, stata_elapsed
from rounds.custody.intake.sources.encodings import check_known
from rounds.custody.intake.sources.header import Headed, Header, build_header
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, rows_at_once
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Dates = Callable[[str], Elapsed | None]
PROGRAMS: dict[str, tuple[str, str, Dates]] = {
    ".sav": ("SPSS", "read_sav", spss_elapsed),
    ".zsav": ("SPSS", "read_sav", spss_elapsed),
    ".dta": ("Stata", "read_dta", stata_elapsed),
    ".xpt": ("SAS", "read_xport", sas_elapsed),
}


@dataclass(frozen=True)
class ReadStat(Headed):
    """One file of SPSS or Stata, or a transport file of SAS."""

    path: Path
    reading: Reading

    @cached_property
    def heading(self) -> Header:
        """Return the header with what was changed about it."""
        return build_header(str(self.path), self._about.column_names)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, row {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return the labels of the columns, the words for their codes, and what the file calls missing."""
        about = self._about
        ranges = getattr(about, "missing_ranges", None) or {}
        return {
            name: FileNotes(
                (about.column_names_to_labels.get(own) or "").strip(),
                {_number(code): str(word) for code, word in about.variable_value_labels.get(own, {}).items()},
                said=_say_ranges(ranges.get(own, [])) or say_special(self._special.get(own, Counter())),
            )
            for name, own in zip(self.header, about.column_names, strict=True)
        }

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order; codes that the file calls missing stay as they are, for a person to decide."""
        import pyarrow as pa

        start, dates = 1, self._dates
        for frame, about in self._pieces():
            special = about.missing_user_values or {}
            columns = [_as_array(frame[name], dates.get(name), name in special) for name in frame.columns]
            batch = pa.RecordBatch.from_arrays(columns, list(self.header))
            yield Batch(batch, range(start, start + len(frame)))
            start += len(frame)

    @cached_property
    def _about(self) -> Any:
        return self._read(metadataonly=True)[1]

    @property
    def _dates(self) -> dict[str, Elapsed]:
        read = PROGRAMS[self.path.suffix.lower()][2]
        forms = self._about.original_variable_types
        return {name: elapsed for name, form in forms.items() if (elapsed := read(form or ""))}

    @cached_property
    def _special(self) -> dict[str, Counter[str]]:
        """Return how often each special missing value occurs in each column; SPSS has none."""
        found: dict[str, Counter[str]] = {}
        if PROGRAMS[self.path.suffix.lower()][0] == "SPSS":
            return found
        for frame, about in self._pieces():
            for name in about.missing_user_values or {}:
                letters = (value for value in frame[name] if isinstance(value, str))
                found.setdefault(name, Counter()).update(letters)
        return found

    def _pieces(self) -> Iterator[tuple[pd.DataFrame, Any]]:
        start, most = 0, rows_at_once(len(self._about.column_names))
        while True:
            frame, about = self._read(row_offset=start, row_limit=most)
            if len(frame):
                yield frame, about
            if len(frame) < most:
                return
            start += most

    def _read(self, **how: Any) -> tuple[pd.DataFrame, Any]:
        import pyreadstat

        program, reader, _ = PROGRAMS[self.path.suffix.lower()]
        encoding = self.reading.encoding or None
        check_known(self.path, encoding or "")
        try:
            found: tuple[pd.DataFrame, Any] = getattr(pyreadstat, reader)(
                str(self.path), encoding=encoding, disable_datetime_conversion=True, **how, **_missing(program)
            )
        except (UnicodeDecodeError, pyreadstat.ReadstatError) as error:
            if isinstance(error, UnicodeDecodeError) or "encoding" in str(error) or "convert" in str(error):
                raise self._not_encoded(error) from None
            raise self._is_broken(program) from error
        except (ValueError, OSError, MemoryError, OverflowError) as error:
            raise self._is_broken(program) from error
        return found

    def _not_encoded(self, error: Exception) -> DataError:
        byte = f"byte 0x{error.object[error.start]:02x}" if isinstance(error, UnicodeDecodeError) else "a text"
        return DataError(
            f"{self.path}: {byte} is not {self.reading.encoding or 'utf-8'}. Say the encoding in a draft: ",
            Command("data", "import", self.path, "--draft", "decisions.toml"),
        )

    def _is_broken(self, program: str) -> DataError:
        return DataError(
            f"{self.path}: this is not a {program} file that can be read; it may be cut off. Export it again."
        )


def _missing(program: str) -> dict[str, bool]:
    return {} if program == "SAS" else {"user_missing": True}


def _as_array(values: pd.Series, elapsed: Elapsed | None, special: bool) -> pa.Array:
    import pandas as pd
    import pyarrow as pa

    if special:
        values = pd.to_numeric(values, errors="coerce")
    if elapsed and values.dtype.kind in "iuf":
        return pa.array(elapsed.as_texts(values.to_numpy()), pa.string())
    if values.dtype.kind in "iufb":
        return pa.array(values, from_pandas=True)
    return pa.array([None if value is None or value != value else str(value) for value in values], pa.string())


def say_special(counts: Counter[str]) -> str:
    """Return the sentence about the special missing values of a column."""
    if not counts:
        return ""
    each = ", ".join(f".{letter} {many:,}" for letter, many in sorted(counts.items()))
    cells = counted(counts.total(), "cell has", "cells have")
    return f"{cells} a special missing value ({each}): missing here, without its reason"


def _say_ranges(ranges: list[dict[str, Any]]) -> str:
    if not ranges:
        return ""
    ends = [(_number(each["lo"]), _number(each["hi"])) for each in ranges]
    each = ", ".join(low if low == high else f"{low} to {high}" for low, high in ends)
    return f"the file calls {each} missing: write missing = [...] for those that mean no value"


def _number(code: Any) -> str:
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)
