"""The truth about a cohort, for its owner only: effects, missing mechanisms, planted errors, hidden state."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from rounds.synthetic.ehr.block import sum_facts
from rounds.synthetic.ehr.parquet import PLANTED, arrow_latent, arrow_planted, open_writer, write_rows
from rounds.synthetic.ehr.rows import Rows

SHOWN = 20  # rows of each planted error in the summary; all are in planted.parquet
KINDS = ("truth.json", "planted.parquet", "latent.parquet")


@dataclass
class Truth:
    """Collect the truth while the blocks pass by; the files appear together at the end."""

    folder: Path
    name: str
    facts: dict[str, int] = field(default_factory=dict)
    planted: dict[str, dict[str, Any]] = field(default_factory=dict)
    _files: dict[str, Any] = field(default_factory=dict)

    def add_rows(self, table: str, rows: Rows, offset: int) -> None:
        """Note which rows of a table carry a planted error."""
        found = arrow_planted(table, rows, offset)
        write_rows(self._writer("planted.parquet", PLANTED), found)
        for error in dict.fromkeys(found["error"].to_pylist()):
            places = found.filter(pa.compute.equal(found["error"], error))["row"].to_pylist()
            entry = self.planted.setdefault(f"{table}.{error}", {"table": table, "count": 0, "first_rows": []})
            entry["count"] += len(places)
            entry["first_rows"] = (entry["first_rows"] + places[:SHOWN])[:SHOWN]

    def add_block(self, latent: Rows, facts: dict[str, int]) -> None:
        """Note the hidden state and the facts of a block."""
        self.facts = sum_facts(self.facts, facts)
        rows = arrow_latent(latent)
        write_rows(self._writer("latent.parquet", rows.schema), rows)

    def write(self, recipe: dict[str, Any], **about: Any) -> None:
        """Write the summary and close the row files."""
        entry = {"dataset": self.name, **about, **recipe, "planted": self.planted, "facts": self.facts}
        self._hidden("truth.json").write_text(json.dumps(entry, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        self.close()

    def close(self) -> None:
        """Close the row files."""
        for writer in self._files.values():
            writer.close()

    def publish(self) -> None:
        """Give the files their names, together."""
        for kind in KINDS:
            if self._hidden(kind, new=False).exists():
                self._hidden(kind, new=False).replace(self.folder / f"{self.name}.{kind}")

    def discard(self) -> None:
        """Remove what is half written."""
        self.close()
        for kind in KINDS:
            self._hidden(kind, new=False).unlink(missing_ok=True)

    def _writer(self, kind: str, schema: pa.Schema) -> pq.ParquetWriter:
        if kind not in self._files:
            self._files[kind] = open_writer(self._hidden(kind), schema)
        return self._files[kind]

    def _hidden(self, kind: str, new: bool = True) -> Path:
        """Return a file's path while it is written; a new one is readable by its owner only."""
        path = self.folder / f".{self.name}.{kind}"
        if new:
            path.unlink(missing_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return path


@contextmanager
def keep_truth(folder: Path, name: str) -> Iterator[Truth]:
    """Yield a truth that is published when the block ends well, and removed otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = Truth(folder, name)
    try:
        yield truth
        truth.publish()
    finally:
        truth.discard()
