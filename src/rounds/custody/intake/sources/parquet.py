"""A Parquet file: its own types, in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.intake.sources.header import Headed, Header, build_header
from rounds.custody.intake.sources.reading import Batch, FileNotes, Reading, rows_at_once
from rounds.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


@dataclass(frozen=True)
class ParquetFile(Headed):
    """One Parquet file."""

    path: Path
    reading: Reading

    @cached_property
    def heading(self) -> Header:
        """Return the header; raise for columns that are no table's, such as lists."""
        schema = _open(self.path).schema_arrow
        for field in schema:
            _check_type(self.path, field)
        return build_header(str(self.path), schema.names)

    def where(self, line: int) -> str:
        """Return a place in the file, as errors write it."""
        return f"{self.path}, row {line}"

    def about(self) -> dict[str, FileNotes]:
        """Return the unit of lengths of time, which are written as seconds; Parquet names nothing else."""
        import pyarrow as pa

        schema = _open(self.path).schema_arrow
        spans = {n for n, field in zip(self.header, schema, strict=True) if pa.types.is_duration(field.type)}
        return {name: FileNotes(unit="s", said="lengths of time: written in seconds") for name in spans}

    def batches(self) -> Iterator[Batch]:
        """Yield all rows, in order; index columns that pandas added stay columns."""
        import pyarrow as pa

        start = 1
        try:
            file = _open(self.path)
            for batch in file.iter_batches(batch_size=rows_at_once(len(self.header))):
                start += len(batch)
                batch = pa.RecordBatch.from_arrays(batch.columns, list(self.header))
                yield Batch(batch, range(start - len(batch), start), (start - 1) / file.metadata.num_rows)
        except (OSError, pa.ArrowException) as error:
            raise _broken(self.path) from error


def _open(path: Path) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _broken(path) from error


def _broken(path: Path) -> DataError:
    return DataError(f"{path}: this is not a Parquet file that can be read; it may be cut off. Export it again.")


def _check_type(path: Path, field: pa.Field) -> None:
    import pyarrow as pa

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise DataError(
            f'{path}: the column "{field.name}" holds {kind}, not one value a cell. Write one column for each value.'
        )
