"""Ids that occur in another challenge's dataset too: who holds both could join them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rounds.custody.signs.column_names import is_key
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
SHARE = 0.05


def find_reused_ids(dataset: Dataset, others: Sequence[Dataset]) -> list[Finding]:
    """Return the id columns of ``dataset`` whose values also stand in an id column of another dataset."""
    found = []
    own = _ids(dataset)
    for other in others:
        theirs = _ids(other)
        for where, values in own.items():
            shared = max((int(values.isin(their).sum()) for their in theirs.values()), default=0)
            if shared >= max(FEWEST, SHARE * len(values)) or (shared and shared == len(values)):
                what = f'ids that stand in the dataset "{other.name}" too'
                advice = "Give every challenge its own random ids (action random-id)"
                found.append(Finding("reuse", Severity.STOP, where, what, shared, len(values), advice, "content"))
    return found


def _ids(dataset: Dataset) -> dict[str, pd.Series]:
    import pandas as pd

    found: dict[str, pd.Series] = {}
    for table in dataset.package.tables:
        names = [c.name for c in table.columns if is_key(c) or c.name == table.person]
        names = [n for n in dict.fromkeys(names) if not _counts_rows(table.column(n).note)]
        if names:
            frame = pd.read_parquet(dataset.file(table.name), columns=names)
            found |= {f"{table.name}.{n}": frame[n].dropna().drop_duplicates().astype("str") for n in names}
    return found


def _counts_rows(note: str) -> bool:
    return note.startswith("Counts the rows")
